"""Feeds: what a poll costs beside Starlette's own answers, and a changed personal feed beside building it with icalendar each time."""

import asyncio
import time
from collections import defaultdict
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from conference.calendars.own import Mine, own_feed
from conference.calendars.parts import Published, listed
from conference.calendars.shelves import Pieces
from conference.ics.entry import Calendar
from conference.programme.entry import Origin, session_entry
from conference.programme.queries import SessionFacts
from conference.programme.tables import Event, EventFormat, RegistrationKind, Room, Session, SessionType, Speaker, Track, Venue
from conference.registration.tables import Registration
from conference.storage.ids import new_id
from tests.bench.children import Child, child
from tests.bench.machine import Cores
from tests.bench.report import Judged, Part, middle
from tests.ics.by_library import feed_by_library

SESSIONS = 30
POLLS = 2_000  # of each kind in each turn
TURNS = 5
BUILDS = 60  # of a personal feed in each turn
AT_ONCE = 8  # connections
COLUMNS = ("what", "CPU ms each", "beside its floor")
NOW = datetime(2021, 6, 1, 12, tzinfo=UTC)
ORIGIN = Origin("https://conference.example", "conference.example")


async def feeds(cores: Cores, polls: int = POLLS, turns: int = TURNS) -> Part:
    part = Part(f"Feeds: {polls} polls on {AT_ONCE} connections, {turns} turns of each in turn; personal: {SESSIONS} sessions", COLUMNS)
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(child("feed_house", cores.server))
        status, body, tag = await _ask(house, "")
        assert status == 200
        floor = await stack.enter_async_context(child("feed_floor", cores.server, size=len(body)))
        costs: dict[str, list[float]] = defaultdict(list)
        for _ in range(turns):
            for name, server, condition, expected in (
                ("feed, Starlette", floor, "", 200),
                ("feed, ours", house, "", 200),
                ("304, Starlette", floor, 'W/"one"', 304),
                ("304, ours", house, tag, 304),
            ):
                costs[name].append(await _cost(server, condition, expected, polls))
    for what, words in (("feed", f"public feed, warm, {len(body) // 1000} kB"), ("304", "304")):
        ours, floors = middle(costs[f"{what}, ours"]), middle(costs[f"{what}, Starlette"])
        part.rows += [(f"{words}: Starlette", f"{floors * 1e3:.3f}", ""), (f"{words}: ours", f"{ours * 1e3:.3f}", f"{ours / floors:.2f} x")]
        part.judged.append(Judged(f"{words}, CPU beside Starlette's", ours / floors, 2.0))
    library, own = _personal(turns)
    part.rows.append(("changed personal feed: icalendar each time", f"{library * 1e3:.3f}", ""))
    part.rows.append(("changed personal feed: ours", f"{own * 1e3:.3f}", f"1/{library / own:.0f}"))
    part.judged.append(Judged("changed personal feed, CPU beside icalendar's (queries excluded)", own / library, 1 / 50))
    return part


async def _cost(server: Child, condition: str, expected: int, polls: int) -> float:
    """CPU seconds of the server for one poll."""
    before = (await server.ask("usage"))["cpu"]
    await asyncio.gather(*(_poll(server, condition, expected, polls // AT_ONCE) for _ in range(AT_ONCE)))
    spent: float = (await server.ask("usage"))["cpu"] - before
    return spent / (polls // AT_ONCE * AT_ONCE)


async def _poll(server: Child, condition: str, expected: int, times: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.facts["port"])
    for _ in range(times):
        status, _, _ = await _exchange(reader, writer, server.facts["path"], condition)
        assert status == expected, status
    writer.close()


async def _ask(server: Child, condition: str) -> tuple[int, bytes, str]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.facts["port"])
    answer = await _exchange(reader, writer, server.facts["path"], condition)
    writer.close()
    return answer


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, condition: str) -> tuple[int, bytes, str]:
    """Status, body and tag."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "User-Agent: bench"] + ([f"If-None-Match: {condition}"] if condition else [])
    writer.write("\r\n".join([*lines, "", ""]).encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    length = int(headers.get("content-length", 0))
    return int(head[0].split()[1]), await reader.readexactly(length), headers.get("etag", "")


def _personal(turns: int) -> tuple[float, float]:
    """CPU seconds of one build after one of the sessions changed: with the library, and ours. Medians."""
    plan, pieces = _programme(), Pieces()
    mine = _mine(plan.event)
    own_feed(mine, [plan], ORIGIN, pieces)
    library, ours = [], []
    for number in range(turns * BUILDS):
        session = plan.sessions[number % SESSIONS].session
        session.title, session.modified_at = f"Changed {number}", NOW + timedelta(minutes=number)
        published = replace(plan, listed=listed(plan.sessions, {}))  # done once for everybody, as the programme is read
        began = time.process_time()
        built = own_feed(mine, [published], ORIGIN, pieces).body
        ours.append(time.process_time() - began)
        if number % 10 == 0:
            began = time.process_time()
            slowly = _by_library(published)
            library.append(time.process_time() - began)
            assert built.count(b"BEGIN:VEVENT") == slowly.count(b"BEGIN:VEVENT") == SESSIONS
    return middle(library), middle(ours)


def _by_library(published: Published) -> bytes:
    page, hour = "https://conference.example/me", timedelta(hours=1)
    calendar = Calendar(name="My conference sessions", description="Mine.", zone="Europe/London", url=page, refresh=hour)
    because = f"you are registered for {published.event.title}"
    return feed_by_library(calendar, [session_entry(facts, ORIGIN, because) for facts in published.sessions])


def _programme() -> Published:
    event = Event(
        slug="event",
        title="An event of thirty sessions",
        summary="Measured.",
        about="",
        format=EventFormat.online,
        zone="Europe/London",
        starts_at=NOW,
        ends_at=NOW + timedelta(days=3),
        registration=RegistrationKind.open,
        made_at=NOW,
        modified_at=NOW,
    )
    venue = Venue(slug="online", name="Online", zone="Europe/London", online=True)
    room, track = (
        Room(event_id=event.id, venue_id=venue.id, slug="stage", name="Main stage"),
        Track(event_id=event.id, slug="t", name="Track"),
    )
    speakers = tuple(Speaker(event_id=event.id, slug=f"s{one}", name=f"Speaker {one}", organisation="A library") for one in range(3))
    sessions = [SessionFacts(_session(event, room, track, number), event, room, venue, track, speakers) for number in range(SESSIONS)]
    return Published(event, sessions, (), (track,), (room,), (venue,), speakers, {}, listed(sessions, {}))


def _session(event: Event, room: Room, track: Track, number: int) -> Session:
    starts = NOW + timedelta(hours=number)
    return Session(
        event_id=event.id,
        slug=f"session-{number}",
        title=f"Session {number}",
        abstract="What this session is about, in a few sentences as people write them. " * 4,
        type=SessionType.panel,
        room_id=room.id,
        track_id=track.id,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=45),
        made_at=NOW,
        modified_at=NOW,
    )


def _mine(event: Event) -> Mine:
    person_id = new_id()
    place = Registration(event_id=event.id, person_id=person_id, name="A delegate", made_at=NOW, confirmed_at=NOW)
    return Mine(person_id, "Europe/London", frozenset(), (), [place], (), (), False, timedelta(), None, NOW)
