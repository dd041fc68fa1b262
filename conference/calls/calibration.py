"""How the members of a panel judge beside one another (pure): whose scores are harsh, whose lenient, and where they are far apart."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import mean, pstdev
from uuid import UUID

from conference.calls.definition import Criterion

APART = 8.0  # points of a hundred from which somebody counts as harsh or lenient
FEW = 3  # submissions in common below which nothing is said


@dataclass(frozen=True, slots=True)
class Mark:
    """What one member gives one submission, of a hundred."""

    person_id: UUID
    submission_id: UUID
    points: float


@dataclass(frozen=True, slots=True)
class Judged:
    """One member beside the others."""

    person_id: UUID
    count: int
    mean: float
    spread: float
    beside: float | None  # above (or below) what others give the same submissions; None: too few in common

    @property
    def words(self) -> str:
        if self.beside is None:
            return "Too little in common to say"
        if abs(self.beside) < APART:
            return "Like the others"
        return f"{'More lenient' if self.beside > 0 else 'Harsher'} by {abs(self.beside):.0f} points"


@dataclass(frozen=True, slots=True)
class Disputed:
    """One submission that several have judged."""

    submission_id: UUID
    count: int
    mean: float
    lowest: float
    highest: float

    @property
    def apart(self) -> float:
        return self.highest - self.lowest


def points_of(criteria: Sequence[Criterion], values: Mapping[str, int]) -> Fraction:
    """A review's weighted score, of a hundred. What has no value gives nothing."""
    most = sum(each.weight * (each.highest - each.lowest) for each in criteria)
    got = sum(each.weight * (values[each.key] - each.lowest) for each in criteria if each.key in values)
    return Fraction(100 * got, most) if most else Fraction(0)


def members_judged(marks: Sequence[Mark]) -> list[Judged]:
    """Everybody who gave a mark, the harshest first."""
    by_submission = _by_submission(marks)
    own: dict[UUID, list[Mark]] = defaultdict(list)
    for mark in marks:
        own[mark.person_id].append(mark)
    judged = [_judged(person_id, theirs, by_submission) for person_id, theirs in own.items()]
    return sorted(judged, key=lambda each: (each.beside is None, each.beside or 0.0, each.mean))


def most_disputed(marks: Sequence[Mark]) -> list[Disputed]:
    """Submissions with two marks or more, the furthest apart first."""
    several = {submission: theirs for submission, theirs in _by_submission(marks).items() if len(theirs) > 1}
    rows = [
        Disputed(submission, len(theirs), mean(points := [mark.points for mark in theirs]), min(points), max(points))
        for submission, theirs in several.items()
    ]
    return sorted(rows, key=lambda row: -row.apart)


def _by_submission(marks: Sequence[Mark]) -> dict[UUID, list[Mark]]:
    found: dict[UUID, list[Mark]] = defaultdict(list)
    for mark in marks:
        found[mark.submission_id].append(mark)
    return found


def _judged(person_id: UUID, own: Sequence[Mark], by_submission: Mapping[UUID, Sequence[Mark]]) -> Judged:
    differences = [
        mark.points - mean(others)
        for mark in own
        if (others := [other.points for other in by_submission[mark.submission_id] if other.person_id != person_id])
    ]
    points = [mark.points for mark in own]
    return Judged(person_id, len(own), mean(points), pstdev(points), mean(differences) if len(differences) >= FEW else None)
