"""What all robots of a run write down together; the report is made from it."""

from collections import Counter
from dataclasses import dataclass, field

from conference.rehearse.report import Moment

LINE_WORDS = {"question_approved": "a question was approved", "question_answered": "a question was answered"}


@dataclass(slots=True)
class Told:
    """One line that the robots' moderator caused: when it was sent, and when the last robot so far heard of it."""

    sent_at: float
    last_at: float
    heard: int = 0


@dataclass(slots=True)
class Ledger:
    """Times are the loop's clock, in seconds."""

    began: float = 0.0  # the run, after everybody had joined
    told: dict[tuple[str, str], Told] = field(default_factory=dict)  # by type and question
    line: list[float] = field(default_factory=list)
    vote: list[float] = field(default_factory=list)
    total: list[float] = field(default_factory=list)
    slowest_vote: Moment | None = None
    acknowledged: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    not_let_in: Counter[str] = field(default_factory=Counter)
    ended: Counter[int] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    voted: Counter[str] = field(default_factory=Counter)  # acknowledged votes by question
    longest_absence: float = 0.0
    lag: float = 0.0

    def will_tell(self, kind: str, question_id: str, now: float) -> None:
        """The moderator sends a command that leads to a line of this kind."""
        self.told.setdefault((kind, question_id), Told(now, now))

    def was_told(self, kind: str, question_id: str, now: float) -> None:
        """A robot heard that line. Lines of others are not measured: nobody here knows when they were sent."""
        told = self.told.get((kind, question_id))
        if told:
            self.line.append(now - told.sent_at)
            told.last_at, told.heard = now, told.heard + 1

    def answered(self, kind: str, question_id: str, sent_at: float, now: float) -> int:
        """A command was acknowledged; for a vote, how many of this question's were so far."""
        self.acknowledged[kind] += 1
        if kind != "upvote":
            return 0
        took = now - sent_at
        self.vote.append(took)
        if self.slowest_vote is None or took > self.slowest_vote.took:
            self.slowest_vote = Moment(sent_at - self.began, "a vote waited for its acknowledgement", took)
        self.voted[question_id] += 1
        return self.voted[question_id]

    @property
    def movements(self) -> int:
        """How much was answered and heard so far."""
        return len(self.line) + len(self.total) + self.acknowledged.total()

    @property
    def slowest(self) -> Moment | None:
        moments = [
            Moment(
                told.sent_at - self.began, f"{LINE_WORDS[kind]}, and the last of {told.heard:,} heard of it", told.last_at - told.sent_at
            )
            for (kind, _), told in self.told.items()
            if told.heard
        ]
        return max([*moments, *([self.slowest_vote] if self.slowest_vote else [])], key=lambda moment: moment.took, default=None)
