"""offers, invitation letters, feedback"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0023"
down_revision = "0022"

STANDS = "declined_at IS NULL AND lapsed_at IS NULL AND withdrawn_at IS NULL AND given_up_at IS NULL"


def upgrade() -> None:
    _offer()
    _invitation_letter()
    _feedback_request()


def _offer() -> None:
    op.create_table(
        "offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=True),
        sa.Column("amount_pence", sa.Integer(), nullable=True),
        sa.Column("fee_pence", sa.Integer(), nullable=True),
        sa.Column("vat_percent", sa.Integer(), nullable=True),
        sa.Column("held_back_id", sa.Uuid(), nullable=True),
        sa.Column("offered_at", UTCDateTime(), nullable=False),
        sa.Column("respond_by", UTCDateTime(), nullable=False),
        sa.Column("reminded_at", UTCDateTime(), nullable=True),
        sa.Column("accepted_at", UTCDateTime(), nullable=True),
        sa.Column("registration_id", sa.Uuid(), nullable=True),
        sa.Column("declined_at", UTCDateTime(), nullable=True),
        sa.Column("lapsed_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.Column("given_up_at", UTCDateTime(), nullable=True),
        sa.Column("word", AutoString(length=1000), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(fee_pence IS NULL) = (vat_percent IS NULL)", name=op.f("ck_offer_fee_with_vat")),
        sa.CheckConstraint(
            "CASE WHEN declined_at IS NULL THEN 0 ELSE 1 END + CASE WHEN lapsed_at IS NULL THEN 0 ELSE 1 END + CASE WHEN withdrawn_at IS NULL THEN 0 ELSE 1 END + CASE WHEN given_up_at IS NULL THEN 0 ELSE 1 END <= 1",
            name=op.f("ck_offer_one_end"),
        ),
        sa.CheckConstraint("accepted_at IS NULL OR (declined_at IS NULL AND lapsed_at IS NULL)", name=op.f("ck_offer_one_answer")),
        sa.CheckConstraint("amount_pence IS NULL OR amount_pence > 0", name=op.f("ck_offer_some_amount")),
        sa.CheckConstraint("given_up_at IS NULL OR accepted_at IS NOT NULL", name=op.f("ck_offer_given_up_what_was_accepted")),
        sa.CheckConstraint("respond_by > offered_at", name=op.f("ck_offer_time_to_answer")),
        sa.CheckConstraint("slot IS NULL OR slot > 0", name=op.f("ck_offer_slots_count_up")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_offer_by_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_offer_call_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_offer_decision_id")),
        sa.ForeignKeyConstraint(["held_back_id"], ["held_back.id"], name=op.f("fk_offer_held_back_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_offer_person_id")),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name=op.f("fk_offer_registration_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_offer_submission_id")),
        sa.ForeignKeyConstraint(["version_id"], ["call_version.id"], name=op.f("fk_offer_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_offer_decision_id")),
    )
    op.create_index(op.f("ix_offer_held_back_id"), "offer", ["held_back_id"], unique=False)
    op.create_index(op.f("ix_offer_person_id"), "offer", ["person_id"], unique=False)
    op.create_index(op.f("ix_offer_registration_id"), "offer", ["registration_id"], unique=False)
    op.create_index("ix_offer_respond_by", "offer", ["respond_by"], unique=False)
    op.create_index(op.f("ix_offer_version_id"), "offer", ["version_id"], unique=False)
    op.create_index(
        "uq_offer_call_id_slot", "offer", ["call_id", "slot"], unique=True, sqlite_where=sa.text(STANDS), postgresql_where=sa.text(STANDS)
    )
    op.create_index(
        "uq_offer_submission_id", "offer", ["submission_id"], unique=True, sqlite_where=sa.text(STANDS), postgresql_where=sa.text(STANDS)
    )


def _invitation_letter() -> None:
    op.create_table(
        "invitation_letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("needed", sa.Boolean(), nullable=False),
        sa.Column("sealed", AutoString(length=4000), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=False),
        sa.Column("purge_at", UTCDateTime(), nullable=False),
        sa.Column("purged_at", UTCDateTime(), nullable=True),
        sa.Column("written_at", UTCDateTime(), nullable=True),
        sa.Column("written_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("needed OR sealed = ''", name=op.f("ck_invitation_letter_sealed_where_needed")),
        sa.CheckConstraint("purged_at IS NULL OR sealed = ''", name=op.f("ck_invitation_letter_purged_is_empty")),
        sa.CheckConstraint("written_at IS NULL OR needed", name=op.f("ck_invitation_letter_written_where_needed")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_invitation_letter_offer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_letter_person_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["person.id"], name=op.f("fk_invitation_letter_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_letter")),
        sa.UniqueConstraint("offer_id", name=op.f("uq_invitation_letter_offer_id")),
    )
    op.create_index(op.f("ix_invitation_letter_person_id"), "invitation_letter", ["person_id"], unique=False)
    op.create_index("ix_invitation_letter_purge_at", "invitation_letter", ["purge_at"], unique=False)


def _feedback_request() -> None:
    op.create_table(
        "feedback_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("answer", AutoString(length=8000), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name=op.f("ck_feedback_request_answered_in_words")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_feedback_request_answered_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_feedback_request_person_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_feedback_request_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_request")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_feedback_request_submission_id")),
    )
    op.create_index(op.f("ix_feedback_request_person_id"), "feedback_request", ["person_id"], unique=False)
