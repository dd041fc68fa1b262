"""Applying: a draft that is saved as it is typed, and what is sent. What has arrived whole before the deadline's instant counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from conference.calls.applying_rules import (
    LIVE_STATES,
    check_can_change,
    check_can_withdraw,
    check_takes,
    is_late,
)
from conference.calls.checking import is_empty
from conference.calls.decision_tables import Decision
from conference.calls.queries import definition_of, lock_call, newest_version
from conference.calls.submission_tables import Submission, SubmissionState, SubmissionVersion
from conference.calls.tables import Call, CallState
from conference.errors import Conflict, NotFound
from conference.people.tables import Person
from conference.record.actions import note
from conference.storage.database import Db

Answers = dict[str, Any]  # question key: answer, in the JSON that definition.QuestionKind names


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a saving. `clashes`: what stands in the draft since the page was loaded, where the page holds something else."""

    stamp: int
    clashes: Mapping[str, Any]


async def start_submission(db: Db, call: Call, person: Person, now: datetime, *, entered_by: UUID | None = None) -> Submission:
    """A draft, numbered. Raises Conflict for whoever has as many as the call takes from one person."""
    locked = await lock_call(db, call.id)
    taken = await _slots_taken(db, call.id, person.id)
    several = (await definition_of(db, locked)).several_each
    slot = next((each for each in range(1, several + 1) if each not in taken), None)
    if slot is None:
        raise Conflict("There is an application of this person already: open it to go on with it.")
    locked.last_number += 1
    submission = Submission(
        call_id=call.id,
        person_id=person.id,
        number=locked.last_number,
        slot=slot,
        state=SubmissionState.draft,
        draft={},
        draft_at=now,
        entered_by_id=entered_by,
        made_at=now,
    )
    db.add(submission)
    await db.flush()
    if entered_by:
        note(db, "submission entered", f"submission:{submission.id}", now, person_id=entered_by, event_id=call.event_id)
    return submission


async def save_draft(db: Db, submission: Submission, answers: Answers, now: datetime) -> int:
    """Keep all of what is typed, whatever stood there; returns the draft's new stamp."""
    await _hold(db, submission)
    keys = [key for key in {*submission.draft, *answers} if _differs(submission.draft.get(key), answers.get(key))]
    _write(submission, answers, keys, now)
    await db.flush()
    return submission.draft_stamp


async def save_part(db: Db, submission: Submission, answers: Answers, base: int, now: datetime) -> Saved:
    """Keep what one part's page holds, but for answers that were changed elsewhere since that page was loaded (`base` is its stamp):
    these stay as they are until the person has seen both. Raises Conflict once nothing can be changed."""
    await _hold(db, submission)
    check_can_change(submission)
    draft, stamps = submission.draft, submission.draft_stamps
    changed = [key for key, answer in answers.items() if _differs(draft.get(key), answer)]
    clashes = {key: draft.get(key) for key in changed if stamps.get(key, 0) > base}
    if fresh := [key for key in changed if key not in clashes]:
        _write(submission, draft | {key: answers[key] for key in fresh}, fresh, now)
        await db.flush()
    return Saved(submission.draft_stamp, clashes)


async def submit(
    db: Db,
    call: Call,
    submission: Submission,
    arrived_at: datetime,
    *,
    by: UUID | None = None,
    now: datetime | None = None,
    accepts_terms: bool = False,
) -> SubmissionVersion:
    """Send the draft: a new version, which counts if it arrived before the deadline (the instant itself is late).

    A late one is kept, and counts once an organiser has decided so. `now`: when this is done; `arrived_at` may be a little earlier.
    """
    locked = await lock_call(db, call.id)
    await _hold(db, submission)
    check_takes(locked, arrived_at)
    check_can_change(submission)
    late = is_late(locked, arrived_at, now or locked.deadline_at or arrived_at)
    asked = await newest_version(db, locked)
    version = SubmissionVersion(
        submission_id=submission.id,
        number=await _last_version(db, submission) + 1,
        call_version_id=asked.id,
        answers=dict(submission.draft),
        arrived_at=arrived_at,
        late=late,
        terms_at=arrived_at if accepts_terms else None,
        by_id=by or submission.person_id,
    )
    db.add(version)
    await db.flush()
    if not late:
        _let_count(submission, version)
    await db.flush()
    note(
        db, "submitted", f"submission:{submission.id}", arrived_at, person_id=by, event_id=call.event_id, version=version.number, late=late
    )
    return version


