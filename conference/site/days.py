"""The programme as pages lay it out (pure): days, and in them the sessions that share their time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from conference.programme.queries import SessionFacts
from conference.programme.rules import SOON
from conference.programme.tables import Event, SessionType, Venue
from conference.site.lanes import Lanes, lanes_of
from conference.site.view import Frame, Row, row_of
from conference.times import TimeShown, long_date, short_date, zone_named


@dataclass(frozen=True, slots=True)
class Slot:
    """Sessions that begin and end together."""

    time: TimeShown
    rows: tuple[Row, ...]
    now: bool
    soon_words: str
    here: bool = False  # where the reader of a running event is: what is on, or what comes next
    line: int = 0  # where it begins in a grid; 0: no grid
    again: bool = False  # the slot before it in the grid begins at the same moment


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the programme, by the event's own calendar."""

    anchor: str
    words: str
    short: str  # "Fri 25 June"
    place: str  # where it happens, in the order of the day; with one place it is said here instead of in each row; empty online
    slots: tuple[Slot, ...]
    heads: tuple[str, ...] = ()  # of the lanes of its grid, for wide screens; empty: sessions follow each other

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for slot in self.slots for row in slot.rows)

    @property
    def here(self) -> bool:
        return any(slot.here for slot in self.slots)

    @property
    def glance(self) -> tuple[Slot, ...]:
        """What the day is about: without its breaks."""
        return tuple(slot for slot in self.slots if any(row.type != SessionType.break_ for row in slot.rows))


def days_of(event: Event, programme: Sequence[SessionFacts], frame: Frame) -> tuple[Day, ...]:
    """The programme by the event's calendar; while it runs, the first slot that isn't over is marked as where we are."""
    running = event.starts_at <= frame.now + SOON and frame.now < event.ends_at
    ahead = [facts.session for facts in programme if facts.session.ends_at > frame.now and not facts.session.cancelled_at]
    here = (ahead[0].starts_at, ahead[0].ends_at) if running and ahead else None
    days: dict[date, list[SessionFacts]] = {}
    for facts in programme:
        days.setdefault(facts.session.starts_at.astimezone(zone_named(event.zone)).date(), []).append(facts)
    return tuple(_day(day, together, frame, here) for day, together in days.items())


def _day(day: date, programme: Sequence[SessionFacts], frame: Frame, here: tuple[datetime, datetime] | None) -> Day:
    venues = {facts.venue.id: facts.venue for facts in programme}
    place = next(iter(venues.values())) if len(venues) == 1 else None
    lanes = lanes_of(programme)
    slots: list[Slot] = []
    for times, together in groupby(programme, key=lambda facts: (facts.session.starts_at, facts.session.ends_at)):
        rows = [_row(facts, frame, place, lanes) for facts in together]
        line = rows[0].cell.first if rows[0].cell else 0
        again = line > 0 and any(slot.line == line for slot in slots)
        slots.append(replace(slot_of(rows, here=times == here), line=line, again=again))
    return Day(
        anchor=f"day-{day.isoformat()}",
        words=long_date(day),
        short=short_date(day),
        place=" and ".join(venue.name for venue in venues.values() if not venue.online),
        slots=tuple(slots),
        heads=lanes.heads if lanes else (),
    )


def _row(facts: SessionFacts, frame: Frame, place: Venue | None, lanes: Lanes | None) -> Row:
    row = row_of(facts, frame)
    return replace(row, room=facts.room.name if place else row.room, cell=lanes.cells[facts.session.id] if lanes else None)


def slot_of(rows: Sequence[Row], *, here: bool = False) -> Slot:
    soon = next((row.soon_words for row in rows if row.soon_words), "")
    return Slot(rows[0].time, tuple(rows), any(row.now for row in rows), soon, here)


def slots_of(rows: Sequence[Row]) -> tuple[Slot, ...]:
    """Rows in order of time, those that share it together."""
    return tuple(slot_of(list(together)) for _, together in groupby(rows, key=lambda row: row.time))
