"""Sessions and dates as pages show them (pure): domain rows in, what templates read out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from conference.programme.queries import SessionFacts
from conference.programme.rules import DOOR_OPENS, SOON, TYPE_WORDS, SessionState, state_of
from conference.programme.tables import Event, EventFormat, KeyDate, SessionType
from conference.registration.queries import Standing
from conference.registration.rules import seats_words
from conference.registration.tables import CapacityPool
from conference.times import TimeShown, long_date, short_date, show, zone_named


@dataclass(frozen=True, slots=True)
class Row:
    """One session in a list."""

    href: str
    time: TimeShown
    title: str
    type: str
    type_words: str
    people: tuple[str, ...]
    room: str
    track: str
    seats_words: str
    mine_words: str
    cancelled: bool
    illustrative: bool
    now: bool
    soon_words: str
    booking: str  # where a seat is booked or given up; empty: nothing to book
    mine: str  # "", "booked" or "waiting"
    stage: str  # where the live stage is, while its door is open


@dataclass(frozen=True, slots=True)
class Slot:
    """Sessions that begin and end together."""

    time: TimeShown
    rows: tuple[Row, ...]
    now: bool
    soon_words: str
    here: bool = False  # where the reader of a running event is: what is on, or what comes next


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the programme, by the event's own calendar."""

    anchor: str
    words: str
    short: str  # "Fri 25 June"
    slots: tuple[Slot, ...]

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


@dataclass(frozen=True, slots=True)
class DateItem:
    """A key date: an instant (time) or a day (date_words)."""

    title: str
    state: str  # over, next, later
    time: TimeShown | None
    date_words: str
    words: str
    published: str
    reading: str
    why: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What rows need besides the session: the reader's zone, the moment, who has what."""

    zone: str | None  # None: nobody knows the reader's zone
    now: datetime
    standing: Standing
    pools: Mapping[UUID, CapacityPool]
    waiting: Mapping[UUID, int]  # by pool id


def span(event: Event, starts_at: datetime, ends_at: datetime | None, zone: str | None, place_zone: str | None = None) -> TimeShown:
    """Online: the reader's clock first. In person: the clock of the place first, the reader's beside it."""
    mine, place = zone or event.zone, place_zone or event.zone
    first, second = (mine, place) if event.format == EventFormat.online else (place, mine)
    return show(starts_at, ends_at, first=first, second=second, event_zone=place, mine=mine)


def row_of(facts: SessionFacts, frame: Frame) -> Row:
    session, pool = facts.session, frame.pools.get(facts.session.id)
    base = f"/events/{facts.event.slug}/sessions/{session.slug}"
    state = state_of(session, frame.now)
    booked, waits = session.id in frame.standing.booked, session.id in frame.standing.ahead
    open_to_book = pool is not None and state not in (SessionState.cancelled, SessionState.over)
    return Row(
        href=base,
        time=span(facts.event, session.starts_at, session.ends_at, frame.zone, None if facts.venue.online else facts.venue.zone),
        title=session.title,
        type=session.type.value,
        type_words=TYPE_WORDS[session.type],
        people=tuple(speaker.name for speaker in facts.speakers),
        room=place_words(facts),
        track=facts.track.name if facts.track else "",
        seats_words=seats_words(pool, frame.waiting.get(pool.id, 0) if pool else 0) if open_to_book else "",
        mine_words=mine_words(frame.standing, session.id),
        cancelled=state == SessionState.cancelled,
        illustrative=bool(session.illustrative),
        now=state == SessionState.now,
        soon_words=soon_words(session.starts_at, frame.now) if state == SessionState.soon else "",
        booking=f"{base}/booking" if open_to_book else "",
        mine="booked" if booked else "waiting" if waits else "",
        stage=f"{base}/stage" if door_is_open(facts, frame.now) else "",
    )


def door_is_open(facts: SessionFacts, now: datetime) -> bool:
    """Whether there is a live stage to go to: from a little before the start until the end."""
    session = facts.session
    online = facts.event.format == EventFormat.online and session.type is not SessionType.break_
    return online and not session.cancelled_at and session.starts_at - DOOR_OPENS <= now < session.ends_at


