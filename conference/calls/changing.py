"""What organisers change of a call beside its definition: its title, moments and limits, and the state that it is in."""

from dataclasses import dataclass
from datetime import date, datetime

from conference.calls.definition import Definition
from conference.calls.listing import last_arrival
from conference.calls.queries import definition_of, lock_call
from conference.calls.rules import check_deadline, check_move, check_times
from conference.calls.tables import Call, CallState
from conference.people.tables import Person
from conference.record.actions import note
from conference.storage.database import Db


@dataclass(frozen=True, slots=True)
class CallChange:
    """A call's facts as they shall be. Instants are aware."""

    title: str
    opens_at: datetime | None
    deadline_at: datetime | None
    results_by: date | None
    places: int | None
    budget_pence: int | None


async def change_call(db: Db, call: Call, change: CallChange, now: datetime, *, by: Person) -> bool:
    """Whether anything is other than it was. Raises Invalid."""
    locked = await lock_call(db, call.id)
    check_times(change.opens_at, change.deadline_at, change.results_by, locked.zone)
    if locked.deadline_at != change.deadline_at:
        check_deadline(locked, change.deadline_at, await last_arrival(db, locked))
    said = {}
    for name in CallChange.__slots__:
        was, new = getattr(locked, name), getattr(change, name)
        if was != new:
            said[name] = [_word(was), _word(new)]
            setattr(locked, name, new)
    if said:
        await db.flush()
        note(db, "call's facts changed", f"call:{call.id}", now, person_id=by.id, event_id=call.event_id, **said)
    return bool(said)


async def move_call(db: Db, call: Call, to: CallState, now: datetime, *, by: Person) -> None:
    """Open, close, suspend or archive it. Raises Invalid, Conflict."""
    locked = await lock_call(db, call.id)
    asked: Definition = await definition_of(db, locked)
    check_move(locked, to, asked, now)
    was, locked.state = locked.state, to
    await db.flush()
    note(db, "call's state changed", f"call:{call.id}", now, person_id=by.id, event_id=call.event_id, was=was, to=to)


def _word(value: object) -> str | None:
    return None if value is None else str(value)
