"""Files that come with submissions: what is known of each; the bytes are on the shelf, under the row's id."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from conference.storage.row import Row, one_of


class FileKind(StrEnum):
    """What a file is by its own bytes."""

    pdf = "pdf"
    docx = "docx"
    odt = "odt"
    jpeg = "jpeg"  # every picture: it is painted anew


class SubmissionFile(Row, table=True):
    """One file for one question of a submission; never changed. It counts where a draft or a version names its id as the answer."""

    __tablename__ = "submission_file"
    __table_args__ = (
        CheckConstraint("size > 0", name="some_bytes"),
        CheckConstraint("length(digest) = 64", name="whole_digest"),
    )

    submission_id: UUID = Field(foreign_key="submission.id", index=True)
    question: str = Field(max_length=60)  # its key in the call's definition
    kind: FileKind = Field(sa_column=one_of(FileKind, "submission_file_kind"))
    name: str = Field(max_length=120)  # what the sender calls it, made harmless; for no header and no path
    size: int  # bytes, as kept
    digest: str = Field(max_length=64)  # SHA-256 of the bytes as kept: which file it was that somebody judged
    by_id: UUID = Field(foreign_key="person.id")  # who sent it: the applicant, or staff on their behalf
    made_at: datetime
