"""Erasing somebody from calls: what they sent, what was said of it, their name in others' answers, their seat on panels."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import SQLModel, col, delete, select

from conference.calls.award_tables import Award
from conference.calls.decision_tables import Decision
from conference.calls.file_tables import SubmissionFile
from conference.calls.panel_tables import Assignment, ConflictDeclaration, PanelMember, Review, Score
from conference.calls.queries import lock_call
from conference.calls.submission_tables import Submission, SubmissionState, SubmissionVersion
from conference.storage.database import Db
from conference.storage.personal import TAKEN_OUT, Whom, mentions

UNDECIDED = (SubmissionState.draft, SubmissionState.submitted, SubmissionState.under_review, SubmissionState.reserve)


async def stand_back(db: Db, person_id: UUID) -> None:
    """The calls that they have a part in, locked before the pools, as everywhere."""
    mine = select(Submission.call_id).where(Submission.person_id == person_id).distinct()
    for call_id in sorted(await db.exec(mine)):
        await lock_call(db, call_id)


async def forget_applicant(db: Db, person_id: UUID, now: datetime) -> list[UUID]:
    """Their submissions are withdrawn and emptied, with all that others wrote about them. Returns the ids of files to throw away."""
    mine = select(Submission.id).where(Submission.person_id == person_id)
    files = list(await db.exec(select(SubmissionFile.id).where(col(SubmissionFile.submission_id).in_(mine))))
    await db.exec(delete(SubmissionFile).where(col(SubmissionFile.submission_id).in_(mine)))
    await _change(db, SubmissionVersion, col(SubmissionVersion.submission_id).in_(mine), answers={})
    await _change(db, Decision, col(Decision.submission_id).in_(mine), reason="", feedback="")
    await _change(db, ConflictDeclaration, col(ConflictDeclaration.submission_id).in_(mine), words="")
    reviews = select(Review.id).where(col(Review.submission_id).in_(mine))
    await _change(db, Score, col(Score.review_id).in_(reviews), comment="")
    await _change(db, Review, col(Review.submission_id).in_(mine), comment="", feedback="")
    ended = col(Award.submission_id).in_(mine) & col(Award.ended_at).is_not(None)
    await _change(db, Award, ended, ended_reason=TAKEN_OUT)  # that it ended has to be said, if not why
    theirs = col(Submission.person_id) == person_id
    await _change(db, Submission, theirs & col(Submission.state).in_(UNDECIDED), state=SubmissionState.withdrawn, withdrawn_at=now)
    await _change(db, Submission, theirs, draft={}, late_reason="")
    return files


async def forget_member(db: Db, person_id: UUID, now: datetime) -> None:
    """They sit on no panel any more, and nothing is left for them to read; their scores stay, by nobody."""
    for table in (PanelMember, Assignment):
        await _change(db, table, (col(table.person_id) == person_id) & col(table.ended_at).is_(None), ended_at=now)


async def forget_in_others(db: Db, whom: Whom) -> None:
    """As a partner, a co-applicant or a referee of somebody else."""
    for draft in await db.exec(select(Submission).where(mentions(Submission.draft, whom))):
        draft.draft = whom.blotted(draft.draft)
    for version in await db.exec(select(SubmissionVersion).where(mentions(SubmissionVersion.answers, whom))):
        version.answers = whom.blotted(version.answers)
    await db.flush()


async def _change(db: Db, table: type[SQLModel], where: Any, **values: Any) -> None:
    await db.exec(update(table).where(where).values(**values).execution_options(synchronize_session=False))
