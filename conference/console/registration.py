"""One person at one event, as organisers see them: the place, seats and turns, and what happened, from the audit trail."""

from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from conference.console.history_words import ACTS, history_words
from conference.console.registrations import COUNTRY_NAMES, STATE_WORDS, organised, since_words
from conference.people.queries import people_by_id
from conference.programme.queries import sessions_by_id
from conference.programme.tables import Event
from conference.record.tables import AuditEntry
from conference.registration.queries import standing_of
from conference.registration.roll import history_of, roll_row
from conference.registration.roll_filter import RollRow, RollState
from conference.storage.database import Db
from conference.times import city_of, clock_time, short_date, spoken_moment, zone_named
from conference.web.render import render
from conference.web.request import reading


@dataclass(frozen=True, slots=True)
class Held:
    """A seat or a turn."""

    title: str
    slug: str
    when: str  # on the event's clock
    words: str


@dataclass(frozen=True, slots=True)
class Happened:
    when: str
    words: str
    by: str  # empty: the person themselves, or the house


@dataclass(frozen=True, slots=True)
class RegistrationPage:
    """templates/console/registration.html"""

    event: Event
    row: RollRow
    facts: tuple[tuple[str, str], ...]
    live: bool
    held: tuple[Held, ...]
    history: tuple[Happened, ...]
    city: str  # whose clock times are on


async def registration(request: Request) -> Response:
    """GET /manage/events/{event}/registrations/{registration}"""
    async with reading(request) as db:
        event, _ = await organised(db, request)
        row = await roll_row(db, event, request.path_params["registration"])
        page = RegistrationPage(
            event=event,
            row=row,
            facts=_facts(event, row),
            live=row.state in (RollState.confirmed, RollState.pending),
            held=await _held(db, event, row),
            history=await _history(db, event, row),
            city=city_of(event.zone),
        )
    return render(request, "console/registration.html", page, title=f"{row.name} · {event.title}", zone=event.zone)


def _facts(event: Event, row: RollRow) -> tuple[tuple[str, str], ...]:
    given = ", given by an organiser" if row.given else ""
    return (
        ("E-mail address", row.email),
        ("Organisation", row.organisation),
        ("Country", COUNTRY_NAMES.get(row.country or "", row.country or "")),
        ("Reads times in", city_of(row.zone) if row.zone else ""),
        ("Place", STATE_WORDS[row.state] + given),
        ("Registered", since_words(row, event.zone)),
        ("Confirmed", spoken_moment(row.confirmed_at, event.zone) if row.confirmed_at else ""),
    )


async def _held(db: Db, event: Event, row: RollRow) -> tuple[Held, ...]:
    standing = await standing_of(db, row.person_id, event.id)
    place = zone_named(event.zone)
    found = []
    for facts in await sessions_by_id(db, {*standing.booked, *standing.ahead}):
        if facts.event.id != event.id:
            continue
        session, starts = facts.session, facts.session.starts_at.astimezone(place)
        ahead = standing.ahead.get(session.id, 0)
        waits = "Waits: next in line" if ahead == 0 else f"Waits: {ahead} ahead"
        words = "Has a seat" if session.id in standing.booked else waits
        found.append(Held(session.title, session.slug, f"{short_date(starts.date())}, {clock_time(starts)}", words))
    return tuple(found)


async def _history(db: Db, event: Event, row: RollRow) -> tuple[Happened, ...]:
    entries = await history_of(db, event, row, ACTS)
    titles = {facts.session.id: facts.session.title for facts in await sessions_by_id(db, filter(None, map(_session_of, entries)))}
    others = await people_by_id(db, {entry.person_id for entry in entries if entry.person_id and entry.person_id != row.person_id})
    place = zone_named(event.zone)
    found = []
    for entry in entries:
        at, by = entry.at.astimezone(place), others.get(entry.person_id) if entry.person_id else None
        when = f"{short_date(at.date())} {at.year}, {clock_time(at)}"
        session = _session_of(entry)
        found.append(
            Happened(when, history_words(entry.act, titles.get(session, "") if session else "", entry.details), by.name if by else "")
        )
    return tuple(found)


def _session_of(entry: AuditEntry) -> UUID | None:
    """The session that an act is about, be it its subject or told with it."""
    kind, _, id_ = entry.subject.partition(":")
    written = id_ if kind == "session" else entry.details.get("session", "")
    return UUID(written) if written else None
