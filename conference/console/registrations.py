"""The roll: everybody who has a place at an event, or had one; to search, narrow and sort, and to choose from for what concerns many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from conference.console.words import how_many
from conference.errors import Invalid
from conference.people.access import require_role
from conference.people.forms import COUNTRIES
from conference.people.tables import Person, RoleKind
from conference.programme.queries import SessionFacts, event_at, programme_of
from conference.programme.tables import Event, RegistrationKind
from conference.registration.queries import place_counts, pool_of_event, session_pools
from conference.registration.roll import Seating, countries_at, roll_of, seating_of, ticket_kinds_at
from conference.registration.roll_filter import RollFilter, RollOrder, RollRow, RollState, roll_filter
from conference.registration.tables import TicketKind
from conference.storage.database import Db
from conference.times import clock_time, short_date, spoken_zone, zone_named
from conference.web.links import path_to
from conference.web.render import FORM_AGAIN, render
from conference.web.request import reading

PER_PAGE = 100
COUNTRY_NAMES = dict(COUNTRIES)
STATE_WORDS = {
    RollState.live: "Confirmed or pending",
    RollState.confirmed: "Confirmed",
    RollState.pending: "Pending",
    RollState.cancelled: "Cancelled",
    RollState.lapsed: "Link not opened in time",
}
ORDER_WORDS = {
    RollOrder.newest: "Newest first",
    RollOrder.oldest: "Oldest first",
    RollOrder.name: "By name",
    RollOrder.organisation: "By organisation",
    RollOrder.country: "By country",
}
Option = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of the list."""

    id: str
    name: str
    email: str
    about: str  # organisation and country
    kind: str  # of ticket
    state: RollState
    state_words: str
    given: bool
    since: str
    seats: tuple[str, ...]
    turns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """Where one is in a long list."""

    number: int  # from 1
    last: int
    first_row: int
    last_row: int
    before: str  # addresses; empty: there is none
    after: str


@dataclass(frozen=True, slots=True)
class RegistrationsPage:
    """templates/console/registrations.html"""

    event: Event
    by_application: bool
    places_words: str
    rows: tuple[Shown, ...]
    fits: int  # how many there are on all pages
    leaf: Leaf
    asked: Mapping[str, str]  # as typed
    narrows: bool
    query: str  # the address's own words, for what acts on all of them
    states: tuple[Option, ...]
    orders: tuple[Option, ...]
    countries: tuple[Option, ...]
    seats: tuple[Option, ...]  # sessions with limited seats
    kinds: tuple[Option, ...]  # of tickets
    errors: dict[str, str]


async def registrations(request: Request) -> Response:
    """GET /manage/events/{event}/registrations (`?q=&state=&country=&seat=&waits=&given=&since=&order=&page=`)"""
    async with reading(request) as db:
        event, _ = await organised(db, request)
        limited, kinds = await limited_sessions(db, event), await ticket_kinds_at(db, event)
        wanted, errors = _wanted(request, limited, kinds)
        fits = [] if errors else await roll_of(db, event, wanted)
        leaf = _leaf(request, wanted, len(fits))
        rows = fits[leaf.first_row - 1 : leaf.last_row] if fits else []
        seating = await seating_of(db, event, {row.person_id for row in rows})
        page = RegistrationsPage(
            event=event,
            by_application=event.registration == RegistrationKind.application,
            places_words=await _places_words(db, event),
            rows=tuple(_shown(row, seating, event.zone) for row in rows),
            fits=len(fits),
            leaf=leaf,
            asked=dict(request.query_params),
            narrows=wanted.narrows,
            query=wanted.as_query(),
            states=tuple((state.value, words) for state, words in STATE_WORDS.items()),
            orders=tuple((order.value, words) for order, words in ORDER_WORDS.items()),
            countries=_countries(await countries_at(db, event)),
            seats=tuple((facts.session.slug, facts.session.title) for facts in limited),
            kinds=tuple((kind.slug, kind.name) for kind in kinds),
            errors=errors,
        )
    title, status = f"Registrations · {event.title}", FORM_AGAIN if errors else 200
    return render(request, "console/registrations.html", page, title=title, status=status, zone=event.zone)


