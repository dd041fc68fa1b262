"""One's own turn on a waiting list: where it stands and why, what happened to it, and taking or leaving what is on offer."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from conference.people.access import require_person
from conference.people.tables import Person
from conference.programme.queries import event_at, session_at
from conference.programme.tables import Event, Session
from conference.registration.letters import turn_path, what_words
from conference.registration.places import decline_offered_place, leave_place_list, take_offered_place
from conference.registration.queries import booking_of, registration_of
from conference.registration.seats import decline_offered_seat, give_up_seat, take_offered_seat
from conference.registration.tables import TurnState, WaitlistEntry
from conference.registration.turn_rules import since_joined, turn_state, why_words
from conference.registration.waiting import lines_of, newest_entry_of, turn_of
from conference.storage.database import Db
from conference.times import clock_time, short_date, spoken_zone, zone_named
from conference.web.links import redirect_to
from conference.web.render import render
from conference.web.request import now, reading, real_now, writing, zone_for

LIVE = (TurnState.unconfirmed, TurnState.waiting, TurnState.offered)
HOW_IT_ENDED = {
    TurnState.accepted: "You have {what}.",
    TurnState.declined: "You left {what} to the next in line.",
    TurnState.expired: "The time to take {what} is over, and it went to the next in line.",
    TurnState.left: "You left the list.",
    TurnState.closed: "The list was closed before your turn came.",
}


@dataclass(frozen=True, slots=True)
class TurnPage:
    """templates/registration/turn.html"""

    event: Event
    session: Session | None
    what: str  # "a seat in “Hands-on workshop”"
    state: str  # of TurnState; empty: no turn, and there never was one
    words: tuple[str, ...]  # where it stands and why, or how it ended
    has_it: bool  # a seat, or a place
    again: str  # where one joins the list again; empty while one is on it
    path: str
    log: tuple[tuple[str, str], ...]  # when and what, the newest first
    zone_words: str  # whose clock that is


@dataclass(frozen=True, slots=True)
class _Mine:
    """What one's turn is for."""

    event: Event
    session: Session | None
    person: Person


async def turn(request: Request) -> Response:
    """GET /events/{event}/turn, /events/{event}/sessions/{session}/turn: where I stand, and why."""
    async with reading(request) as db:
        mine = await _mine(db, request)
        event, session, person = mine.event, mine.session, mine.person
        entry = await newest_entry_of(db, person.id, event.id, session.id if session else None)
        state = turn_state(entry, now(request)) if entry else None
        zone = zone_for(request, event.zone)
        page = TurnPage(
            event=event,
            session=session,
            what=what_words(event, session),
            state=state or "",
            words=await _words(db, mine, entry, now(request), zone),
            has_it=await _has_it(db, mine),
            again="" if state in LIVE else _origin(request, event, session),
            path=turn_path(event, session),
            log=await _log(db, entry, zone) if entry else (),
            zone_words=spoken_zone(now(request), zone),
        )
    about = session.title if session else event.title
    return render(request, "registration/turn.html", page, title=f"My turn · {about}", zone=event.zone)


async def acceptance(request: Request) -> Response:
    """POST .../turn/acceptance: take what is on offer. What arrives before the offer's end counts."""
    moments = now(request), real_now(request)
    async with writing(request) as db:
        mine = await _mine(db, request)
        if mine.session:
            await take_offered_seat(db, mine.event, mine.session, mine.person, *moments)
        else:
            await take_offered_place(db, mine.event, mine.person, *moments)
    return _done(request, mine, f"You have {what_words(mine.event, mine.session)}.")


async def refusal(request: Request) -> Response:
    """POST .../turn/refusal: leave what is on offer to the next in line."""
    moments = now(request), real_now(request)
    async with writing(request) as db:
        mine = await _mine(db, request)
        if mine.session:
            await decline_offered_seat(db, mine.event, mine.session, mine.person, *moments)
        else:
            await decline_offered_place(db, mine.event, mine.person, *moments)
    return _done(request, mine, "The next in line gets it. Thank you for saying so.")


async def departure(request: Request) -> Response:
    """POST .../turn/departure: leave the list."""
    moments = now(request), real_now(request)
    async with writing(request) as db:
        mine = await _mine(db, request)
        if mine.session:
            await give_up_seat(db, mine.event, mine.session, mine.person, *moments)
        else:
            await leave_place_list(db, mine.event, mine.person, *moments)
    return _done(request, mine, "You are on the waiting list no more.")


async def _mine(db: Db, request: Request) -> _Mine:
    person, params = await require_person(db, request), request.path_params
    if "session" in params:
        facts = await session_at(db, event=params["event"], session=params["session"])
        return _Mine(facts.event, facts.session, person)
    return _Mine(await event_at(db, params["event"]), None, person)


async def _has_it(db: Db, mine: _Mine) -> bool:
    if mine.session:
        return await booking_of(db, mine.person.id, mine.session.id) is not None
    return await registration_of(db, mine.person.id, mine.event.id) is not None


async def _words(db: Db, mine: _Mine, entry: WaitlistEntry | None, now: datetime, zone: str) -> tuple[str, ...]:
    what = what_words(mine.event, mine.session)
    if entry is None:
        return (f"You have no turn for {what}.",)
    state = turn_state(entry, now)
    if state in LIVE:
        return why_words(await turn_of(db, entry), "seat" if mine.session else "place", now, zone)
    if state == TurnState.accepted and not await _has_it(db, mine):
        return (f"You had {what}, and gave it back.",)
    return (HOW_IT_ENDED[state].format(what=what),)


async def _log(db: Db, entry: WaitlistEntry, zone: str) -> tuple[tuple[str, str], ...]:
    told = since_joined(await lines_of(db, entry.pool_id), entry)
    return tuple((_moment(line.at, zone), words) for line, words in reversed(told))


def _moment(instant: datetime, zone: str) -> str:
    local = instant.astimezone(zone_named(zone))
    return f"{short_date(local.date())}, {clock_time(local)}"


def _origin(request: Request, event: Event, session: Session | None) -> str:
    return f"/events/{event.slug}/sessions/{session.slug}" if session else f"/events/{event.slug}/registration"


def _done(request: Request, mine: _Mine, said: str) -> Response:
    return redirect_to(request, turn_path(mine.event, mine.session), said)
