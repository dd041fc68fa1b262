"""A place's ticket: on a page of its own, small enough for a wallet when it is printed, and where its picture leads."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.attendance.door import AT_DOOR
from conference.attendance.queries import place_with_code
from conference.attendance.rules import Occasion, day_for
from conference.attendance.tickets import code_of_place, read_code
from conference.errors import NotFound
from conference.people.access import require_person
from conference.people.queries import has_role
from conference.people.tables import Person
from conference.programme.queries import event_at
from conference.programme.tables import Event
from conference.registration.queries import registration_of, takes_part
from conference.storage.database import Db
from conference.times import DASH, long_date, zone_named
from conference.web.codes import code_of
from conference.web.links import full_address, path_to, redirect_to
from conference.web.render import render
from conference.web.request import house, now, reading

NO_TICKET = "You have no confirmed place that lets you in at this event, so there is no ticket."


@dataclass(frozen=True, slots=True)
class TicketPage:
    """templates/attendance/ticket.html"""

    event: Event
    person: Person
    code: str
    dates: str


async def ticket(request: Request) -> Response:
    """GET /events/{event}/ticket: mine. Once the place is given back there is none, and its code is worth nothing."""
    async with reading(request) as db:
        event, person, code = await _own(db, request)
    page = TicketPage(event, person, code, _dates(event))
    return render(request, "attendance/ticket.html", page, title=f"Ticket · {event.title}", zone=event.zone)


async def ticket_code(request: Request) -> Response:
    """GET /events/{event}/ticket.svg: my ticket's picture, kept nowhere."""
    async with reading(request) as db:
        event, _, code = await _own(db, request)
    return code_of(full_address(request, "attendance:shown_ticket", event=event.slug, code=code), "no-store")


async def shown_ticket(request: Request) -> Response:
    """GET /events/{event}/tickets/{code}: where a ticket's picture leads. To the door for whoever stands there, to one's own ticket."""
    async with reading(request) as db:
        event = await event_at(db, request.path_params["event"])
        person = await require_person(db, request)
        code = read_code(request.path_params["code"])
        if code and await has_role(db, person.id, event.id, *AT_DOOR):
            day = Occasion(day=day_for(event, now(request)))
            return redirect_to(request, f"{path_to(request, 'attendance:door', event=event.slug)}?for={day.key}&code={code}#code")
        place = await place_with_code(db, event, house(request).settings.secret_key, code)
    if place is None or place.person_id != person.id:
        raise NotFound("There is no page at this address.")
    return redirect_to(request, path_to(request, "attendance:ticket", event=event.slug))


async def _own(db: Db, request: Request) -> tuple[Event, Person, str]:
    """The code of my own confirmed place. Raises SignInNeeded, NotFound."""
    event = await event_at(db, request.path_params["event"])
    person = await require_person(db, request)
    place = await registration_of(db, person.id, event.id)
    if place is None or not await takes_part(db, person.id, event.id):
        raise NotFound(NO_TICKET)
    return event, person, code_of_place(house(request).settings.secret_key, place.id, person.id)


def _dates(event: Event) -> str:
    first, last = (moment.astimezone(zone_named(event.zone)).date() for moment in (event.starts_at, event.ends_at))
    return long_date(first) if first == last else f"{long_date(first)} {DASH} {long_date(last)}"
