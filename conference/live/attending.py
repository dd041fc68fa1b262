"""For how long each person is on which stage of this process: in memory, and about once a minute in the database.

A tab that opens or closes costs nothing but a count. A process that dies takes at most what it had not written down yet.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from conference.attendance.noting import note_attendance
from conference.attendance.spans import Span, joined, within
from conference.clock import Clock
from conference.live.tables import Stage
from conference.programme.tables import Session
from conference.storage.database import Database, Db, in_parts
from conference.wire.doors import count_down

EVERY = 45.0  # seconds between two times of writing down
Seat = tuple[UUID, UUID]  # session, person
Spans = Mapping[UUID, list[Span]]  # by person


class Attending:
    """Two tabs count once: from the first that opens to the last that closes."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock
        self._tabs: Counter[Seat] = Counter()
        self._since: dict[Seat, int] = {}  # real Unix seconds
        self._owed: dict[UUID, dict[UUID, list[Span]]] = defaultdict(dict)  # by session and person: over, and not written down

    def enter(self, session_id: UUID, person_id: UUID | None) -> None:
        """Guests are counted nowhere: nobody knows who they are."""
        if person_id:
            self._tabs[session_id, person_id] += 1
            self._since.setdefault((session_id, person_id), self._seconds())

    def leave(self, session_id: UUID, person_id: UUID | None) -> None:
        if person_id:
            seat = session_id, person_id
            count_down(self._tabs, seat)
            if not self._tabs[seat]:
                self._owe(seat, self._since.pop(seat), self._seconds())

    async def write_down(self) -> None:
        """What came together since the last time. What can't be written is kept for the next."""
        now = self._seconds()
        for seat, since in self._since.items():
            self._owe(seat, since, now)
            self._since[seat] = now
        owed, self._owed = self._owed, defaultdict(dict)
        ahead = round((self.clock.offset or timedelta()).total_seconds())
        while owed:
            session_id, people = owed.popitem()
            try:
                await self._write(session_id, people, ahead)
            except BaseException:
                for kept_id, kept in {**owed, session_id: people}.items():
                    for person_id, spans in kept.items():
                        self._owed[kept_id].setdefault(person_id, []).extend(spans)
                raise

    async def _write(self, session_id: UUID, people: Spans, ahead: int) -> None:
        for some in in_parts(sorted(people)):
            async with self.database.writing() as db:
                if bounds := await _bounds(db, session_id):
                    moved = {each: [within((start + ahead, end + ahead), bounds) for start, end in people[each]] for each in some}
                    await note_attendance(db, session_id, {each: spans for each, spans in moved.items() if joined(spans)})

    def _owe(self, seat: Seat, since: int, until: int) -> None:
        if until > since:
            self._owed[seat[0]].setdefault(seat[1], []).append((since, until))

    def _seconds(self) -> int:
        return int(self.clock.real_now().timestamp())


async def _bounds(db: Db, session_id: UUID) -> Span | None:
    """From when until when being there counts: while the session runs, with the delay that moderators told."""
    late = select(Session.starts_at, Session.ends_at, Stage.late_minutes).join(Stage, col(Stage.session_id) == Session.id, isouter=True)
    found = (await db.exec(late.where(Session.id == session_id))).first()
    if found is None:
        return None
    starts_at, ends_at, minutes = found
    return int(starts_at.timestamp()), int(ends_at.timestamp()) + 60 * (minutes or 0)
