"""The panel: who sits on it, who reads what, who must not, and what each one says of each submission."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from conference.storage.row import Row, one_of


def _one_live(name: str, *columns: str, ended: str = "ended_at") -> Index:
    condition = text(f"{ended} IS NULL")
    return Index(name, *columns, unique=True, sqlite_where=condition, postgresql_where=condition)


class PanelMember(Row, table=True):
    """Sits on the panel of a call: an assessor, or the chair."""

    __tablename__ = "panel_member"
    __table_args__ = (_one_live("uq_panel_member_call_id_person_id", "call_id", "person_id"),)

    call_id: UUID = Field(foreign_key="call.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    chair: bool = False
    independent: bool = False  # from outside the institution that calls
    joined_at: datetime
    reminded_at: datetime | None = None  # last, of reviews that they owe
    ended_at: datetime | None = None


class Assignment(Row, table=True):
    """One member reads one submission."""

    __table_args__ = (_one_live("uq_assignment_submission_id_person_id", "submission_id", "person_id"),)

    submission_id: UUID = Field(foreign_key="submission.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    by_id: UUID | None = Field(default=None, foreign_key="person.id")  # None: made by the even split
    made_at: datetime
    ended_at: datetime | None = None


class ConflictKind(StrEnum):
    declared = "declared"
    same_institution = "same_institution"
    same_domain = "same_domain"  # of e-mail addresses


class ConflictDeclaration(Row, table=True):
    """Why a member has no part in a submission: they said so, or an organiser agreed with what was found. Stands until it ends."""

    __tablename__ = "conflict_declaration"
    __table_args__ = (_one_live("uq_conflict_declaration_submission_id_person_id", "submission_id", "person_id"),)

    submission_id: UUID = Field(foreign_key="submission.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    kind: ConflictKind = Field(sa_column=one_of(ConflictKind, "conflict_kind"))
    words: str = Field(default="", max_length=1000)
    declared_at: datetime
    by_id: UUID | None = Field(default=None, foreign_key="person.id")
    ended_at: datetime | None = None
    ended_by_id: UUID | None = Field(default=None, foreign_key="person.id")


class Review(Row, table=True):
    """What one member says of one submission. In when `submitted_at` is set: from then on they may see others' (rules of the call)."""

    __table_args__ = (UniqueConstraint("submission_id", "person_id"),)

    submission_id: UUID = Field(foreign_key="submission.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    version_id: UUID = Field(foreign_key="submission_version.id", index=True)  # the version that was read
    comment: str = Field(default="", max_length=8000)  # for the panel
    feedback: str = Field(default="", max_length=8000)  # for the applicant, where the call offers it
    stamp: int = 0  # counts savings: an older page never overwrites a newer one
    saved_at: datetime
    submitted_at: datetime | None = None


class Score(Row, table=True):
    """What a review gives one criterion, on the criterion's scale."""

    __table_args__ = (UniqueConstraint("review_id", "criterion"),)

    review_id: UUID = Field(foreign_key="review.id")
    criterion: str = Field(max_length=60)  # its key in the call's definition
    value: int
    comment: str = Field(default="", max_length=4000)


class SeenWhat(StrEnum):
    submission = "submission"
    file = "file"
    reviews = "reviews"
    pack = "pack"  # taken along to read offline
    minutes = "minutes"


class Viewing(Row, table=True):
    """Who saw what of a submission, and when first and last: append-only but for the count and the last moment."""

    __table_args__ = (
        UniqueConstraint("submission_id", "person_id", "what"),
        CheckConstraint("times > 0", name="some_times"),
    )

    submission_id: UUID = Field(foreign_key="submission.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    what: SeenWhat = Field(sa_column=one_of(SeenWhat, "seen_what"))
    first_at: datetime
    last_at: datetime
    times: int = 1
