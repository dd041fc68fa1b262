"""What listeners here are told: our own commits at once, those of other processes by the broker, what that lost by the logs."""

import asyncio
import itertools
import json
import re
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import select

from conference.broker import Broker, Parcel
from conference.live.actions import Recorded
from conference.live.commands import Message
from conference.live.ears import log_topic, own_topic
from conference.live.folding import tick_of, totals_in
from conference.live.messages import Delayed, Here, Tick, YourPart
from conference.live.news import people_with_news
from conference.live.owed import Owed
from conference.live.presence import DEAD
from conference.live.queries import Heads, heads_of, lines_after, mine_of_each, totals_of
from conference.live.resume import MAX_REPLAY, line_text, tick_text
from conference.live.tables import LiveProcess, Log
from conference.live.totals import Totals
from conference.live.views import Total
from conference.storage.database import Database, Db
from conference.storage.ids import first_id_at
from conference.wire.codes import HOLE
from conference.wire.hub import Hub
from conference.wire.order import InOrder

TOTALS = "totals:"
OWED = "owed:"
OWN_TOPIC = re.compile("stage:(?P<session>[^:]+):person:(?P<person>[^:]+)")
MARGIN = timedelta(seconds=30)  # between a parcel that was lost and the moment we knew


class Post:
    """Keeps each log in order, and totals young. The database is the truth; everything here can be lost at any moment."""

    def __init__(self, database: Database, hub: Hub, broker: Broker, stir: asyncio.Event) -> None:
        self.database, self.hub, self.broker = database, hub, broker
        self.stir = stir  # set when there is something for the next tick
        self.totals = Totals()
        self.uncertain_since: datetime | None = None  # real time; words for one person may have been lost since
        self._orders: dict[str, InOrder] = {}  # by topic
        self._healed: dict[UUID, int] = {}  # session: where its totals stood when they were last compared
        self._dead: set[UUID] = set()  # processes
        self._owed = Owed(hub.has_listeners)

    async def follow(self, db: Db, session_id: UUID, stage_log: Log) -> None:
        """Know where this log stands, so that its lines can be let through in order."""
        order = self._orders.setdefault(log_topic(session_id, stage_log), InOrder())
        if order.head is None:
            heads = await heads_of(db, [session_id])
            self._let_through(order.start(heads.get(session_id, Heads()).of(stage_log)))

    def has_told(self, session_id: UUID, stage_log: Log, seq: int) -> bool:
        """Whether the lines up to this one went out to the room."""
        order = self._orders.get(log_topic(session_id, stage_log))
        return order is None or order.head is None or order.head >= seq

    def publish(self, session_id: UUID, recorded: Recorded) -> None:
        """After the commit. Never waits."""
        tells = recorded.tells
        for key, total in tells.totals:  # before the line that shows the same: what is told with it is not older
            self._learn(session_id, recorded.votes_seq, {key: total})
            if self.broker.shared:
                self.broker.send(Parcel(f"{TOTALS}{session_id}", None, json.dumps([recorded.votes_seq, key, total])))
        for stage_log, line in ((Log.public, tells.public), (Log.moderators, tells.moderators)):
            if line:
                self._everywhere(Parcel(log_topic(session_id, stage_log), line.seq, line_text(line.model_dump(mode="json"))))
        if tells.own:
            person_id, word = tells.own
            self._everywhere(Parcel(own_topic(session_id, person_id), None, word.model_dump_json()))
        if tells.owes:
            where = "" if tells.everywhere else session_id
            self._everywhere(Parcel(f"{OWED}{where}", None, json.dumps([str(person_id) for person_id in tells.owes])))

    def deliver(self, parcel: Parcel) -> None:
        """What came from another process. Words for one person may be late: what was told here meanwhile is younger."""
        if parcel.seq is None and (person := OWN_TOPIC.fullmatch(parcel.topic)):
            self._owed.owe([(UUID(person["session"]), UUID(person["person"]))])
        self._take_in(parcel)

    def _take_in(self, parcel: Parcel) -> None:
        if parcel.topic.startswith(TOTALS):
            seq, key, total = json.loads(parcel.text)
            session_id = UUID(parcel.topic.removeprefix(TOTALS))
            if self._has_listeners(session_id):
                self._learn(session_id, seq, {key: total})
        elif parcel.topic.startswith(OWED):
            where = parcel.topic.removeprefix(OWED)
            people = [UUID(person_id) for person_id in json.loads(parcel.text)]
            if self._owed.owe(itertools.product([UUID(where)] if where else self._followed, people)):
                self.stir.set()
        elif parcel.seq is None:
            self._tell_one(parcel)
        elif order := self._orders.get(parcel.topic):  # otherwise nobody listens here
            self._let_through(order.offer(parcel))
            if order.waits:
                self.stir.set()

    def tell_totals(self) -> None:
        for session_id, told in self.totals.take(self._is_busy).items():
            self.tell_all(session_id, tick_of(told))
        if self.totals.waits:
            self.stir.set()

    def tell_here(self, session_id: UUID, here: Here) -> None:
        self.tell_all(session_id, Tick(here=here))

    def tell_delayed(self, session_ids: Collection[UUID], *, delayed: bool) -> None:
        for session_id in session_ids:
            self.tell_all(session_id, Delayed(delayed=delayed))

    def tell_all(self, session_id: UUID, message: Message) -> None:
        """To everybody who listens to this stage here."""
        text = tick_text(message) if isinstance(message, Tick) else message.model_dump_json()
        for stage_log in Log:
            self.hub.publish(Parcel(log_topic(session_id, stage_log), None, text))

    @property
    def waits(self) -> bool:
        """Whether a line is held back because one before it has not come."""
        return any(order.waits for order in self._orders.values())

    def tidy(self, session_ids: Collection[UUID]) -> None:
        """Forget what nobody listens to here; `session_ids` are the stages with listeners."""
        self._orders = {topic: order for topic, order in self._orders.items() if self.hub.has_listeners(topic)}
        self._healed = {session_id: seq for session_id, seq in self._healed.items() if session_id in session_ids}
        self._owed.tidy()
        self.totals.keep_only(session_ids)

    async def heal_lines(self, session_ids: Collection[UUID]) -> None:
        """As much of it as cannot wait for the next look: a line that others wait for."""
        async with self.database.reading() as db:
            await self._heal_logs(db, session_ids)

    @property
    def owes(self) -> bool:
        """Whether somebody is to be told all that is their own."""
        return bool(self._owed.whom)

    async def tell_owed(self, session_ids: Collection[UUID]) -> None:
        words = self._owed.words
        async with self.database.reading() as db:
            await self._heal_own(db, await heads_of(db, session_ids), words)

    async def heal(self, session_ids: Collection[UUID], real_now: datetime) -> None:
        """Fetch from the database what was recorded and never arrived."""
        was_up, words = self.broker.is_up, self._owed.words
        async with self.database.reading() as db:
            if self.broker.shared:
                await self._notice_deaths(db, real_now)
            since = self.uncertain_since
            heads = await self._heal_logs(db, session_ids)
            await self._heal_totals(db, heads)
            if since:
                self._owed.whom |= await people_with_news(db, session_ids, first_id_at(since))
            await self._heal_own(db, heads, words)
        if since and self.uncertain_since == since:
            self.uncertain_since = None if was_up else real_now - MARGIN

    async def _notice_deaths(self, db: Db, real_now: datetime) -> None:
        """A process that died took with it what it had not sent yet."""
        beats = dict((await db.exec(select(LiveProcess.id, LiveProcess.beat_at).where(LiveProcess.beat_at < real_now - DEAD))).all())
        died = [beat_at - MARGIN for process_id, beat_at in beats.items() if process_id not in self._dead]
        self._dead = set(beats)
        if died:
            self.uncertain_since = min(died + ([self.uncertain_since] if self.uncertain_since else []))

    async def _heal_logs(self, db: Db, session_ids: Collection[UUID]) -> dict[UUID, Heads]:
        heads = await heads_of(db, session_ids)
        for session_id, head in heads.items():
            for stage_log in Log:
                await self._heal_log(db, session_id, stage_log, head.of(stage_log))
        return heads

    async def _heal_log(self, db: Db, session_id: UUID, stage_log: Log, head: int) -> None:
        topic = log_topic(session_id, stage_log)
        order = self._orders.get(topic)
        if order is None or order.head is None or order.head >= head:
            return
        after = order.head
        lines = await lines_after(db, session_id, stage_log, after, MAX_REPLAY)
        if (not lines or lines[0][0] > after + 1) and order.head < head:  # a rehearsal's lines were taken out
            order.jump(head)
            self.hub.end_all(topic, HOLE)
        for seq, text in lines:
            self._let_through(order.offer(Parcel(topic, seq, text)))

    async def _heal_totals(self, db: Db, heads: dict[UUID, Heads]) -> None:
        moved = {session_id: head.votes for session_id, head in heads.items() if self._healed.get(session_id) != head.votes}
        for session_id, totals in (await totals_of(db, moved)).items() if moved else ():
            self._learn(session_id, moved[session_id], totals)
        self._healed.update(moved)

    async def _heal_own(self, db: Db, heads: dict[UUID, Heads], words: int) -> None:
        """`words` is how many went out before this moment of the database: who heard a younger one is told next time."""
        self._owed.tidy()
        by_session: dict[UUID, set[UUID]] = defaultdict(set)
        for session_id, person_id in self._owed.whom:
            by_session[session_id].add(person_id)
        for session_id, people in by_session.items():
            for person_id, mine in (await mine_of_each(db, session_id, people)).items():
                is_old = bool(mine.waiting) and self._has_told_more(session_id, heads.get(session_id, Heads()))
                if not is_old and not self._owed.has_heard_since((session_id, person_id), words):
                    self._tell_one(Parcel(own_topic(session_id, person_id), None, YourPart(mine=mine).model_dump_json()))
                    self._owed.whom.discard((session_id, person_id))

    def _has_told_more(self, session_id: UUID, heads: Heads) -> bool:
        """Whether a question that waited then may be on the stage by now."""
        order = self._orders.get(log_topic(session_id, Log.public))
        return bool(order and order.head and order.head > heads.public)

    def _tell_one(self, parcel: Parcel) -> None:
        self._owed.count(parcel.topic)
        self.hub.publish(parcel)

    def _everywhere(self, parcel: Parcel) -> None:
        self._take_in(parcel)
        self.broker.send(parcel)

    def _learn(self, session_id: UUID, seq: int, totals: dict[str, Total]) -> None:
        if self.totals.learn(session_id, seq, totals):
            self.stir.set()

    @property
    def _followed(self) -> set[UUID]:
        """The sessions whose logs are followed here."""
        return {UUID(topic.split(":")[1]) for topic in self._orders}

    def _let_through(self, parcels: list[Parcel]) -> None:
        for parcel in parcels:
            self.hub.publish(parcel)
            session_id = UUID(parcel.topic.split(":")[1])
            for key in totals_in(json.loads(parcel.text)):
                if (total := self.totals.youngest(session_id, key)) is not None:  # it overtook what it counts for, or is younger
                    self.tell_all(session_id, tick_of({key: total}))

    def _is_busy(self, session_id: UUID) -> bool:
        return any(self.hub.is_busy(log_topic(session_id, stage_log)) for stage_log in Log)

    def _has_listeners(self, session_id: UUID) -> bool:
        return any(self.hub.has_listeners(log_topic(session_id, stage_log)) for stage_log in Log)
