"""What listeners here are told: our own commits at once, those of other processes by the broker, what that lost by the logs."""

import asyncio
import json
import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from conference.broker import Broker, Parcel
from conference.live.actions import Recorded
from conference.live.commands import Message
from conference.live.ears import log_topic, own_topic
from conference.live.messages import Delayed, Here, Tick, YourPart
from conference.live.queries import Heads, cut_of, heads_of, line_text, lines_after, people_with_news, totals_of
from conference.live.resume import MAX_REPLAY, tick_text
from conference.live.tables import Log
from conference.live.totals import Totals
from conference.live.views import mine_of
from conference.storage.database import Database, Db
from conference.storage.ids import first_id_at
from conference.wire.codes import HOLE
from conference.wire.hub import Hub
from conference.wire.order import InOrder

TOTALS = "totals:"
MARGIN = timedelta(seconds=10)  # between a parcel that was lost and the moment we knew
log = logging.getLogger("conference.live")


class Post:
    """Keeps each log in order, and totals young. The database is the truth; everything here can be lost at any moment."""

    def __init__(self, database: Database, hub: Hub, broker: Broker, stir: asyncio.Event) -> None:
        self.database, self.hub, self.broker = database, hub, broker
        self.stir = stir  # set when there is something for the next tick
        self.totals = Totals()
        self.uncertain_since: datetime | None = None  # real time; words for one person may have been lost since
        self._orders: dict[str, InOrder] = {}  # by topic
        self._healed: dict[UUID, int] = {}  # session: where its totals stood when they were last compared

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
        for stage_log, line in ((Log.public, tells.public), (Log.moderators, tells.moderators)):
            if line:
                self._everywhere(Parcel(log_topic(session_id, stage_log), line.seq, line_text(line.model_dump(mode="json"))))
        if tells.own:
            person_id, word = tells.own
            self._everywhere(Parcel(own_topic(session_id, person_id), None, word.model_dump_json()))
        if tells.votes:
            question_id, votes = tells.votes
            self._learn(session_id, recorded.votes_seq, {question_id: votes})
            if self.broker.shared:
                told = json.dumps([recorded.votes_seq, str(question_id), votes])
                self.broker.send(Parcel(f"{TOTALS}{session_id}", None, told))

    def deliver(self, parcel: Parcel) -> None:
        """What came from here or from another process."""
        if parcel.topic.startswith(TOTALS):
            seq, question_id, votes = json.loads(parcel.text)
            session_id = UUID(parcel.topic.removeprefix(TOTALS))
            if self._has_listeners(session_id):
                self._learn(session_id, seq, {UUID(question_id): votes})
        elif parcel.seq is None:
            self.hub.publish(parcel)
        elif order := self._orders.get(parcel.topic):  # otherwise nobody listens here
            self._let_through(order.offer(parcel))
            if order.waits:
                self.stir.set()

    def tell_totals(self) -> None:
        for session_id, votes in self.totals.take(self._is_busy).items():
            self.tell_all(session_id, Tick(votes=votes))
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
        self.totals.keep_only(session_ids)

    async def heal(self, session_ids: Collection[UUID], real_now: datetime) -> None:
        """Fetch from the database what was recorded and never arrived."""
        since, was_up = self.uncertain_since, self.broker.is_up
        async with self.database.reading() as db:
            heads = await heads_of(db, session_ids)
            for session_id, head in heads.items():
                for stage_log in Log:
                    await self._heal_log(db, session_id, stage_log, head.of(stage_log))
            if self.broker.shared:
                await self._heal_totals(db, heads)
            if since:
                await self._heal_own(db, session_ids, since)
        if since and self.uncertain_since == since:
            self.uncertain_since = None if was_up else real_now - MARGIN

    async def _heal_log(self, db: Db, session_id: UUID, stage_log: Log, head: int) -> None:
        topic = log_topic(session_id, stage_log)
        order = self._orders.get(topic)
        if order is None or order.head is None or order.head >= head:
            return
        after = order.head
        lines = await lines_after(db, session_id, stage_log, after, MAX_REPLAY)
        if not lines or lines[0][0] > after + 1:  # a rehearsal's lines were taken out
            order.jump(head)
            self.hub.end_all(topic, HOLE)
        for seq, text in lines:
            self._let_through(order.offer(Parcel(topic, seq, text)))

    async def _heal_totals(self, db: Db, heads: dict[UUID, Heads]) -> None:
        moved = {session_id: head.votes for session_id, head in heads.items() if self._healed.get(session_id) != head.votes}
        for session_id, votes in (await totals_of(db, moved)).items() if moved else ():
            self._learn(session_id, moved[session_id], votes)
        self._healed.update(moved)

    async def _heal_own(self, db: Db, session_ids: Collection[UUID], since: datetime) -> None:
        for session_id, person_id in await people_with_news(db, session_ids, first_id_at(since)):
            topic = own_topic(session_id, person_id)
            if self.hub.has_listeners(topic):
                cut = await cut_of(db, session_id, person_id)
                self.hub.publish(Parcel(topic, None, YourPart(mine=mine_of(cut.state, person_id)).model_dump_json()))

    def _everywhere(self, parcel: Parcel) -> None:
        self.deliver(parcel)
        self.broker.send(parcel)

    def _learn(self, session_id: UUID, seq: int, votes: dict[UUID, int]) -> None:
        if self.totals.learn(session_id, seq, votes):
            self.stir.set()

    def _let_through(self, parcels: list[Parcel]) -> None:
        for parcel in parcels:
            self.hub.publish(parcel)

    def _is_busy(self, session_id: UUID) -> bool:
        return any(self.hub.is_busy(log_topic(session_id, stage_log)) for stage_log in Log)

    def _has_listeners(self, session_id: UUID) -> bool:
        return any(self.hub.has_listeners(log_topic(session_id, stage_log)) for stage_log in Log)
