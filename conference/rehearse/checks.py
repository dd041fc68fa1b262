"""Whether a rehearsal may begin, and on which stage: asked of the database before any robot is made."""

import urllib.request
from dataclasses import dataclass
from pathlib import Path

from conference.clock import Clock
from conference.errors import BadSettings, Conflict
from conference.live.rules import Door, door_at, has_stage, opens_at
from conference.programme.queries import SessionFacts, event_at, programme_of, session_at
from conference.programme.tables import Event
from conference.record.actions import rehearsal_offset
from conference.registration.queries import place_counts
from conference.settings import Settings
from conference.storage.database import Database, Db, file_of
from conference.storage.migrate import current_revision, newest_revision, shown
from conference.times import spoken_moment, zone_named
from conference.web.request import HOUSE_ZONE

try:
    import resource
except ImportError:  # not on Windows
    resource = None  # type: ignore[assignment]

SPARE_FILES = 200  # the database's and the loop's own
PATIENCE = 10.0  # seconds for the house to answer at all


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the robots go, and what time it is there."""

    event: Event
    facts: SessionFacts
    clock: Clock


def check_database(settings: Settings) -> None:
    """Nothing is made here: the house itself does that. Raises BadSettings."""
    file = file_of(settings.database)
    if (file and not Path(file).exists()) or current_revision(settings.database) != newest_revision():
        raise BadSettings(
            f"The database {shown(settings.database)} is not one that this release serves. Start the house first (conference serve), "
            "and rehearse with the same CONFERENCE_DATA and CONFERENCE_DATABASE_URL."
        )


def check_answers(url: str) -> None:
    """Raises BadSettings where nobody answers at this address."""
    try:
        straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # as the robots come
        with straight.open(f"{url}/healthz", timeout=PATIENCE) as answer:
            sound = answer.read(16).strip() == b"ok"
    except (OSError, ValueError):
        sound = False
    if not sound:
        raise BadSettings(
            f"No house answers at {url}. Start it (conference serve, or conference demo), or name another address with --url."
        )


def allow_sockets(count: int) -> None:
    """Each socket is an open file. Raises BadSettings where this machine has not so many for one process."""
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    need = count + SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < need:
        if hard != resource.RLIM_INFINITY and hard < need:
            raise BadSettings(
                f"A process may have {hard:,} open files here, and {count:,} robots need {need:,}. Raise it: ulimit -n {need}"
            )
        resource.setrlimit(resource.RLIMIT_NOFILE, (need, hard))


async def stage_for(database: Database, slug: str, session: str, url: str, *, yes: bool) -> Stage:
    """The session whose door is open, the one that began first; `session` names another. Raises Refusal."""
    async with database.reading() as db:
        event = await event_at(db, slug)
        clock = Clock(await rehearsal_offset(db))
        if not yes:
            await _check_not_live(db, event, clock)
        named = [await session_at(db, slug, session)] if session else await programme_of(db, event)
    return Stage(event, _open_one(event, named, clock, url), clock)


async def _check_not_live(db: Db, event: Event, clock: Clock) -> None:
    """Raises Conflict for an event that is on today in earnest."""
    now, zone = clock.now(), zone_named(event.zone)
    today = now.astimezone(zone).date()
    if clock.rehearsing or not event.starts_at.astimezone(zone).date() <= today <= event.ends_at.astimezone(zone).date():
        return
    people = (await place_counts(db, event.id)).confirmed
    raise Conflict(
        f"{event.title} is on today, by the real clock, and {people} {'person is' if people == 1 else 'people are'} registered: "
        "robots would ask and vote in front of them. Rehearse on another day or with the clock moved (--at), or say --yes."
    )


def _open_one(event: Event, found: list[SessionFacts], clock: Clock, url: str) -> SessionFacts:
    now = clock.now()
    staged = [facts for facts in found if has_stage(event, facts.session) and not facts.session.cancelled_at]
    if not staged:
        raise Conflict(f"{f'“{found[0].session.title}”' if len(found) == 1 else event.title} has no stage to rehearse on.")
    for facts in staged:
        if door_at(facts.session, now) == Door.open:
            return facts
    which = f"“{found[0].session.title}” is not open" if len(found) == 1 else f"No stage of {event.title} is open"
    ahead = [facts for facts in staged if opens_at(facts.session) > now] or staged
    raise Conflict(f"{which}: for the house it is {spoken_moment(now, HOUSE_ZONE)} in London. {_how_to_open(ahead[0], event, clock, url)}")


def _how_to_open(facts: SessionFacts, event: Event, clock: Clock, url: str) -> str:
    opens = opens_at(facts.session)
    at = opens.astimezone(zone_named(event.zone)).isoformat(timespec="minutes")
    way = f"jump there on {url}/manage/rehearsal, or start" if clock.rehearsing else "start"
    return f"“{facts.session.title}” opens at {spoken_moment(opens, event.zone)}: {way} the house with --at {at}."
