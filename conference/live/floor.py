"""All stages of one process: where commands go in, where listeners join, and what is looked after while they listen."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from starlette.requests import HTTPConnection

from conference.broker import Alone, Broker, Parcel
from conference.clock import Clock
from conference.errors import Refusal, SignInNeeded
from conference.live.actions import Recorded, perform_all
from conference.live.announcing import Announced
from conference.live.attending import EVERY, Attending
from conference.live.commands import Command
from conference.live.ears import Ear, ears_to_close
from conference.live.messages import Acknowledged, Announcements, ClockMoved, Here, Welcome
from conference.live.openings import Opening, Openings, greeting
from conference.live.post import MARGIN, Post
from conference.live.presence import BEAT, Presences
from conference.live.queries import signed_in_people
from conference.live.state import Actor
from conference.live.tables import Log
from conference.live.writer import LAST_WORDS, Waiting, Writer
from conference.programme.tables import Session
from conference.record.actions import follow_rehearsal
from conference.storage.database import Database, Db
from conference.web.request import Visitor
from conference.wire.codes import FAULT
from conference.wire.doors import Doors
from conference.wire.frames import text_frame
from conference.wire.hub import Expecting, Hub, Listener, tick_seconds
from conference.wire.limits import Buckets
from conference.wire.pulse import Pulse

LOOK_EVERY = 3.0  # seconds between looks at sign-ins, roles and what the logs hold
LOOK_OFTEN = 1.0  # the same while the broker brings nothing
CLOCK = "clock"  # the topic that says: a rehearsal's clock was set
LOOK = "look"  # the topic that says: look now, something else is announced
SIGN_IN = "Sign in first: asking and voting are for people who are registered."
NO_LIMITS = Doors(10**6, 10**6, 10**6)
log = logging.getLogger("conference.live")


class Floor:
    """The database's logs are the truth; what is here can be lost at any moment."""

    def __init__(self, database: Database, clock: Clock, broker: Broker | None = None, doors: Doors | None = None) -> None:
        self.database, self.clock = database, clock
        self.broker, self.doors = broker or Alone(), doors or NO_LIMITS
        self.hub, self.pulse = Hub(), Pulse()
        self.ears: set[Ear] = set()
        self._stir, self._look_now, self._stopping = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.post = Post(database, self.hub, self.broker, self._stir)
        self.presences = Presences(shared=self.broker.shared)
        self.attending = Attending(database, clock)
        self.writer = Writer(database, self._record, self.post.publish)
        self.forms = Buckets()  # how fast each person's plain forms come
        self._openings, self._announced = Openings(), Announced()
        self._loops: list[asyncio.Task[None]] = []
        self._clock_news: set[asyncio.Task[None]] = set()
        self.broker.listen(self._hear, self._told)

    async def start(self) -> None:
        if self.broker.shared:  # until it works, words may get lost
            self.post.uncertain_since = self.clock.real_now()
        await self.broker.start()
        self._loops = [asyncio.create_task(self._again_and_again(act)) for act in (self.tick, self.look, self.meet, self.attend, self.beat)]

    async def stop(self) -> None:
        """What is being written is finished; nothing new is sent."""
        for awaited in (self._stopping, self._stir, self._look_now):
            awaited.set()
        if self._loops:
            _, stuck = await asyncio.wait(self._loops, timeout=LAST_WORDS)
            for loop in stuck:
                loop.cancel()
        await self.writer.stop()
        try:
            async with asyncio.timeout(2):
                await self.presences.say_goodbye(self.database)
                await self.attending.write_down()
        except Exception as fault:  # then the others find out by themselves
            log.warning("the other processes were not told that this one stops, or attendance is lost (%s)", type(fault).__name__)
        await self.broker.stop()

    async def carry_out(self, session_id: UUID, who: Visitor, command: Command) -> Acknowledged:
        """Do what this person asks for, once. Raises Refusal. Sockets and plain forms both come through here."""
        return await self.writer.write(session_id, who, command)

    async def join(
        self, session: Session, stage_log: Log, who: Visitor, actor: Actor | None, after: str | None, address: str | None
    ) -> tuple[Ear, Expecting, Opening]:
        """An ear that may begin to listen, what is published meanwhile, and what to tell it first. Raises Refusal where there are too many.

        Then comes `begin`, or `give_up`.
        """
        key = self.doors.take(who.person_id, address)
        ear = Ear(session.id, session.event_id, stage_log, who.person_id, who.sign_in_id, key)
        expecting = self.hub.expect(ear.topics)
        try:
            async with self.database.reading() as db:
                await self.post.follow(db, session.id, stage_log)
                opening = await self._openings.opening(db, session.id, stage_log, actor, after)
                if self._announced.on(session.id) is None:
                    await self._announced.learn(db, session.id, session.event_id, self.clock.now())
        except BaseException:
            self.give_up(ear, expecting)
            raise
        return ear, expecting, opening

    def give_up(self, ear: Ear, expecting: Expecting) -> None:
        self.hub.forget(expecting)
        self.doors.give_back(ear.key)

    def begin(self, ear: Ear, expecting: Expecting, listener: Listener, welcome: Welcome, opening: Opening) -> None:
        """Its socket is accepted: greet it, tell what came meanwhile, and let it listen from now on."""
        self.hub.forget(expecting)
        if ear.is_gone:  # before the first word
            return
        ear.listener = listener
        self.ears.add(ear)
        self.presences.enter(ear.session_id, ear.person_id)
        self.attending.enter(ear.session_id, ear.person_id)
        here, announced = self.here(ear.session_id), self._announced.on(ear.session_id) or ()
        now = welcome.model_copy(update={"here": here, "delayed": self.is_delayed, "announcements": announced})
        said, texts = greeting(now, opening, expecting.parcels)
        if said is None:
            listener.end(FAULT)
            return
        if self.post.has_told(ear.session_id, ear.log, said):
            self.hub.join(listener, ear.topics)
        else:  # the database told us of lines that are still on their way to the room
            self.hub.join_early(listener, ear.topic, said)
            self.hub.join(listener, ear.topics[1:])
        listener.greet([text_frame(text) for text in texts])

    def leave(self, ear: Ear) -> None:
        """After `begin`, once."""
        ear.is_gone = True
        self.doors.give_back(ear.key)
        if ear in self.ears and ear.listener:
            self.ears.remove(ear)
            self.hub.leave(ear.listener, ear.topics)
            self.presences.leave(ear.session_id, ear.person_id)
            self.attending.leave(ear.session_id, ear.person_id)

    def here(self, session_id: UUID) -> Here:
        """Who is on this stage now, in all processes."""
        return self.presences.here(session_id)

    @property
    def is_delayed(self) -> bool:
        """Whether what happens in other processes arrives late at the moment."""
        return not self.broker.is_up

    def clock_moved(self) -> None:
        """A rehearsal's clock was set: tell the other processes, and all open pages."""
        self.broker.send(Parcel(CLOCK, None, ""))
        self._tell_clock()

    def look_at_once(self) -> None:
        """Something else is announced, or somebody is banned: nobody waits for the next look, in any process."""
        self._look_now.set()
        self.broker.send(Parcel(LOOK, None, ""))

    async def tick(self) -> None:
        """Wait for votes, gather more for a moment, send the totals."""
        await self._stir.wait()
        await self._pause(tick_seconds(len(self.ears)))
        self._stir.clear()
        self.post.tell_totals()
        if self.post.waits:
            await self.post.heal_lines(self._stages())
        if self.post.owes:
            await self.post.tell_owed(self._stages())

    async def look(self) -> None:
        """Cut whoever signed out or lost the role; find what the broker lost."""
        await _within(LOOK_OFTEN if self.is_delayed else LOOK_EVERY, self._look_now)
        self._look_now.clear()
        stages = self._stages()
        self.post.tidy(stages)
        if not self.ears:
            return
        async with self.database.reading() as db:
            gone = await ears_to_close(db, tuple(self.ears), self.clock.now(), self.clock.real_now())
            announced = await self._announced.news(db, self._stages_with_events(), self.clock.now())
        for session_id, shown in announced.items():
            self.post.tell_all(session_id, Announcements(announcements=shown))
        for ear, close in gone:
            ear.end(close)
        await self.post.heal(stages, self.clock.real_now())

    async def meet(self) -> None:
        """Find out who is where, and tell the stages where that changed."""
        await self._pause(BEAT)
        await self.presences.exchange(self.database, self.clock.real_now())
        for session_id, here in self.presences.news().items():
            self.post.tell_here(session_id, here)

    async def attend(self) -> None:
        """Write down for how long people are here."""
        await self._pause(EVERY)
        await self.attending.write_down()

    async def beat(self) -> None:
        await self._pause(1)
        self.pulse.beat(asyncio.get_running_loop().time())

    async def _record(self, db: Db, session_id: UUID, waiting: Sequence[Waiting]) -> list[Recorded | Refusal]:
        """Those who are signed in are heard, in their order; the others are refused."""
        now, real_now = self.clock.now(), self.clock.real_now()
        people = await signed_in_people(db, [each.who.sign_in_id for each in waiting if each.who.sign_in_id], real_now)
        given = [(people[each.who.sign_in_id], each.command) for each in waiting if each.who.sign_in_id in people]
        done = iter(await perform_all(db, session_id, given, now, real_now) if given else ())
        return [next(done) if each.who.sign_in_id in people else SignInNeeded(SIGN_IN) for each in waiting]

    def _hear(self, parcel: Parcel) -> None:
        """From another process."""
        if parcel.topic == CLOCK:
            news = asyncio.create_task(self._read_clock())
            self._clock_news.add(news)
            news.add_done_callback(self._clock_news.discard)
        elif parcel.topic == LOOK:
            self._look_now.set()
        else:
            self.post.deliver(parcel)

    def _told(self, is_up: bool) -> None:
        """The broker failed, or is back."""
        if not is_up:
            self.post.uncertain_since = self.clock.real_now() - MARGIN
        self.post.tell_delayed(self._stages(), delayed=not is_up)
        self._look_now.set()

    async def _read_clock(self) -> None:
        await follow_rehearsal(self.database, self.clock)
        self._tell_clock()

    def _tell_clock(self) -> None:
        for session_id in self._stages():
            self.post.tell_all(session_id, ClockMoved())

    async def _pause(self, seconds: float) -> None:
        """Shorter when the house stops: what is under way in the database is never broken off."""
        await _within(seconds, self._stopping)

    async def _again_and_again(self, act: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while not self._stopping.is_set():
            try:
                await act()
            except Exception:  # a database that is away for a while ends nothing here
                log.exception("the floor's %s failed", act.__name__)
                await self._pause(1)

    def _stages_with_events(self) -> dict[UUID, UUID]:
        return {ear.session_id: ear.event_id for ear in self.ears}

    def _stages(self) -> set[UUID]:
        """Those with listeners here."""
        return {ear.session_id for ear in self.ears}


async def _within(seconds: float, event: asyncio.Event) -> None:
    """Wait for it, but not longer."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


def floor_of(connection: HTTPConnection) -> Floor:
    floor: Floor = connection.app.state.floor
    return floor
