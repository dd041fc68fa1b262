"""Calls in lists, and in numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from conference.calls.decision_tables import Decision
from conference.calls.panel_tables import Assignment, PanelMember, Review
from conference.calls.submission_tables import Submission, SubmissionState, SubmissionVersion
from conference.calls.tables import Call, CallInterest, CallState, CallVersion
from conference.errors import NotFound
from conference.storage.database import Db

SHOWN = col(Call.state).not_in((CallState.draft, CallState.archived))


@dataclass(frozen=True, slots=True)
class CallCounts:
    """Where a call stands, in numbers."""

    by_state: dict[SubmissionState, int]
    late: int  # sent after the deadline, and not taken
    members: int
    assigned: int
    reviewed: int  # of those assigned: the review is in
    decided: int
    announced: int
    interested: int

    @property
    def drafts(self) -> int:
        """What nobody has sent."""
        return self.by_state.get(SubmissionState.draft, 0) - self.late

    @property
    def sent(self) -> int:
        """What counts: all that arrived in time, or was taken, and was not withdrawn."""
        return sum(self.by_state.values()) - self.drafts - self.late - self.withdrawn

    @property
    def withdrawn(self) -> int:
        return self.by_state.get(SubmissionState.withdrawn, 0)


async def find_call(db: Db, slug: str) -> Call:
    """Drafts too: only for those who run it. Raises NotFound."""
    found = (await db.exec(select(Call).where(Call.slug == slug))).first()
    if not found:
        raise NotFound("There is no such call.")
    return found


async def calls_shown(db: Db) -> Sequence[Call]:
    """What the public may read of, the latest deadline first; those without one at the end."""
    return sorted((await db.exec(select(Call).where(SHOWN))).all(), key=_by_deadline, reverse=True)


async def calls_of_event(db: Db, event_id: UUID) -> Sequence[Call]:
    """Those of one event, in the same order."""
    return sorted((await db.exec(select(Call).where(Call.event_id == event_id, SHOWN))).all(), key=_by_deadline, reverse=True)


async def summaries_of(db: Db, calls: Iterable[Call]) -> dict[UUID, str]:
    """What each call is in a sentence, as its newest version says."""
    versions = select(CallVersion.call_id, CallVersion.definition).where(col(CallVersion.call_id).in_([call.id for call in calls]))
    rows = await db.exec(versions.order_by(col(CallVersion.number)))
    return {call_id: str(definition["summary"]) for call_id, definition in rows}


async def version_marks(db: Db, event_id: UUID) -> Sequence[tuple[UUID, datetime]]:
    """Moves whenever one of an event's calls says something else."""
    marks = select(CallVersion.id, CallVersion.published_at).join(Call).where(Call.event_id == event_id)
    return [(version, at) for version, at in await db.exec(marks.order_by(col(CallVersion.id)))]


async def all_calls(db: Db) -> Sequence[Call]:
    """Drafts and what is archived too, the newest first."""
    return (await db.exec(select(Call).order_by(col(Call.made_at).desc(), col(Call.id).desc()))).all()


async def own_submissions(db: Db, call: Call, person_id: UUID) -> Sequence[Submission]:
    """What somebody has sent to a call, or begun; not what they withdrew."""
    mine = select(Submission).where(
        Submission.call_id == call.id, Submission.person_id == person_id, col(Submission.state) != SubmissionState.withdrawn
    )
    return (await db.exec(mine.order_by(col(Submission.number)))).all()


async def last_arrival(db: Db, call: Call) -> datetime | None:
    """When the last of what counts arrived; of what was taken late nothing is said here."""
    counted = select(func.max(Submission.submitted_at)).where(Submission.call_id == call.id, col(Submission.late_at).is_(None))
    return (await db.exec(counted)).one()


async def counts_of(db: Db, call: Call) -> CallCounts:
    of_call = Submission.call_id == call.id
    states = await db.exec(select(Submission.state, func.count()).where(of_call).group_by(col(Submission.state)))
    late = select(func.count(func.distinct(SubmissionVersion.submission_id))).join(
        Submission, col(Submission.id) == col(SubmissionVersion.submission_id)
    )
    assigned = select(func.count()).select_from(Assignment).join(Submission).where(of_call, col(Assignment.ended_at).is_(None))
    reviewed = assigned.join(
        Review, (col(Review.submission_id) == col(Submission.id)) & (col(Review.person_id) == col(Assignment.person_id))
    ).where(col(Review.submitted_at).is_not(None))
    members = select(func.count()).select_from(PanelMember).where(PanelMember.call_id == call.id, col(PanelMember.ended_at).is_(None))
    decisions = select(func.count()).select_from(Decision).where(Decision.call_id == call.id, col(Decision.superseded_at).is_(None))
    return CallCounts(
        by_state={SubmissionState(state): count for state, count in states.all()},
        late=(await db.exec(late.where(of_call, col(SubmissionVersion.late), Submission.state == SubmissionState.draft))).one(),
        members=(await db.exec(members)).one(),
        assigned=(await db.exec(assigned)).one(),
        reviewed=(await db.exec(reviewed)).one(),
        decided=(await db.exec(decisions)).one(),
        announced=(await db.exec(decisions.where(col(Decision.announced_at).is_not(None)))).one(),
        interested=await interested_count(db, call.id),
    )


async def interested_count(db: Db, call_id: UUID) -> int:
    """Who waits to be told that it opens."""
    waiting = select(func.count()).select_from(CallInterest).where(CallInterest.call_id == call_id)
    return (await db.exec(waiting.where(col(CallInterest.withdrawn_at).is_(None), col(CallInterest.told_at).is_(None)))).one()


def _by_deadline(call: Call) -> tuple[float, str]:
    return (call.deadline_at.timestamp() if call.deadline_at else 0.0, call.title)
