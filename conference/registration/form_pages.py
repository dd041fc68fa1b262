"""My registration, changed by myself: my name at the event, my answers, terms that came since."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Conflict, Invalid
from conference.people.access import require_person
from conference.people.forms import NameForm
from conference.people.tables import Person
from conference.programme.queries import event_at
from conference.programme.tables import Event
from conference.registration.actions import change_kind
from conference.registration.form_actions import edit_registration
from conference.registration.form_page import FormShown, form_shown, registration_form
from conference.registration.form_queries import acceptances_of, answers_of
from conference.registration.form_reading import read_both, typed_of
from conference.registration.form_rules import FormAsked, check_answers_can_change
from conference.registration.kinds import kind_typed, kinds_at
from conference.registration.queries import registration_of
from conference.registration.rules import state_of
from conference.registration.tables import Registration
from conference.storage.database import Db
from conference.times import long_date, zone_named
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, real_now, writing


@dataclass(frozen=True, slots=True)
class AnswersPage:
    """templates/registration/answers.html"""

    event: Event
    email: str
    form: FormShown
    accepted: tuple[tuple[int, str], ...]  # versions of the terms, with the day
    typed: Typed
    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class Mine:
    """My place at an event, and what is asked of it."""

    event: Event
    person: Person
    registration: Registration
    asked: FormAsked
    form: FormShown


async def answers(request: Request) -> Response:
    """GET, POST /events/{event}/registration/answers"""
    if request.method != "POST":
        return await _page(request, None, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            mine = await _mine(db, request)
            form, filled = read_both(NameForm, mine.asked, typed, mine.form.accepted)
            await edit_registration(db, mine.event, mine.person, form.name, filled, now(request), real_now(request))
    except Invalid as wrong:
        return await _page(request, typed, wrong.fields)
    return redirect(request, "registration:registration", "Your registration is changed.", event=mine.event.slug)


async def kind_change(request: Request) -> Response:
    """POST /events/{event}/registration/kind: take part in another way. GET shows the registration, for those who come back."""
    if request.method != "POST":
        return await registration_form(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, person = await event_at(db, request.path_params["event"]), await require_person(db, request)
            kind = kind_typed(await kinds_at(db, event.id), typed.get("kind", ""))
            got = await change_kind(db, event, person, kind, now(request), real_now(request))
    except Invalid as wrong:
        return await registration_form(request, typed, wrong.fields)
    except Conflict as no:
        return await registration_form(request, typed, {"kind": no.sentence})
    if isinstance(got, Registration):
        return redirect(request, "registration:registration", f"You take part this way now: {kind.name if kind else ''}.", event=event.slug)
    return redirect(
        request, "registration:place_turn", "That is full: you are on its waiting list, and keep what you have.", event=event.slug
    )


async def _mine(db: Db, request: Request) -> Mine:
    """Raises SignInNeeded, and Conflict for whoever has no place."""
    event, person = await event_at(db, request.path_params["event"]), await require_person(db, request)
    registration = await registration_of(db, person.id, event.id)
    check_answers_can_change(event, state_of(registration), now(request))
    assert registration
    accepted = [terms.id for _, terms in await acceptances_of(db, registration.id)]
    return Mine(event, person, registration, *await form_shown(db, event, accepted))


async def _page(request: Request, typed: Typed | None, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        mine = await _mine(db, request)
        said = {"name": mine.registration.name, **typed_of(mine.asked, await answers_of(db, mine.registration.id))}
        accepted = await acceptances_of(db, mine.registration.id)
    zone = zone_named(mine.event.zone)
    page = AnswersPage(
        event=mine.event,
        email=mine.person.email,
        form=mine.form,
        accepted=tuple((terms.number, long_date(row.accepted_at.astimezone(zone).date())) for row, terms in accepted),
        typed=said if typed is None else typed,
        errors=errors,
    )
    title, status = f"Change my registration · {mine.event.title}", 422 if errors else 200
    return render(request, "registration/answers.html", page, title=title, status=status, zone=mine.event.zone)
