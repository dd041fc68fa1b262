"""Two questions become one, and two again: whose votes count for which."""

from uuid import UUID

import pytest

from conference.errors import Conflict
from conference.live.commands import Approve, Ask, Dismiss, MarkAnswered, Merge, Pin, Undo, Upvote, Withdraw
from conference.live.happenings import subject_of
from conference.live.tables import Log, QuestionState
from tests.live.moves import MODERATORS
from tests.live.play import PEOPLE, Play

ANN, BEN, CLEO, DAN = range(4)
MODERATOR = MODERATORS[0]


class Asked:
    """A stage on which the first three asked a question each, all of them shown."""

    def __init__(self) -> None:
        self.play = Play(before=())
        self.first, self.second, self.third = (self._shown(who) for who in (ANN, BEN, CLEO))

    def voters(self, question_id: UUID) -> set[int]:
        """Numbers of people; the total must say the same."""
        voters = {number for number, person_id in PEOPLE.items() if (question_id, person_id) in self.play.state.votes}
        assert self.play.state.questions[question_id].votes == len(voters)
        return voters

    def merge(self, question_id: UUID, into_id: UUID) -> None:
        self.play.act(MODERATOR, Merge(client_id="m", question_id=question_id, into_id=into_id))

    def undo(self, question_id: UUID) -> None:
        self.play.act(MODERATOR, Undo(client_id="u", question_id=question_id))

    def vote(self, who: int, question_id: UUID) -> None:
        self.play.act(who, Upvote(client_id="v", question_id=question_id))

    def state(self, question_id: UUID) -> QuestionState:
        return self.play.state.questions[question_id].state

    def _shown(self, who: int) -> UUID:
        self.play.moves += 1
        question_id = subject_of(self.play.act(who, Ask(client_id="a", text="Why?")))
        assert question_id
        self.play.act(MODERATOR, Approve(client_id="b", question_id=question_id))
        return question_id


@pytest.fixture
def asked() -> Asked:
    return Asked()


def test_whoever_asked_or_voted_for_the_one_votes_for_the_other_once_but_nobody_for_their_own(asked: Asked) -> None:
    for who, question_id in ((DAN, asked.first), (DAN, asked.second), (BEN, asked.first), (CLEO, asked.first)):
        asked.vote(who, question_id)
    asked.merge(asked.first, asked.second)
    assert (asked.voters(asked.second), asked.state(asked.first)) == ({ANN, CLEO, DAN}, QuestionState.merged)
    with pytest.raises(Conflict):
        asked.vote(CLEO, asked.second)
    asked.undo(asked.first)
    assert (asked.voters(asked.second), asked.voters(asked.first)) == ({DAN}, {BEN, CLEO, DAN})
    asked.vote(CLEO, asked.second)


def test_a_vote_that_two_merged_questions_brought_stays_when_one_of_them_is_taken_out(asked: Asked) -> None:
    asked.vote(DAN, asked.first)
    asked.vote(DAN, asked.second)
    asked.merge(asked.first, asked.third)
    asked.merge(asked.second, asked.third)
    assert asked.voters(asked.third) == {ANN, BEN, DAN}
    asked.undo(asked.first)
    assert asked.voters(asked.third) == {BEN, DAN}
    asked.undo(asked.second)
    assert asked.voters(asked.third) == set()


def test_a_merge_is_undone_only_while_the_other_is_on_the_stage_unless_its_author_withdrew_it(asked: Asked) -> None:
    asked.merge(asked.first, asked.second)
    asked.merge(asked.second, asked.third)
    with pytest.raises(Conflict, match="bring that back first"):
        asked.undo(asked.first)
    asked.undo(asked.second)
    asked.play.act(BEN, Withdraw(client_id="w", question_id=asked.second))
    asked.undo(asked.first)
    assert (asked.state(asked.first), asked.state(asked.second)) == (QuestionState.visible, QuestionState.withdrawn)


def test_one_that_is_merged_again_elsewhere_takes_its_votes_from_there_when_it_is_taken_out(asked: Asked) -> None:
    asked.merge(asked.first, asked.second)
    asked.undo(asked.first)
    asked.merge(asked.first, asked.third)
    asked.undo(asked.first)
    assert [asked.voters(each) for each in (asked.first, asked.second, asked.third)] == [set(), set(), set()]


def test_what_leaves_the_stage_is_not_pinned_any_more_and_stays_so(asked: Asked) -> None:
    asked.play.act(MODERATOR, Pin(client_id="p", question_id=asked.first))
    asked.play.act(MODERATOR, MarkAnswered(client_id="q", question_id=asked.first))
    assert asked.play.state.run.pinned_id == asked.first
    asked.undo(asked.first)
    asked.play.act(MODERATOR, Dismiss(client_id="d", question_id=asked.first, reason="Said already.", shown=True))
    asked.undo(asked.first)
    assert asked.state(asked.first) == QuestionState.visible
    assert asked.play.fresh(Log.public, None).run.pinned_id is None
