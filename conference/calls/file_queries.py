"""Finding files of submissions. An id that somebody sends, or that an answer holds, counts only beside the submission it belongs to."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from conference.calls.definition import Definition, QuestionKind
from conference.calls.file_tables import SubmissionFile
from conference.calls.submission_tables import Submission, SubmissionVersion
from conference.storage.database import Db


def file_answer(answers: Mapping[str, Any], question: str) -> UUID | None:
    """The id that answers a file question."""
    try:
        return UUID(str(answers[question]))
    except (KeyError, ValueError):
        return None


async def file_with(db: Db, submission_id: UUID, file_id: UUID | None) -> SubmissionFile | None:
    found = await db.get(SubmissionFile, file_id) if file_id else None
    return found if found and found.submission_id == submission_id else None


async def answered_file(db: Db, submission: Submission, answers: Mapping[str, Any], question: str) -> SubmissionFile | None:
    """The file with which `answers` (a draft's or a version's) answer a question."""
    found = await file_with(db, submission.id, file_answer(answers, question))
    return found if found and found.question == question else None


async def answered_files(db: Db, submission: Submission, definition: Definition, answers: Mapping[str, Any]) -> dict[str, SubmissionFile]:
    """All files of a draft or version, by question."""
    keys = [question.key for question in definition.questions if question.kind is QuestionKind.file]
    found = {key: await answered_file(db, submission, answers, key) for key in keys}
    return {key: file for key, file in found.items() if file}


async def ids_in_versions(db: Db, submission_id: UUID) -> set[UUID]:
    """Every id that any answer of a version may be."""
    versions = await db.exec(select(SubmissionVersion.answers).where(SubmissionVersion.submission_id == submission_id))
    return {found for answers in versions for question in answers if (found := file_answer(answers, question))}


async def files_of(db: Db, submission_ids: Iterable[UUID]) -> list[SubmissionFile]:
    """Of several submissions, the oldest first."""
    return list(
        await db.exec(select(SubmissionFile).where(col(SubmissionFile.submission_id).in_(submission_ids)).order_by(col(SubmissionFile.id)))
    )
