"""Files come with a submission, and go again while nothing that was sent names them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import func, select

from conference.calls.file_queries import file_answer, file_with, ids_in_versions
from conference.calls.file_rules import MAX_KEPT, check_may_change
from conference.calls.file_tables import SubmissionFile
from conference.calls.submission_tables import Submission
from conference.calls.submitting import save_draft
from conference.calls.tables import Call
from conference.errors import Conflict
from conference.record.actions import note
from conference.storage.database import Db


async def add_file(db: Db, call: Call, submission: Submission, file: SubmissionFile, now: datetime) -> UUID | None:
    """Make the file the draft's answer to its question. Returns the id of bytes that nothing needs any more, for after the commit.

    Raises Conflict once the submission stands, or has as many files as are kept.
    """
    await db.refresh(submission, with_for_update=True)
    check_may_change(call, submission)
    kept = select(func.count()).select_from(SubmissionFile).where(SubmissionFile.submission_id == submission.id)
    if (await db.exec(kept)).one() >= MAX_KEPT:
        raise Conflict(f"We keep {MAX_KEPT} files of one submission, with those of earlier versions. Write to the organisers.")
    before = dict(submission.draft)
    db.add(file)
    await db.flush()
    await save_draft(db, submission, before | {file.question: str(file.id)}, now)
    note(db, "file added", f"submission:{submission.id}", now, person_id=file.by_id, event_id=call.event_id, **_facts(file))
    return await _drop_unsent(db, submission, before, file.question)


async def drop_file(db: Db, call: Call, submission: Submission, question: str, now: datetime, by: UUID) -> UUID | None:
    """Take the answer out of the draft. What was sent stays with its version. Returns the id of bytes that nothing needs any more."""
    await db.refresh(submission, with_for_update=True)
    check_may_change(call, submission)
    before = dict(submission.draft)
    if question not in before:
        return None
    await save_draft(db, submission, {key: answer for key, answer in before.items() if key != question}, now)
    note(db, "file removed", f"submission:{submission.id}", now, person_id=by, event_id=call.event_id, question=question)
    return await _drop_unsent(db, submission, before, question)


async def _drop_unsent(db: Db, submission: Submission, answers: Mapping[str, Any], question: str) -> UUID | None:
    """The file that `answers` name, unless a version that was sent names it too."""
    old = await file_with(db, submission.id, file_answer(answers, question))
    if not old or old.id in await ids_in_versions(db, submission.id):
        return None
    await db.delete(old)
    await db.flush()
    return old.id


def _facts(file: SubmissionFile) -> dict[str, Any]:
    return {"question": file.question, "kind": file.kind.value, "size": file.size, "digest": file.digest}
