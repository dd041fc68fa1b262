"""Who does what at an event: giving roles and ending them."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.console.forms import RoleForm
from conference.errors import Invalid
from conference.people.access import require_role
from conference.people.actions import grant_role, know_person
from conference.people.roles import end_role_of, live_role, roles_at
from conference.people.tables import Person, Role, RoleKind
from conference.programme.queries import event_at
from conference.programme.tables import Event
from conference.storage.database import Db
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect, redirect_to
from conference.web.render import render
from conference.web.request import now, reading, real_now, writing

ROLE_WORDS = {
    RoleKind.organiser: ("Organiser", "Plans the programme, gives places and roles, moderates every stage."),
    RoleKind.moderator: ("Moderator", "Decides which questions the audience sees."),
    RoleKind.speaker: ("Speaker", "Speaks at the event."),
    RoleKind.assessor: ("Assessor", "Sits on the selection panel."),
    RoleKind.door: ("Door", "Checks people in: sees names, and who is there."),
    RoleKind.catering: ("Catering", "Sees what people can and can’t eat."),
    RoleKind.access: ("Access", "Sees what people need in order to take part."),
}


@dataclass(frozen=True, slots=True)
class HeldRole:
    """Somebody's role in the list."""

    role: Role
    person: Person
    words: str
    only_organiser: bool  # stays, until there is another


@dataclass(frozen=True, slots=True)
class RolesPage:
    """templates/console/roles.html"""

    event: Event
    held: tuple[HeldRole, ...]
    kinds: tuple[tuple[str, str, str], ...]
    typed: Typed
    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class EndRolePage:
    """templates/console/end_role.html"""

    event: Event
    role: Role
    person: Person
    role_words: str
    loses: str
    own: bool


async def roles(request: Request) -> Response:
    """GET, POST /manage/events/{event}/roles: who has which role; give one."""
    if request.method != "POST":
        return await _page(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, organiser = await _organised(db, request)
            form = RoleForm.read(typed)
            person = await know_person(db, form.email, form.name, now(request))
            await grant_role(db, person, event.id, form.role, real_now(request), by=organiser.id)
    except Invalid as wrong:
        return await _page(request, typed, wrong.fields)
    said = f"{person.name} ({person.email}) has the role {ROLE_WORDS[form.role][0].lower()}."
    return redirect(request, "console:roles", said, event=event.slug)


async def role_ending(request: Request) -> Response:
    """GET, POST /manage/events/{event}/roles/{role}/ending: asks first, then ends it."""
    if request.method != "POST":
        return await _ask(request)
    async with writing(request) as db:
        event, organiser = await _organised(db, request)
        role, person = await live_role(db, event.id, request.path_params["role"])
        await end_role_of(db, role, person, real_now(request), by=organiser.id)
    said = f"{person.name} does not have the role {ROLE_WORDS[role.kind][0].lower()} any more."
    if role.kind == RoleKind.organiser and person.id == organiser.id:
        return redirect_to(request, "/me", said)
    return redirect(request, "console:roles", said, event=event.slug)


async def _ask(request: Request) -> Response:
    async with reading(request) as db:
        event, organiser = await _organised(db, request)
        role, person = await live_role(db, event.id, request.path_params["role"])
    words, may = ROLE_WORDS[role.kind]
    page = EndRolePage(event, role, person, words, may, person.id == organiser.id)
    return render(request, "console/end_role.html", page, title=f"End a role · {event.title}", zone=event.zone)


async def _page(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        event, _ = await _organised(db, request)
        pairs = await roles_at(db, event.id)
    alone = len([role for role, _ in pairs if role.kind == RoleKind.organiser]) == 1
    held = tuple(HeldRole(role, person, ROLE_WORDS[role.kind][0], alone and role.kind == RoleKind.organiser) for role, person in pairs)
    kinds = tuple((kind.value, *words) for kind, words in ROLE_WORDS.items())
    page = RolesPage(event, held, kinds, typed, errors)
    return render(request, "console/roles.html", page, title=f"Roles · {event.title}", status=422 if errors else 200, zone=event.zone)


async def _organised(db: Db, request: Request) -> tuple[Event, Person]:
    event = await event_at(db, request.path_params["event"])
    return event, await require_role(db, request, event.id, RoleKind.organiser)
