"""Sessions and dates as pages show them (pure): domain rows in, what templates read out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from conference.programme.queries import SessionFacts
from conference.programme.rules import DOOR_OPENS, TYPE_WORDS, SessionState, state_of
from conference.programme.tables import Event, EventFormat, KeyDate, SessionType
from conference.registration.clashes import Mine, clashing
from conference.registration.queries import Standing
from conference.registration.rules import seats_words
from conference.registration.tables import CapacityPool, TurnState
from conference.registration.turn_rules import mine_in_short, turn_state
from conference.site.lanes import Cell
from conference.times import TimeShown, city_of, long_date, show, zone_named


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
    clash_words: str = ""  # that it overlaps with my seat elsewhere; empty where I have a seat here
    cell: Cell | None = None  # its place in the grid of its day, where there is one


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
    signed_in: bool = False
    seats: Sequence[Mine] = ()  # of mine, at all events


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
        time=_time_of(facts, frame),
        title=session.title,
        type=session.type.value,
        type_words=TYPE_WORDS[session.type],
        people=tuple(speaker.name for speaker in facts.speakers),
        room=place_words(facts),
        track=facts.track.name if facts.track else "",
        seats_words=seats_words(pool, frame.waiting.get(pool.id, 0) if pool else 0) if open_to_book else "",
        mine_words=mine_words(frame, facts) if state != SessionState.cancelled else "",
        cancelled=state == SessionState.cancelled,
        illustrative=bool(session.illustrative),
        now=state == SessionState.now,
        soon_words=soon_words(session.starts_at, frame.now) if state == SessionState.soon else "",
        booking=f"{base}/booking" if open_to_book else "",
        mine="booked" if booked else "offered" if _is_offered(frame, session.id) else "waiting" if waits else "",
        clash_words=clash_words(facts, frame) if open_to_book and not booked else "",
        stage=f"{base}/stage" if door_is_open(facts, frame.now) else "",
    )


def door_is_open(facts: SessionFacts, now: datetime) -> bool:
    """Whether there is a live stage to go to: from a little before the start until the end."""
    session = facts.session
    online = facts.event.format == EventFormat.online and session.type is not SessionType.break_
    return online and not session.cancelled_at and session.starts_at - DOOR_OPENS <= now < session.ends_at


def _time_of(facts: SessionFacts, frame: Frame) -> TimeShown:
    """The session's span. A zone bears the name of one city: elsewhere in it (Boston Spa) the clock is called local."""
    venue, session = facts.venue, facts.session
    time = span(facts.event, session.starts_at, session.ends_at, frame.zone, None if venue.online else venue.zone)
    if venue.online or city_of(venue.zone) in f"{venue.name} {venue.address}":
        return time
    return replace(time, first=replace(time.first, place="local time"))


def place_words(facts: SessionFacts) -> str:
    return facts.room.name if facts.venue.online or facts.room.name == facts.venue.name else f"{facts.room.name}, {facts.venue.name}"


def mine_words(frame: Frame, facts: SessionFacts) -> str:
    if facts.session.id in frame.standing.booked:
        return "You have a seat"
    turn = frame.standing.turns.get(facts.session.id)
    return mine_in_short(turn, "seat", frame.now, frame.zone or facts.event.zone) if turn else ""


def _is_offered(frame: Frame, session_id: UUID) -> bool:
    turn = frame.standing.turns.get(session_id)
    return turn is not None and turn_state(turn.entry, frame.now) == TurnState.offered


def clash_words(facts: SessionFacts, frame: Frame) -> str:
    found = clashing(facts.session, frame.seats)
    return f"Overlaps with {' and with '.join(one.words for one in found)}" if found else ""


def soon_words(starts_at: datetime, now: datetime) -> str:
    minutes = -((now - starts_at) // timedelta(minutes=1))
    return "in 1 minute" if minutes == 1 else f"in {minutes} minutes"


def key_dates(event: Event, dates: Sequence[KeyDate], zone: str | None, now: datetime) -> tuple[DateItem, ...]:
    """In order of time; the first that is not over is next."""
    ordered = sorted(dates, key=lambda item: _begins(event, item))
    ahead = next((item.id for item in ordered if now < over_at(event, item)), None)
    return tuple(
        DateItem(
            title=item.title,
            state="over" if now >= over_at(event, item) else "next" if item.id == ahead else "later",
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


def over_at(event: Event, item: KeyDate) -> datetime:
    """A deadline is over at its instant, a day when it ends by the event's clock."""
    return item.at or _begins(event, item) + timedelta(days=1)


def _begins(event: Event, item: KeyDate) -> datetime:
    """The instant, or the beginning of its day by the event's clock."""
    if item.at:
        return item.at
    assert item.day
    return datetime.combine(item.day, datetime.min.time(), zone_named(event.zone))


def date_words(event: Event) -> str:
    """`Friday 25 June 2021`, or `Wednesday 9 July to Wednesday 16 July 2025`, by the event's calendar."""
    place = zone_named(event.zone)
    first, last = event.starts_at.astimezone(place).date(), event.ends_at.astimezone(place).date()
    return long_date(first) if first == last else f"{first:%A} {first.day} {first:%B} to {long_date(last)}"


def paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("\n\n") if part.strip())
