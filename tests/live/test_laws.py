"""Laws of the stage over random moves of everybody together: old snapshot + what was told = fresh snapshot; what the public never hears."""

import json
from collections import Counter
from typing import Any
from uuid import UUID

from hypothesis import given, note, settings
from hypothesis import strategies as st

from conference.live import happenings as happened
from conference.live.folding import fold, tick_of
from conference.live.lines import (
    CaptionAdded,
    ChatChanged,
    ChatSaid,
    PollChanged,
    QuestionAnswered,
    QuestionApproved,
    QuestionArchived,
    QuestionChanged,
    QuestionHidden,
    StageChanged,
)
from conference.live.messages import Said
from conference.live.state import StageState
from conference.live.tables import Log, QuestionState
from conference.live.views import ON_STAGE, snapshot, totals
from tests.live.moves import HELD, Move, moves
from tests.live.play import NAMES, SPEAKER_ID, Play

PUBLIC_LINES = (
    QuestionApproved, QuestionAnswered, QuestionArchived, QuestionHidden, QuestionChanged, StageChanged, PollChanged, ChatSaid, ChatChanged,
    CaptionAdded,
)  # fmt: skip
IN_PEACE = settings(deadline=None)
TWICE = ("your_question_waits", "your_vote_counted", "your_ballot_counted")


@IN_PEACE
@given(moves(), moves(), st.booleans())
def test_an_old_snapshot_and_what_was_told_since_are_a_fresh_snapshot(before: list[Move], after: list[Move], late: bool) -> None:
    play = Play(late=late).play(before).listen().play(after)
    note(str([happening for happening, _ in play.happenings]))
    for each in play.listening:
        assert each.held == play.fresh(each.log, each.person_id)


@IN_PEACE
@given(moves(30), moves(30))
def test_hearing_again_what_the_snapshot_already_said_changes_nothing(before: list[Move], after: list[Move]) -> None:
    """Own words and ticks carry no number: those that were on their way while the snapshot was read are heard twice."""
    play = Play().play(before).listen().play(after)
    for each in play.listening:
        fresh = play.fresh(each.log, each.person_id)
        for message in map(Said.validate_json, each.heard):
            if message.type in ("tick", *TWICE):
                fresh = fold(fresh, message)  # type: ignore[arg-type]
        assert fold(fresh, tick_of(totals(play.state))) == play.fresh(each.log, each.person_id)


@IN_PEACE
@given(moves())
def test_a_log_counts_up_without_gaps(some: list[Move]) -> None:
    play = Play().listen()
    began = {log: play.seq(log) for log in Log}
    play.play(some)
    for each in play.listening:
        lines = [json.loads(text) for text in each.heard]
        assert [line["seq"] for line in lines if "seq" in line] == list(range(began[each.log] + 1, play.seq(each.log) + 1))


@IN_PEACE
@given(moves())
def test_there_is_a_line_in_the_public_log_when_and_only_when_what_everybody_sees_has_changed(some: list[Move]) -> None:
    """So what is hidden leaves no trace in it. Totals come with ticks."""
    play = Play()
    for each in some:
        seen, lines = seen_by_all(play), play.public_seq
        play.move(each)
        if play.public_seq > lines:
            assert isinstance(play.happenings[-1][1].public, PUBLIC_LINES)
        assert (seen_by_all(play) != seen) == (play.public_seq > lines), play.happenings[-1:]


@IN_PEACE
@given(moves())
def test_what_the_public_hears_holds_nothing_that_is_hidden(some: list[Move]) -> None:
    play = Play().listen().play(some)
    hidden = secrets(play)
    for each in play.listening:
        if each.log == Log.public:
            fresh = play.fresh(each.log, each.person_id).model_dump_json()
            unknown = {secret for secret, known_to in hidden.items() if each.person_id not in known_to}
            assert {secret for secret in unknown if secret in each.said + fresh} == set()
    moderator = next(each for each in play.listening if each.log == Log.moderators)
    unseen = {secret for secret in hidden if secret not in moderator.said} - {str(person_id) for person_id in NAMES} - set(NAMES.values())
    assert unseen == set()  # there was something to leak, and these ears would have heard it


@IN_PEACE
@given(moves())
def test_what_was_hidden_or_deleted_is_not_in_a_fresh_snapshot(some: list[Move]) -> None:
    play = Play().play(some)
    gone = {each.text for each in play.state.questions.values() if each.state not in ON_STAGE}
    gone |= {each.text for each in play.state.chat.values() if each.deleted_at}
    fresh = play.fresh(Log.public, None)
    assert {text for text in gone if text in fresh.model_dump_json()} == set()
    assert fresh.run.pinned_id in {None, *(each.id for each in fresh.questions if each.state in ("visible", "answered"))}


