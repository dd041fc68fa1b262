"""The front door, one event, and its programme: pages that join domains."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.programme.queries import (
    event_at,
    events,
    key_dates_of,
    programme_of,
    readings_of,
    speakers_of,
    venues_of,
)
from conference.programme.rules import (
    next_up,
    on_now,
)
from conference.programme.tables import (
    Event,
    EventFormat,
    SourceReading,
    Speaker,
    Venue,
)
from conference.site.frame import Way, frame_for, way_in
from conference.site.view import (
    DateItem,
    Day,
    Row,
    date_words,
    days_of,
    key_dates,
    paragraphs,
    row_of,
    span,
)
from conference.times import TimeShown
from conference.web.render import render
from conference.web.request import now, reading


@dataclass(frozen=True, slots=True)
class EventCard:
    href: str
    title: str
    sentence: str
    date_words: str
    place_words: str
    state_words: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """templates/site/home.html"""

    on_now: tuple[Row, ...]
    next_up: tuple[Row, ...]
    events: tuple[EventCard, ...]


@dataclass(frozen=True, slots=True)
class EventPage:
    """templates/site/event.html"""

    event: Event
    time: TimeShown
    date_words: str
    in_person: bool
    way: Way
    about: tuple[str, ...]
    who_for: tuple[str, ...]
    take_part: tuple[str, ...]
    fee: tuple[str, ...]
    dates: tuple[DateItem, ...]
    readings: tuple[SourceReading, ...]
    venues: tuple[Venue, ...]
    speakers: tuple[Speaker, ...]
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """templates/site/programme.html"""

    event: Event
    days: tuple[Day, ...]
    in_person: bool
    has_now: bool
    illustrative: bool


async def home(request: Request) -> Response:
    """GET /: what is on now and next, and the events."""
    moment = now(request)
    current: list[Row] = []
    ahead: list[Row] = []
    cards = []
    async with reading(request) as db:
        for event in await events(db):
            programme = await programme_of(db, event)
            frame = await frame_for(db, request, event)
            sessions = [facts.session for facts in programme]
            here = {session.id for session in on_now(sessions, moment)}
            soon = {session.id for session in next_up(sessions, moment)}
            running = event.starts_at.date() <= moment.date() <= event.ends_at.date()
            current += [row_of(facts, frame) for facts in programme if facts.session.id in here]
            ahead += [row_of(facts, frame) for facts in programme if facts.session.id in soon and running]
            cards.append(_card(event, await venues_of(db, event), await way_in(db, request, event)))
    return render(request, "site/home.html", HomePage(tuple(current), tuple(ahead), tuple(cards)), title="Events")


async def event_page(request: Request) -> Response:
    """GET /events/{event}"""
    async with reading(request) as db:
        event = await event_at(db, request.path_params["event"])
        frame = await frame_for(db, request, event)
        page = EventPage(
            event=event,
            time=span(event, event.starts_at, event.ends_at, frame.zone),
            date_words=date_words(event),
            in_person=event.format == EventFormat.in_person,
            way=await way_in(db, request, event),
            about=paragraphs(event.about),
            who_for=paragraphs(event.who_for),
            take_part=paragraphs(event.take_part),
            fee=paragraphs(event.fee_words),
            dates=key_dates(event, await key_dates_of(db, event), frame.zone, frame.now),
            readings=tuple(await readings_of(db, event)),
            venues=tuple(await venues_of(db, event)),
            speakers=tuple(await speakers_of(db, event)),
            days=days_of(event, await programme_of(db, event), frame),
        )
    return render(request, "site/event.html", page, title=event.title, zone=event.zone)


async def programme_page(request: Request) -> Response:
    """GET /events/{event}/programme: every session by day; `?zone=Area/City` reads it on another clock."""
    async with reading(request) as db:
        event = await event_at(db, request.path_params["event"])
        days = days_of(event, await programme_of(db, event), await frame_for(db, request, event))
    rows = [row for day in days for row in day.rows]
    page = ProgrammePage(
        event, days, event.format == EventFormat.in_person, any(row.now for row in rows), any(row.illustrative for row in rows)
    )
    return render(request, "site/programme.html", page, title=f"Programme · {event.title}", zone=event.zone)


def _card(event: Event, venues: object, way: Way) -> EventCard:
    places = " and ".join(venue.name for venue in venues)  # type: ignore[attr-defined]
    return EventCard(f"/events/{event.slug}", event.title, event.summary, date_words(event), places, way.words)
