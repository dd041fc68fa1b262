"""What counts as lost, twice and out of order for one listener; and what all of it adds up to."""

import random

from hypothesis import given
from hypothesis import strategies as st

from conference.rehearse.hearing import Hearing


def heard(*numbers: int, began: int = 0) -> Hearing:
    hearing = Hearing()
    hearing.snapshot(began)
    for number in numbers:
        hearing.line(number)
    return hearing


def sums(hearing: Hearing, head: int) -> tuple[int, int, int, int]:
    return hearing.delivered, hearing.lost(head), hearing.duplicated, hearing.out_of_order


def test_every_line_after_the_snapshot_once_and_in_order_is_perfect() -> None:
    assert sums(heard(8, 9, 10, began=7), 10) == (3, 0, 0, 0)


def test_a_gap_is_lost_until_it_is_filled_and_then_out_of_order() -> None:
    assert sums(heard(1, 2, 5), 5) == (3, 2, 0, 0)
    assert sums(heard(1, 2, 5, 4), 5) == (4, 1, 0, 1)


def test_the_last_lines_of_a_log_can_be_lost_too() -> None:
    assert sums(heard(1, 2), 4) == (2, 2, 0, 0)


def test_the_same_line_again_is_a_duplicate_also_one_that_the_snapshot_told() -> None:
    assert sums(heard(3, 4, 4, 2, began=2), 4) == (2, 0, 2, 0)


def test_a_fresh_snapshot_makes_up_for_what_was_missing() -> None:
    hearing = heard(1, 2, 4)
    hearing.snapshot(7)
    assert (sums(hearing, 7), hearing.skipped) == ((3, 0, 0, 0), 4)


def test_who_never_got_in_lost_nothing() -> None:
    assert Hearing().lost(9) == 0


@given(st.lists(st.integers(1, 12), max_size=40), st.randoms(use_true_random=False))
def test_whatever_comes_in_whatever_order_adds_up(numbers: list[int], dice: random.Random) -> None:
    dice.shuffle(numbers)
    hearing = heard(*numbers)
    assert hearing.delivered == len(set(numbers))
    assert hearing.delivered + hearing.duplicated == len(numbers)
    assert hearing.lost(12) == 12 - len(set(numbers))