def place_words(facts: SessionFacts) -> str:
    return facts.room.name if facts.venue.online or facts.room.name == facts.venue.name else f"{facts.room.name}, {facts.venue.name}"


def mine_words(standing: Standing, session_id: UUID) -> str:
    if session_id in standing.booked:
        return "You have a seat"
    ahead = standing.ahead.get(session_id)
    if ahead is None:
        return ""
    return "You are next on the waiting list" if ahead == 0 else f"You are on the waiting list: {ahead} ahead of you"


def soon_words(starts_at: datetime, now: datetime) -> str:
    minutes = -((now - starts_at) // timedelta(minutes=1))
    return "in 1 minute" if minutes == 1 else f"in {minutes} minutes"


def days_of(event: Event, programme: Sequence[SessionFacts], frame: Frame) -> tuple[Day, ...]:
    """The programme by the event's calendar; while it runs, the first slot that isn't over is marked as where we are."""
    running = event.starts_at <= frame.now + SOON and frame.now < event.ends_at
    ahead = [facts.session for facts in programme if facts.session.ends_at > frame.now and not facts.session.cancelled_at]
    here = (ahead[0].starts_at, ahead[0].ends_at) if running and ahead else None
    days: dict[date, list[Slot]] = {}
    for span_of_slot, together in groupby(programme, key=lambda facts: (facts.session.starts_at, facts.session.ends_at)):
        day = span_of_slot[0].astimezone(zone_named(event.zone)).date()
        days.setdefault(day, []).append(slot_of([row_of(facts, frame) for facts in together], here=span_of_slot == here))
    return tuple(Day(f"day-{day.isoformat()}", long_date(day), short_date(day), tuple(slots)) for day, slots in days.items())


def slot_of(rows: Sequence[Row], *, here: bool = False) -> Slot:
    soon = next((row.soon_words for row in rows if row.soon_words), "")
    return Slot(rows[0].time, tuple(rows), any(row.now for row in rows), soon, here)


def slots_of(rows: Sequence[Row]) -> tuple[Slot, ...]:
    """Rows in order of time, those that share it together."""
    return tuple(slot_of(list(together)) for _, together in groupby(rows, key=lambda row: row.time))


def key_dates(event: Event, dates: Sequence[KeyDate], zone: str | None, now: datetime) -> tuple[DateItem, ...]:
    """In order of time; the first that is not over is next."""
    place = zone_named(event.zone)

    def begins(item: KeyDate) -> datetime:
        """The instant, or the beginning of its day by the event's clock."""
        if item.at:
            return item.at
        assert item.day
        return datetime.combine(item.day, datetime.min.time(), place)

    def is_over(item: KeyDate) -> bool:
        return now >= (begins(item) if item.at else begins(item) + timedelta(days=1))

    ordered = sorted(dates, key=begins)
    ahead = next((item.id for item in ordered if not is_over(item)), None)
    return tuple(
        DateItem(
            title=item.title,
            state="over" if is_over(item) else "next" if item.id == ahead else "later",
            time=show(item.at, None, first=zone or event.zone, second=event.zone, event_zone=event.zone, mine=zone or event.zone)
            if item.at
            else None,
            date_words=long_date(item.day) if item.day else "",
            words=item.words + (" (Illustrative date.)" if item.illustrative else ""),
            published=item.published,
            reading=item.reading,
            why="",
        )
        for item in ordered
    )


def date_words(event: Event) -> str:
    """`Friday 25 June 2021`, or `Wednesday 9 July to Wednesday 16 July 2025`, by the event's calendar."""
    place = zone_named(event.zone)
    first, last = event.starts_at.astimezone(place).date(), event.ends_at.astimezone(place).date()
    return long_date(first) if first == last else f"{first:%A} {first.day} {first:%B} to {long_date(last)}"


def paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("\n\n") if part.strip())
