"""Who asks and votes when (pure): what an audience of this size does in so many seconds, the same for the same seed.

About one person in a hundred asks, in the first two thirds of the run; a moderator shows each question a few seconds later, and answers
every third. Everybody votes once to three times, mostly within seconds of a question's appearing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

ONE_ASKS_OF = 100  # people
FEWEST_QUESTIONS = 3
QUESTIONS_A_SECOND = 1.0  # at most: a moderator's hand, and the limit of one socket
ASKING = 0.65  # of the run
LOOKING = (2.0, 5.0)  # seconds until the moderator has read a question
LOOKING_AT_MOST = 0.15  # of the run, for short runs
MOST_VOTES = 3  # of one person
ANSWERED_EVERY = 3  # questions
ENDS = 0.97  # of the run: the last act


@dataclass(frozen=True, slots=True)
class PlannedQuestion:
    """Times are seconds: `at` into the run, the others after what they follow."""

    text: str
    asker: int  # the robot's number
    at: float
    anonymous: bool
    approved_after: float
    votes: tuple[tuple[int, float], ...]  # robot, seconds after the question appeared
    answered_after: float | None  # after it appeared, and after its last vote


@dataclass(frozen=True, slots=True)
class Plan:
    seconds: float
    questions: tuple[PlannedQuestion, ...]

    @property
    def votes(self) -> int:
        return sum(len(question.votes) for question in self.questions)


def plan_for(audience: int, seconds: float, seed: int = 2021) -> Plan:
    """What the robots 1 to `audience` do; robot 0 moderates."""
    random = Random(seed)  # noqa: S311 - believable, not secret
    times = _asking_times(_question_count(audience, seconds), seconds, random)
    askers = [random.randint(1, audience) for _ in times]
    longest = seconds * LOOKING_AT_MOST
    looks = [min(random.uniform(*LOOKING), longest * random.uniform(0.5, 1)) for _ in times]
    left = [seconds * ENDS - at - look for at, look in zip(times, looks, strict=True)]
    votes = _votes(audience, askers, left, random)
    questions = (
        PlannedQuestion(
            text=f"Rehearsal question {number + 1}: {_WORDS[number % len(_WORDS)]}",
            asker=askers[number],
            at=times[number],
            anonymous=random.random() < 0.3,
            approved_after=looks[number],
            votes=tuple(votes[number]),
            answered_after=_answer_after(votes[number], left[number]) if number % ANSWERED_EVERY == 0 else None,
        )
        for number in range(len(times))
    )
    return Plan(seconds, tuple(questions))


_WORDS = (
    "can everybody in the last row hear this?",
    "what would you do differently next time?",
    "how long did the whole project take?",
    "who pays for the visits?",
    "will the slides be shared?",
    "how do small libraries take part?",
    "which step was the hardest?",
)


def _question_count(audience: int, seconds: float) -> int:
    most = max(FEWEST_QUESTIONS, round(seconds * ASKING * QUESTIONS_A_SECOND))
    return min(max(FEWEST_QUESTIONS, audience // ONE_ASKS_OF), most)


def _asking_times(count: int, seconds: float, random: Random) -> list[float]:
    """Spread over the time for asking, each at some moment of its own slice, so that nobody waits for the first one."""
    slice_ = seconds * ASKING / count
    return [(number + random.uniform(0.1, 0.9)) * slice_ for number in range(count)]


def _votes(audience: int, askers: Sequence[int], left: Sequence[float], random: Random) -> list[list[tuple[int, float]]]:
    """For each question who votes for it, and how soon: half of them within a tenth of the time that is left."""
    votes: list[list[tuple[int, float]]] = [[] for _ in askers]
    for robot in range(1, audience + 1):
        others = [number for number, asker in enumerate(askers) if asker != robot]
        for number in random.sample(others, min(random.randint(1, MOST_VOTES), len(others))):
            votes[number].append((robot, min(random.expovariate(7 / left[number]), left[number] * 0.85)))
    return votes


def _answer_after(votes: Sequence[tuple[int, float]], left: float) -> float:
    """Nobody's vote comes too late."""
    return max([left * 0.5, *(after for _, after in votes)]) + left * 0.1
