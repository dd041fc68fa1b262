"""An event in figures: charts as pictures with tables behind them; and at what hours its sessions find the registered people."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.console.charts import countries_svg, seats_svg, sign_ups_svg
from conference.console.figure_counts import Figures, SeatCount, figures_of
from conference.console.hours_map import HoursMap, hours_map
from conference.console.registrations import COUNTRY_NAMES, organised
from conference.console.words import how_many
from conference.errors import NotFound
from conference.programme.planned import planned_programme
from conference.programme.tables import Event
from conference.registration.roll import GuestZones, guest_zones
from conference.times import long_date, short_date, spoken_zone
from conference.web.render import render
from conference.web.request import now, reading

DAYS_IN_TABLE = 400
# For who opens a picture by itself: its look is inside it, and nothing else may be loaded or run.
PICTURE = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}


@dataclass(frozen=True, slots=True)
class DayRow:
    words: str
    came: int
    left: int
    total: int


@dataclass(frozen=True, slots=True)
class FiguresPage:
    """templates/console/figures.html"""

    event: Event
    days: tuple[DayRow, ...]  # the newest first; quiet days are left out
    sign_ups_words: str  # what the picture says
    countries: tuple[tuple[str, int], ...]
    unknown: int
    countries_words: str
    seats: tuple[SeatCount, ...]
    seats_words: str
    zone_words: str


@dataclass(frozen=True, slots=True)
class HoursPage:
    """templates/console/hours.html"""

    event: Event
    known: GuestZones
    map: HoursMap
    words: str  # what the picture says
    zone_words: str


async def figures(request: Request) -> Response:
    """GET /manage/events/{event}/figures"""
    async with reading(request) as db:
        event, _ = await organised(db, request)
        found = await figures_of(db, event)
    page = FiguresPage(
        event=event,
        days=tuple(
            DayRow(f"{short_date(day.day)} {day.day.year}", day.came, day.left, day.total)
            for day in reversed(found.days)
            if day.came or day.left
        )[:DAYS_IN_TABLE],
        sign_ups_words=_sign_ups_words(found),
        countries=_named(found),
        unknown=found.unknown,
        countries_words=_countries_words(found),
        seats=found.seats,
        seats_words=_seats_words(found),
        zone_words=spoken_zone(now(request), event.zone),
    )
    return render(request, "console/figures.html", page, title=f"Figures · {event.title}", zone=event.zone)


async def figure(request: Request) -> Response:
    """GET /manage/events/{event}/figures/{figure}.svg: one of the pictures."""
    draw = PICTURES.get(request.path_params["figure"])
    async with reading(request) as db:
        event, _ = await organised(db, request)
        if draw is None:
            raise NotFound("There is no such picture.")
        found = await figures_of(db, event)
    return Response(draw(found), media_type="image/svg+xml", headers=PICTURE)


async def hours(request: Request) -> Response:
    """GET /manage/events/{event}/hours: who is asleep, of the programme as it is planned now."""
    async with reading(request) as db:
        event, _ = await organised(db, request)
        known = await guest_zones(db, event)
        planned = await planned_programme(db, event)
    shown = hours_map(event, [(one.facts, one.draft is not None) for one in planned], known.zones)
    page = HoursPage(event, known, shown, _hours_words(shown), spoken_zone(event.starts_at, event.zone))
    return render(request, "console/hours.html", page, title=f"Who is asleep · {event.title}", zone=event.zone)


def _named(found: Figures) -> tuple[tuple[str, int], ...]:
    return tuple((COUNTRY_NAMES.get(code, code), count) for code, count in found.countries)


PICTURES: dict[str, Callable[[Figures], bytes]] = {
    "sign-ups": lambda found: sign_ups_svg(found.days),
    "countries": lambda found: countries_svg(_named(found)),
    "seats": lambda found: seats_svg(found.seats),
}


def _sign_ups_words(found: Figures) -> str:
    if not found.days:
        return ""
    first, last = found.days[0], found.days[-1]
    most = max(found.days, key=lambda day: day.came)
    peak = f" The busiest day was {long_date(most.day)}, with {most.came}." if len(found.days) > 1 else ""
    return f"{how_many(last.total, 'person is', 'people are')} registered; the first came on {long_date(first.day)}.{peak}"


def _countries_words(found: Figures) -> str:
    if not found.countries:
        return ""
    names = [f"{name} {count}" for name, count in _named(found)[:3]]
    return f"People from {how_many(len(found.countries), 'country', 'countries')}; the most from {', '.join(names)}."


def _seats_words(found: Figures) -> str:
    full = [seat for seat in found.seats if seat.taken >= seat.capacity]
    waiting = sum(seat.waiting for seat in found.seats)
    taken, capacity = sum(seat.taken for seat in found.seats), sum(seat.capacity for seat in found.seats)
    seats, where = how_many(capacity, "seat", "seats"), how_many(len(found.seats), "session", "sessions")
    return f"{taken} of {seats} taken in {where}, {len(full)} full; {waiting} waiting."


def _hours_words(shown: HoursMap) -> str:
    if not shown.lines or not shown.heads:
        return ""
    worst = shown.worst_first[0]
    hard = how_many(len(shown.hard), "session finds", "sessions find")
    return f"{hard} more than half of them asleep. The hardest is “{worst.title}”, {worst.when}, with {worst.percent} % asleep."
