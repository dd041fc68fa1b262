"""Planning an event: its sessions as a list, each as a form, and the releases that came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Invalid, Refusal
from conference.people.access import require_role
from conference.people.queries import people_by_id
from conference.people.tables import Person, RoleKind
from conference.programme.actions import add_session, edit_session
from conference.programme.choices import Choices, choices_of, room_words
from conference.programme.forms import (
    SessionForm,
    plan_from,
    saved_meanwhile,
    speakers_from,
    typed_from,
)
from conference.programme.queries import (
    SessionFacts,
    event_at,
    latest_release,
    programme_of,
    releases_of,
    session_at,
)
from conference.programme.release_words import News, news_of
from conference.programme.releases import plan_of
from conference.programme.rules import TYPE_WORDS, Stale, version_of
from conference.programme.tables import Event, ScheduleRelease, Session, Speaker
from conference.storage.database import Db
from conference.times import DASH, city_of, clock_time, long_date, spoken_zone, zone_named
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, writing

SAID = 280  # characters of the sentence after an act


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A session in the organisers' list."""

    session: Session
    times: str
    type_words: str
    place: str
    people: str
    audience: str


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """templates/programme/manage.html"""

    event: Event
    clock_words: str
    days: Mapping[str, list[PlannedRow]]  # by the day in words


@dataclass(frozen=True, slots=True)
class SessionFormPage:
    """templates/programme/manage_session.html: a new session (`session` is None), or one to edit."""

    event: Event
    session: Session | None
    typed: Typed
    errors: dict[str, str]
    stale: str  # the sentence, where somebody else saved meanwhile
    clock_words: str
    types: tuple[tuple[str, str], ...]
    rooms: tuple[tuple[str, str], ...]
    tracks: tuple[tuple[str, str], ...]
    speakers: tuple[Speaker, ...]


@dataclass(frozen=True, slots=True)
class ShownRelease:
    number: int
    when: str
    by: str
    note: str
    news: tuple[News, ...]


@dataclass(frozen=True, slots=True)
class ReleasesPage:
    """templates/programme/manage_releases.html"""

    event: Event
    clock_words: str
    releases: tuple[ShownRelease, ...]


async def programme(request: Request) -> Response:
    """GET /manage/events/{event}/programme: every session, cancelled ones too."""
    async with reading(request) as db:
        event, _ = await _organised(db, request)
        days: dict[str, list[PlannedRow]] = {}
        for facts in await programme_of(db, event):
            day = long_date(facts.session.starts_at.astimezone(zone_named(event.zone)).date())
            days.setdefault(day, []).append(_row(facts))
    page = ProgrammePage(event, _clock_words(event, event.starts_at), days)
    return render(request, "programme/manage.html", page, title=f"Planning · {event.title}", zone=event.zone)


