"""Totals that overtake each other on the way: the youngest count is what is told at last, and it is told."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from conference.live.totals import Totals

STAGE = UUID(int=1)
QUESTIONS = [UUID(int=10), UUID(int=11)]
CHANGES = st.lists(st.sampled_from(QUESTIONS), max_size=20)  # which question got the next vote


def nobody_is_busy(_: UUID) -> bool:
    return False


@given(CHANGES, st.randoms(use_true_random=False), st.lists(st.booleans(), min_size=60, max_size=60))
def test_whatever_order_totals_come_in_the_last_one_told_is_the_right_one(changes: list[UUID], chance: object, takes: list[bool]) -> None:
    true = dict.fromkeys(QUESTIONS, 0)
    said = []
    for seq, question in enumerate(changes, start=1):
        true[question] += 1
        said += [(seq, {question: true[question]})] * 2  # once by the broker, once more by a look into the database
    chance.shuffle(said)  # type: ignore[attr-defined]
    totals, shown = Totals(), dict.fromkeys(QUESTIONS, 0)
    for (seq, votes), take in zip(said, takes, strict=False):
        totals.learn(STAGE, seq, votes)
        if take:
            shown |= totals.take(nobody_is_busy).get(STAGE, {})
    shown |= totals.take(nobody_is_busy).get(STAGE, {})
    assert (shown, totals.waits) == (true, False)


def test_what_is_told_already_is_not_told_again() -> None:
    totals = Totals()
    assert totals.learn(STAGE, 1, {QUESTIONS[0]: 1})
    assert totals.take(nobody_is_busy) == {STAGE: {QUESTIONS[0]: 1}}
    assert not totals.learn(STAGE, 2, {QUESTIONS[0]: 1})  # a look into the database found the same
    assert totals.take(nobody_is_busy) == {}


def test_a_room_that_is_still_busy_hears_the_latest_total_later_and_only_that() -> None:
    totals = Totals()
    totals.learn(STAGE, 1, {QUESTIONS[0]: 1})
    assert totals.take(lambda _: True) == {}
    assert totals.waits
    totals.learn(STAGE, 2, {QUESTIONS[0]: 2})
    assert totals.take(nobody_is_busy) == {STAGE: {QUESTIONS[0]: 2}}


def test_a_stage_that_nobody_listens_to_is_forgotten() -> None:
    totals = Totals()
    totals.learn(STAGE, 5, {QUESTIONS[0]: 5})
    totals.keep_only(set())
    assert totals.take(nobody_is_busy) == {}
    assert totals.learn(STAGE, 1, {QUESTIONS[0]: 1})
