"""Places for an institution: taking several, naming people for them, seeing who has confirmed."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Conflict, Invalid, TooMany
from conference.people.access import require_person
from conference.people.tables import Person
from conference.programme.queries import event_at
from conference.programme.tables import Event
from conference.registration.form_forms import GroupForm, GroupNamesForm
from conference.registration.grouping import (
    GroupStanding,
    give_rest_back,
    group_of,
    name_people,
    standing_of_group,
    take_name_back,
    take_places,
)
from conference.registration.handing_door import invitation_link
from conference.registration.handing_rules import check_groups_open, names_end
from conference.registration.questions import choices_for
from conference.registration.rules import check_registration_is_open
from conference.storage.database import Db
from conference.times import spoken_moment
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, real_now, writing, zone_for

Act = Callable[[Db, Event, Person, Typed], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class GroupPage:
    """templates/registration/group.html"""

    event: Event
    standing: GroupStanding | None
    limit: int
    until: str  # when what has nobody goes back
    refusal: str  # why no group can register now; empty when one can
    typed: Typed
    errors: dict[str, str]


async def group(request: Request) -> Response:
    """GET, POST /events/{event}/registration/group: take several places at once."""

    async def take(db: Db, event: Event, person: Person, typed: Typed) -> str:
        form = GroupForm.read(typed)
        await take_places(db, event, person, form.institution, form.places, now(request), real_now(request))
        return f"{form.places} places are yours to give. Name people for them below."

    return await _done(request, take) if request.method == "POST" else await _page(request, {}, {})


async def names(request: Request) -> Response:
    """POST /events/{event}/registration/group/names. GET shows the page, for those who come back."""

    async def name(db: Db, event: Event, person: Person, typed: Typed) -> str:
        said = GroupNamesForm.read(typed).names
        count = await name_people(db, event, person, said, now(request), real_now(request), link=invitation_link(request))
        return f"{count} {'person has' if count == 1 else 'people have'} a mail with a link each."

    return await _done(request, name) if request.method == "POST" else await _page(request, {}, {})


async def name_withdrawal(request: Request) -> Response:
    """POST /events/{event}/registration/group/names/{invitation}/withdrawal"""

    async def take_back(db: Db, event: Event, person: Person, typed: Typed) -> str:
        await take_name_back(db, event, person, request.path_params["invitation"], now(request))
        return "That place has nobody again: name somebody else for it."

    return await _done(request, take_back)


async def ending(request: Request) -> Response:
    """POST /events/{event}/registration/group/ending: give back what has nobody."""

    async def give_back(db: Db, event: Event, person: Person, typed: Typed) -> str:
        await give_rest_back(db, event, person, now(request), real_now(request))
        return "The places that nobody has confirmed are free for others. Thank you."

    return await _done(request, give_back)


async def _done(request: Request, act: Act) -> Response:
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, person = await event_at(db, request.path_params["event"]), await require_person(db, request)
            said = await act(db, event, person, typed)
    except Invalid as wrong:
        return await _page(request, typed, wrong.fields)
    except TooMany as many:
        return await _page(request, typed, {"names": many.sentence})
    return redirect(request, "registration:group", said, event=event.slug)


async def _page(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        event, person = await event_at(db, request.path_params["event"]), await require_person(db, request)
        choices = await choices_for(db, event.id)
        mine = await group_of(db, event.id, person.id)
        standing = await standing_of_group(db, mine, now(request)) if mine else None
        refusal = ""
        try:
            check_registration_is_open(event, now(request))
            check_groups_open(event, choices, now(request))
        except Conflict as no:
            refusal = no.sentence
    until = spoken_moment(mine.names_by if mine else names_end(event, choices), zone_for(request, event.zone))
    page = GroupPage(event, standing, choices.group_limit, until, refusal, typed, errors)
    title, status = f"Places for a group · {event.title}", 422 if errors else 200
    return render(request, "registration/group.html", page, title=title, status=status, zone=event.zone)
