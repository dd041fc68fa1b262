"""The rehearsal's own page: what time it is for the house, jumps to another, and the robots that are there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator
from starlette.requests import Request
from starlette.responses import Response

from conference.clock import YEARS
from conference.console.words import how_many
from conference.errors import Forbidden, Invalid, NotFound
from conference.live.floor import floor_of
from conference.live.robots import Removed, remove_robots, robot_counts
from conference.live.rules import has_stage, opens_at
from conference.people.access import require_person, require_role
from conference.people.queries import roles_of
from conference.people.tables import Person, RoleKind
from conference.programme.queries import SessionFacts, event_at, events_by_id, programme_of
from conference.programme.tables import Event, Session
from conference.record.actions import note, set_rehearsal
from conference.storage.database import Db
from conference.times import clock_time, local_instant, long_date, spoken_moment, spoken_zone
from conference.web.forms import Form, Typed, typed_form
from conference.web.links import redirect
from conference.web.render import FORM_AGAIN, render
from conference.web.request import HOUSE_ZONE, after_commit, house, now, reading, real_now, writing

EARLY, LATE = timedelta(minutes=5), timedelta(minutes=1)
ASKS = {
    "day": "Enter the day as year-month-day, such as 2021-06-25.",
    "time": "Enter a time on the 24-hour clock, such as 09:50.",
}

EDGE = datetime.min.replace(tzinfo=UTC)  # stands for what is no instant


@dataclass(frozen=True, slots=True)
class Jump:
    """A moment of a session to go to."""

    words: str
    at: str  # ISO 8601 UTC


@dataclass(frozen=True, slots=True)
class Jumps:
    """A session and the moments worth rehearsing."""

    title: str
    times: str
    moments: tuple[Jump, ...]


@dataclass(frozen=True, slots=True)
class EventDay:
    """One day of an event: the one that is rehearsed, or the nearest that it has."""

    event: Event
    day: str
    away: timedelta  # from the day that is rehearsed
    sessions: tuple[Jumps, ...]


@dataclass(frozen=True, slots=True)
class Robots:
    event: Event
    words: str  # "31 robots"


@dataclass(frozen=True, slots=True)
class RehearsalPage:
    """templates/console/rehearsal.html"""

    london: str  # what time it is for the house; empty: real time, the clock can't be moved
    utc: str
    days: tuple[EventDay, ...]
    robots: tuple[Robots, ...]
    typed: Typed
    errors: dict[str, str]


def _day(typed: str) -> date:
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        raise ValueError(ASKS["day"]) from None
    if day.year not in YEARS:
        raise ValueError(f"Enter a day with a year from {YEARS[0]} to {YEARS[-1]}.")
    return day


def _time(typed: str) -> time:
    try:
        return datetime.strptime(typed.strip(), "%H:%M").time()  # noqa: DTZ007 - a wall clock's reading, its zone comes later
    except ValueError:
        raise ValueError(ASKS["time"]) from None


class ClockForm(Form):
    asks: ClassVar[dict[str, str]] = ASKS
    day: Annotated[date, BeforeValidator(_day)]
    time: Annotated[time, BeforeValidator(_time)]


async def rehearsal(request: Request) -> Response:
    """GET /manage/rehearsal: the clock, which can be moved only while it is moved already; the robots, where there are any."""
    return await _page(request, {}, {})


async def clock(request: Request) -> Response:
    """POST /manage/rehearsal/clock: `at`, an instant, or `day` and `time` on London's clock. Every page and process follows."""
    here, typed = house(request), await typed_form(request)
    if not here.clock.rehearsing:
        raise NotFound("This house lives in real time: its clock can’t be moved. To rehearse, start it with --at.")
    try:
        at = _instant(typed)
        async with writing(request) as db:
            organiser, _ = await _organiser(db, request)
            offset = await set_rehearsal(db, at, real_now(request))
            note(db, "rehearsal clock set", "rehearsal clock", real_now(request), person_id=organiser.id, to=at.isoformat())
    except Invalid as wrong:
        return await _page(request, typed, wrong.fields)
    await after_commit(request, lambda: _follow(request, offset))
    return redirect(request, "console:rehearsal", f"The clock was set. In London it is {spoken_moment(at, HOUSE_ZONE)}.")


