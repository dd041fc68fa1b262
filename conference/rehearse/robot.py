"""One robot: hears what is told on a stage, asks and votes, and sends again what was not acknowledged."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from conference.rehearse.caller import Caller
from conference.rehearse.ledger import Ledger
from conference.rehearse.line import Place
from conference.rehearse.messages import LINES, QUIET, Message, Screen, read

TRIES = 4  # to be heard
AGAIN = 1.5  # seconds before a command is sent again that the house had no time for
LATER = frozenset({"too_many", "busy", "fault"})  # refusals that another try may turn


@dataclass(slots=True)
class Sent:
    """A command that waits for its answer."""

    kind: str
    text: str
    at: float
    then: Callable[[str], None] | None  # with the question's id
    tries: int = 1


@dataclass(slots=True)
class Unseen:
    """A vote whose total was not seen yet. `rank`: the votes of its question when it was acknowledged."""

    sent_at: float
    rank: int | None = None
    totals: list[tuple[float, int]] = field(default_factory=list)


class Robot(Caller):
    """`heard_question` is called with the robot and the id of each question that appears."""

    def __init__(self, number: int, token: str, place: Place, ledger: Ledger, run: str, *, log: str = "public") -> None:
        super().__init__(token, place, ledger, log)
        self.number, self.run = number, run  # the run's name, in the ids of its commands: no two runs share one
        self.screen: Screen | None = None  # kept by a sample of robots
        self.heard_question: Callable[[Robot, str], None] = _nothing
        self.takes_part = False
        self.pending: dict[str, Sent] = {}
        self.unseen: dict[str, Unseen] = {}
        self._count = 0

    def send(self, kind: str, then: Callable[[str], None] | None = None, **command: Any) -> None:
        """Send a command, now or once there is a line; again after every loss of it until it is answered."""
        self._count += 1
        client_id = f"{self.run}-{self.number}-{self._count}"
        text = json.dumps({"type": kind, "client_id": client_id, **command})
        self.pending[client_id] = Sent(kind, text, self.loop.time(), then)
        if self.line and self.ready:
            self.line.say(text)

    def vote(self, question_id: str) -> None:
        self.unseen[question_id] = Unseen(self.loop.time())
        self.send("upvote", question_id=question_id)

    def hear(self, payload: bytes) -> None:
        self.heard_at = self.loop.time()
        message = read(payload)
        if self.screen:
            self.screen.hear(payload, message)
        kind = message.get("type")
        act = _ACTS.get(kind) if isinstance(kind, str) else None
        if act:
            act(self, message)
        elif kind not in QUIET:
            self.ledger.unknown[str(kind)] += 1

    def _welcome(self, message: Message) -> None:
        self.takes_part = message["may_take_part"]

    def _snapshot(self, message: Message) -> None:
        self.hearing.snapshot(message["seq"])
        self._resumed(message)

    def _resumed(self, _: Message) -> None:
        self.begin()
        self._say_again()

    def _tick(self, message: Message) -> None:
        if self.unseen:
            votes = message.get("votes", {})
            for question_id in [each for each in self.unseen if each in votes]:
                self.unseen[question_id].totals.append((self.heard_at, votes[question_id]))
                self._look(question_id)

    def _line(self, message: Message) -> None:
        if not self.hearing.line(message["seq"]):
            return
        kind = message["type"]
        question_id = message.get("question_id") or message.get("question", {}).get("id", "")
        self.ledger.was_told(kind, question_id, self.heard_at)
        if kind == "question_approved":
            self.heard_question(self, question_id)

    def _acknowledged(self, message: Message) -> None:
        sent = self.pending.pop(message["client_id"], None)
        if not sent:
            return
        question_id = message["subject_id"]
        rank = self.ledger.answered(sent.kind, question_id, sent.at, self.heard_at)
        if sent.kind == "upvote" and question_id in self.unseen:
            self.unseen[question_id].rank = rank
            self._look(question_id)
        if sent.then:
            sent.then(question_id)

    def _refused(self, message: Message) -> None:
        """What may succeed later is sent again; the rest is over. Some refusals don't say of what: any that waits may be meant."""
        code, client_id = message["code"], message["client_id"]
        self.ledger.refused[code] += 1
        meant = self.pending.get(client_id) if client_id else next(iter(self.pending.values()), None)
        if meant and code in LATER and meant.tries < TRIES:
            meant.tries += 1
            self.loop.call_later(AGAIN * meant.tries * random.uniform(0.5, 1), self._say_again)  # noqa: S311 - not secret
        elif client_id:
            self.pending.pop(client_id, None)

    def _say_again(self) -> None:
        """Nothing is done twice by it: a command's client_id is one act."""
        if self.line and self.ready:
            for sent in self.pending.values():
                self.line.say(sent.text)

    def _look(self, question_id: str) -> None:
        vote = self.unseen[question_id]
        seen = next((at for at, total in vote.totals if vote.rank is not None and total >= vote.rank), None)
        if seen is not None:
            self.ledger.total.append(seen - vote.sent_at)
            del self.unseen[question_id]


def _nothing(robot: Robot, question_id: str) -> None:
    pass


_ACTS: dict[str, Callable[[Robot, Message], None]] = {
    "tick": Robot._tick,
    "acknowledged": Robot._acknowledged,
    "refused": Robot._refused,
    "snapshot": Robot._snapshot,
    "resumed": Robot._resumed,
    "welcome": Robot._welcome,
    **dict.fromkeys(LINES, Robot._line),
}
