"""The order that scores make, ties, and the line."""

from fractions import Fraction
from uuid import uuid4

import pytest

from conference.calls.deciding_rest import _cut
from conference.calls.definition import Criterion
from conference.calls.ranking import Ranking, Scored, ranked, score_of

EXPERIENCE = Criterion(key="experience", title="Experience", highest=4)
USE = Criterion(key="use", title="Use at home", highest=4, weight=2)
BOTH = (EXPERIENCE, USE)


def scored(number: int, *values: int, asked: int | None = None) -> Scored:
    """`values`: one review for each, which gives both criteria the same."""
    return Scored(uuid4(), number, tuple({"experience": value, "use": value} for value in values), asked)


def told(ranking: Ranking) -> list[tuple[int, int | None, bool, bool]]:
    return [(row.scored.number, row.place, row.tied, row.above) for row in ranking.rows]


def test_criteria_count_by_their_weight_and_reviews_alike() -> None:
    assert score_of(BOTH, [{"experience": 4, "use": 1}]) == Fraction(6, 12)
    assert score_of(BOTH, [{"experience": 4, "use": 1}, {"experience": 4, "use": 4}]) == Fraction(3, 4)
    assert score_of(BOTH, []) is None
    assert score_of(BOTH, [{"another": 3}]) is None


def test_a_scale_that_does_not_begin_at_nothing_is_measured_from_its_lowest_step() -> None:
    from_one = Criterion(key="use", title="Use", lowest=1, highest=5)
    assert score_of((from_one,), [{"use": 1}]) == 0
    assert score_of((from_one,), [{"use": 3}]) == Fraction(1, 2)


def test_what_is_equal_shares_a_place_and_the_next_place_is_left_out() -> None:
    ranking = ranked(BOTH, [scored(1, 2), scored(2, 4), scored(3, 1, 3), scored(4), scored(5, 1)], places=3)
    assert told(ranking) == [(2, 1, False, True), (1, 2, True, True), (3, 2, True, True), (5, 4, False, False), (4, None, False, False)]
    assert ranking.across == ()


def test_thirds_that_add_up_to_the_same_are_a_tie() -> None:
    """As floating numbers these two differ in the last digit."""
    thirds = Criterion(key="use", title="Use", highest=3)
    one = Scored(uuid4(), 1, ({"use": 1}, {"use": 1}, {"use": 2}))
    other = Scored(uuid4(), 2, ({"use": 2}, {"use": 1}, {"use": 1}))
    assert [row.place for row in ranked((thirds,), [one, other]).rows] == [1, 1]


def test_those_who_are_tied_across_the_line_are_shown_and_none_of_them_is_above_it() -> None:
    ranking = ranked(BOTH, [scored(1, 4), scored(2, 3), scored(3, 3), scored(4, 1)], places=2)
    assert [row.above for row in ranking.rows] == [True, False, False, False]
    assert (ranking.above, ranking.across) == (1, (2, 3))


def test_the_line_is_where_the_money_ends_and_nobody_further_down_is_taken_for_being_cheap() -> None:
    ranking = ranked(BOTH, [scored(1, 4, asked=60_00), scored(2, 3, asked=50_00), scored(3, 2, asked=10_00)], budget_pence=100_00)
    assert [row.above for row in ranking.rows] == [True, False, False]


def test_without_a_limit_there_is_no_line() -> None:
    assert ranked(BOTH, [scored(1, 4), scored(2, 4)]).above == 0


@pytest.mark.parametrize(("values", "words"), [((4,), "100.0"), ((1,), "25.0"), ((0,), "0.0"), ((1, 1, 2), "33.3")])
def test_a_score_reads_as_a_percentage(values: tuple[int, ...], words: str) -> None:
    assert ranked(BOTH, [scored(1, *values)]).rows[0].percent == words


def test_who_is_tied_where_the_reserve_list_ends_is_left_to_people() -> None:
    below = list(ranked(BOTH, [scored(1, 4), scored(2, 3), scored(3, 3), scored(4, 1)]).rows)
    assert [[row.scored.number for row in part] for part in _cut(below, 2)] == [[1], [4], [2, 3]]
    assert [[row.scored.number for row in part] for part in _cut(below, 3)] == [[1, 2, 3], [4], []]
    assert [[row.scored.number for row in part] for part in _cut(below, 0)] == [[], [1, 2, 3, 4], []]
