"""Applying: a draft that is saved as it is typed, and what is sent. What has arrived whole before the deadline's instant counts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from conference.calls.queries import lock_call, newest_version
from conference.calls.submission_tables import Submission, SubmissionState, SubmissionVersion
from conference.calls.tables import Call
from conference.people.tables import Person
from conference.record.actions import note
from conference.storage.database import Db

Answers = dict[str, Any]  # question key: answer, in the JSON that definition.QuestionKind names


async def start_submission(db: Db, call: Call, person: Person, now: datetime, *, entered_by: UUID | None = None) -> Submission:
    """A draft, numbered."""
    locked = await lock_call(db, call.id)
    locked.last_number += 1
    submission = Submission(
        call_id=call.id,
        person_id=person.id,
        number=locked.last_number,
        state=SubmissionState.draft,
        draft={},
        draft_at=now,
        entered_by_id=entered_by,
        made_at=now,
    )
    db.add(submission)
    await db.flush()
    return submission


async def save_draft(db: Db, submission: Submission, answers: Answers, now: datetime) -> int:
    """Keep what is typed; returns the draft's new stamp."""
    submission.draft, submission.draft_at = answers, now
    submission.draft_stamp += 1
    await db.flush()
    return submission.draft_stamp


async def submit(db: Db, call: Call, submission: Submission, arrived_at: datetime, *, by: UUID | None = None) -> SubmissionVersion:
    """Send the draft: a new version, which counts if it arrived before the deadline (the instant itself is late)."""
    locked = await lock_call(db, call.id)
    late = locked.deadline_at is not None and arrived_at >= locked.deadline_at
    asked = await newest_version(db, call)
    last = (await db.exec(select(func.max(SubmissionVersion.number)).where(SubmissionVersion.submission_id == submission.id))).one()
    version = SubmissionVersion(
        submission_id=submission.id,
        number=(last or 0) + 1,
        call_version_id=asked.id,
        answers=dict(submission.draft),
        arrived_at=arrived_at,
        late=late,
        by_id=by or submission.person_id,
    )
    db.add(version)
    await db.flush()
    if not late:
        submission.counted_id, submission.submitted_at = version.id, arrived_at
        if submission.state == SubmissionState.draft:
            submission.state = SubmissionState.submitted
    await db.flush()
    note(
        db, "submitted", f"submission:{submission.id}", arrived_at, person_id=by, event_id=call.event_id, version=version.number, late=late
    )
    return version


async def versions_of(db: Db, submission: Submission) -> list[SubmissionVersion]:
    """All that arrived, the oldest first."""
    all_ = select(SubmissionVersion).where(SubmissionVersion.submission_id == submission.id).order_by(col(SubmissionVersion.number))
    return list(await db.exec(all_))
