"""An event's meeting service, and which of its sessions meet there: for organisers."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Invalid
from conference.meetings.actions import drop_service, meet_elsewhere, meet_on_service, set_service
from conference.meetings.forms import ServiceForm
from conference.meetings.queries import meeting_sessions, service_of
from conference.meetings.rules import KIND_WORDS, MIN_SECRET
from conference.meetings.tables import MeetingService
from conference.people.access import require_role
from conference.people.tables import Person, RoleKind
from conference.programme.queries import event_at, place_of, programme_of
from conference.programme.tables import Event, Session, SessionType
from conference.storage.database import Db
from conference.times import clock_time, short_date, zone_named
from conference.web.forms import Typed, checked, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import house, now, reading, real_now, writing

NOT_MEETING = (SessionType.break_, SessionType.travel)


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session in the list, and whether it meets on the service."""

    session: Session
    when: str
    meets: bool


@dataclass(frozen=True, slots=True)
class MeetingsPage:
    """templates/meetings/manage.html. The secret is in none of its fields."""

    event: Event
    service: MeetingService | None
    service_words: str
    kinds: tuple[tuple[str, str], ...]
    rows: tuple[SessionRow, ...]
    typed: Typed
    errors: dict[str, str]
    min_secret: int = MIN_SECRET


async def meetings(request: Request) -> Response:
    """GET, POST /manage/events/{event}/meetings: the service, and the sessions that meet on it."""
    if request.method != "POST":
        return await _page(request)
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, organiser = await _organised(db, request)
            form = ServiceForm.read(typed)
            given = (form.kind, form.address, form.application, form.secret)
            moments = now(request), real_now(request)
            await set_service(db, event, *given, *moments, by=organiser.id, secure=house(request).settings.secure)
    except Invalid as wrong:
        return await _page(request, {**typed, "secret": ""}, wrong.fields)
    return redirect(request, "meetings:manage", f"{event.title} meets on {KIND_WORDS[form.kind]}.", event=event.slug)


async def removal(request: Request) -> Response:
    """POST /manage/events/{event}/meetings/removal: forget the service and its secret."""
    async with writing(request) as db:
        event, organiser = await _organised(db, request)
        await drop_service(db, event, real_now(request), by=organiser.id)
    return redirect(request, "meetings:manage", "The service and its secret are forgotten.", event=event.slug)


async def session_meeting(request: Request) -> Response:
    """POST /manage/events/{event}/sessions/{session}/meeting: meets=yes makes a room on the service, anything else takes it away."""
    typed = await typed_form(request)
    async with writing(request) as db:
        event, session = await place_of(db, **request.path_params)
        organiser = await require_role(db, request, event.id, RoleKind.organiser)
        meets = checked(typed.get("meets"))
        act = meet_on_service if meets else meet_elsewhere
        await act(db, event, session, now(request), real_now(request), by=organiser.id)
    said = f"“{session.title}” {'meets on the service' if meets else 'does not meet on the service'} now."
    return redirect(request, "meetings:manage", said, event=event.slug)


async def _organised(db: Db, request: Request) -> tuple[Event, Person]:
    event = await event_at(db, request.path_params["event"])
    return event, await require_role(db, request, event.id, RoleKind.organiser)


async def _page(request: Request, typed: Typed | None = None, errors: dict[str, str] | None = None) -> Response:
    async with reading(request) as db:
        event, _ = await _organised(db, request)
        service = await service_of(db, event.id)
        meeting = await meeting_sessions(db, event.id)
        sessions = [facts.session for facts in await programme_of(db, event) if facts.session.type not in NOT_MEETING]
    saved = {"kind": service.kind.value, "address": service.address, "application": service.application} if service else {}
    page = MeetingsPage(
        event=event,
        service=service,
        service_words=KIND_WORDS[service.kind] if service else "",
        kinds=tuple((kind.value, words) for kind, words in KIND_WORDS.items()),
        rows=tuple(_row(session, event, session.id in meeting) for session in sessions if not session.cancelled_at),
        typed=saved if typed is None else typed,
        errors=errors or {},
    )
    status = 422 if errors else 200
    return render(request, "meetings/manage.html", page, title=f"Meetings · {event.title}", status=status, zone=event.zone)


def _row(session: Session, event: Event, meets: bool) -> SessionRow:
    local = session.starts_at.astimezone(zone_named(event.zone))
    return SessionRow(session, f"{short_date(local.date())}, {clock_time(local)}", meets)
