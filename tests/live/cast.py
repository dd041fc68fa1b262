"""A small cast for the stage: two delegates, a moderator, a stranger; sessions now, later and over; a house open on a loopback port."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from conference.app import create_app
from conference.live.floor import Floor
from conference.live.messages import Said
from conference.people.access import signed_in_person
from conference.people.actions import grant_role, know_person, sign_in, sign_out
from conference.people.tables import Person, RoleKind
from conference.programme.tables import Event, EventFormat, RegistrationKind, Room, Session, SessionType, Venue
from conference.record.actions import set_rehearsal
from conference.registration.actions import register_person
from conference.settings import read_settings
from conference.storage.database import Database, Db
from conference.web.middleware import Frame
from conference.web.request import House
from conference.wire.direct import HandingOver
from conference.wire.pulse import HEARTBEAT
from conference.wire.trial import PUBLIC_WAY, websocket_class
from tests.blank import make_blank
from tests.world import was_swept

Way = type[HandingOver] | str
BOTH_WAYS = pytest.mark.parametrize("way", [websocket_class(), PUBLIC_WAY], ids=["handed over", "the public way"])
MAX_MESSAGE = 64 * 1024
PATIENCE = 15.0  # seconds that a test waits for what must come
HOUR = timedelta(hours=1)
NAMES = {"asker": "Asker in Nairobi", "voter": "Voter in Sydney", "moderator": "Moderator in London", "stranger": "Stranger in Rome"}


@dataclass
class Cast:
    """`session` is on now, `later` begins tomorrow, `over` ended yesterday. All but the stranger are registered."""

    event: Event
    session: Session
    later: Session
    over: Session
    people: dict[str, Person]
    tokens: dict[str, str]


class Ear:
    """A client of the socket that keeps everything it was told."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.heard: list[str] = []

    async def say(self, **message: Any) -> None:
        await self.socket.send(json.dumps(message))

    async def next(self) -> dict[str, Any]:
        """The next message, which must be one of the protocol's."""
        async with asyncio.timeout(PATIENCE):
            text = await self.socket.recv()
        assert isinstance(text, str)
        self.heard.append(text)
        return Said.validate_json(text).model_dump(mode="json")

    async def until(self, kind: str) -> dict[str, Any]:
        """The next message of this type; those before it are kept too."""
        while (message := await self.next())["type"] != kind:
            pass
        return message

    async def opened(self) -> dict[str, Any]:
        """The snapshot that a conversation begins with."""
        return await self.until("snapshot")

    async def close_code(self) -> int | None:
        """Read on until the other side closes."""
        with suppress(ConnectionClosed):
            async with asyncio.timeout(PATIENCE * 2):
                while True:
                    self.heard.append(str(await self.socket.recv()))
        return self.socket.close_code


