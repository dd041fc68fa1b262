"""Words that people type: what is held for a moderator, what is no text at all, and what is the same word twice."""

import pytest

from conference.errors import Invalid
from conference.live.cards import NOBODY
from conference.live.commands import Cast, DraftPoll, OpenPoll
from conference.live.exports import _poll_rows
from conference.live.poll_tables import PollKind
from conference.live.polling import WORDS_TOLD
from conference.live.rules import MAX_FLAG, clean_question, held_word
from conference.live.state import PollFacts
from conference.live.views import poll_shown, poll_total
from tests.live.moves import DELEGATES, MODERATORS, START
from tests.live.play import Play

HELD = "rude*\ncafé\nकुत्ता\ngo away\ndon't"


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("How RUDELY said!", "rude*"),
        ("ru\u200bde, ru\u00adde or r\u2060ude", "rude*"),
        ("ｒｕｄｅ and ⓡⓤⓓⓔ", "rude*"),
        ("A cafe\u0301, typed on a Mac", "café"),
        ("वह कुत्ता है", "कुत्ता"),
        ("Please  go,\naway now", "go away"),
        ("We DON’T and don't", "don't"),
        ("Crude cafés, कुत्ते; go far away", ""),
        ("", ""),
    ],
)
def test_a_held_word_is_found_in_any_script_and_however_it_is_dressed_up(text: str, flag: str) -> None:
    assert held_word(text, HELD) == flag


def test_a_list_without_words_holds_nothing_and_a_long_line_fits_beside_what_it_is_in() -> None:
    assert held_word("anything", "*\n\n  \n\u200b\n***") == ""
    assert held_word("x" * 200, "x" * 200) == "x" * MAX_FLAG


@pytest.mark.parametrize("typed", ["\u200b", "\u2060\ufeff", "\u3164", "\u2800 \u2800", "\u0301\u0301", "\U000e0041"])
def test_what_nobody_can_see_is_no_text(typed: str) -> None:
    with pytest.raises(Invalid, match="Type your question"):
        clean_question(typed)


@pytest.mark.parametrize("typed", ["👩‍👩‍👧", "می‌خواهم", "ক্ষ", "?", "𐍈", "🏴\U000e0067\U000e0062\U000e007f"])
def test_what_can_be_seen_stays_as_it_was_typed(typed: str) -> None:
    assert clean_question(typed) == typed


def test_marks_that_are_heaped_on_a_letter_do_not_run_over_the_lines_around() -> None:
    assert len(clean_question("a" + "\u0301" * 400)) == 9


def test_choices_and_words_that_look_the_same_are_the_same() -> None:
    play = Play(())
    with pytest.raises(Invalid, match="the same"):
        play.act(MODERATORS[0], DraftPoll(client_id="a", kind=PollKind.single, prompt="Well?", options=("Yes", "yes\u200b")))
    play.act(MODERATORS[0], DraftPoll(client_id="b", kind=PollKind.words, prompt="Which season?"))
    [poll_id] = play.state.polls
    play.act(MODERATORS[0], OpenPoll(client_id="c", poll_id=poll_id))
    for who, word in enumerate(("Été", "e\u0301te\u0301", "été\u200b")):
        play.act(DELEGATES[who], Cast(client_id="d", poll_id=poll_id, choices=(word,)))
    assert play.state.polls[poll_id].tally == {"été": 3}


def test_a_storm_of_different_words_is_told_in_brief_and_kept_whole() -> None:
    poll = PollFacts(
        id=NOBODY, person_id=NOBODY, kind=PollKind.words, prompt="Where?", options=(), live_results=True, drafted_at=START, opened_at=START,
        tally={f"place {number}": 1 for number in range(5000)} | {"here": 9}, ballots=1700,
    )  # fmt: skip
    for told in (poll_shown(poll).tally, poll_total(poll)["tally"]):
        assert isinstance(told, dict)
        assert (len(told), next(iter(told.items()))) == (WORDS_TOLD, ("here", 9))
    assert len(_poll_rows(poll, "UTC")) == 5001
