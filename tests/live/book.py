"""A stage twice: in a real database, and in memory as the pure core has it. Commands go to both, and both must say the same."""

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count, product
from typing import Any
from uuid import UUID

import pytest

from conference.errors import Refusal
from conference.live.actions import Recorded, perform, perform_all
from conference.live.commands import Command
from conference.live.queries import Cut, Heads, cut_of, lines_after, mine_of_each, totals_of
from conference.live.stage import decide, evolve
from conference.live.state import Actor, Setting, StageState
from conference.live.tables import Log
from conference.live.telling import Numbers, tell
from conference.live.views import mine_of, snapshot, totals
from conference.people.actions import grant_role, know_person
from conference.people.tables import Person, RoleKind
from conference.programme.tables import Event, EventFormat, RegistrationKind, Room, Session, SessionSpeaker, SessionType, Speaker, Venue
from conference.registration.actions import register_person
from conference.storage.database import Database, Db
from tests.live.moves import DELEGATES, MODERATORS, NOWHERE, SPEAKER, Move, command_of

REAL = datetime(2026, 3, 1, 12, tzinfo=UTC)
PLACES = count(1)
WHOLE = ("questions", "polls", "chat", "captions", "cues", "help", "silences", "run")  # what a stage's rows say of everybody


@dataclass
class Book:
    """One stage twice: in the database, and in memory as the pure core has it."""

    database: Database
    event: Event
    session: Session
    people: dict[int, Person]
    now: datetime
    memory: StageState = field(default_factory=StageState)
    heads: Heads = field(default_factory=Heads)
    lines: dict[Log, list[Any]] = field(default_factory=lambda: {log: [] for log in Log})
    number: int = 0

    async def play(self, moves: Sequence[Move], together: int) -> None:
        """So many commands share a transaction."""
        for start in range(0, len(moves), together):
            some = [each for each in moves[start : start + together] if each.kind != "tick"]
            self.now += timedelta(seconds=sum(each.seconds for each in some))
            await self._write([(each.who, self._command(each)) for each in some])

    async def act(self, who: int, command: Command) -> Recorded:
        """One command in a transaction of its own. Raises Refusal."""
        async with self.database.writing() as db:
            return await perform(db, self.session.id, self.people[who], command, self.now, REAL)

    async def act_together(self, given: Sequence[tuple[int, Command]]) -> list[Recorded | Refusal]:
        """In one transaction."""
        async with self.database.writing() as db:
            return await perform_all(db, self.session.id, [(self.people[who], command) for who, command in given], self.now, REAL)

    async def is_true(self) -> None:
        """Everything that can be read of the stage is what the pure core says."""
        async with self.database.reading() as db:
            everybody: list[tuple[int | None, Person | None]] = [*self.people.items(), (None, None)]
            for number, person in everybody:
                cut = await cut_of(db, self.session.id, person.id if person else None)
                assert cut.heads == self.heads
                assert [(name, getattr(cut.state, name)) for name in WHOLE] == [(name, getattr(self.memory, name)) for name in WHOLE]
                self._is_own(cut, person, speaks=number == SPEAKER)
            mine = await mine_of_each(db, self.session.id, {person.id for person in self.people.values()})
            assert mine == {person.id: mine_of(self.memory, person.id, speaks=number == SPEAKER) for number, person in self.people.items()}
            for log in Log:
                assert [json.loads(text) for _, text in await lines_after(db, self.session.id, log, 0, 10_000)] == self.lines[log]
            assert await totals_of(db, [self.session.id]) == {self.session.id: totals(self.memory)}

    def _is_own(self, cut: Cut, person: Person | None, *, speaks: bool) -> None:
        for log in Log:
            given = (log, cut.heads.of(log), person.id if person else None)
            assert snapshot(cut.state, *given, speaks=speaks) == snapshot(self.memory, *given, speaks=speaks)

    def _command(self, move: Move) -> Command:
        """On the first thing for which it may be done now."""
        self.number += 1
        for other, which in product(range(2), range(4)):
            tried = command_of(replace(move, which=move.which + which, other=move.other + other), self.number, self.memory)
            with suppress(Refusal):
                decide(self.memory, tried, self._actor(move.who), Setting(self.event, self.session, self.now, NOWHERE))
                break
        return tried

    def _actor(self, who: int) -> Actor:
        person = self.people[who]
        return Actor(person.id, person.name, takes_part=who not in MODERATORS, moderates=who in MODERATORS, speaks=who == SPEAKER)

    async def _write(self, given: Sequence[tuple[int, Command]]) -> None:
        done = await self.act_together(given)
        for (who, command), outcome in zip(given, done, strict=True):
            self._remember(who, command, outcome)

    def _remember(self, who: int, command: Command, outcome: Recorded | Refusal) -> None:
        """The core decides the same by all of the stage as the database did by the part that it read."""
        made_id = outcome.answer.subject_id if isinstance(outcome, Recorded) else None
        setting = Setting(self.event, self.session, self.now, made_id or NOWHERE)
        if isinstance(outcome, Refusal):
            with pytest.raises(type(outcome), match=re.escape(outcome.sentence)):
                decide(self.memory, command, self._actor(who), setting)
            return
        happening = decide(self.memory, command, self._actor(who), setting)
        self.memory = evolve(self.memory, happening)
        tells = tell(happening, self.memory, Numbers(self.heads.public + 1, self.heads.moderators + 1, self.now))
        assert outcome.tells == (replace(tells, owes=frozenset({self.people[SPEAKER].id})) if tells.cues else tells)
        for log, line in ((Log.public, tells.public), (Log.moderators, tells.moderators)):
            self.lines[log] += [line.model_dump(mode="json")] if line else []
        self.heads = Heads(
            self.heads.public + bool(tells.public), self.heads.moderators + bool(tells.moderators), self.heads.votes + bool(tells.totals)
        )


