"""The front door, one event, and its programme: pages that join domains."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from conference.calls.listing import calls_of_event, calls_shown, summaries_of
from conference.calls.rules import Standing
from conference.calls.showing import CallCard, card_of
from conference.calls.tables import Call
from conference.errors import Invalid
from conference.programme.filters import Filter, check_filter, filter_from
from conference.programme.queries import (
    SessionFacts,
    event_at,
    events,
    key_dates_of,
    programme_of,
    readings_of,
    releases_of,
    speakers_shown,
    tracks_of,
    venues_of,
)
from conference.programme.rules import next_up, on_now
from conference.programme.tables import (
    Event,
    EventFormat,
    SessionType,
    SourceReading,
    Speaker,
    Track,
    Venue,
)
from conference.registration.rules import state_of
from conference.registration.stars import starred_at
from conference.registration.tables import RegistrationState
from conference.site.days import Day, Slot, days_of, slots_of
from conference.site.frame import frame_for, origin_of, way_in
from conference.site.linked import linked_event, moves_of
from conference.site.narrowing import Narrowing, narrowing
from conference.site.showing import showing_event, showing_front
from conference.site.view import (
    DateItem,
    Frame,
    date_words,
    key_dates,
    paragraphs,
    row_of,
    span,
)
from conference.site.way import Way
from conference.storage.database import Db
from conference.times import TimeShown
from conference.web.data_block import data_block
from conference.web.render import FORM_AGAIN, render
from conference.web.request import known_zone, now, reading, visitor, zone_for


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

    on_now: tuple[Slot, ...]
    next_up: tuple[Slot, ...]  # the first that comes, for a guest of the event among what is theirs
    coming: tuple[EventCard, ...]  # running events too, the nearest first
    past: tuple[EventCard, ...]
    calls: tuple[CallCard, ...]  # open ones, and those that will be
    more_calls: bool  # closed ones


@dataclass(frozen=True, slots=True)
class EventPage:
    """templates/site/event.html"""

    event: Event
    time: TimeShown
    date_words: str
    in_person: bool
    way: Way
    on_now: tuple[Slot, ...]
    about: tuple[str, ...]
    who_for: tuple[str, ...]
    take_part: tuple[str, ...]
    fee: tuple[str, ...]
    dates: tuple[DateItem, ...]
    readings: tuple[SourceReading, ...]
    venues: tuple[Venue, ...]
    speakers: tuple[Speaker, ...]
    days: tuple[Day, ...]
    illustrative: bool  # some hours are our choice
    calls: tuple[CallCard, ...]
    linked: Markup  # as machines read it


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """templates/site/programme.html"""

    event: Event
    days: tuple[Day, ...]
    in_person: bool
    registered: bool
    illustrative: str  # "", "some" or "all": how many sessions have something that is our choice
    narrowing: Narrowing
    starred: frozenset[str]  # addresses of the sessions that have the reader's star
    trouble: str  # why what the address asks for can't be shown
    linked: Markup


async def home(request: Request) -> Response:
    """GET /: what is on now and next, and the events."""
    moment = now(request)
    current: list[Slot] = []
    ahead: list[Slot] = []
    coming, past = [], []
    async with reading(request) as db:
        for event in await events(db):
            frame = await frame_for(db, request, event)
            if moment >= event.ends_at:
                past.append(_card(event, await venues_of(db, event), await way_in(db, event, frame)))
                continue
            programme = await programme_of(db, event)
            current += _on_now(programme, frame)
            ahead += _next(event, programme, frame)
            coming.append(_card(event, await venues_of(db, event), await way_in(db, event, frame, _open_stage(programme, frame))))
        calls = await _cards(db, request, await calls_shown(db))
    first = sorted(ahead, key=lambda slot: slot.time.starts_at)[:1]
    waiting = tuple(card for card in calls if card.standing in (Standing.open, Standing.not_yet))
    page = HomePage(tuple(current), tuple(first), tuple(reversed(coming)), tuple(past), waiting, len(waiting) < len(calls))
    return render(request, "site/home.html", page, title="Events")


async def event_page(request: Request) -> Response:
    """GET /events/{event}"""
    async with reading(request) as db:
        event = await event_at(db, request.path_params["event"])
        frame = await frame_for(db, request, event)
        programme, venues, dates = await programme_of(db, event), await venues_of(db, event), await key_dates_of(db, event)
        calls = await calls_of_event(db, event.id)
        page = EventPage(
            event=event,
            time=span(event, event.starts_at, event.ends_at, frame.zone),
            date_words=date_words(event),
            in_person=event.format == EventFormat.in_person,
            way=await way_in(db, event, frame, _open_stage(programme, frame)),
            on_now=_on_now(programme, frame),
            about=paragraphs(event.about),
            who_for=paragraphs(event.who_for),
            take_part=paragraphs(event.take_part),
            fee=paragraphs(event.fee_words),
            dates=key_dates(event, dates, frame.zone, frame.now),
            readings=tuple(await readings_of(db, event)),
            venues=tuple(venues),
            speakers=tuple(await speakers_shown(db, event)),
            days=days_of(event, programme, frame),
            illustrative=any(facts.session.illustrative for facts in programme),
            calls=await _cards(db, request, calls),
            linked=data_block(linked_event(event, venues, programme, moves_of(await releases_of(db, event)), origin_of(request))),
        )
        shows = await showing_front(db, event, programme, frame, dates, calls)
    return render(request, "site/event.html", page, title=event.title, zone=event.zone, shows=shows)


async def programme_page(request: Request) -> Response:
    """GET /events/{event}/programme: every session by day, or those asked for (`?day=&track=&type=&venue=`); `?zone=Area/City` reads it
    on another clock."""
    async with reading(request) as db:
        event = await event_at(db, request.path_params["event"])
        frame = await frame_for(db, request, event)
        programme, venues, tracks = await programme_of(db, event), await venues_of(db, event), await tracks_of(db, event)
        moves = moves_of(await releases_of(db, event))
        stars = await starred_at(db, visitor(request).person_id, event.id)
        shows = await showing_event(db, event, programme, frame)
    wanted, trouble = _wanted(request, event, tracks, venues)
    shown = [] if trouble else [facts for facts in programme if wanted.matches(facts)]
    marked = sum(bool(facts.session.illustrative) for facts in shown)
    page = ProgrammePage(
        event=event,
        days=days_of(event, shown, frame),
        in_person=event.format == EventFormat.in_person,
        registered=state_of(frame.standing.registration) == RegistrationState.confirmed,
        illustrative="all" if marked == len(shown) > 0 else "some" if marked else "",
        narrowing=narrowing(programme, shown, wanted, request.url.path, known_zone(request.query_params.get("zone", ""))),
        starred=frozenset(f"/events/{event.slug}/sessions/{facts.session.slug}" for facts in shown if facts.session.id in stars),
        trouble=trouble,
        linked=data_block(linked_event(event, venues, shown, moves, origin_of(request))),
    )
    status = FORM_AGAIN if trouble else 200
    return render(request, "site/programme.html", page, title=f"Programme · {event.title}", status=status, zone=event.zone, shows=shows)


async def _cards(db: Db, request: Request, calls: Sequence[Call]) -> tuple[CallCard, ...]:
    summaries = await summaries_of(db, calls)
    return tuple(card_of(call, summaries[call.id], now(request), zone_for(request, call.zone)) for call in calls)


def _wanted(request: Request, event: Event, tracks: Sequence[Track], venues: Sequence[Venue]) -> tuple[Filter, str]:
    """What the address asks for, or everything and a sentence on why that can't be shown."""
    try:
        wanted = filter_from(request.query_params.multi_items())
        check_filter(wanted, event, tracks, venues)
    except Invalid as wrong:
        return Filter(), wrong.sentence
    return wanted, ""