async def withdraw(db: Db, call: Call, submission: Submission, now: datetime, *, by: UUID) -> None:
    """It counts no more; nothing of it is thrown away. Raises Conflict where it is too late for that."""
    await lock_call(db, call.id)
    await _hold(db, submission)
    check_can_withdraw(submission)
    submission.state, submission.withdrawn_at = SubmissionState.withdrawn, now
    await db.flush()
    note(db, "submission withdrawn", f"submission:{submission.id}", now, person_id=by, event_id=call.event_id)


async def accept_late(db: Db, call: Call, submission: Submission, version: UUID, reason: str, now: datetime, *, by: UUID) -> None:
    """An organiser decides that what came late counts, and why. Raises NotFound, and Conflict once the submission was decided."""
    locked = await lock_call(db, call.id)
    await _hold(db, submission)
    late = await db.get(SubmissionVersion, version)
    if late is None or late.submission_id != submission.id or not late.late:
        raise NotFound("There is no such version that came late.")
    check_can_change(submission)
    if locked.state in (CallState.decided, CallState.archived) or await _is_decided(db, submission):
        raise Conflict("It was decided on this application: what came late can't count any more.")
    _let_count(submission, late)
    submission.late_at, submission.late_by_id, submission.late_reason = now, by, reason
    await db.flush()
    note(db, "late version accepted", f"submission:{submission.id}", now, person_id=by, event_id=call.event_id, version=late.number)


async def versions_of(db: Db, submission: Submission) -> list[SubmissionVersion]:
    """All that arrived, the oldest first."""
    all_ = select(SubmissionVersion).where(SubmissionVersion.submission_id == submission.id).order_by(col(SubmissionVersion.number))
    return list(await db.exec(all_))


def _let_count(submission: Submission, version: SubmissionVersion) -> None:
    submission.counted_id, submission.submitted_at = version.id, version.arrived_at
    if submission.state == SubmissionState.draft:
        submission.state = SubmissionState.submitted


def _write(submission: Submission, draft: Mapping[str, Any], keys: list[str], now: datetime) -> None:
    submission.draft_stamp += 1
    submission.draft = {key: answer for key, answer in draft.items() if not is_empty(answer)}
    submission.draft_stamps = submission.draft_stamps | dict.fromkeys(keys, submission.draft_stamp)
    submission.draft_at = now


def _differs(kept: Any, typed: Any) -> bool:
    return kept != typed and not (is_empty(kept) and is_empty(typed))


async def _hold(db: Db, submission: Submission) -> None:
    """Its row as it is now, until the transaction ends: whoever saves, sends and withdraws takes turns."""
    await db.flush()
    await db.refresh(submission, with_for_update=True)


async def _last_version(db: Db, submission: Submission) -> int:
    last = select(func.max(SubmissionVersion.number)).where(SubmissionVersion.submission_id == submission.id)
    return (await db.exec(last)).one() or 0


async def _slots_taken(db: Db, call_id: UUID, person_id: UUID) -> set[int]:
    live = (Submission.call_id == call_id, Submission.person_id == person_id, col(Submission.state).in_(LIVE_STATES))
    return set((await db.exec(select(Submission.slot).where(*live))).all())


async def _is_decided(db: Db, submission: Submission) -> bool:
    standing = select(Decision.id).where(Decision.submission_id == submission.id, col(Decision.superseded_at).is_(None))
    return (await db.exec(standing)).first() is not None