async def organised(db: Db, request: Request) -> tuple[Event, Person]:
    """The event of this address and the organiser who asks. Raises NotFound, SignInNeeded, Forbidden."""
    event = await event_at(db, request.path_params["event"])
    return event, await require_role(db, request, event.id, RoleKind.organiser)


async def limited_sessions(db: Db, event: Event) -> list[SessionFacts]:
    """Those that need a seat, in the order of the programme."""
    pools = await session_pools(db, event.id)
    return [facts for facts in await programme_of(db, event) if facts.session.id in pools]


async def list_filter(db: Db, event: Event, query: str) -> RollFilter:
    """What the list's own address asked for, as a form carries it along. Raises Invalid."""
    kinds = {kind.slug for kind in await ticket_kinds_at(db, event)}
    return roll_filter(dict(parse_qsl(query)), slugs_of(await limited_sessions(db, event)), kinds)


def slugs_of(sessions: Sequence[SessionFacts]) -> set[str]:
    return {facts.session.slug for facts in sessions}


def since_words(row: RollRow, zone: str) -> str:
    """`Fri 25 June 2021, 09:55 (BST, UTC+1)`: on the event's clock."""
    local = row.made_at.astimezone(zone_named(zone))
    return f"{short_date(local.date())} {local.year}, {clock_time(local)} ({spoken_zone(row.made_at, zone)})"


def _wanted(request: Request, limited: Sequence[SessionFacts], kinds: Sequence[TicketKind]) -> tuple[RollFilter, dict[str, str]]:
    try:
        return roll_filter(request.query_params, slugs_of(limited), {kind.slug for kind in kinds}), {}
    except Invalid as wrong:
        return RollFilter(), wrong.fields


def _leaf(request: Request, wanted: RollFilter, fits: int) -> Leaf:
    """The page asked for, or the nearest that there is."""
    last = max(1, -(-fits // PER_PAGE))
    asked = request.query_params.get("page", "1")
    number = min(max(int(asked), 1), last) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
    here = path_to(request, "registration:registrations", event=request.path_params["event"])

    def at(page: int) -> str:
        return f"{here}?{wanted.as_query(page=page)}" if 1 <= page <= last else ""

    return Leaf(number, last, (number - 1) * PER_PAGE + 1, min(number * PER_PAGE, fits), at(number - 1), at(number + 1))


async def _places_words(db: Db, event: Event) -> str:
    counts, pool = await place_counts(db, event.id), await pool_of_event(db, event.id)
    words = f"{pool.taken} of {pool.capacity} places taken" if pool else "places are not limited"
    waiting = f"; {how_many(counts.waiting_for_places, 'person waits', 'people wait')} for one" if counts.waiting_for_places else ""
    return f"{counts.confirmed} confirmed, {counts.pending} pending; {words}{waiting}."


def _shown(row: RollRow, seating: Seating, zone: str) -> Shown:
    country = COUNTRY_NAMES.get(row.country or "", row.country or "")
    return Shown(
        id=str(row.id),
        name=row.name,
        email=row.email,
        about=", ".join(part for part in (row.organisation, country) if part),
        kind=row.kind,
        state=row.state,
        state_words=STATE_WORDS[row.state],
        given=row.given,
        since=since_words(row, zone),
        seats=tuple(seating.seats.get(row.person_id, ())),
        turns=tuple(seating.turns.get(row.person_id, ())),
    )


def _countries(counts: Mapping[str, int]) -> tuple[Option, ...]:
    named = [(code, f"{COUNTRY_NAMES.get(code, code)}, {how_many(count, 'person', 'people')}") for code, count in counts.items()]
    return tuple(sorted(named, key=lambda option: option[1]))