def _on_now(programme: Sequence[SessionFacts], frame: Frame) -> tuple[Slot, ...]:
    here = {session.id for session in on_now([facts.session for facts in programme], frame.now)}
    return slots_of([row_of(facts, frame) for facts in programme if facts.session.id in here])


def _next(event: Event, programme: Sequence[SessionFacts], frame: Frame) -> tuple[Slot, ...]:
    """What comes next on a day of the event; for its guests on any day, and only what is theirs."""
    guest = state_of(frame.standing.registration) == RegistrationState.confirmed
    sessions = [facts.session for facts in programme if facts.session.type is not SessionType.break_]
    if guest:
        sessions = [session for session in sessions if session.for_everyone or session.id in frame.standing.booked]
    elif not event.starts_at.date() <= frame.now.date() <= event.ends_at.date():
        return ()
    soon = {session.id for session in next_up(sessions, frame.now)}
    return slots_of([row_of(facts, frame) for facts in programme if facts.session.id in soon])


def _open_stage(programme: Sequence[SessionFacts], frame: Frame) -> str:
    """Where to join now: the stage of one's own seat before any other, what is on before what is next."""
    stages = [row for row in (row_of(facts, frame) for facts in programme) if row.stage]
    stages.sort(key=lambda row: (row.mine != "booked", not row.now))
    return stages[0].stage if stages else ""


def _card(event: Event, venues: Sequence[Venue], way: Way) -> EventCard:
    places = "; ".join(venue.name for venue in venues)
    return EventCard(f"/events/{event.slug}", event.title, event.summary, date_words(event), places, way.short)