def _follow(request: Request, offset: timedelta | None) -> None:
    """After the commit: before, whoever reads what is kept would set the clock back."""
    house(request).clock.offset = offset
    floor_of(request).clock_moved()


async def removal(request: Request) -> Response:
    """POST /manage/events/{event}/rehearsal/removal: the robots of this event go, with everything they did."""
    async with writing(request) as db:
        event = await event_at(db, request.path_params["event"])
        organiser = await require_role(db, request, event.id, RoleKind.organiser)
        gone = await remove_robots(db, event.id, real_now(request), by=organiser.id)
    return redirect(request, "console:rehearsal", _gone_words(gone))


def _gone_words(gone: Removed) -> str:
    robots, questions = how_many(gone.robots, "robot", "robots"), how_many(gone.questions, "question", "questions")
    return f"Removed: {robots}, {questions} of theirs, {how_many(gone.votes, 'vote', 'votes')}. What people did stays."


async def _organiser(db: Db, request: Request) -> tuple[Person, list[Event]]:
    """Whoever organises an event, and the events that they organise, the latest first. Raises SignInNeeded, Forbidden."""
    person = await require_person(db, request)
    organised = {role.event_id for role in await roles_of(db, person.id) if role.kind == RoleKind.organiser}
    if not organised:
        raise Forbidden("This is for the organisers of an event.")
    found = await events_by_id(db, organised)
    return person, sorted(found.values(), key=lambda event: event.starts_at, reverse=True)


def _instant(typed: Typed) -> datetime:
    """The moment that was chosen or typed. Raises Invalid."""
    if "at" not in typed:
        form = ClockForm.read(typed)
        return local_instant(datetime.combine(form.day, form.time), HOUSE_ZONE, where="time")
    try:
        at = datetime.fromisoformat(typed["at"])
        at = at.astimezone(UTC) if at.tzinfo else EDGE  # without an offset it says no instant
    except (ValueError, OverflowError):
        at = EDGE
    if at.year not in YEARS:
        raise Invalid("day", ASKS["day"])
    return at


async def _page(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    moment, moved = now(request), house(request).clock.rehearsing
    async with reading(request) as db:
        _, events = await _organiser(db, request)
        counts = await robot_counts(db, [event.id for event in events])
        days = [day for event in events if moved and (day := _nearest_day(event, await programme_of(db, event), moment))]
    local = moment.astimezone(ZoneInfo(HOUSE_ZONE))
    page = RehearsalPage(
        london=spoken_moment(moment, HOUSE_ZONE) if moved else "",
        utc=spoken_moment(moment, "UTC") if moved else "",
        days=tuple(sorted(days, key=lambda day: day.away)),
        robots=tuple(Robots(event, how_many(counts[event.id], "robot", "robots")) for event in events if counts[event.id]),
        typed=typed or {"day": local.date().isoformat(), "time": clock_time(local)},
        errors=errors,
    )
    return render(request, "console/rehearsal.html", page, title="Rehearsal", status=FORM_AGAIN if errors else 200)


def _nearest_day(event: Event, programme: Sequence[SessionFacts], moment: datetime) -> EventDay | None:
    """The event's day that is rehearsed now, else its next one, else its last."""
    zone = ZoneInfo(event.zone)
    today = moment.astimezone(zone).date()
    held = [facts.session for facts in programme if not facts.session.cancelled_at]
    days = sorted({session.starts_at.astimezone(zone).date() for session in held})
    if not days:
        return None
    day = next((each for each in days if each >= today), days[-1])
    mine = [session for session in held if session.starts_at.astimezone(zone).date() == day]
    return EventDay(event, long_date(day), abs(day - today), tuple(_jumps(event, mine)))


def _jumps(event: Event, sessions: Iterable[Session]) -> Iterable[Jumps]:
    zone = ZoneInfo(event.zone)
    for session in sessions:
        starts, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
        door = [Jump("5 minutes before the door opens", _iso(opens_at(session) - EARLY))] if has_stage(event, session) else []
        moments = (*door, Jump("Start", _iso(session.starts_at)), Jump("1 minute before the end", _iso(session.ends_at - LATE)))
        yield Jumps(session.title, f"{clock_time(starts)}–{clock_time(ends)} ({spoken_zone(starts, event.zone)})", moments)


def _iso(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()