async def sessions(request: Request) -> Response:
    """GET, POST /manage/events/{event}/sessions, GET .../sessions/new: add a session."""
    if request.method != "POST":
        return await _new_form(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, person = await _organised(db, request)
            choices = await choices_of(db, event)
            plan = plan_from(SessionForm.read(typed), event, choices, None)
            session = await add_session(db, event, plan, speakers_from(typed, choices, ()), now(request), by=person.id)
            said = _released(await latest_release(db, event), event, choices)
    except Invalid as wrong:
        return await _new_form(request, typed, wrong.fields)
    return redirect(request, "programme:session", said, event=event.slug, session=session.slug)


async def session(request: Request) -> Response:
    """GET, POST /manage/events/{event}/sessions/{session}: change it; each save is a release."""
    if request.method != "POST":
        return await _edit_form(request)
    typed = await typed_form(request)
    try:
        said = await _save(request, typed)
    except (Invalid, Stale) as refusal:
        return await _edit_form(request, typed, refusal)
    return redirect(request, "programme:session", said, **request.path_params)


async def _save(request: Request, typed: Typed) -> str:
    """The sentence about what became of it."""
    async with writing(request) as db:
        event, person = await _organised(db, request)
        facts, choices = await session_at(db, **request.path_params), await choices_of(db, event)
        form = SessionForm.read(typed)
        plan = plan_from(form, event, choices, plan_of(facts.session))
        speakers = speakers_from(typed, choices, facts.speakers)
        if not await edit_session(db, event, facts.session, plan, speakers, now(request), by=person.id, seen=form.seen):
            return "Nothing was changed, so nothing was released."
        return _released(await latest_release(db, event), event, choices)


async def releases(request: Request) -> Response:
    """GET /manage/events/{event}/releases: the versions of the programme, the newest first."""
    async with reading(request) as db:
        event, _ = await _organised(db, request)
        choices, rows = await choices_of(db, event), await releases_of(db, event)
        people = await people_by_id(db, (row.person_id for row in rows if row.person_id))
    shown = tuple(_shown(row, event, choices, people[row.person_id].name if row.person_id else "") for row in rows)
    page = ReleasesPage(event, city_of(event.zone), shown)
    return render(request, "programme/manage_releases.html", page, title=f"Releases · {event.title}", zone=event.zone)


async def _organised(db: Db, request: Request) -> tuple[Event, Person]:
    """The event of this address and its organiser, who makes this request."""
    event = await event_at(db, request.path_params["event"])
    return event, await require_role(db, request, event.id, RoleKind.organiser)


async def _new_form(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        event, _ = await _organised(db, request)
        choices = await choices_of(db, event)
    page = _form_page(event, None, typed or _blank(event, choices), errors, choices)
    status = 422 if errors else 200
    return render(request, "programme/manage_session.html", page, title="Add a session", status=status, zone=event.zone)


async def _edit_form(request: Request, typed: Typed | None = None, refusal: Refusal | None = None) -> Response:
    async with reading(request) as db:
        event, _ = await _organised(db, request)
        facts, choices = await session_at(db, **request.path_params), await choices_of(db, event)
    typed, errors, stale = typed or typed_from(facts), {}, ""
    if isinstance(refusal, Invalid):
        errors = refusal.fields
    elif refusal:
        errors, stale = saved_meanwhile(typed, facts, choices), refusal.sentence
        typed = {**typed, "seen": version_of(facts.session)}
    page = _form_page(event, facts.session, typed, errors, choices, stale)
    status = refusal.status if refusal else 200
    return render(request, "programme/manage_session.html", page, title=facts.session.title, status=status, zone=event.zone)


def _form_page(
    event: Event, session: Session | None, typed: Typed, errors: dict[str, str], choices: Choices, stale: str = ""
) -> SessionFormPage:
    return SessionFormPage(
        event=event,
        session=session,
        typed=typed,
        errors=errors,
        stale=stale,
        clock_words=_clock_words(event, session.starts_at if session else event.starts_at),
        types=tuple((kind.value, words) for kind, words in TYPE_WORDS.items()),
        rooms=tuple(choices.room_words()),
        tracks=tuple((track.slug, track.name) for track in choices.tracks),
        speakers=tuple(choices.speakers),
    )


def _blank(event: Event, choices: Choices) -> Typed:
    """A new session begins on the event's first day; nothing else is guessed but what leaves no choice."""
    day = event.starts_at.astimezone(zone_named(event.zone)).date().isoformat()
    return {"day": day, "audience": "everyone", "room": choices.rooms[0].slug if len(choices.rooms) == 1 else ""}


def _row(facts: SessionFacts) -> PlannedRow:
    session, zone = facts.session, zone_named(facts.event.zone)
    return PlannedRow(
        session=session,
        times=DASH.join(clock_time(moment.astimezone(zone)) for moment in (session.starts_at, session.ends_at)),
        type_words=TYPE_WORDS[session.type],
        place=room_words(facts.room, facts.venue),
        people=", ".join(speaker.name for speaker in facts.speakers),
        audience="everybody" if session.for_everyone else "those who book it",
    )


def _clock_words(event: Event, moment: datetime) -> str:
    """`London’s clock (BST, UTC+1)`, as it is at that moment."""
    return f"{city_of(event.zone)}’s clock ({spoken_zone(moment, event.zone)})"


def _released(release: ScheduleRelease, event: Event, choices: Choices) -> str:
    words = "; ".join(news.words for news in news_of(release.changes, event.zone, choices.names()))
    return shorten(f"Released as version {release.number}: {words}.", SAID, placeholder=" …")


def _shown(row: ScheduleRelease, event: Event, choices: Choices, by: str) -> ShownRelease:
    local = row.released_at.astimezone(zone_named(event.zone))
    when = f"{long_date(local.date())}, {clock_time(local)} ({spoken_zone(row.released_at, event.zone)})"
    return ShownRelease(row.number, when, by, row.note, news_of(row.changes, event.zone, choices.names()))
