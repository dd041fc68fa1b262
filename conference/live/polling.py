"""Polls (pure): drafted, opened, closed, archived; and what a ballot may hold."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from conference.errors import Conflict, Invalid, NotFound
from conference.live.asking import check_not_silenced, check_takes_part
from conference.live.commands import ArchivePoll, Cast, ClosePoll, DraftPoll, OnPolls, OpenPoll
from conference.live.happenings import BallotCast, PollDrafted, PollMoved
from conference.live.poll_tables import PollKind, PollState
from conference.live.rules import (
    MAX_OPTION,
    MAX_OPTIONS,
    MAX_PROMPT,
    MAX_WORD,
    MAX_WORDS,
    RATINGS,
    bare,
    check_door_is_open,
    clean,
    held_word,
    same_word,
)
from conference.live.state import Actor, Choices, PollFacts, Setting, StageState

WORDS_TOLD = 50
NO_POLL = "There is no such poll on this stage."
_WORDS = {
    PollState.draft: "This poll is not open yet.",
    PollState.open: "This poll is open. Perhaps another moderator was quicker.",
    PollState.closed: "This poll is closed already. Perhaps another moderator was quicker.",
    PollState.archived: "This poll is archived already. Perhaps another moderator was quicker.",
}


def decide_polls(state: StageState, command: OnPolls, actor: Actor, setting: Setting) -> PollDrafted | PollMoved:
    """For moderators. Raises a Refusal."""
    if isinstance(command, DraftPoll):
        return PollDrafted(_draft(command, actor, setting))
    poll = state.polls.get(command.poll_id)
    if poll is None:
        raise NotFound(NO_POLL)
    match command:
        case OpenPoll():
            _check_is(poll, PollState.draft, PollState.closed)
            return PollMoved(replace(poll, opened_at=poll.opened_at or setting.now, closed_at=None))
        case ClosePoll():
            _check_is(poll, PollState.open)
            return PollMoved(replace(poll, closed_at=setting.now))
        case ArchivePoll():
            _check_is(poll, PollState.draft, PollState.closed)
            return PollMoved(replace(poll, archived_at=setting.now))
        case _:
            assert_never(command)


def decide_ballot(state: StageState, command: Cast, actor: Actor, setting: Setting) -> BallotCast:
    """Raises a Refusal."""
    check_takes_part(actor, setting.event)
    poll = state.polls.get(command.poll_id)
    if poll is None or poll.state in (PollState.draft, PollState.archived):
        raise NotFound(NO_POLL)
    check_door_is_open(setting.session, setting.event.zone, setting.now, state.run.late_minutes)
    if poll.state == PollState.closed:
        raise Conflict("This poll is closed.")
    if poll.kind == PollKind.words:
        check_not_silenced(state, actor, setting)
    before = state.ballots.get((poll.id, actor.person_id))
    choices = _choices(poll, command.choices, state.run.held_words)
    return BallotCast(
        poll.id, actor.person_id, choices, before.choices if before else None, before.changes + 1 if before else 0, setting.now
    )


def recounted(tally: Mapping[str, int], choices: Choices, instead_of: Choices | None) -> dict[str, int]:
    """The tally after a ballot; what nobody chose any more is left out."""
    counts = dict(tally)
    for choice in instead_of or ():
        counts[choice] = counts.get(choice, 0) - 1
    for choice in choices:
        counts[choice] = counts.get(choice, 0) + 1
    return {choice: count for choice, count in counts.items() if count > 0}


def tally_told(poll: PollFacts) -> dict[str, int]:
    """What all open pages are told with each ballot: of short words, of which everybody may bring three, those that came most."""
    if poll.kind != PollKind.words or len(poll.tally) <= WORDS_TOLD:
        return dict(poll.tally)
    return dict(sorted(poll.tally.items(), key=lambda each: (-each[1], each[0]))[:WORDS_TOLD])


def _draft(command: DraftPoll, actor: Actor, setting: Setting) -> PollFacts:
    options: tuple[str, ...] = ()
    if command.kind in (PollKind.single, PollKind.multiple):
        options = tuple(filter(None, (clean(each, "options", MAX_OPTION, "choice", "") for each in command.options)))
        _check_options(options)
    return PollFacts(
        id=setting.new_id,
        person_id=actor.person_id,
        kind=command.kind,
        prompt=clean(command.prompt, "prompt", MAX_PROMPT, "poll", "Type what you ask."),
        options=options,
        live_results=command.live_results,
        drafted_at=setting.now,
    )


def _check_options(options: Sequence[str]) -> None:
    if not 2 <= len(options) <= MAX_OPTIONS:
        raise Invalid("options", f"Give from 2 to {MAX_OPTIONS} choices, one a line.")
    if len({bare(each) for each in options}) < len(options):
        raise Invalid("options", "Two of the choices are the same.")


def _choices(poll: PollFacts, given: Sequence[str], held: str) -> Choices:
    """What is counted of a ballot. Raises Invalid."""
    if poll.kind == PollKind.words:
        return _words(given, held)
    allowed = RATINGS if poll.kind == PollKind.rating else tuple(str(place) for place in range(len(poll.options)))
    chosen = tuple(each for each in allowed if each in given)
    if not chosen or len(chosen) != len(set(given)):
        raise Invalid("choices", "Choose one of the answers.")
    if poll.kind != PollKind.multiple and len(chosen) > 1:
        raise Invalid("choices", "Choose one answer only.")
    return chosen


def _words(given: Sequence[str], held: str) -> Choices:
    """Each once, compared without capitals; a tally's key is the word as it is shown. Nobody looks first, so held words are refused."""
    words = [same_word(clean(each, "choices", MAX_WORD, "word", "").replace("\n", " ")) for each in given]
    chosen = tuple(dict.fromkeys(filter(None, words)))
    if not 1 <= len(chosen) <= MAX_WORDS:
        raise Invalid("choices", f"Type from one to {MAX_WORDS} short words.")
    if any(held_word(each, held) for each in chosen):
        raise Invalid("choices", "Choose other words: these are not shown on this stage.")
    return chosen


def _check_is(poll: PollFacts, *states: PollState) -> None:
    if poll.state not in states:
        raise Conflict(_WORDS[poll.state])


def drafted_at(poll: PollFacts) -> tuple[datetime, str]:
    """The order of polls."""
    return poll.drafted_at, str(poll.id)