class World:
    """The open house, as people come to it."""

    def __init__(self, app: Starlette, port: int, cast: Cast) -> None:
        self.app, self.port, self.cast = app, port, cast
        self.origin = f"http://127.0.0.1:{port}"
        self.house: House = app.state.house
        self.floor: Floor = app.state.floor

    def stage(self, session: Session | None = None) -> str:
        return f"/events/{self.cast.event.slug}/sessions/{(session or self.cast.session).slug}/stage"

    def browser(self, name: str | None = None) -> httpx2.AsyncClient:
        """A browser without JavaScript, signed in as one of the cast."""
        cookies = {"sign_in": self.cast.tokens[name]} if name else {}
        return httpx2.AsyncClient(base_url=self.origin, cookies=cookies, headers={"Origin": self.origin}, trust_env=False)

    @asynccontextmanager
    async def ear(
        self, name: str | None = None, *, log: str = "public", after: str | None = None, session: Session | None = None, **extra: Any
    ) -> AsyncIterator[Ear]:
        query = f"?log={log}" + (f"&after={after}" if after is not None else "")
        headers = {"Cookie": f"sign_in={self.cast.tokens[name]}"} if name else {}
        address = f"ws://127.0.0.1:{self.port}{self.stage(session)}/socket{query}"
        extra = {"origin": self.origin, "compression": None, "proxy": None, "max_size": None, **extra}
        async with connect(address, additional_headers=headers, **extra) as socket:
            yield Ear(socket)

    async def sleeper(self) -> socket.socket:
        """A phone that opened the stage and then stopped reading: its window stays shut."""
        phone = socket.socket()
        phone.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        phone.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(phone, ("127.0.0.1", self.port))
        handshake = (
            f"GET {self.stage()}/socket HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nOrigin: {self.origin}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        await loop.sock_sendall(phone, handshake.encode())
        assert (await loop.sock_recv(phone, 12)) == b"HTTP/1.1 101"
        return phone

    async def set_clock(self, moment: datetime) -> None:
        """Rehearse: it is that moment now."""
        async with self.house.database.writing() as db:
            offset = await set_rehearsal(db, moment, self.house.clock.real_now())
        self.house.clock.offset = offset  # not before the commit: the worker, which reads what is kept, would set it back

    async def sign_out(self, name: str) -> None:
        now = self.house.clock.real_now()
        async with self.house.database.writing() as db:
            found = await signed_in_person(db, self.cast.tokens[name], now)
            assert found
            await sign_out(db, found[0].id, now)

    async def ask_and_approve(self, text: str, number: int, *, anonymous: bool = False) -> str:
        """A question on the stage, by way of the plain forms; its id."""
        async with self.browser("asker") as asker, self.browser("moderator") as moderator:
            form = {"text": text, "client_id": f"ask-{number}", **({"anonymous": "yes"} if anonymous else {})}
            assert (await asker.post(self.stage() + "/questions", data=form)).status_code == 303
            async with self.ear("moderator", log="moderators") as ear:
                question = [each for each in (await ear.opened())["questions"] if each["state"] == "pending"][-1]
            path = f"{self.stage()}/questions/{question['id']}/approval"
            assert (await moderator.post(path, data={"client_id": f"approve-{number}"})).status_code == 303
        return str(question["id"])


class Quiet(uvicorn.Server):
    """A server inside the test's own loop, which leaves the process's signals alone."""

    def capture_signals(self) -> Any:
        return nullcontext()


async def eventually(comes_true: Callable[[], bool]) -> None:
    """Wait for something that no message tells."""
    async with asyncio.timeout(PATIENCE):
        while not comes_true():  # noqa: ASYNC110 - nothing says when
            await asyncio.sleep(0.01)


@asynccontextmanager
async def open_house(folder: Path, way: Way | None = None, **given: Any) -> AsyncIterator[World]:
    """A house with the cast in it, serving on a free loopback port."""
    settings = read_settings(demo=True, data=folder, **given)
    make_blank(settings.database)
    frame = create_app(settings)
    assert isinstance(frame, Frame)
    app = frame.app
    assert isinstance(app, Starlette)
    here: House = app.state.house
    cast = await make_cast(here.database, here.clock.real_now())
    server = Quiet(
        uvicorn.Config(
            frame,
            port=0,
            log_config=None,
            access_log=False,
            ws=way or websocket_class(),
            ws_ping_interval=HEARTBEAT,
            ws_ping_timeout=HEARTBEAT,
            ws_max_size=MAX_MESSAGE,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=2,
        )
    )
    serving = asyncio.create_task(server.serve())
    await eventually(lambda: server.started or serving.done())
    assert not serving.done(), serving.result()
    try:
        yield World(app, server.servers[0].sockets[0].getsockname()[1], cast)
    finally:
        server.should_exit = True
        await serving


async def make_cast(database: Database, now: datetime, more: Iterable[str] = ()) -> Cast:
    """`more` are further delegates' names."""
    async with database.writing() as db:
        event, (on_now, tomorrow, yesterday) = await _programme(db, now)
        people = {name: await know_person(db, f"{name}@stage.example", NAMES.get(name, name), now) for name in (*NAMES, *more)}
        for name, person in people.items():
            if name != "stranger":
                await register_person(db, event, person, now, now)
        await grant_role(db, people["moderator"], event.id, RoleKind.moderator, now)
        tokens = {name: await sign_in(db, person.id, now) for name, person in people.items()}
        was_swept(db, now)
    return Cast(event, on_now, tomorrow, yesterday, people, tokens)


async def _programme(db: Db, now: datetime) -> tuple[Event, list[Session]]:
    event = Event(
        slug="wi",
        title="Working Internationally",
        summary="One day.",
        about="One day.",
        format=EventFormat.online,
        zone="Europe/London",
        starts_at=now - 48 * HOUR,
        ends_at=now + 48 * HOUR,
        registration=RegistrationKind.open,
        made_at=now,
        modified_at=now,
    )
    venue = Venue(slug="online", name="Online", zone="Europe/London", online=True)
    db.add_all((event, venue))
    await db.flush()
    room = Room(event_id=event.id, venue_id=venue.id, slug="room", name="Room")
    db.add(room)
    await db.flush()
    starts = {"opening": now - HOUR / 2, "tomorrow": now + 24 * HOUR, "yesterday": now - 24 * HOUR}
    sessions = [
        Session(
            event_id=event.id,
            slug=slug,
            title=slug.capitalize(),
            type=SessionType.panel,
            room_id=room.id,
            starts_at=start,
            ends_at=start + HOUR,
            made_at=now,
            modified_at=now,
        )
        for slug, start in starts.items()
    ]
    db.add_all(sessions)
    await db.flush()
    return event, sessions
