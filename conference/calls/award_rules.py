"""Milestones (pure): when they are due, and where each stands."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from conference.calls.award_tables import Milestone
from conference.calls.definition import MilestonePlan
from conference.errors import Conflict, Invalid
from conference.times import zone_named

MAX_REPORT = 20_000
MAX_WORD = 2_000


class MilestoneState(StrEnum):
    ahead = "ahead"
    overdue = "overdue"
    reported = "reported"  # waits for the organisers
    accepted = "accepted"


STATE_WORDS = {
    MilestoneState.ahead: "To come",
    MilestoneState.overdue: "Overdue",
    MilestoneState.reported: "Reported, with the organisers",
    MilestoneState.accepted: "Accepted",
}


def due_day(plan: MilestonePlan, agreed_at: datetime, zone: str) -> date:
    """Counted in days on the call's calendar, so that a change of the clocks moves nothing."""
    return agreed_at.astimezone(zone_named(zone)).date() + timedelta(days=plan.days)


def milestone_state(milestone: Milestone, now: datetime, zone: str) -> MilestoneState:
    if milestone.accepted_at:
        return MilestoneState.accepted
    if milestone.reported_at:
        return MilestoneState.reported
    today = now.astimezone(zone_named(zone)).date()
    return MilestoneState.overdue if today > milestone.due_on else MilestoneState.ahead


def check_report(milestone: Milestone, words: str) -> str:
    """What was written, or Invalid; Conflict where it was accepted already."""
    if milestone.accepted_at:
        raise Conflict("This report has been accepted: it stays as it is.")
    said = words.strip()
    if milestone.asks_report and not said:
        raise Invalid("report", "Write a few sentences about what was done.")
    if len(said) > MAX_REPORT:
        raise Invalid("report", f"This is too long. Use at most {MAX_REPORT:,} characters.")
    return said


def check_reported(milestone: Milestone) -> None:
    """Raises Conflict where there is nothing for an organiser to answer."""
    if milestone.accepted_at:
        raise Conflict("This milestone has been accepted already.")
    if not milestone.reported_at:
        raise Conflict("Nothing has been reported yet.")