async def new_book(database: Database) -> Book:
    """An event and a stage of its own, that opened an hour ago; everybody but the moderators is registered."""
    number, now = next(PLACES), REAL
    async with database.writing() as db:
        event, session = await _place(db, f"event-{number}", now)
        people = {
            who: await know_person(db, f"person-{who}@stage.example", f"Person {who}", now) for who in (*DELEGATES, *MODERATORS, SPEAKER)
        }
        for who, person in people.items():
            if who in MODERATORS:
                await grant_role(db, person, event.id, RoleKind.moderator, now)
            else:
                await register_person(db, event, person, now, now)
        speaker = Speaker(event_id=event.id, slug="speaker", name="Speaker", person_id=people[SPEAKER].id)
        db.add(speaker)
        await db.flush()
        db.add(SessionSpeaker(session_id=session.id, speaker_id=speaker.id))
    return Book(database, event, session, people, now)


async def another_stage(book: Book) -> Book:
    """Of the same event."""
    async with book.database.writing() as db:
        session = await _session(db, book.event, book.session.room_id, "another", book.session.starts_at)
    return replace(book, session=session, memory=StageState(), heads=Heads(), lines={log: [] for log in Log})


async def _place(db: Db, slug: str, now: datetime) -> tuple[Event, Session]:
    hour = timedelta(hours=1)
    event = Event(
        slug=slug, title=slug, summary="", about="", format=EventFormat.online, zone="Europe/London", starts_at=now - hour,
        ends_at=now + 9 * hour, registration=RegistrationKind.open, made_at=now, modified_at=now,
    )  # fmt: skip
    venue = Venue(slug=f"{slug}-online", name="Online", zone="Europe/London", online=True)
    db.add_all((event, venue))
    await db.flush()
    room = Room(event_id=event.id, venue_id=venue.id, slug="room", name="Room")
    db.add(room)
    await db.flush()
    return event, await _session(db, event, room.id, "talk", now - hour)


async def _session(db: Db, event: Event, room_id: UUID, slug: str, starts_at: datetime) -> Session:
    session = Session(
        event_id=event.id, slug=slug, title=slug, type=SessionType.panel, room_id=room_id, starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=9), made_at=starts_at, modified_at=starts_at,
    )  # fmt: skip
    db.add(session)
    await db.flush()
    return session
