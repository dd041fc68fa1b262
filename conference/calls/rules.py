"""What a call is at a moment, and how its state may change (pure)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from conference.calls.definition import Definition
from conference.calls.tables import Call, CallKind, CallState
from conference.errors import Conflict, Invalid
from conference.times import zone_named


class Standing(StrEnum):
    """What a visitor meets. Opening and the deadline are the clock's: nothing has to happen for them."""

    draft = "draft"
    not_yet = "not_yet"
    open = "open"
    closed = "closed"
    suspended = "suspended"
    decided = "decided"
    archived = "archived"


STATE_WORDS = {
    Standing.draft: "Draft",
    Standing.not_yet: "Not open yet",
    Standing.open: "Open",
    Standing.closed: "Closed",
    Standing.suspended: "Closed",
    Standing.decided: "Decided",
    Standing.archived: "Over",
}
KIND_WORDS = {
    CallKind.place: "Places at an event",
    CallKind.grant: "Grants",
    CallKind.bursary: "Travel bursaries",
    CallKind.proposal: "Talk proposals",
    CallKind.mentoring: "Peer mentoring",
    CallKind.award: "Award",
}
# From each state, where organisers may take a call. `decided` is set when everybody is told, together.
MOVES: dict[CallState, tuple[CallState, ...]] = {
    CallState.draft: (CallState.open, CallState.suspended),
    CallState.open: (CallState.closed, CallState.suspended),
    CallState.closed: (CallState.open, CallState.suspended),
    CallState.suspended: (CallState.open, CallState.archived),
    CallState.decided: (CallState.archived,),
    CallState.archived: (),
}


@dataclass(frozen=True, slots=True)
class CallPlan:
    """What a call is beside its definition. Instants are aware."""

    slug: str
    kind: CallKind
    title: str
    zone: str
    event_id: UUID | None = None
    opens_at: datetime | None = None
    deadline_at: datetime | None = None
    results_by: date | None = None
    places: int | None = None
    budget_pence: int | None = None


def standing_of(call: Call, now: datetime) -> Standing:
    """The instant of the deadline itself is late."""
    if call.state != CallState.open:
        return Standing(call.state.value)
    if call.opens_at and now < call.opens_at:
        return Standing.not_yet
    return Standing.closed if call.deadline_at and now >= call.deadline_at else Standing.open


def takes_interest(standing: Standing) -> bool:
    """Whether somebody may ask to be told when a call opens: where it is to open, or may again."""
    return standing in (Standing.not_yet, Standing.suspended)


def check_times(opens_at: datetime | None, deadline_at: datetime | None, results_by: date | None, zone: str) -> None:
    """Raises Invalid where moments stand in an order that can't be."""
    if opens_at and deadline_at and opens_at >= deadline_at:
        raise Invalid("deadline_day", "The deadline is not after the opening. Choose a later moment.")
    if results_by and deadline_at and results_by < deadline_at.astimezone(zone_named(zone)).date():
        raise Invalid("results_by", "Results can’t come before the deadline. Choose a later day.")


def check_can_open(call: Call | CallPlan, asked: Definition) -> None:
    """Raises Invalid unless somebody could apply, be judged and be answered."""
    missing = [
        words
        for words, there in (
            ("a deadline", call.deadline_at),
            ("questions (`parts`)", asked.parts),
            ("criteria", asked.criteria),
            ("the texts of its letters (`letters`)", asked.letters),
        )
        if not there
    ]
    if missing:
        raise Invalid("state", f"A call that opens needs {', '.join(missing)}.")


def moves_of(call: Call, now: datetime) -> tuple[CallState, ...]:
    """Where organisers may take a call at this moment. What is closed by its clock, or not open yet, has nothing to close; and nothing is
    suspended once its deadline is over and somebody waits for an answer."""
    over = call.deadline_at is not None and call.deadline_at <= now
    never = {CallState.suspended} if over and call.last_number else set()
    if standing_of(call, now) != Standing.open:
        never |= {CallState.closed}
    return tuple(to for to in MOVES[call.state] if to not in never)


def check_move(call: Call, to: CallState, asked: Definition, now: datetime) -> None:
    """Raises Invalid or Conflict where the state can't change so."""
    if to not in moves_of(call, now):
        raise Conflict(f"“{call.title}” is {standing_of(call, now).replace('_', ' ')}: from there it can’t be {to}.")
    if to == CallState.open:
        check_can_open(call, asked)
        if call.deadline_at and call.deadline_at <= now:
            raise Invalid("state", "Its deadline is over. Set a later one first, and then open it.")


def check_deadline(call: Call, to: datetime | None, last_arrival: datetime | None) -> None:
    """What counted when it arrived goes on counting: a deadline never moves to before it. Raises Invalid."""
    if last_arrival and (to is None or to <= last_arrival):
        raise Invalid("deadline_day", "Something that counts arrived after that. Choose a later moment.")
    if call.state == CallState.open and to is None:
        raise Invalid("deadline_day", "An open call has a deadline. Enter the day and the time.")
