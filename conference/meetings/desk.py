"""Breakout groups at the moderators' desk: make, draw, move, open, and back to the plenary."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Invalid
from conference.meetings.forms import ClosingForm, GroupsForm, MoveForm
from conference.meetings.groups import close_groups, draw_groups, make_groups, move_person, open_groups
from conference.meetings.queries import GroupRoom, groups_of, meeting_of, members_of, people_to_draw
from conference.meetings.rules import BACK_AFTER, groups_are_open
from conference.people.access import require_role
from conference.people.tables import Person, RoleKind
from conference.programme.queries import place_of
from conference.programme.tables import Event, Session
from conference.storage.database import Db
from conference.times import clock_time, spoken_zone, zone_named
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, real_now, writing, zone_for

Act = Callable[[Db, Event, Session, Person, Typed], Awaitable[str]]
BACK_WORDS = tuple((str(minutes), f"In {minutes} minute{'' if minutes == 1 else 's'}" if minutes else "At once") for minutes in BACK_AFTER)


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group with who is in it."""

    room: GroupRoom
    members: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class GroupsPage:
    """templates/meetings/groups.html"""

    event: Event
    session: Session
    meets: bool
    open: bool
    ends_words: str  # when everybody is back, while that is to come
    groups: tuple[GroupRow, ...]
    without: tuple[Person, ...]  # in no group: they may choose one, or stay in the plenary
    people: tuple[tuple[str, str], ...]  # to move: id, name
    choices: tuple[tuple[str, str], ...]  # to move to
    back: tuple[tuple[str, str], ...]
    typed: Typed
    errors: dict[str, str]


async def groups(request: Request) -> Response:
    """GET, POST /manage/events/{event}/sessions/{session}/groups: who is where; POST makes groups by their names."""
    if request.method != "POST":
        return await _page(request)

    async def make(db: Db, event: Event, session: Session, moderator: Person, typed: Typed) -> str:
        form = GroupsForm.read(typed)
        made = await make_groups(db, event, session, form.names, form.capacity, now(request), real_now(request), by=moderator.id)
        return (
            f"There are {len(made)} groups, and nobody is in them yet." if len(made) > 1 else "There is one group, with nobody in it yet."
        )

    return await _acted(request, make)


async def draw(request: Request) -> Response:
    """POST .../groups/draw: everybody with a seat or a place, evenly."""

    async def act(db: Db, event: Event, session: Session, moderator: Person, _typed: Typed) -> str:
        count = await draw_groups(db, event, session, now(request), real_now(request), by=moderator.id)
        return f"{count} {'person was' if count == 1 else 'people were'} drawn into the groups."

    return await _acted(request, act)


async def moves(request: Request) -> Response:
    """POST .../groups/moves: one person, to a group or to the plenary."""

    async def act(db: Db, event: Event, session: Session, moderator: Person, typed: Typed) -> str:
        form = MoveForm.read(typed)
        moments = now(request), real_now(request)
        person, group = await move_person(db, event, session, form.person, form.group, *moments, by=moderator.id)
        return f"{person.name} is in the group “{group.name}” now." if group else f"{person.name} is in no group now."

    return await _acted(request, act)


async def opening(request: Request) -> Response:
    """POST .../groups/opening: from now on doors lead to groups."""

    async def act(db: Db, event: Event, session: Session, moderator: Person, _typed: Typed) -> str:
        await open_groups(db, event, session, now(request), real_now(request), by=moderator.id)
        return "The groups are open. Tell people to go through the session’s door again: it leads to their group."

    return await _acted(request, act)


async def closing(request: Request) -> Response:
    """POST .../groups/closing: back to the plenary, at once or after some minutes."""

    async def act(db: Db, event: Event, session: Session, moderator: Person, typed: Typed) -> str:
        after = timedelta(minutes=int(ClosingForm.read(typed).minutes))
        back_at = await close_groups(db, event, session, after, now(request), real_now(request), by=moderator.id)
        local = back_at.astimezone(zone_named(zone_for(request, event.zone)))
        return f"From {clock_time(local)} ({spoken_zone(back_at, zone_for(request, event.zone))}) doors lead to the plenary again."

    return await _acted(request, act)


async def _acted(request: Request, act: Act) -> Response:
    """One act of a moderator: rights first, then the form, then the act; and back to the list with a sentence."""
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, session = await place_of(db, **request.path_params)
            moderator = await require_role(db, request, event.id, RoleKind.moderator)
            said = await act(db, event, session, moderator, typed)
    except Invalid as wrong:
        return await _page(request, typed, wrong.fields)
    return redirect(request, "meetings:groups", said, **request.path_params)


async def _page(request: Request, typed: Typed | None = None, errors: dict[str, str] | None = None) -> Response:
    async with reading(request) as db:
        event, session = await place_of(db, **request.path_params)
        await require_role(db, request, event.id, RoleKind.moderator)
        found = await meeting_of(db, session.id)
        rooms = await groups_of(db, found[0].id) if found else []
        members = await members_of(db, found[0].id) if found else []
        people = await people_to_draw(db, session, event) if found else []
    grouped = {member.person_id for member, _ in members}
    end = found[0].groups_end_at if found else None
    zone = zone_for(request, event.zone)
    page = GroupsPage(
        event=event,
        session=session,
        meets=found is not None,
        open=found is not None and groups_are_open(found[0], now(request)),
        ends_words=f"{clock_time(end.astimezone(zone_named(zone)))} ({spoken_zone(end, zone)})" if end and now(request) < end else "",
        groups=tuple(GroupRow(room, tuple(person for member, person in members if member.group_id == room.group.id)) for room in rooms),
        without=tuple(person for person in people if person.id not in grouped),
        people=tuple((str(person.id), ", ".join(filter(None, (person.name, person.organisation)))) for person in people),
        choices=tuple((str(room.group.id), room.group.name) for room in rooms),
        back=BACK_WORDS,
        typed=typed or {},
        errors=errors or {},
    )
    status = 422 if errors else 200
    return render(request, "meetings/groups.html", page, title=f"Groups · {session.title}", status=status, zone=event.zone)
