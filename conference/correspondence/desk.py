"""A mail to many: written, looked at, tested, approved for a time, and stopped."""

from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from conference.correspondence.circulars import approve_circular, draft_circular, stop_circular
from conference.correspondence.examples import example_mail
from conference.correspondence.forms import CircularForm, GoForm
from conference.correspondence.queries import audience_count, circular_at, waiting_of
from conference.correspondence.rules import audience_of, check_can_be_approved, check_time_to_go, state_of
from conference.correspondence.showing import example_templates, html_part, organised, send_test, sessions_with_seats
from conference.errors import Invalid
from conference.mail.compose import written
from conference.mail.tables import Circular, QueuedMail
from conference.people.tables import Person
from conference.programme.queries import programme_of
from conference.programme.tables import Event
from conference.registration.queries import session_pools
from conference.storage.database import Db
from conference.times import spoken_moment, spoken_zone
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import house, now, reading, real_now, writing

WORDS = (
    ("everybody", "Everybody with a confirmed place"),
    ("seated", "Everybody with a seat in any session"),
    ("unseated", "Everybody without a seat in a session"),
)
MAIL = "circular"


@dataclass(frozen=True, slots=True)
class WritePage:
    """templates/correspondence/circular_new.html"""

    event: Event
    audiences: tuple[tuple[str, str], ...]
    typed: Typed
    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class CircularPage:
    """templates/correspondence/circular.html"""

    event: Event
    circular: Circular
    state: str
    to_words: str
    count: int
    waiting: int  # of its mails that have not left yet
    when: str
    zone_words: str
    subject: str
    text: str
    rehearsing: bool
    typed: Typed
    errors: dict[str, str]


async def circulars(request: Request) -> Response:
    """GET, POST /manage/events/{event}/mail/circulars: write one; nothing goes before it was looked at."""
    if request.method != "POST":
        return await _write_page(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, organiser = await organised(db, request)
            form = CircularForm.read(typed)
            audience_of(form.audience, [UUID(word.partition(":")[2]) for word, _ in (await _audiences(db, event))[len(WORDS) :]])
            made = await draft_circular(db, event, form.subject, form.body, form.audience, real_now(request), by=organiser.id)
    except Invalid as wrong:
        return await _write_page(request, typed, wrong.fields)
    return redirect(request, "mail:circular", "Look at it. Nothing has gone yet.", event=event.slug, circular=made.id)


async def circular(request: Request) -> Response:
    """GET, POST /manage/events/{event}/mail/circulars/{circular}: as each will read it; POST approves it."""
    if request.method != "POST":
        return await _circular_page(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, organiser = await organised(db, request)
            found = await circular_at(db, event.id, request.path_params["circular"])
            check_can_be_approved(found)
            goes_at = GoForm.read(typed).goes_at(event.zone, now(request))
            check_time_to_go(goes_at, now(request))
            rehearsed = house(request).clock.rehearsing
            await approve_circular(db, found, goes_at, real_now(request), rehearsed=rehearsed, by=organiser.id)
    except Invalid as wrong:
        return await _circular_page(request, typed, wrong.fields)
    said = "It goes now." if goes_at <= now(request) else f"It goes at {spoken_moment(goes_at, event.zone)}. You can stop it until then."
    return redirect(request, "mail:circular", said, **request.path_params)


async def circular_stopping(request: Request) -> Response:
    """POST .../stopping: nobody gets it from now on."""
    async with writing(request) as db:
        event, organiser = await organised(db, request)
        found = await circular_at(db, event.id, request.path_params["circular"])
        begun = found.begun_at is not None
        await stop_circular(db, found, real_now(request), by=organiser.id)
    said = "It is stopped. Some have it already." if begun else "It is stopped. Nobody has got it."
    return redirect(request, "mail:circular", said, **request.path_params)


async def circular_html(request: Request) -> Response:
    """GET .../html"""
    async with reading(request) as db:
        event, person = await organised(db, request)
        found = await circular_at(db, event.id, request.path_params["circular"])
    return html_part(request, _mail(request, event, person, found))


async def circular_test(request: Request) -> Response:
    """POST .../test: to your own address."""
    async with reading(request) as db:
        event, person = await organised(db, request)
        found = await circular_at(db, event.id, request.path_params["circular"])
    await send_test(request, _mail(request, event, person, found))
    return redirect(request, "mail:circular", f"A test is on its way to {person.email}.", **request.path_params)


def _mail(request: Request, event: Event, person: Person, found: Circular) -> QueuedMail:
    mail = example_mail(MAIL, event, None, person, house(request).settings.base_url, real_now(request))
    mail.facts = mail.facts | {"subject": found.subject, "body": found.body}
    return mail


async def _audiences(db: Db, event: Event) -> tuple[tuple[str, str], ...]:
    pools = await session_pools(db, event.id)
    return WORDS + sessions_with_seats([facts.session for facts in await programme_of(db, event) if facts.session.id in pools])


async def _write_page(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        event, _ = await organised(db, request)
        page = WritePage(event, await _audiences(db, event), typed or {"audience": "everybody"}, errors)
    title, status = f"Write to many · {event.title}", 422 if errors else 200
    return render(request, "correspondence/circular_new.html", page, title=title, status=status, zone=event.zone)


async def _circular_page(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        event, person = await organised(db, request)
        found = await circular_at(db, event.id, request.path_params["circular"])
        words = dict(await _audiences(db, event)).get(found.audience, "people of a session that has no limit any more")
        kind, _, subject_id = found.audience.partition(":")
        count = await audience_count(db, event.id, kind, UUID(subject_id) if subject_id else None)
        waiting = await waiting_of(db, found.id)
    subject, text = written(_mail(request, event, person, found), house(request).settings, example_templates(request))
    page = CircularPage(
        event=event,
        circular=found,
        state=state_of(found),
        to_words=words,
        count=count,
        waiting=waiting,
        when=spoken_moment(found.goes_at, event.zone) if found.goes_at else "",
        zone_words=spoken_zone(now(request), event.zone),
        subject=subject,
        text=text,
        rehearsing=house(request).clock.rehearsing,
        typed=typed or {"when": "now"},
        errors=errors,
    )
    return render(
        request, "correspondence/circular.html", page, title=f"Mail to many · {event.title}", status=422 if errors else 200, zone=event.zone
    )
