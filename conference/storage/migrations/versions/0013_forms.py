"""Registration forms, terms, interest, transfers, groups, codes."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "code_try",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("who", AutoString(length=64), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_code_try_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_try")),
    )
    op.create_index("ix_code_try_who_at", "code_try", ["who", "at"], unique=False)
    op.create_table(
        "eligibility",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", AutoString(), nullable=False),
        sa.Column("reason", AutoString(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_eligibility_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligibility")),
        sa.UniqueConstraint("event_id", "number", name=op.f("uq_eligibility_event_id_number")),
    )
    op.create_table(
        "event_terms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", AutoString(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_terms_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_terms")),
        sa.UniqueConstraint("event_id", "number", name=op.f("uq_event_terms_event_id_number")),
    )
    op.create_table(
        "interest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("email", AutoString(length=320), nullable=False),
        sa.Column("email_key", AutoString(length=320), nullable=False),
        sa.Column("zone", AutoString(length=60), nullable=True),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("told_at", UTCDateTime(), nullable=True),
        sa.Column("left_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_interest_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest")),
    )
    op.create_index(op.f("ix_interest_email_key"), "interest", ["email_key"], unique=False)
    op.create_index(
        "uq_interest_event_id_email_key",
        "interest",
        ["event_id", "email_key"],
        unique=True,
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.create_table(
        "registration_choices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("group_limit", sa.Integer(), nullable=False),
        sa.Column("group_names_by", UTCDateTime(), nullable=True),
        sa.Column("transfers_until", UTCDateTime(), nullable=True),
        sa.CheckConstraint("group_limit >= 0", name=op.f("ck_registration_choices_group_limit")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_registration_choices_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_choices")),
        sa.UniqueConstraint("event_id", name=op.f("uq_registration_choices_event_id")),
    )
    op.create_table(
        "registration_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("label", AutoString(length=200), nullable=False),
        sa.Column("help", AutoString(length=500), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "short_text",
                "long_text",
                "one_choice",
                "several",
                "yes_no",
                "country",
                "number",
                name="answer_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("keep_days", sa.Integer(), nullable=False),
        sa.Column(
            "seen_by",
            sa.Enum("organisers", "door", "catering", "access", name="seen_by", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("retired_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("keep_days >= 0", name=op.f("ck_registration_question_keep_days")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_registration_question_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_question")),
        sa.UniqueConstraint("thread_id", "version", name=op.f("uq_registration_question_thread_id_version")),
    )
    op.create_index(op.f("ix_registration_question_event_id"), "registration_question", ["event_id"], unique=False)
    op.create_index(
        "uq_registration_question_thread_id_asked",
        "registration_question",
        ["thread_id"],
        unique=True,
        sqlite_where=sa.text("retired_at IS NULL"),
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_table(
        "group_registration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("institution", AutoString(length=200), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("kind_id", sa.Uuid(), nullable=True),
        sa.Column("held_back_id", sa.Uuid(), nullable=True),
        sa.Column("names_by", UTCDateTime(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("places > 0", name=op.f("ck_group_registration_places")),
        sa.ForeignKeyConstraint(["contact_id"], ["person.id"], name=op.f("fk_group_registration_contact_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_group_registration_event_id")),
        sa.ForeignKeyConstraint(["held_back_id"], ["held_back.id"], name=op.f("fk_group_registration_held_back_id")),
        sa.ForeignKeyConstraint(["kind_id"], ["ticket_kind.id"], name=op.f("fk_group_registration_kind_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_registration")),
        sa.UniqueConstraint("held_back_id", name=op.f("uq_group_registration_held_back_id")),
    )
    op.create_index(op.f("ix_group_registration_contact_id"), "group_registration", ["contact_id"], unique=False)
    op.create_index(
        "uq_group_registration_event_id_contact_id",
        "group_registration",
        ["event_id", "contact_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "waiting_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("terms_id", sa.Uuid(), nullable=True),
        sa.Column("typed_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("link_id IS NOT NULL OR entry_id IS NOT NULL", name=op.f("ck_waiting_form_waits_for_something")),
        sa.ForeignKeyConstraint(["entry_id"], ["waitlist_entry.id"], name=op.f("fk_waiting_form_entry_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_waiting_form_event_id")),
        sa.ForeignKeyConstraint(["link_id"], ["mailed_link.id"], name=op.f("fk_waiting_form_link_id")),
        sa.ForeignKeyConstraint(["terms_id"], ["event_terms.id"], name=op.f("fk_waiting_form_terms_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_form")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_waiting_form_entry_id")),
        sa.UniqueConstraint("link_id", name=op.f("uq_waiting_form_link_id")),
    )
    op.create_index(op.f("ix_waiting_form_event_id"), "waiting_form", ["event_id"], unique=False)
    op.create_table(
        "place_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("name", AutoString(length=200), nullable=False),
        sa.Column("email", AutoString(length=320), nullable=False),
        sa.Column("email_key", AutoString(length=320), nullable=False),
        sa.Column("offered_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("accepted_at", UTCDateTime(), nullable=True),
        sa.Column("declined_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.Column("got_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(registration_id IS NULL) <> (group_id IS NULL)", name=op.f("ck_place_invitation_one_giver")),
        sa.CheckConstraint("accepted_at IS NULL OR declined_at IS NULL", name=op.f("ck_place_invitation_one_answer")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_place_invitation_by_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_place_invitation_event_id")),
        sa.ForeignKeyConstraint(["got_id"], ["registration.id"], name=op.f("fk_place_invitation_got_id")),
        sa.ForeignKeyConstraint(["group_id"], ["group_registration.id"], name=op.f("fk_place_invitation_group_id")),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name=op.f("fk_place_invitation_registration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_invitation")),
        sa.UniqueConstraint("got_id", name=op.f("uq_place_invitation_got_id")),
    )
    op.create_index(op.f("ix_place_invitation_email_key"), "place_invitation", ["email_key"], unique=False)
    op.create_index(op.f("ix_place_invitation_event_id"), "place_invitation", ["event_id"], unique=False)
    op.create_index(op.f("ix_place_invitation_group_id"), "place_invitation", ["group_id"], unique=False)
    op.create_index(
        "uq_place_invitation_group_id_email_key_open",
        "place_invitation",
        ["group_id", "email_key"],
        unique=True,
        sqlite_where=sa.text("group_id IS NOT NULL AND accepted_at IS NULL AND declined_at IS NULL AND withdrawn_at IS NULL"),
        postgresql_where=sa.text("group_id IS NOT NULL AND accepted_at IS NULL AND declined_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_index(
        "uq_place_invitation_registration_id_open",
        "place_invitation",
        ["registration_id"],
        unique=True,
        sqlite_where=sa.text("accepted_at IS NULL AND declined_at IS NULL AND withdrawn_at IS NULL"),
        postgresql_where=sa.text("accepted_at IS NULL AND declined_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_table(
        "registration_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["registration_question.id"], name=op.f("fk_registration_answer_question_id")),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name=op.f("fk_registration_answer_registration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_answer")),
        sa.UniqueConstraint("registration_id", "question_id", name=op.f("uq_registration_answer_registration_id_question_id")),
    )
    op.create_index(op.f("ix_registration_answer_question_id"), "registration_answer", ["question_id"], unique=False)
    op.create_table(
        "terms_acceptance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("terms_id", sa.Uuid(), nullable=False),
        sa.Column("accepted_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], name=op.f("fk_terms_acceptance_registration_id")),
        sa.ForeignKeyConstraint(["terms_id"], ["event_terms.id"], name=op.f("fk_terms_acceptance_terms_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms_acceptance")),
        sa.UniqueConstraint("registration_id", "terms_id", name=op.f("uq_terms_acceptance_registration_id_terms_id")),
    )
    op.create_index(op.f("ix_terms_acceptance_terms_id"), "terms_acceptance", ["terms_id"], unique=False)
