"""Who may be at a call's meeting, who leads it, and the one way to what is discussed there."""

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from conference.calls.meeting_reading import who_runs
from conference.calls.queries import call_at, member_of
from conference.calls.standings import STRANGE, no_part_in, submission_numbered
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call
from conference.errors import Forbidden, NotFound
from conference.people.access import require_person
from conference.people.tables import Person
from conference.storage.database import Db


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody at the meeting of a call."""

    call: Call
    person: Person
    leads: bool  # the chair, and organisers: puts on the table, decides, opens and closes
    organises: bool


async def seat_at(db: Db, connection: HTTPConnection) -> Seat:
    """Raises SignInNeeded, and NotFound for strangers to the panel, as for a call that there is not."""
    person = await require_person(db, connection)
    call = await call_at(db, connection.path_params["call"])
    member = await member_of(db, call.id, person.id)
    organises = person.id in await who_runs(db, call)
    if not (member or organises):
        raise NotFound("There is no such call.")
    return Seat(call, person, organises or bool(member and member.chair), organises)


async def leading_seat_at(db: Db, connection: HTTPConnection) -> Seat:
    """The same for acts that the chair or an organiser does. Raises Forbidden."""
    seat = await seat_at(db, connection)
    if not seat.leads:
        raise Forbidden("This is done by the chair of the panel, or by an organiser.")
    return seat


async def discussed(db: Db, seat: Seat, number: int) -> Submission:
    """A submission by its number. Raises NotFound alike for one that there is not and one that this person has no part in."""
    found = await submission_numbered(db, seat.call, number)
    if found.id in await no_part_in(db, seat.call, seat.person.id):
        raise NotFound(STRANGE)
    return found


async def organising_seat_at(db: Db, connection: HTTPConnection) -> Seat:
    """For what organisers of the call do alone. Raises SignInNeeded, NotFound, Forbidden."""
    person = await require_person(db, connection)
    call = await call_at(db, connection.path_params["call"])
    if person.id not in await who_runs(db, call):
        raise Forbidden("This is for the organisers of the call.")
    return Seat(call, person, leads=True, organises=True)
