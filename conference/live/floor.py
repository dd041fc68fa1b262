"""Where a command becomes history: decide, record in one transaction, evolve, publish. Sockets and plain forms both come through here."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

from starlette.requests import HTTPConnection

from conference.broker import Broker, InProcess, Parcel
from conference.clock import Clock
from conference.errors import SignInNeeded
from conference.live.actions import Recorded, perform
from conference.live.commands import Command, Message
from conference.live.ears import Ear, ears_to_close, log_topic, own_topic, topics_for
from conference.live.messages import Acknowledged, Tick
from conference.live.queries import cut_of, heads_of, is_signed_in, line_text, lines_after
from conference.live.resume import MAX_REPLAY, first_words, resume_point
from conference.live.tables import Log
from conference.live.views import Tells
from conference.people.tables import Person
from conference.programme.tables import Session
from conference.storage.database import Database, Db
from conference.web.request import Visitor
from conference.wire.hub import Hub, Listener
from conference.wire.order import InOrder
from conference.wire.socket import Opening

TICK = 0.1  # seconds over which new totals are gathered
LOOK_EVERY = 3.0  # seconds between looks at sign-ins, roles and what the logs hold
LAST_WORDS = 2.0  # seconds for what is being written when the house stops
log = logging.getLogger("conference.live")


class Floor:
    """All stages of one process. The database's logs are the truth; what is here can be lost at any moment."""

    def __init__(self, database: Database, clock: Clock, broker: Broker | None = None) -> None:
        self.database, self.clock = database, clock
        self.hub = Hub()
        self.ears: set[Ear] = set()
        self._orders: dict[str, InOrder] = {}  # by topic
        self._votes: dict[UUID, dict[UUID, int]] = defaultdict(dict)  # session, question: total, since the last tick
        self._stir = asyncio.Event()
        self._work: set[asyncio.Task[Any]] = set()
        self._loops: list[asyncio.Task[None]] = []
        self._broker = broker or InProcess()
        self._broker.listen(self._deliver)

    async def start(self) -> None:
        self._loops = [asyncio.create_task(self._again_and_again(self.tick)), asyncio.create_task(self._again_and_again(self.look))]

    async def stop(self) -> None:
        """What is being written is finished; nothing new is sent."""
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        if self._work:
            _, stuck = await asyncio.wait(self._work, timeout=LAST_WORDS)
            for task in stuck:  # waits for a lock that somebody else holds: nothing of it was acknowledged
                task.cancel()

    async def carry_out(self, session_id: UUID, who: Visitor, command: Command) -> Acknowledged:
        """Do what this person asks for, once. Raises Refusal. Whoever stops waiting for the answer stops nothing: it is all or nothing."""
        return await asyncio.shield(self._keep(self._carry_out(session_id, who, command)))

    async def join(self, session: Session, stage_log: Log, who: Visitor, after: str | None) -> tuple[Ear, Opening]:
        """A new ear, and what to tell it first. `after` is the resume point as the client gave it; None: it knows nothing."""
        await self._follow(session.id, stage_log)
        listener = Listener(topics_for(session.id, stage_log, who.person_id))
        ear = Ear(session.id, session.event_id, stage_log, who.person_id, who.sign_in_id, listener)
        self.hub.join(listener)
        self.ears.add(ear)
        try:
            return ear, await self._opening(ear, after)
        except BaseException:
            self.leave(ear)
            raise

    def leave(self, ear: Ear) -> None:
        self.hub.leave(ear.listener)
        self.ears.discard(ear)

    async def tick(self) -> None:
        """Wait for votes, gather more for a moment, send the totals."""
        await self._stir.wait()
        await asyncio.sleep(TICK)
        self._stir.clear()
        gathered, self._votes = self._votes, defaultdict(dict)
        for session_id, votes in gathered.items():
            for stage_log in Log:
                self._send(log_topic(session_id, stage_log), Tick(votes=votes))
        if any(order.waits for order in self._orders.values()):
            await self._heal()

    async def look(self) -> None:
        """Cut whoever signed out or lost the role; find what the broker lost."""
        await asyncio.sleep(LOOK_EVERY)
        self._orders = {topic: order for topic, order in self._orders.items() if self.hub.has_listeners(topic)}
        if not self.ears:
            return
        async with self.database.reading() as db:
            gone = await ears_to_close(db, tuple(self.ears), self.clock.real_now())
        for ear, close in gone:
            ear.listener.end(close)
        await self._heal()

    async def _carry_out(self, session_id: UUID, who: Visitor, command: Command) -> Acknowledged:
        async with self.database.writing() as db:
            recorded = await self._record(db, session_id, who, command)
        self._publish(session_id, recorded.tells)
        return recorded.answer

    async def _record(self, db: Db, session_id: UUID, who: Visitor, command: Command) -> Recorded:
        now, real_now = self.clock.now(), self.clock.real_now()
        person = await db.get(Person, who.person_id) if who.person_id and who.sign_in_id else None
        if person is None or not who.sign_in_id or not await is_signed_in(db, who.sign_in_id, real_now):
            raise SignInNeeded("Sign in first: asking and voting are for people who are registered.")
        return await perform(db, session_id, person, command, now, real_now)

    async def _opening(self, ear: Ear, after: str | None) -> Opening:
        """Snapshot or log, and where the log stands: one moment of the database. The ear listens already, so nothing falls between."""
        async with self.database.reading() as db:
            cut = await cut_of(db, ear.session_id, ear.person_id)
            head = cut.seq(ear.log)
            point = None if after is None else resume_point(after, head)
            lines = await lines_after(db, ear.session_id, ear.log, point, MAX_REPLAY) if isinstance(point, int) else []
        words = first_words(cut.state, ear.log, head, ear.person_id, point, [text for _, text in lines])
        return Opening(words, head)

    async def _follow(self, session_id: UUID, stage_log: Log) -> None:
        """Know where this log stands, so that its lines can be let through in order."""
        topic = log_topic(session_id, stage_log)
        while (order := self._orders.setdefault(topic, InOrder())).head is None:
            async with self.database.reading() as db:
                heads = await heads_of(db, [session_id])
            self._let_through(order.start(heads.get((session_id, stage_log), 0)))

    async def _heal(self) -> None:
        """Fetch from the logs what was recorded and never arrived."""
        async with self.database.reading() as db:
            heads = await heads_of(db, {ear.session_id for ear in self.ears})
            for (session_id, stage_log), head in heads.items():
                topic = log_topic(session_id, stage_log)
                order = self._orders.get(topic)
                if order is None or order.head is None or order.head >= head:
                    continue
                for seq, text in await lines_after(db, session_id, stage_log, order.head, MAX_REPLAY):
                    self._let_through(order.offer(Parcel(topic, seq, text)))

    def _publish(self, session_id: UUID, tells: Tells) -> None:
        """Never waits."""
        for stage_log, line in ((Log.public, tells.public), (Log.moderators, tells.moderators)):
            if line:
                self._send(log_topic(session_id, stage_log), line, line.seq)
        if tells.own:
            person_id, word = tells.own
            self._send(own_topic(session_id, person_id), word)
        if tells.votes:
            question_id, votes = tells.votes
            known = self._votes[session_id]
            known[question_id] = max(votes, known.get(question_id, 0))  # commits may overtake each other on the way here
            self._stir.set()

    def _send(self, topic: str, message: Message, seq: int | None = None) -> None:
        self._broker.send(Parcel(topic, seq, line_text(message.model_dump(mode="json"))))

    def _deliver(self, parcel: Parcel) -> None:
        """What the broker brings, from this process or another."""
        if parcel.seq is None:
            self.hub.publish(parcel)
            return
        order = self._orders.get(parcel.topic)
        if order:  # otherwise nobody listens here
            self._let_through(order.offer(parcel))
            if order.waits:
                self._stir.set()

    def _let_through(self, parcels: list[Parcel]) -> None:
        for parcel in parcels:
            self.hub.publish(parcel)

    def _keep(self, work: Coroutine[Any, Any, Acknowledged]) -> asyncio.Task[Acknowledged]:
        task = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)
        return task

    async def _again_and_again(self, act: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while True:
            try:
                await act()
            except Exception:  # a database that is away for a while ends nothing here
                log.exception("the floor's %s failed", act.__name__)
                await asyncio.sleep(1)


def floor_of(connection: HTTPConnection) -> Floor:
    floor: Floor = connection.app.state.floor
    return floor
