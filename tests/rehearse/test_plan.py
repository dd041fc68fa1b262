"""What a rehearsed audience does: believable, within its time, and the same every time."""

from collections import Counter

import pytest

from conference.live.rules import MAX_TEXT, MAX_WAITING
from conference.rehearse.plan import Plan, plan_for

SIZES = pytest.mark.parametrize(("audience", "seconds"), [(1, 5), (2, 6), (30, 6), (400, 30), (2000, 60), (10_000, 60), (10_000, 600)])


@SIZES
def test_one_in_a_hundred_asks_and_at_least_three_questions_come(audience: int, seconds: int) -> None:
    questions = plan_for(audience, seconds).questions
    hands = max(3, round(seconds * 0.65))  # what one moderator can look at
    assert len(questions) == min(max(3, audience // 100), hands)
    assert all(1 <= question.asker <= audience and len(question.text) <= MAX_TEXT for question in questions)
    assert [question.at for question in questions] == sorted(question.at for question in questions)


@SIZES
def test_everybody_votes_once_to_three_times_and_never_for_the_own_question_or_twice(audience: int, seconds: int) -> None:
    plan = plan_for(audience, seconds)
    pairs = [(robot, number) for number, question in enumerate(plan.questions) for robot, _ in question.votes]
    own = {(question.asker, number) for number, question in enumerate(plan.questions)}
    assert (len(pairs), set(pairs) & own) == (len(set(pairs)), set())
    each = Counter(robot for robot, _ in pairs)
    if audience >= 30:
        assert (min(each.values()), max(each.values()), len(each)) == (1, 3, audience)


@SIZES
def test_everything_happens_within_the_run_and_no_vote_comes_after_the_answer(audience: int, seconds: int) -> None:
    for question in plan_for(audience, seconds).questions:
        appears = question.at + question.approved_after
        ends = [appears + after for _, after in question.votes] + [appears + (question.answered_after or 0)]
        assert 0 < question.at < appears <= max(ends) <= seconds
        if question.answered_after is not None:
            assert all(after < question.answered_after for _, after in question.votes)


def test_half_of_the_votes_come_soon_after_a_question_appears() -> None:
    plan = plan_for(2000, 60)
    delays = sorted(after for question in plan.questions for _, after in question.votes)
    assert delays[len(delays) // 2] < 5


def test_the_same_seed_is_the_same_run_and_another_seed_another() -> None:
    assert plan_for(300, 20, seed=1) == plan_for(300, 20, seed=1)
    assert plan_for(300, 20, seed=1) != plan_for(300, 20, seed=2)


def test_nobody_has_more_questions_waiting_than_a_person_may() -> None:
    """The few who ask most still ask within the house's rule, even if none of their questions were looked at."""
    assert _most_of_one(plan_for(10_000, 60)) <= MAX_WAITING


def _most_of_one(plan: Plan) -> int:
    return max(Counter(question.asker for question in plan.questions).values())
