"""The door of a session's meeting: through it, and choosing a group before it."""

from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from conference.attendance.noting import note_meeting
from conference.meetings.forms import ChoiceForm
from conference.meetings.groups import choose_group
from conference.meetings.links import link_into
from conference.meetings.queries import MeetingDoor, at_door, door_for, entrance_for
from conference.meetings.rules import Guest, check_may_enter, door_words, pseudonym
from conference.people.access import require_person
from conference.people.tables import Person
from conference.programme.queries import place_of
from conference.programme.tables import Event, Session
from conference.web.forms import typed_form
from conference.web.links import SEE_OTHER, full_address, redirect, redirect_to
from conference.web.render import render
from conference.web.request import house, now, reading, real_now, visitor, writing, zone_for

SECRET_WAY = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@dataclass(frozen=True, slots=True)
class DoorPage:
    """templates/meetings/door.html"""

    event: Event
    session: Session
    door: MeetingDoor


async def meeting(request: Request) -> Response:
    """GET /events/{event}/sessions/{session}/meeting: by a link made for this person at this moment. ?group= is for those who lead."""
    async with reading(request) as db:
        event, session = await place_of(db, **request.path_params)
        person_id = visitor(request).person_id
        person = await db.get(Person, person_id) if person_id else None
        at = await at_door(db, session, event, person, now(request))
        check_may_enter(at.state, door_words(at.state, event, session, zone_for(request, event.zone)))
        assert person
        entrance = await entrance_for(db, at, session, now(request), group_id=_group_id(request))
    if request.method == "GET":
        async with writing(request) as db:
            await note_meeting(db, session.id, person.id, now(request))
    key = house(request).settings.secret_key
    guest = Guest(pseudonym(key, event.id, person.id), person.name, moderates=at.part.leads)
    home = full_address(request, "site:session", **request.path_params)
    link = await link_into(entrance, guest, home, now(request), real_now(request))  # the database is free meanwhile
    return RedirectResponse(link, SEE_OTHER, SECRET_WAY)


async def group(request: Request) -> Response:
    """GET, POST /events/{event}/sessions/{session}/meeting/group: the door, and choosing a group that has space."""
    if request.method != "POST":
        return await _door_page(request)
    typed = await typed_form(request)
    async with writing(request) as db:
        event, session = await place_of(db, **request.path_params)
        person = await require_person(db, request)
        at = await at_door(db, session, event, person, now(request))
        check_may_enter(at.state, door_words(at.state, event, session, zone_for(request, event.zone)))
        chosen = await choose_group(db, event, session, person, ChoiceForm.read(typed).group, now(request), real_now(request))
    said = f"You are in the group “{chosen.name}”. The door leads there now."
    if typed.get("next"):
        return redirect_to(request, typed["next"], said)
    return redirect(request, "meetings:group", said, **request.path_params)


async def _door_page(request: Request) -> Response:
    async with reading(request) as db:
        event, session = await place_of(db, **request.path_params)
        person_id = visitor(request).person_id
        person = await db.get(Person, person_id) if person_id else None
        door = await door_for(db, session, event, person, now(request), zone=zone_for(request, event.zone))
    return render(request, "meetings/door.html", DoorPage(event, session, door), title=f"Meeting · {session.title}", zone=event.zone)


def _group_id(request: Request) -> UUID | None:
    """The group in the address; one that can't be any is nobody's, and so not found."""
    asked = request.query_params.get("group")
    try:
        return UUID(asked) if asked else None
    except ValueError:
        return UUID(int=0)
