"""Everybody who listens to a stage in this process, and which of them may not any more."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from conference.live.queries import banned_people, live_sign_ins, moderators_among
from conference.live.tables import Log
from conference.storage.database import Db
from conference.wire.codes import BANNED, ROLE_ENDED, SIGNED_OUT, Close
from conference.wire.doors import Key
from conference.wire.hub import Listener


@dataclass(slots=True, eq=False)
class Ear:
    """One listener of one log, and by what right it listens."""

    session_id: UUID
    event_id: UUID
    log: Log
    person_id: UUID | None
    sign_in_id: UUID | None
    key: Key
    listener: Listener | None = None  # None until its socket is accepted
    is_gone: bool = False

    @property
    def topic(self) -> str:
        return log_topic(self.session_id, self.log)

    @property
    def topics(self) -> tuple[str, ...]:
        """What it listens to: its log, and what is for this person alone."""
        own = (own_topic(self.session_id, self.person_id),) if self.person_id else ()
        return (self.topic, *own)

    def end(self, close: Close) -> None:
        if self.listener:
            self.listener.end(close)


def log_topic(session_id: UUID, log: Log) -> str:
    return f"stage:{session_id}:{log}"


def own_topic(session_id: UUID, person_id: UUID) -> str:
    return f"stage:{session_id}:person:{person_id}"


async def ears_to_close(db: Db, ears: Iterable[Ear], now: datetime, real_now: datetime) -> list[tuple[Ear, Close]]:
    """Those whose sign-in or role ended meanwhile, or who were banned. A few queries, however many listen."""
    signed_in = [ear for ear in ears if ear.sign_in_id]
    live = await live_sign_ins(db, {ear.sign_in_id for ear in signed_in if ear.sign_in_id}, real_now)
    gone = [(ear, SIGNED_OUT) for ear in signed_in if ear.sign_in_id not in live]
    banned = await banned_people(db, {ear.event_id for ear in signed_in}, now)
    gone += [(ear, BANNED) for ear in signed_in if ear.sign_in_id in live and (ear.event_id, ear.person_id) in banned]
    by_event: dict[UUID, list[Ear]] = defaultdict(list)
    for ear in signed_in:
        if ear.log == Log.moderators and ear.sign_in_id in live:
            by_event[ear.event_id].append(ear)
    for event_id, moderating in by_event.items():
        still = await moderators_among(db, event_id, {ear.person_id for ear in moderating if ear.person_id})
        gone += [(ear, ROLE_ENDED) for ear in moderating if ear.person_id not in still]
    return gone