@IN_PEACE
@given(moves())
def test_no_results_of_a_poll_are_told_while_they_are_hidden(some: list[Move]) -> None:
    play = Play().listen()
    heard = {id(each): 0 for each in play.listening}
    for move in some:
        play.move(move)
        for each in play.listening:
            told, heard[id(each)] = each.heard[heard[id(each)] :], len(each.heard)
            for poll_id, tally in tallies(told):
                assert (tally is not None) == play.state.polls[poll_id].shows_results


@IN_PEACE
@given(moves())
def test_votes_are_as_many_as_there_are_different_voters_after_all_merges_and_undos(some: list[Move]) -> None:
    play = Play().play(some)
    upvotes = {(each.question_id, each.person_id) for each, _ in play.happenings if isinstance(each, happened.Upvoted)}
    for question in play.state.questions.values():
        assert question.votes == len([vote for vote in play.state.votes if vote[0] == question.id])
        assert (question.id, question.person_id) not in play.state.votes
        if question.state in ON_STAGE:
            assert {voter for voted, voter in play.state.votes if voted == question.id} == voters(play.state, upvotes, question.id)


@IN_PEACE
@given(moves())
def test_a_tally_is_its_ballots(some: list[Move]) -> None:
    play = Play().play(some)
    for poll in play.state.polls.values():
        ballots = [ballot for (poll_id, _), ballot in play.state.ballots.items() if poll_id == poll.id]
        assert (poll.ballots, dict(poll.tally)) == (len(ballots), Counter(choice for ballot in ballots for choice in ballot.choices))


def test_all_kinds_of_moves_come_to_something() -> None:
    """So that the laws are about all of them."""
    reached: set[str] = set()

    @settings(deadline=None, derandomize=True, max_examples=200)
    @given(moves(60))
    def play(some: list[Move]) -> None:
        reached.update(type(happening).__name__ for happening, _ in Play().play(some).happenings)

    play()
    kinds = {each.__name__ for each in vars(happened).values() if isinstance(each, type) and each.__module__ == happened.__name__}
    assert reached == kinds


def seen_by_all(play: Play) -> dict[str, Any]:
    """But for the totals, which come with ticks."""
    seen = snapshot(play.state, Log.public, 0, None).model_dump(exclude={"seq", "reactions", "mine"})
    for each in (*seen["questions"], *seen["polls"]):
        for total in {"votes", "ballots", "tally"} & set(each):
            del each[total]
    return seen


def secrets(play: Play) -> dict[str, frozenset[UUID | None]]:
    """What must not be heard, and who may hear it all the same."""
    found: dict[str, frozenset[UUID | None]] = {str(person_id): frozenset() for person_id in NAMES}
    named, shown = set[str](), set[UUID]()
    for happening, tells in play.happenings:
        if tells.public:
            line = tells.public.model_dump()
            shown |= {line[thing]["id"] for thing in ("question", "poll", "message") if thing in line}
            named |= {str(line[thing]["author"]) for thing in ("question", "message") if thing in line}
        match happening:
            case happened.Dismissed(question_id, _, reason):
                found[reason] = frozenset({play.state.questions[question_id].person_id})
            case happened.HelpResolved(help_id, done=done):
                found[done] = frozenset({play.state.help[help_id].person_id})
            case happened.StageSet(run) if run.held_words:
                found[HELD] = frozenset()
    found |= {name: frozenset() for name in NAMES.values() if name not in named}
    found |= {each.text: frozenset({each.person_id}) for each in play.state.questions.values() if each.id not in shown}
    found |= {each.text: frozenset({each.person_id}) for each in play.state.chat.values() if each.id not in shown and not each.deleted_at}
    found |= {each.prompt: frozenset() for each in play.state.polls.values() if each.id not in shown}
    found |= {each.text: frozenset({each.person_id}) for each in play.state.help.values()}
    found |= {each.reason: frozenset({each.person_id}) for each in play.state.silences.values()}
    return found | {each.text: frozenset({SPEAKER_ID}) for each in play.state.cues}


def tallies(told: list[str]) -> list[tuple[UUID, dict[str, int] | None]]:
    """What was said of polls that everybody or moderators see."""
    found: list[tuple[UUID, dict[str, int] | None]] = []
    for text in told:
        message = json.loads(text)
        found += [(UUID(poll_id), total["tally"]) for poll_id, total in (message.get("polls") or {}).items()]
        found += [(UUID(message["poll"]["id"]), message["poll"]["tally"])] if "poll" in message else []
    return found


def voters(state: StageState, upvotes: set[tuple[UUID, UUID]], question_id: UUID) -> set[UUID]:
    """By what happened: who voted for it, asked or voted for what is merged into it; but not its own author."""
    found = {person_id for voted, person_id in upvotes if voted == question_id}
    for each in state.questions.values():
        if each.state == QuestionState.merged and each.merged_id == question_id:
            found |= voters(state, upvotes, each.id) | {each.person_id}
    return found - {state.questions[question_id].person_id}
