"""The planned programme as days of rooms and hours (pure): where each session stands, on the event's own clock."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from conference.programme.planned import Planned
from conference.programme.rules import TYPE_WORDS
from conference.programme.tables import DraftAct, Event, SessionDraft
from conference.times import DASH, clock_time, long_date, short_date, zone_named

STEP = timedelta(minutes=5)
IN_HOUR = 12  # steps
MOST_DAYS = 31  # of an event that are drawn even where nothing is planned on them
PLACE = {"starts_at", "ends_at", "room_id"}  # the fields that a move changes
ACT_WORDS = {DraftAct.add: "New", DraftAct.cancel: "To be cancelled", DraftAct.restore: "To take place after all"}


@dataclass(frozen=True, slots=True)
class Block:
    """One session in its day. `hour`, `step`, `hours` and `steps` say where it begins and how long it is: a step is five minutes."""

    slug: str
    title: str
    type: str
    type_words: str
    day: str  # ISO
    starts: str  # "10:15"
    times: str  # "10:15–11:00"
    minutes: int
    room: str  # slug
    room_words: str
    people: str
    version: str  # what a form carries along, to notice who saved meanwhile
    mark: str  # what is drafted, in words; empty: as published
    was: str  # where it is published, if it is to move
    can_move: bool
    hour: int
    step: int
    hours: int
    steps: int
    column: int  # of its room, from 1
    lane: int = 1  # among those that stand beside each other in one room
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class GridDay:
    day: str  # ISO
    words: str
    short: str
    free: bool
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """All days have the same hours, so that they can be compared."""

    days: tuple[GridDay, ...]
    rooms: tuple[tuple[str, str], ...]  # slug, words
    first_hour: int
    last_hour: int  # the one at which the grid ends

    @property
    def hours(self) -> int:
        return self.last_hour - self.first_hour

    @property
    def hour_words(self) -> list[str]:
        return [f"{hour:02}:00" for hour in range(self.first_hour, self.last_hour)]

    @property
    def drafted(self) -> int:
        return sum(bool(block.mark) for day in self.days for block in day.blocks)


def grid_of(event: Event, planned: Sequence[Planned], rooms: Sequence[tuple[str, str]]) -> Grid:
    """`rooms`: slug and words, in the order of the columns. What is cancelled already is not drawn: nothing can be done with it here."""
    columns = {slug: place for place, (slug, _) in enumerate(rooms, start=1)}
    blocks = [_block(event, one, columns, dict(rooms)) for one in planned if one.draft or not one.facts.session.cancelled_at]
    days = sorted({*_own_days(event), *(block.day for block in blocks)})
    free = set(event.free_days)
    shown = tuple(
        GridDay(day, long_date(date.fromisoformat(day)), short_date(date.fromisoformat(day)), day in free, _beside(day, blocks))
        for day in days
    )
    first, last = _hours(event, blocks)
    return Grid(shown, tuple(rooms), first, last)


def _own_days(event: Event) -> list[str]:
    zone = zone_named(event.zone)
    first, last = event.starts_at.astimezone(zone).date(), (event.ends_at - STEP).astimezone(zone).date()
    count = (last - first).days + 1
    return [(first + timedelta(days=number)).isoformat() for number in range(count)] if count <= MOST_DAYS else []


def _block(event: Event, one: Planned, columns: dict[str, int], words: dict[str, str]) -> Block:
    session, zone = one.facts.session, zone_named(event.zone)
    starts, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    length = session.ends_at - session.starts_at
    until_midnight = datetime.combine(starts.date() + timedelta(days=1), datetime.min.time()) - starts.replace(tzinfo=None)
    hours, steps = divmod(max(1, -(-min(length, until_midnight) // STEP)), IN_HOUR)
    return Block(
        slug=session.slug,
        title=session.title,
        type=session.type.value,
        type_words=TYPE_WORDS[session.type],
        day=starts.date().isoformat(),
        starts=clock_time(starts),
        times=f"{clock_time(starts)}{DASH}{clock_time(ends)}",
        minutes=int(length.total_seconds()) // 60,
        room=one.facts.room.slug,
        room_words=words[one.facts.room.slug],
        people=", ".join(speaker.name for speaker in one.facts.speakers),
        version=one.version,
        mark=mark_of(one.draft),
        was=_was(event, one, words),
        can_move=one.draft is None or one.draft.act in (DraftAct.add, DraftAct.change),
        hour=starts.hour,
        step=starts.minute // 5,
        hours=hours,
        steps=steps,
        column=columns[one.facts.room.slug],
    )


def mark_of(draft: SessionDraft | None) -> str:
    """What waits to be released about a session, in a word or two; empty: nothing."""
    if draft is None:
        return ""
    return ACT_WORDS.get(draft.act) or ("Moved" if PLACE & draft.patch.keys() else "Changed")


def _was(event: Event, one: Planned, words: dict[str, str]) -> str:
    if not one.published or not one.draft or not PLACE & one.draft.patch.keys():
        return ""
    session, zone = one.published.session, zone_named(event.zone)
    starts, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    return f"{short_date(starts.date())}, {clock_time(starts)}{DASH}{clock_time(ends)}, {words[one.published.room.slug]}"


def _beside(day: str, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The day's blocks in order; those that overlap in one room share its width."""
    mine = [block for block in blocks if block.day == day]
    placed: list[Block] = []
    for column in sorted({block.column for block in mine}):
        group: list[Block] = []
        for block in [block for block in mine if block.column == column]:
            if group and _begins(block) >= max(map(_ends, group)):
                placed += _in_lanes(group)
                group = []
            group.append(block)
        placed += _in_lanes(group)
    return tuple(sorted(placed, key=lambda block: (_begins(block), block.column, block.lane)))


def _in_lanes(group: Sequence[Block]) -> list[Block]:
    ends: list[int] = []
    lanes = []
    for block in group:
        free = next((lane for lane, end in enumerate(ends) if end <= _begins(block)), len(ends))
        ends[free : free + 1] = [_ends(block)]
        lanes.append(free + 1)
    return [replace(block, lane=lane, lanes=len(ends)) for block, lane in zip(group, lanes, strict=True)]


def _begins(block: Block) -> int:
    return block.hour * IN_HOUR + block.step


def _ends(block: Block) -> int:
    return _begins(block) + block.hours * IN_HOUR + block.steps


def _hours(event: Event, blocks: Sequence[Block]) -> tuple[int, int]:
    """An hour more at both ends, to have somewhere to move to."""
    zone = zone_named(event.zone)
    own = [
        event.starts_at.astimezone(zone).hour,
        -(-(event.ends_at.astimezone(zone).hour * 60 + event.ends_at.astimezone(zone).minute) // 60),
    ]
    firsts, lasts = [block.hour for block in blocks] or own[:1], [-(-_ends(block) // IN_HOUR) for block in blocks] or [max(own)]
    return max(0, min(firsts) - 1), min(24, max(lasts) + 1)
