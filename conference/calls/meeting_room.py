"""Selection meetings as they are told to open pages, in one process.

There is no log and no message to miss: whenever something may have changed, each person's view is read anew from the database
(`meeting_view.shown_to`), and whoever would see something else than they were told last gets a frame that says so. Their page then fetches
what they may see. A change in what somebody has no part in changes nothing of their view, so nothing is written to their socket.
"""

import asyncio
import logging
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from starlette.requests import HTTPConnection

from conference.broker import Alone, Broker, Parcel
from conference.calls.meeting import come_in
from conference.calls.meeting_reading import at_the_table, known_of
from conference.calls.meeting_view import Known, Place, Shown, shown_to
from conference.calls.tables import Call
from conference.clock import Clock
from conference.errors import Conflict
from conference.live.queries import live_sign_ins
from conference.storage.database import Database
from conference.wire.codes import ROLE_ENDED, SIGNED_OUT
from conference.wire.doors import Doors, Key
from conference.wire.frames import text_frame
from conference.wire.hub import Listener

TOPIC = "selection"  # of the post to other processes: something changed, look
LOOK_EVERY = 2.0  # seconds: what the post lost, who signed out, and reviews that came in meanwhile
SAY_THERE = 15.0  # seconds between two notes of who is there
PAUSE = 1.0
log = logging.getLogger("conference.calls")


class RoomFrame(BaseModel):
    """What a page is told: where its person stands now, and that what they may see is another (`tag`). Nothing of what it is."""

    type: str  # "snapshot" the first time, then "room"
    seq: int | None = None
    place: Place
    tag: str
    says: str


@dataclass(slots=True, eq=False)
class Ear:
    """One open page of a meeting."""

    call_id: UUID
    person_id: UUID
    sign_in_id: UUID
    key: Key
    listener: Listener | None = None  # None until its socket is accepted
    told: str = ""  # the tag that it was told last


class Rooms:
    """All meetings that pages of this process have open. What is here can be lost at any moment."""

    def __init__(self, database: Database, clock: Clock, broker: Broker | None = None, doors: Doors | None = None) -> None:
        self._database, self._clock = database, clock
        self._broker, self.doors = broker or Alone(), doors or Doors(10**6, 10**6, 10**6)
        self._ears: set[Ear] = set()
        self._look_now, self._stopping = asyncio.Event(), asyncio.Event()
        self._noted_at: datetime | None = None
        self._work: asyncio.Task[None] | None = None
        self._broker.listen(self._hear, lambda _is_up: self._look_now.set())

    async def start(self) -> None:
        self._work = asyncio.create_task(self._again_and_again())

    async def stop(self) -> None:
        """What is under way in the database is finished."""
        self._stopping.set()
        self._look_now.set()
        if self._work:
            await asyncio.wait([self._work], timeout=5)

    def changed(self) -> None:
        """Something was committed: nobody waits for the next look, in any process."""
        self._look_now.set()
        self._broker.send(Parcel(TOPIC, None, ""))

    def enter(self, ear: Ear) -> None:
        """Its socket is accepted: it is told where it stands as soon as that is read."""
        self._ears.add(ear)
        self._look_now.set()

    def leave(self, ear: Ear) -> None:
        """Once for each ear whose key was taken."""
        self.doors.give_back(ear.key)
        self._ears.discard(ear)

    async def look(self) -> None:
        """Read each meeting once, and tell everybody what is new to them; end the lines of those who may not listen any more."""
        by_call: dict[UUID, list[Ear]] = defaultdict(list)
        for ear in tuple(self._ears):
            by_call[ear.call_id].append(ear)
        await self._note_who_is_there(by_call)
        for call_id, ears in by_call.items():
            async with self._database.reading() as db:
                call = await db.get(Call, call_id)
                assert call
                known = await known_of(db, call, self._clock.real_now())
                may = await at_the_table(db, call)
                live = await live_sign_ins(db, {ear.sign_in_id for ear in ears}, self._clock.real_now())
            here = {person_id for person_id, each in known.people.items() if each.seen_at}
            if known.meets and ({ear.person_id for ear in ears} & may) - here:  # it was opened while they waited
                self._noted_at = None
                self._look_now.set()
            for ear in ears:
                _tell(ear, known, signed_in=ear.sign_in_id in live, may=ear.person_id in may)

    async def _note_who_is_there(self, by_call: dict[UUID, list[Ear]]) -> None:
        """Whoever is new comes in now; the others every few seconds."""
        now, real_now = self._clock.now(), self._clock.real_now()
        is_due = self._noted_at is None or (real_now - self._noted_at).total_seconds() > SAY_THERE
        for call_id, ears in by_call.items():
            if not is_due and all(ear.told for ear in ears):
                continue
            async with self._database.writing() as db:
                call = await db.get(Call, call_id)
                assert call
                may = await at_the_table(db, call)
                with suppress(Conflict):  # no meeting goes on
                    await come_in(db, call, {ear.person_id for ear in ears} & may, now, real_now)
        if is_due:
            self._noted_at = real_now

    def _hear(self, parcel: Parcel) -> None:
        if parcel.topic == TOPIC:
            self._look_now.set()

    async def _again_and_again(self) -> None:
        while not self._stopping.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self._look_now.wait()
            self._look_now.clear()
            if not self._ears or self._stopping.is_set():
                continue
            try:
                await self.look()
            except Exception:  # a database that is away for a while ends nothing here
                log.exception("looking at the meetings failed")
                await asyncio.sleep(PAUSE)


def _tell(ear: Ear, known: Known, *, signed_in: bool, may: bool) -> None:
    if ear.listener is None:
        return
    if not signed_in or not may:
        ear.listener.end(ROLE_ENDED if signed_in else SIGNED_OUT)
        return
    shown = shown_to(ear.person_id, known)
    if shown.tag == ear.told:
        return
    first = not ear.told
    ear.told = shown.tag
    frame = RoomFrame(type="snapshot" if first else "room", seq=0 if first else None, place=shown.place, tag=shown.tag, says=says(shown))
    ear.listener.write(text_frame(frame.model_dump_json(exclude_none=True)))


def says(shown: Shown) -> str:
    """Read aloud where it changes."""
    match shown.place:
        case Place.inside if shown.item:
            return f"{shown.item.row.reference} is on the table."
        case Place.outside:
            return "You have no part in what is on the table. Please leave the conversation until this page says that you can come back."
        case Place.nowhere:
            return "No meeting goes on."
    return "Nothing is on the table."


def rooms_of(connection: HTTPConnection) -> Rooms:
    rooms: Rooms = connection.app.state.selection_rooms
    return rooms
