"""Weighted scores and the order that follows from them (pure). Fractions, so that what is equal is a tie and nothing else is."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from conference.calls.definition import Criterion

Values = Mapping[str, int]  # criterion's key: what one review gives it


@dataclass(frozen=True, slots=True)
class Scored:
    """One submission with the reviews that count: handed in, by members without a conflict."""

    submission_id: UUID
    number: int
    reviews: tuple[Values, ...] = ()
    asked_pence: int | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """Where it stands. `score` is between 0 and 1; None: nobody has scored it, so it has no place and comes last."""

    scored: Scored
    score: Fraction | None
    place: int | None  # 1, 2, 2, 4
    tied: bool
    above: bool = False  # the line

    @property
    def percent(self) -> str:
        """`83.3`: rounded half up, for people; order and ties come from the fraction."""
        if self.score is None:
            return ""
        tenths = (self.score * 2000 + 1) // 2
        return f"{tenths // 10}.{tenths % 10}"


@dataclass(frozen=True, slots=True)
class Ranking:
    """All of them in their order. `across`: tied, and the line falls among them: scores alone don't say who is above it."""

    rows: tuple[Ranked, ...]
    across: tuple[int, ...] = ()  # numbers

    @property
    def above(self) -> int:
        """How many stand above the line: it is drawn after them."""
        return sum(row.above for row in self.rows)


def score_of(criteria: Sequence[Criterion], reviews: Iterable[Values]) -> Fraction | None:
    """The mean of its reviews; in each, criteria count by their weight, each on its own scale. None without any score."""
    found = [score for values in reviews if (score := _one(criteria, values)) is not None]
    return sum(found, Fraction()) / len(found) if found else None


def ranked(criteria: Sequence[Criterion], all_: Iterable[Scored], *, places: int | None = None, budget_pence: int | None = None) -> Ranking:
    """Best first; equal ones share a place, in the order in which they came.

    The line is where places or money end. Those who are tied across it are all below: scores don't tell them apart, people do.
    """
    pairs = [(each, score_of(criteria, each.reviews)) for each in all_]
    pairs.sort(key=lambda pair: (pair[1] is None, -(pair[1] or 0), pair[0].number))
    fitting, rows = _fitting([each for each, score in pairs if score is not None], places, budget_pence), []
    alike, firsts = Counter(score for _, score in pairs), {score: index for index, (_, score) in reversed(list(enumerate(pairs)))}
    for each, score in pairs:
        within = score is not None and fitting is not None and firsts[score] + alike[score] <= fitting
        place = firsts[score] + 1 if score is not None else None
        rows.append(Ranked(each, score, place, score is not None and alike[score] > 1, within))
    return Ranking(tuple(rows), _across(rows, fitting))


def _one(criteria: Sequence[Criterion], values: Values) -> Fraction | None:
    given = [(each, values[each.key]) for each in criteria if each.key in values]
    if not given:
        return None
    whole = sum(each.weight for each, _ in given)
    return sum((Fraction(each.weight * (value - each.lowest), whole * (each.highest - each.lowest)) for each, value in given), Fraction())


def _fitting(best_first: Sequence[Scored], places: int | None, budget_pence: int | None) -> int | None:
    """How many fit, taken strictly in order; None where nothing limits them."""
    if places is None and budget_pence is None:
        return None
    fits, left = 0, budget_pence
    for each in best_first[:places]:
        if left is not None:
            if each.asked_pence is None or each.asked_pence > left:
                break
            left -= each.asked_pence
        fits += 1
    return fits


def _across(rows: Sequence[Ranked], fitting: int | None) -> tuple[int, ...]:
    if not fitting or fitting >= len(rows) or rows[fitting - 1].above:
        return ()
    score = rows[fitting - 1].score
    return tuple(row.scored.number for row in rows if row.score == score)
