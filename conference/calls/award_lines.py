"""Milestones in words, as both sides read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from conference.calls.award_queries import session_of
from conference.calls.award_rules import STATE_WORDS, MilestoneState, milestone_state
from conference.calls.award_tables import Award, Milestone
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call
from conference.calls.words import pounds
from conference.programme.tables import Event, Session
from conference.storage.database import Db
from conference.times import long_date


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    milestone: Milestone
    due: str
    state: str
    overdue: bool
    waits: bool  # for the organisers
    open: bool  # may still be reported on


def lines_of(call: Call, award: Award, milestones: Iterable[Milestone], now: datetime) -> tuple[MilestoneLine, ...]:
    return tuple(_line(call, award, each, now) for each in milestones)


def amount_of(award: Award) -> str:
    return pounds(award.amount_pence) if award.amount_pence else ""


async def showcase_of(db: Db, submission: Submission) -> tuple[str, str, str] | None:
    """The published session that came of a submission: event, session, title."""
    there = await session_of(db, submission.id)
    session = await db.get(Session, there.session_id) if there else None
    if not there or not session:
        return None
    return (await db.get_one(Event, there.event_id)).slug, session.slug, session.title


def _line(call: Call, award: Award, milestone: Milestone, now: datetime) -> MilestoneLine:
    state = milestone_state(milestone, now, call.zone)
    return MilestoneLine(
        milestone,
        long_date(milestone.due_on),
        STATE_WORDS[state],
        overdue=state == MilestoneState.overdue,
        waits=state == MilestoneState.reported,
        open=state != MilestoneState.accepted and not award.ended_at,
    )
