"""calls, submissions, panels, decisions, papers"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    _call()
    _issued_paper()
    _call_interest()
    _call_version()
    _panel_member()
    _submission()
    _assignment()
    _conflict_declaration()
    _decision()
    _submission_partner()
    _submission_version()
    _viewing()
    _review()
    _score()


def _call() -> None:
    op.create_table(
        "call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", AutoString(length=80), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "place",
                "grant",
                "bursary",
                "proposal",
                "mentoring",
                "award",
                name="call_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "open",
                "closed",
                "suspended",
                "decided",
                "archived",
                name="call_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", AutoString(length=200), nullable=False),
        sa.Column("zone", AutoString(length=60), nullable=False),
        sa.Column("opens_at", UTCDateTime(), nullable=True),
        sa.Column("deadline_at", UTCDateTime(), nullable=True),
        sa.Column("results_by", sa.Date(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("budget_pence", sa.Integer(), nullable=True),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("state <> 'open' OR deadline_at IS NOT NULL", name=op.f("ck_call_open_has_deadline")),
        sa.CheckConstraint("budget_pence IS NULL OR budget_pence > 0", name=op.f("ck_call_some_budget")),
        sa.CheckConstraint("deadline_at IS NULL OR opens_at IS NULL OR opens_at < deadline_at", name=op.f("ck_call_opens_before_deadline")),
        sa.CheckConstraint("places IS NULL OR places > 0", name=op.f("ck_call_some_places")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_call_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("slug", name=op.f("uq_call_slug")),
    )
    op.create_index(op.f("ix_call_event_id"), "call", ["event_id"], unique=False)


def _issued_paper() -> None:
    op.create_table(
        "issued_paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", AutoString(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "offer_letter",
                "award_letter",
                "invitation_letter",
                "invoice",
                "certificate",
                name="paper_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("issued_at", UTCDateTime(), nullable=False),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.Column("revoked_reason", AutoString(length=500), nullable=False),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_reason = '')", name=op.f("ck_issued_paper_revoked_with_reason")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_issued_paper_event_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_issued_paper_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_paper")),
        sa.UniqueConstraint("code", name=op.f("uq_issued_paper_code")),
    )
    op.create_index(op.f("ix_issued_paper_event_id"), "issued_paper", ["event_id"], unique=False)
    op.create_index(op.f("ix_issued_paper_person_id"), "issued_paper", ["person_id"], unique=False)
    op.create_index(op.f("ix_issued_paper_subject_id"), "issued_paper", ["subject_id"], unique=False)


def _call_interest() -> None:
    op.create_table(
        "call_interest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("left_at", UTCDateTime(), nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_interest_call_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_call_interest_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_interest")),
    )
    op.create_index(op.f("ix_call_interest_person_id"), "call_interest", ["person_id"], unique=False)
    op.create_index(
        "uq_call_interest_call_id_person_id",
        "call_interest",
        ["call_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def _call_version() -> None:
    op.create_table(
        "call_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_version_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_version")),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_call_version_call_id_number")),
    )


def _panel_member() -> None:
    op.create_table(
        "panel_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("chair", sa.Boolean(), nullable=False),
        sa.Column("independent", sa.Boolean(), nullable=False),
        sa.Column("joined_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_panel_member_call_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_panel_member_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_member")),
    )
    op.create_index(op.f("ix_panel_member_person_id"), "panel_member", ["person_id"], unique=False)
    op.create_index(
        "uq_panel_member_call_id_person_id",
        "panel_member",
        ["call_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _submission() -> None:
    op.create_table(
        "submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "under_review",
                "accepted",
                "reserve",
                "rejected",
                "withdrawn",
                "confirmed",
                "cancelled",
                name="submission_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("draft_stamp", sa.Integer(), nullable=False),
        sa.Column("draft_at", UTCDateTime(), nullable=False),
        sa.Column("counted_id", sa.Uuid(), nullable=True),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.Column("late_at", UTCDateTime(), nullable=True),
        sa.Column("late_by_id", sa.Uuid(), nullable=True),
        sa.Column("late_reason", AutoString(length=1000), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("submitted_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.Column("told_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("state = 'draft' OR state = 'withdrawn' OR counted_id IS NOT NULL", name=op.f("ck_submission_sent_has_version")),
        sa.CheckConstraint("(late_by_id IS NULL) = (late_at IS NULL)", name=op.f("ck_submission_late_by_whom")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_submission_call_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_submission_entered_by_id")),
        sa.ForeignKeyConstraint(["late_by_id"], ["person.id"], name=op.f("fk_submission_late_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_submission_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_submission_call_id_number")),
    )
    op.create_index(op.f("ix_submission_person_id"), "submission", ["person_id"], unique=False)
    op.create_index(
        "uq_submission_call_id_person_id_slot",
        "submission",
        ["call_id", "person_id", "slot"],
        unique=True,
        sqlite_where=sa.text("state NOT IN ('withdrawn', 'cancelled')"),
        postgresql_where=sa.text("state NOT IN ('withdrawn', 'cancelled')"),
    )


def _assignment() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_assignment_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assignment_person_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_assignment_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(op.f("ix_assignment_person_id"), "assignment", ["person_id"], unique=False)
    op.create_index(
        "uq_assignment_submission_id_person_id",
        "assignment",
        ["submission_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _conflict_declaration() -> None:
    op.create_table(
        "conflict_declaration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "declared", "same_institution", "same_domain", name="conflict_kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("words", AutoString(length=1000), nullable=False),
        sa.Column("declared_at", UTCDateTime(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_conflict_declaration_by_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_conflict_declaration_ended_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_conflict_declaration_person_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_conflict_declaration_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_declaration")),
    )
    op.create_index(op.f("ix_conflict_declaration_person_id"), "conflict_declaration", ["person_id"], unique=False)
    op.create_index(
        "uq_conflict_declaration_submission_id_person_id",
        "conflict_declaration",
        ["submission_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _decision() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum("accepted", "reserve", "rejected", name="verdict", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("reserve_position", sa.Integer(), nullable=True),
        sa.Column("amount_pence", sa.Integer(), nullable=True),
        sa.Column("reason", AutoString(length=4000), nullable=False),
        sa.Column("feedback", AutoString(length=8000), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=False),
        sa.Column("announced_at", UTCDateTime(), nullable=True),
        sa.Column("superseded_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("(verdict = 'reserve') = (reserve_position IS NOT NULL)", name=op.f("ck_decision_reserve_has_position")),
        sa.CheckConstraint("amount_pence IS NULL OR (amount_pence > 0 AND verdict = 'accepted')", name=op.f("ck_decision_amount_of_a_yes")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_decision_by_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_decision_call_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_decision_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(
        "uq_decision_call_id_reserve_position",
        "decision",
        ["call_id", "reserve_position"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL AND reserve_position IS NOT NULL"),
        postgresql_where=sa.text("superseded_at IS NULL AND reserve_position IS NOT NULL"),
    )
    op.create_index(
        "uq_decision_submission_id",
        "decision",
        ["submission_id"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL"),
    )


def _submission_partner() -> None:
    op.create_table(
        "submission_partner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("co_applicant", "partner", "referee", name="partner_role", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("name", AutoString(length=200), nullable=False),
        sa.Column("organisation", AutoString(length=200), nullable=False),
        sa.Column("email", AutoString(length=320), nullable=False),
        sa.Column("email_key", AutoString(length=320), nullable=False),
        sa.Column("token_hash", AutoString(length=64), nullable=True),
        sa.Column("asked_at", UTCDateTime(), nullable=True),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("declined_at", UTCDateTime(), nullable=True),
        sa.Column("words", AutoString(length=8000), nullable=False),
        sa.Column("removed_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("confirmed_at IS NULL OR declined_at IS NULL", name=op.f("ck_submission_partner_one_answer")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_submission_partner_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_partner")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_submission_partner_token_hash")),
    )
    op.create_index(
        "uq_submission_partner_email_role",
        "submission_partner",
        ["submission_id", "email_key", "role"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )


def _submission_version() -> None:
    op.create_table(
        "submission_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("call_version_id", sa.Uuid(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("arrived_at", UTCDateTime(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_submission_version_by_id")),
        sa.ForeignKeyConstraint(["call_version_id"], ["call_version.id"], name=op.f("fk_submission_version_call_version_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_submission_version_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_version")),
        sa.UniqueConstraint("submission_id", "number", name=op.f("uq_submission_version_submission_id_number")),
    )
    op.create_index(op.f("ix_submission_version_call_version_id"), "submission_version", ["call_version_id"], unique=False)


def _viewing() -> None:
    op.create_table(
        "viewing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "what",
            sa.Enum(
                "submission", "file", "reviews", "pack", "minutes", name="seen_what", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("first_at", UTCDateTime(), nullable=False),
        sa.Column("last_at", UTCDateTime(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("times > 0", name=op.f("ck_viewing_some_times")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_viewing_person_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_viewing_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_viewing")),
        sa.UniqueConstraint("submission_id", "person_id", "what", name=op.f("uq_viewing_submission_id_person_id_what")),
    )
    op.create_index(op.f("ix_viewing_person_id"), "viewing", ["person_id"], unique=False)


def _review() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("comment", AutoString(length=8000), nullable=False),
        sa.Column("feedback", AutoString(length=8000), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.Column("submitted_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_review_person_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_review_submission_id")),
        sa.ForeignKeyConstraint(["version_id"], ["submission_version.id"], name=op.f("fk_review_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("submission_id", "person_id", name=op.f("uq_review_submission_id_person_id")),
    )
    op.create_index(op.f("ix_review_person_id"), "review", ["person_id"], unique=False)
    op.create_index(op.f("ix_review_version_id"), "review", ["version_id"], unique=False)


def _score() -> None:
    op.create_table(
        "score",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("criterion", AutoString(length=60), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("comment", AutoString(length=4000), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_score_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score")),
        sa.UniqueConstraint("review_id", "criterion", name=op.f("uq_score_review_id_criterion")),
    )
