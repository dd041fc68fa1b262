"""The desk's page, put together: what is shown of an event at one moment, and a form that comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Invalid, NotFound, Refusal
from conference.live.announcements import MAX_ANNOUNCEMENT, MAX_MINUTES, end_meant
from conference.live.desk_forms import EVERYWHERE, EndForm
from conference.live.desk_queries import StageNumbers, announced_now, help_resolved, help_waiting, silences_holding, stage_numbers
from conference.live.desk_words import (
    AnnouncementCard,
    Clocks,
    HelpCard,
    SilenceCard,
    StageRow,
    audience_of,
    consequence,
    help_card,
    help_title,
    stage_row,
    until_words,
)
from conference.live.floor import floor_of
from conference.live.queries import MODERATING
from conference.live.rules import MAX_REASON, Door, door_at, has_stage
from conference.people.access import require_role
from conference.people.tables import Person
from conference.programme.queries import event_at, place_of, programme_of
from conference.programme.rules import next_up, on_now
from conference.programme.tables import Event, Session
from conference.storage.database import Db
from conference.storage.ids import new_id
from conference.times import city_of, clock_time, spoken_zone, zone_named
from conference.web.forms import Typed
from conference.web.render import render
from conference.web.request import now, reading, zone_for

USUAL_END = {"minutes": "15"}  # of an announcement


@dataclass(frozen=True, slots=True)
class DeskPage:
    """templates/live/desk.html, and what of it changes by itself in templates/live/desk_now.html"""

    event: Event
    read_at: str  # clock time of these words
    stages: tuple[StageRow, ...]
    help_title: str
    waiting: tuple[HelpCard, ...]
    resolved: tuple[HelpCard, ...]
    announcements: tuple[AnnouncementCard, ...]
    silences: tuple[SilenceCard, ...]
    places: tuple[tuple[str, str], ...]  # where something can be announced
    foreseen: str  # what announcing brings about
    clock_words: str  # whose clock an end is typed in
    announcement_id: str
    typed: Typed
    errors: Mapping[str, str]
    wrong: UUID | None  # the request whose answer needs another look
    max_text: int = MAX_ANNOUNCEMENT
    max_minutes: int = MAX_MINUTES
    max_done: int = MAX_REASON


@dataclass(frozen=True, slots=True)
class Again:
    """A form that comes back: what was typed, what of it needs another look, and of which request for help."""

    typed: Typed = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    wrong: UUID | None = None
    status: int = 200


async def show_desk(request: Request, again: Again | None = None) -> Response:
    again = again or Again()
    page = await desk_page(request, again)
    return render(request, "live/desk.html", page, title=f"The desk · {page.event.title}", status=again.status, zone=page.event.zone)


async def desk_page(request: Request, again: Again) -> DeskPage:
    async with reading(request) as db:
        event, _ = await moderated(db, request)
        sessions = [facts.session for facts in await programme_of(db, event)]
        numbers = await stage_numbers(db, event.id)
        waiting, resolved = await help_waiting(db, event.id), await help_resolved(db, event.id)
        announced = await announced_now(db, event.id, now(request))
        silences = await silences_holding(db, event.id, now(request))
    clocks = clocks_of(request, event)
    typed = again.typed if "minutes" in again.typed else {**USUAL_END, **again.typed}
    with_stage = [session for session in sessions if has_stage(event, session)]
    return DeskPage(
        event=event,
        read_at=f"{clock_time(clocks.now.astimezone(zone_named(clocks.zone)))} ({spoken_zone(clocks.now, clocks.zone)})",
        stages=_stage_rows(request, event, sessions, numbers, clocks),
        help_title=help_title(len(waiting)),
        waiting=tuple(help_card(found, clocks.now) for found in waiting),
        resolved=tuple(help_card(found, clocks.now) for found in resolved),
        announcements=tuple(
            AnnouncementCard(row, f"On the stage of “{session.title}”" if session else "On all stages", by, until_words(row.until, clocks))
            for row, session, by in announced
        ),
        silences=tuple(SilenceCard(row, session, by, until_words(row.until, clocks)) for row, session, by in silences),
        places=_places(with_stage, clocks),
        foreseen=_foreseen_or_hint(request, event, with_stage, typed),
        clock_words=f"{city_of(event.zone)} ({spoken_zone(clocks.now, event.zone)})",
        announcement_id=typed.get("id") or str(new_id()),
        typed=typed,
        errors=again.errors,
        wrong=again.wrong,
    )


def foreseen(request: Request, event: Event, stages: Sequence[Session], typed: Typed) -> str:
    """What announcing this would bring about. Raises Invalid."""
    form, clocks = EndForm.read(typed), clocks_of(request, event)
    until = end_meant(form.minutes, form.clock, event.zone, clocks.now)
    concerned = [session for session in stages if form.place in (EVERYWHERE, session.slug)]
    if not concerned:
        raise _unknown_place()
    here = floor_of(request).here
    title = "" if form.place == EVERYWHERE else concerned[0].title
    return consequence(audience_of(here(session.id) for session in concerned), title, until, clocks)


async def place_meant(db: Db, event: Event, place: str) -> Session | None:
    """The session of this slug, None for the whole event. Raises Invalid."""
    if place == EVERYWHERE:
        return None
    try:
        _, session = await place_of(db, event.slug, place)
    except NotFound as unknown:
        raise _unknown_place() from unknown
    if not has_stage(event, session):
        raise _unknown_place()
    return session


async def moderated(db: Db, request: Request) -> tuple[Event, Person]:
    """The event of the address, and whoever moderates there. Raises NotFound, SignInNeeded, Forbidden."""
    event = await event_at(db, request.path_params["event"])
    return event, await require_role(db, request, event.id, *MODERATING)


def clocks_of(request: Request, event: Event) -> Clocks:
    return Clocks(now(request), event.zone, zone_for(request, event.zone))


def _stage_rows(
    request: Request, event: Event, sessions: Sequence[Session], numbers: Mapping[UUID, StageNumbers], clocks: Clocks
) -> tuple[StageRow, ...]:
    """What is on and what is next; besides, wherever somebody is, or waits for help."""
    here = floor_of(request).here
    following = {session.id for session in next_up(sessions, clocks.now)}
    shown = following | {session.id for session in on_now(sessions, clocks.now)}
    rows = (
        stage_row(
            session,
            here(session.id),
            numbers.get(session.id, StageNumbers()),
            clocks,
            has_stage=has_stage(event, session),
            is_next=session.id in following,
        )
        for session in sessions
    )
    return tuple(row for row in rows if row.session.id in shown or row.is_busy)


def _foreseen_or_hint(request: Request, event: Event, stages: Sequence[Session], typed: Typed) -> str:
    try:
        return foreseen(request, event, stages, typed)
    except Refusal:
        return "Whoever has the stage open sees it within a second."


def _places(stages: Sequence[Session], clocks: Clocks) -> tuple[tuple[str, str], ...]:
    """Everywhere, and each stage that is open or will be."""
    ahead = (each for each in stages if door_at(each, clocks.now) in (Door.not_yet, Door.open))
    return ((EVERYWHERE, "All stages of the event"), *((each.slug, each.title) for each in ahead))


def _unknown_place() -> Invalid:
    return Invalid("place", "Choose all stages, or one from the list.")
