"""Who is on which stage now: each person once, in however many tabs and processes."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlmodel import col, delete, select

from conference.live.messages import Here
from conference.live.tables import LiveProcess, Presence
from conference.storage.database import Database, Db, in_parts
from conference.storage.ids import new_id
from conference.wire.doors import count_down

BEAT = 1.5  # seconds between two looks at who is here
DEAD = timedelta(seconds=5)  # without a beat, and a process counts as dead
FORGOTTEN = timedelta(minutes=1)  # after which its rows are removed
Seat = tuple[UUID, UUID]  # session, person


class Presences:
    """This process's own listeners as they come and go; where there are other processes, everybody's, by way of the database."""

    def __init__(self, *, shared: bool) -> None:
        self.shared = shared
        self.process_id = new_id()
        self._people: dict[UUID, Counter[UUID]] = defaultdict(Counter)  # session, person: open pages
        self._guests: Counter[UUID] = Counter()
        self._moved: set[Seat] = set()  # whose rows may not be right any more
        self._afresh = False  # all of our rows may not be right
        self._rows: dict[Seat, UUID] = {}
        self._everybody: dict[UUID, Here] = {}
        self._told: dict[UUID, Here] = {}

    def enter(self, session_id: UUID, person_id: UUID | None) -> None:
        if person_id is None:
            self._guests[session_id] += 1
            return
        self._people[session_id][person_id] += 1
        self._note(session_id, person_id)

    def leave(self, session_id: UUID, person_id: UUID | None) -> None:
        if person_id is None:
            count_down(self._guests, session_id)
            return
        count_down(self._people[session_id], person_id)
        self._note(session_id, person_id)

    def here(self, session_id: UUID) -> Here:
        """Never less than this process's own."""
        own = self._own(session_id)
        known = self._everybody.get(session_id, own) if self.shared else own
        return Here(people=max(known.people, own.people), guests=max(known.guests, own.guests))

    async def people(self, db: Db, session_id: UUID, real_now: datetime) -> frozenset[UUID]:
        """Who is on a stage, through whichever process. Of our own we know better than our rows do, which follow a moment later."""
        ours = frozenset(self._people.get(session_id, ()))
        if not self.shared:
            return ours
        others = select(Presence.person_id).join(LiveProcess).where(Presence.session_id == session_id)
        alive = (Presence.process_id != self.process_id, col(LiveProcess.beat_at) >= real_now - DEAD)
        return ours | frozenset(await db.exec(others.where(*alive)))

    def news(self) -> dict[UUID, Here]:
        """The stages with other counts than were told last."""
        stages = {session_id for session_id, people in self._people.items() if people} | set(self._guests)
        now = {session_id: self.here(session_id) for session_id in stages}
        changed = {session_id: here for session_id, here in now.items() if self._told.get(session_id) != here}
        self._told = now
        self._people = defaultdict(Counter, {session_id: people for session_id, people in self._people.items() if people})
        return changed

    async def exchange(self, database: Database, real_now: datetime) -> None:
        """Write down who came and left here, and read who is anywhere. Does nothing for a process that is alone."""
        if not self.shared:
            return
        moved, self._moved = self._moved, set()
        try:
            async with database.writing() as db:
                rows = await self._write(db, moved, real_now)
        except BaseException:
            self._moved |= moved
            self._afresh = True  # it may or may not have been written
            raise
        self._afresh = False
        self._rows = rows
        async with database.reading() as db:
            self._everybody = await _everybody(db, real_now - DEAD)

    async def say_goodbye(self, database: Database) -> None:
        if self.shared:
            async with database.writing() as db:
                await db.exec(delete(LiveProcess).where(col(LiveProcess.id) == self.process_id))

    async def _write(self, db: Db, moved: set[Seat], real_now: datetime) -> dict[Seat, UUID]:
        """Our beat, and the rows that changed; all of them where others took us for dead. Returns the rows that are there then."""
        rows = dict(self._rows)
        guests = {str(session_id): count for session_id, count in self._guests.items()}
        beat = update(LiveProcess).where(col(LiveProcess.id) == self.process_id).values(beat_at=real_now, guests=guests)
        if self._afresh:
            await db.exec(delete(LiveProcess).where(col(LiveProcess.id) == self.process_id))
        if not (await db.exec(beat)).rowcount:
            await db.exec(delete(LiveProcess).where(col(LiveProcess.beat_at) < real_now - FORGOTTEN))
            await db.exec(insert(LiveProcess), params=[{"id": self.process_id, "beat_at": real_now, "guests": guests}])
            rows, moved = {}, {(session_id, person_id) for session_id, people in self._people.items() for person_id in people}
        came = {seat: new_id() for seat in moved if seat not in rows and self._is_here(seat)}
        left = [seat for seat in moved if seat in rows and not self._is_here(seat)]
        for some in in_parts([rows.pop(seat) for seat in left]):
            await db.exec(delete(Presence).where(col(Presence.id).in_(some)))
        new = [
            {"id": row_id, "process_id": self.process_id, "session_id": session_id, "person_id": person_id}
            for (session_id, person_id), row_id in came.items()
        ]
        for part in in_parts(new):
            await db.exec(insert(Presence), params=part)
        return rows | came

    def _note(self, session_id: UUID, person_id: UUID) -> None:
        if self.shared:
            self._moved.add((session_id, person_id))

    def _is_here(self, seat: Seat) -> bool:
        session_id, person_id = seat
        return person_id in self._people.get(session_id, ())

    def _own(self, session_id: UUID) -> Here:
        return Here(people=len(self._people.get(session_id, ())), guests=self._guests.get(session_id, 0))


async def _everybody(db: Db, since: datetime) -> dict[UUID, Here]:
    """Who is on each stage through a process whose last beat is younger than `since`."""
    counted = select(Presence.session_id, func.count(func.distinct(Presence.person_id))).join(LiveProcess)
    alive = col(LiveProcess.beat_at) >= since
    people = dict((await db.exec(counted.where(alive).group_by(col(Presence.session_id)))).all())
    guests: Counter[UUID] = Counter()
    for some in await db.exec(select(LiveProcess.guests).where(alive)):
        guests.update({UUID(session_id): count for session_id, count in some.items()})
    return {each: Here(people=people.get(each, 0), guests=guests[each]) for each in {*people, *guests}}
