"""A heat map of who is asleep when (pure): sessions down, clocks across, each cell with its own words; ready to be painted as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from conference.programme.entry import Facts
from conference.programme.hours import Clock, Hours, HoursCount, Zones, clocks_of, hours_count, hours_in
from conference.programme.tables import Event, EventFormat, SessionType
from conference.times import city_of, clock_time, short_date, zone_named

TITLES, SHARES = 250, 110  # widths in the picture's own units, as are the next
CELL, ROW, HEAD = 82, 44, 58
LONGEST = 32  # letters of a title that fit
MOST = 0.5  # the share of sleepers above which a session is one to think about


@dataclass(frozen=True, slots=True)
class Cell:
    x: int
    y: int
    time: str
    hours: Hours


@dataclass(frozen=True, slots=True)
class Head:
    x: int
    city: str  # "Berlin", or "Berlin +2"
    people: str
    spoken: str  # all its zones


@dataclass(frozen=True, slots=True)
class Line:
    """One session."""

    y: int
    title: str
    short: str  # as it fits into the picture
    slug: str
    when: str  # on the event's clock
    draft: bool
    count: HoursCount
    percent: int  # asleep
    cells: tuple[Cell, ...]

    @property
    def hard(self) -> bool:
        return self.count.share_asleep > MOST


@dataclass(frozen=True, slots=True)
class HoursMap:
    width: int
    height: int
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]  # in the order of the programme

    @property
    def worst_first(self) -> tuple[Line, ...]:
        return tuple(sorted(self.lines, key=lambda line: -line.count.share_asleep))

    @property
    def hard(self) -> tuple[Line, ...]:
        return tuple(line for line in self.worst_first if line.hard)


def joins_from_home(facts: Facts) -> bool:
    """Who has travelled sleeps by the clock of the place; and nobody gets up for a break."""
    online = facts.venue.online or facts.event.format is EventFormat.online
    return online and facts.session.type is not SessionType.break_ and not facts.session.cancelled_at


def hours_map(event: Event, planned: Sequence[tuple[Facts, bool]], zones: Zones) -> HoursMap:
    """`planned`: sessions, and whether each differs from what is published."""
    looked_at = [(facts, draft) for facts, draft in planned if joins_from_home(facts)]
    clocks = clocks_of(zones, [moment for facts, _ in looked_at for moment in (facts.session.starts_at, facts.session.ends_at)])
    heads = tuple(_head(TITLES + SHARES + number * CELL, clock) for number, clock in enumerate(clocks))
    lines = tuple(_line(event, HEAD + number * ROW, facts, draft, clocks, zones) for number, (facts, draft) in enumerate(looked_at))
    return HoursMap(TITLES + SHARES + len(clocks) * CELL + 1, HEAD + len(lines) * ROW + 1, heads, lines)


def _head(x: int, clock: Clock) -> Head:
    first, *others = [city_of(zone) for zone in clock.zones]
    people = f"{clock.people} {'person' if clock.people == 1 else 'people'}"
    return Head(
        x, (first[:9] + "…" if len(first) > 11 else first) + (f" +{len(others)}" if others else ""), people, ", ".join([first, *others])
    )


def _line(event: Event, y: int, facts: Facts, draft: bool, clocks: Sequence[Clock], zones: Zones) -> Line:
    session = facts.session
    starts, ends = session.starts_at, session.ends_at
    local = starts.astimezone(zone_named(event.zone))
    count = hours_count(zones, starts, ends)
    cells = tuple(
        Cell(
            TITLES + SHARES + number * CELL,
            y,
            clock_time(starts.astimezone(zone_named(clock.zones[0]))),
            hours_in(clock.zones[0], starts, ends),
        )
        for number, clock in enumerate(clocks)
    )
    return Line(
        y=y,
        title=session.title,
        short=session.title if len(session.title) <= LONGEST else session.title[: LONGEST - 1].rstrip() + "…",
        slug=session.slug,
        when=f"{short_date(local.date())}, {clock_time(local)}",
        draft=draft,
        count=count,
        percent=round(100 * count.share_asleep),
        cells=cells,
    )
