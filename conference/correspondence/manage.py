"""An event's mail from the organisers' side: who it comes from, what goes when, what came back, and how each mail looks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import select
from starlette.requests import Request
from starlette.responses import Response

from conference.correspondence.examples import example_mail, templates
from conference.correspondence.forms import SenderForm
from conference.correspondence.queries import audience_count, circulars_of, mail_counts, returned_at, troubled_mails
from conference.correspondence.rules import EVERYBODY, HOUR, LEAD_WORDS, LEADS, state_of
from conference.correspondence.showing import example_templates, html_part, organised, seat_session, send_test
from conference.errors import Conflict, Invalid, NotFound
from conference.mail.actions import WAITS
from conference.mail.compose import written
from conference.mail.senders import sender_of, set_sender
from conference.mail.tables import Circular, MailState, QueuedMail
from conference.people.tables import Person
from conference.programme.queries import programme_of
from conference.programme.tables import Event
from conference.record.actions import note
from conference.registration.queries import session_pools
from conference.storage.database import Db
from conference.times import spoken_moment
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import house, now, reading, real_now, writing

STATES = (
    (MailState.draft, "Waiting"),
    (MailState.sending, "On the way"),
    (MailState.sent, "Sent"),
    (MailState.unsure, "Handed over, no answer"),
    (MailState.failed, "Failed"),
    (MailState.stopped, "Stopped"),
)


@dataclass(frozen=True, slots=True)
class Timed:
    """Something that goes by itself."""

    words: str
    moment: str
    state: str  # "to 12 people", "over"


@dataclass(frozen=True, slots=True)
class Trouble:
    id: UUID
    name: str
    address: str
    template: str
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class MailDesk:
    """templates/correspondence/manage.html"""

    event: Event
    typed: Typed
    errors: dict[str, str]
    house_from: str
    timed: tuple[Timed, ...]
    circulars: tuple[tuple[Circular, str, str], ...]  # with its state and when
    counts: tuple[tuple[str, str], ...]
    troubles: tuple[Trouble, ...]
    returned: tuple[tuple[Person, str], ...]  # with what the other server said
    templates: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """templates/correspondence/preview.html"""

    event: Event
    template: str
    words: str
    subject: str
    text: str
    to: str


async def desk(request: Request) -> Response:
    """GET /manage/events/{event}/mail"""
    return await _desk(request, {}, {})


async def sender(request: Request) -> Response:
    """POST /manage/events/{event}/mail/sender: the name on the event's mails, and where answers go. GET shows the form's page."""
    if request.method != "POST":
        return await _desk(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, organiser = await organised(db, request)
            form = SenderForm.read(typed)
            await set_sender(db, event.id, form.name, form.reply_to, real_now(request))
            note(db, "mail sender set", f"event:{event.id}", real_now(request), person_id=organiser.id, event_id=event.id)
    except Invalid as wrong:
        return await _desk(request, typed, wrong.fields)
    return redirect(request, "mail:desk", "The sender is saved. It counts for every mail that is written from now on.", event=event.slug)


async def preview(request: Request) -> Response:
    """GET /manage/events/{event}/mail/templates/{template}: the mail as it would be for you, with example facts."""
    event, mail = await _example(request)
    subject, text = written(mail, house(request).settings, example_templates(request))
    page = PreviewPage(event, mail.template, dict(templates())[mail.template], subject, text, f"{mail.to_name} <{mail.to_address}>")
    return render(request, "correspondence/preview.html", page, title=f"Preview · {page.words}", zone=event.zone)


async def preview_html(request: Request) -> Response:
    """GET .../html: the part that most mail programs show, alone; nothing in it can run or load."""
    _, mail = await _example(request)
    return html_part(request, mail)


async def test(request: Request) -> Response:
    """POST .../test: the same to your own address."""
    event, mail = await _example(request)
    await send_test(request, mail)
    return redirect(request, "mail:preview", f"A test is on its way to {mail.to_address}.", event=event.slug, template=mail.template)


async def again(request: Request) -> Response:
    """POST /manage/events/{event}/mail/{mail}/again: what failed or got no answer is sent once more, because an organiser says so."""
    async with writing(request) as db:
        event, organiser = await organised(db, request)
        one = select(QueuedMail).where(QueuedMail.id == request.path_params["mail"], QueuedMail.event_id == event.id)
        mail = (await db.exec(one.with_for_update())).first()
        if mail is None:
            raise NotFound("There is no such mail at this event.")
        if mail.state not in (MailState.failed, MailState.unsure):
            raise Conflict("This mail is on its way already, or was stopped.")
        mail.state, mail.attempts, mail.handed_at, mail.next_try_at = MailState.draft, 0, None, real_now(request)
        db.info[WAITS] = True
        note(db, "mail sent again", f"mail:{mail.id}", real_now(request), person_id=organiser.id, event_id=event.id)
    return redirect(request, "mail:desk", f"The mail to {mail.to_name or mail.to_address} goes once more.", event=event.slug)


async def _example(request: Request) -> tuple[Event, QueuedMail]:
    async with reading(request) as db:
        event, person = await organised(db, request)
        session = await seat_session(db, event)
    template, base = request.path_params["template"], house(request).settings.base_url
    return event, example_mail(template, event, session, person, base, real_now(request))


async def _desk(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        event, _ = await organised(db, request)
        by = await sender_of(db, event.id)
        counts = await mail_counts(db, event.id)
        page = MailDesk(
            event=event,
            typed=typed or {"name": by.name if by else "", "reply_to": by.reply_to if by else ""},
            errors=errors,
            house_from=house(request).settings.mail_from,
            timed=await _timed(db, event, now(request)),
            circulars=tuple((one, state_of(one), _gone(one, event.zone)) for one in await circulars_of(db, event.id)),
            counts=tuple((words, str(counts[state])) for state, words in STATES),
            troubles=tuple(map(_trouble, await troubled_mails(db, event.id))),
            returned=tuple((person, row.words) for person, row in await returned_at(db, event.id)),
            templates=templates(),
        )
    title, status = f"Mail · {event.title}", 422 if errors else 200
    return render(request, "correspondence/manage.html", page, title=title, status=status, zone=event.zone)


async def _timed(db: Db, event: Event, moment: datetime) -> tuple[Timed, ...]:
    """The event's reminders, and those of seats, in the order of time."""
    everybody = await audience_count(db, event.id, EVERYBODY, None)
    pools = await session_pools(db, event.id)
    programme = [facts.session for facts in await programme_of(db, event) if facts.session.id in pools]
    found = [(lead.due_at(event.starts_at), f"{LEAD_WORDS[lead.word]}: everybody with a place", everybody, lead.grace) for lead in LEADS]
    found += [
        (HOUR.due_at(session.starts_at), f"An hour before “{session.title}”: who has a seat", pools[session.id].taken, HOUR.grace)
        for session in programme
        if not session.cancelled_at
    ]
    in_order = sorted(found, key=lambda one: one[0])
    return tuple(
        Timed(words, spoken_moment(at, event.zone), "over" if moment >= at + grace else _people(count))
        for at, words, count, grace in in_order
    )


def _gone(circular: Circular, zone: str) -> str:
    return spoken_moment(circular.goes_at, zone) if circular.goes_at else ""


def _trouble(mail: QueuedMail) -> Trouble:
    state = dict(STATES)[mail.state]
    return Trouble(mail.id, mail.to_name, mail.to_address, dict(templates()).get(mail.template, mail.template), state, mail.last_error)


def _people(count: int) -> str:
    return f"to {count} {'person' if count == 1 else 'people'}"
