"""A stage in memory that is played through: it numbers its logs as the database does, and tells as the post does."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID

from conference.errors import Refusal
from conference.live.commands import Command
from conference.live.folding import fold, tick_of, totals_in
from conference.live.happenings import Happening
from conference.live.messages import Said, Snapshot, YourPart
from conference.live.stage import decide, evolve
from conference.live.state import Actor, Run, Setting, StageState
from conference.live.tables import Log
from conference.live.telling import Numbers, Tells, tell
from conference.live.totals import Totals
from conference.live.views import Total, mine_of, snapshot
from tests.live.moves import DELEGATES, EVENT, HELD, MODERATORS, PROLOGUE, SESSION, SPEAKER, START, Move, command_of

PEOPLE = {number: UUID(int=number + 1) for number in (*DELEGATES, *MODERATORS, SPEAKER)}
NAMES = {person_id: f"Name-of-{number}-" for number, person_id in PEOPLE.items()}
SPEAKER_ID = PEOPLE[SPEAKER]
STAGE = UUID(int=77)


@dataclass
class Listening:
    """A listener as the wire serves it: its log's lines, its own words, and the ticks."""

    log: Log
    person_id: UUID | None
    held: Snapshot
    heard: list[str] = field(default_factory=list)

    def hear(self, message: Any) -> None:
        text = message.model_dump_json()
        self.heard.append(text)
        self.held = fold(self.held, Said.validate_json(text))  # type: ignore[arg-type]

    @property
    def said(self) -> str:
        return "".join(self.heard) + self.held.model_dump_json()


class Play:
    """Totals and what is owed wait for a tick, as they do in a house; `late` totals come from another process, the last one first."""

    def __init__(self, before: Iterable[Move] = PROLOGUE, *, late: bool = False) -> None:
        self.state = StageState(run=Run(chat_open=True, held_words=HELD))
        self.now = START
        self.public_seq = self.moderators_seq = self.votes_seq = self.moves = 0
        self.happenings: list[tuple[Happening, Tells]] = []
        self.listening: list[Listening] = []
        self.owed: set[UUID] = set()
        self.totals, self.late = Totals(), late
        self.on_the_way: list[tuple[int, dict[str, Total]]] = []
        for each in before:
            self.move(each)
        self.tick()

    def play(self, moves: Iterable[Move]) -> "Play":
        for move in moves:
            self.move(move)
        self.tick()
        return self

    def seq(self, log: Log) -> int:
        return self.public_seq if log == Log.public else self.moderators_seq

    def fresh(self, log: Log, person_id: UUID | None) -> Snapshot:
        made = snapshot(self.state, log, self.seq(log), person_id, speaks=person_id == SPEAKER_ID)
        return Snapshot.model_validate_json(made.model_dump_json())

    def listen(self) -> "Play":
        """Everybody on the public log, and the moderators on theirs."""
        moderators = [PEOPLE[number] for number in MODERATORS]
        for log, people in ((Log.public, (None, *PEOPLE.values())), (Log.moderators, moderators)):
            self.listening += [Listening(log, person_id, self.fresh(log, person_id)) for person_id in people]
        return self

    def move(self, move: Move) -> Happening | None:
        self.moves += 1
        self.now += timedelta(seconds=move.seconds)
        if move.kind == "tick":
            self.tick()
            return None
        return self._first_allowed(move)

    def act(self, who: int, command: Command) -> Happening:
        """Raises Refusal."""
        person_id, moderates = PEOPLE[who], who in MODERATORS
        actor = Actor(person_id, NAMES[person_id], takes_part=not moderates, moderates=moderates, speaks=person_id == SPEAKER_ID)
        happening = decide(self.state, command, actor, Setting(EVENT, SESSION, self.now, UUID(int=1000 + self.moves)))
        self.state = evolve(self.state, happening)
        self._tell(happening)
        return happening

    def tick(self) -> None:
        """What changed of the totals, and all that is their own to those who are owed it."""
        self._learn()
        told = self.totals.take(lambda _: False).get(STAGE)
        for each in self.listening:
            if told:
                each.hear(tick_of(told))
            if each.person_id in self.owed:
                each.hear(YourPart(mine=mine_of(self.state, each.person_id, speaks=each.person_id == SPEAKER_ID)))
        self.owed = set()

    def _learn(self) -> None:
        while self.on_the_way:
            self.totals.learn(STAGE, *self.on_the_way.pop())

    def _first_allowed(self, move: Move) -> Happening | None:
        """On the first thing for which it may be done; None: on none of those that were tried."""
        for other, which in product(range(2), range(4)):
            tried = replace(move, which=move.which + which, other=move.other + other)
            with suppress(Refusal):
                return self.act(move.who, command_of(tried, self.moves, self.state))
        return None

    def _tell(self, happening: Happening) -> None:
        tells = tell(happening, self.state, Numbers(self.public_seq + 1, self.moderators_seq + 1, self.now))
        self.happenings.append((happening, tells))
        self.public_seq += tells.public is not None
        self.moderators_seq += tells.moderators is not None
        if tells.totals:
            self.votes_seq += 1
            self.on_the_way.append((self.votes_seq, dict(tells.totals)))
            if not self.late:
                self._learn()
        for each in self.listening:
            self._tell_one(each, tells)
        self.owed |= tells.owes | ({SPEAKER_ID} if tells.cues else set())

    def _tell_one(self, each: Listening, tells: Tells) -> None:
        line = tells.public if each.log == Log.public else tells.moderators
        if line:
            each.hear(line)
            for key in totals_in(line.model_dump(mode="json")):
                if (total := self.totals.youngest(STAGE, key)) is not None:
                    each.hear(tick_of({key: total}))
        if tells.own and tells.own[0] == each.person_id:
            each.hear(tells.own[1])
