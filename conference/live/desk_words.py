"""What the organisers' desk shows, and its sentences."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from conference.live.cards import here_words
from conference.live.care_tables import HelpKind, Silence
from conference.live.desk_queries import HelpAt, StageNumbers
from conference.live.messages import Here
from conference.live.rules import age_words
from conference.live.talk_tables import Announcement
from conference.programme.rules import SessionState, state_of
from conference.programme.tables import Session
from conference.times import TimeShown, show

HELP_WORDS = {
    HelpKind.sound: "can’t hear",
    HelpKind.picture: "can’t see the picture",
    HelpKind.access: "needs something to take part",
    HelpKind.conduct: "reports how somebody behaves",
    HelpKind.other: "asks for help",
}
STATE_WORDS = {SessionState.now: "On now", SessionState.over: "Over", SessionState.cancelled: "Cancelled"}


@dataclass(frozen=True, slots=True)
class Clocks:
    """The moment, and the zones in which it is read: the event's, and the reader's own."""

    now: datetime
    event_zone: str
    zone: str

    def show(self, starts_at: datetime, ends_at: datetime | None = None) -> TimeShown:
        return show(starts_at, ends_at, first=self.event_zone, second=self.zone, event_zone=self.event_zone, mine=self.zone)


@dataclass(frozen=True, slots=True)
class StageRow:
    """A session of the day."""

    session: Session
    state_words: str
    is_on: bool
    time: TimeShown
    has_stage: bool
    here_words: str  # empty: nobody
    numbers: StageNumbers

    @property
    def is_busy(self) -> bool:
        """Whether somebody is there, or waits for help."""
        return bool(self.here_words or self.numbers.help)


@dataclass(frozen=True, slots=True)
class HelpCard:
    """A request for help."""

    id: UUID
    name: str
    words: str  # what is the matter
    text: str
    about_text: str  # what is reported
    about_author: str
    session: Session
    at: str  # ISO 8601 UTC
    age_words: str
    done: str  # empty: nobody has looked after it
    done_by: str


@dataclass(frozen=True, slots=True)
class SilenceCard:
    silence: Silence
    session: Session
    by: str
    until_words: str


@dataclass(frozen=True, slots=True)
class AnnouncementCard:
    announcement: Announcement
    place_words: str
    by: str
    until_words: str


@dataclass(frozen=True, slots=True)
class Audience:
    """Who has the stages of one place open now."""

    people: int  # about: whoever is on two stages counts twice
    stages: int


def stage_row(session: Session, here: Here, numbers: StageNumbers, clocks: Clocks, *, has_stage: bool, is_next: bool) -> StageRow:
    state = state_of(session, clocks.now)
    return StageRow(
        session=session,
        state_words=STATE_WORDS.get(state, "Next" if is_next else "Later"),
        is_on=state == SessionState.now,
        time=clocks.show(session.starts_at, session.ends_at),
        has_stage=has_stage,
        here_words=here_words(here),
        numbers=numbers,
    )


def help_card(found: HelpAt, now: datetime) -> HelpCard:
    request = found.request
    return HelpCard(
        id=request.id,
        name=request.name,
        words=HELP_WORDS[request.kind],
        text=request.text,
        about_text=request.about_text,
        about_author=found.author,
        session=found.session,
        at=request.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        age_words=age_words(request.at, now),
        done=request.done,
        done_by=request.resolved_by,
    )


def help_title(waiting: int) -> str:
    if not waiting:
        return "Help: nobody waits"
    return f"Help: {_count(waiting, 'request waits', 'requests wait')}"


def audience_of(heres: Iterable[Here]) -> Audience:
    counts = [here.people + here.guests for here in heres]
    return Audience(sum(counts), len([count for count in counts if count]))


def consequence(audience: Audience, title: str, until: datetime, clocks: Clocks) -> str:
    """What announcing brings about; `title` is the one session's, empty for the whole event."""
    end = f"It goes away by itself in {length_words(until - clocks.now)}, at {until_words(until, clocks)}."
    if not audience.people:
        who = f"Nobody has the stage of “{title}” open now" if title else "Nobody has a stage open now"
        return f"{who}; whoever comes before the end sees it. {end}"
    about = "" if audience.people == 1 else "About "
    who = f"{about}{_count(audience.people, 'person', 'people')} on {f'“{title}”' if title else _count(audience.stages, 'stage')} now"
    return f"{who} {'sees' if audience.people == 1 else 'see'} it within a second, and so does whoever comes before the end. {end}"


def until_words(until: datetime, clocks: Clocks) -> str:
    """`10:45 in London (BST, UTC+1), 12:45 your time (EAT, UTC+3)`; with the date where it is not today's there."""
    shown = clocks.show(until)
    today = clocks.show(clocks.now)
    readings = [(shown.first, today.first), (shown.second, today.second or today.first)]
    said = []
    for reading, now in readings:
        if reading:
            date = f"{reading.short_date}, " if reading.date != now.date else ""
            said.append(f"{date}{reading.times} {reading.place} ({reading.zone})")
    return ", ".join(said)


def length_words(length: timedelta) -> str:
    """`5 minutes`, `1 hour`, `2 hours 30 minutes`; to the nearest minute, at least one."""
    hours, minutes = divmod(max(round(length / timedelta(minutes=1)), 1), 60)
    parts = [_count(hours, "hour")] * bool(hours) + [_count(minutes, "minute")] * bool(minutes)
    return " ".join(parts)


def _count(number: int, one: str, more: str = "") -> str:
    return f"{number} {one if number == 1 else more or f'{one}s'}"
