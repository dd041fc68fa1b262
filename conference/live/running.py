"""How a stage is run (pure): its settings, what is pinned, reactions, captions, cues."""

from dataclasses import replace

from conference.errors import Conflict, Invalid, NotFound
from conference.live.asking import NO_QUESTION, check_not_silenced, check_takes_part
from conference.live.commands import AddCaption, GiveCue, Pin, React, SetStage
from conference.live.happenings import Captioned, CueGiven, Reacted, StageSet
from conference.live.rules import MAX_CAPTION, MAX_CUE, MAX_HELD_WORDS, MAX_LATE, MAX_SLOW, check_door_is_open, clean
from conference.live.state import CAN_BE_PINNED, Actor, Setting, StageState, Words


def decide_setting(state: StageState, command: SetStage) -> StageSet:
    """For moderators. Raises Invalid."""
    if not 0 <= command.slow_seconds <= MAX_SLOW:
        raise Invalid("slow_seconds", f"Choose from 0 (off) to {MAX_SLOW} seconds.")
    if not 0 <= command.late_minutes <= MAX_LATE:
        raise Invalid("late_minutes", f"Choose from 0 (on time) to {MAX_LATE} minutes.")
    run = replace(
        state.run,
        moderated=command.moderated,
        chat_open=command.chat_open,
        slow_seconds=command.slow_seconds,
        held_words=clean(command.held_words, "held_words", MAX_HELD_WORDS, "list", ""),
        late_minutes=command.late_minutes,
    )
    return StageSet(run, state.run, "set")


def decide_pin(state: StageState, command: Pin) -> StageSet:
    """For moderators. Raises a Refusal."""
    if command.question_id is None:
        return StageSet(replace(state.run, pinned_id=None), state.run, "unpinned")
    question = state.questions.get(command.question_id)
    if question is None:
        raise NotFound(NO_QUESTION)
    if question.state not in CAN_BE_PINNED:
        raise Conflict("Only a question on the stage can be pinned.")
    return StageSet(replace(state.run, pinned_id=question.id), state.run, "pinned")


def decide_reaction(state: StageState, command: React, actor: Actor, setting: Setting) -> Reacted:
    """Raises a Refusal."""
    check_takes_part(actor, setting.event)
    check_door_is_open(setting.session, setting.event.zone, setting.now, state.run.late_minutes)
    check_not_silenced(state, actor, setting)
    return Reacted(command.kind)


def decide_caption(command: AddCaption, setting: Setting) -> Captioned:
    """For moderators. Raises Invalid."""
    return Captioned(Words(id=setting.new_id, text=clean(command.text, "text", MAX_CAPTION, "line", "Type what is said."), at=setting.now))


def decide_cue(command: GiveCue, actor: Actor, setting: Setting) -> CueGiven:
    """For moderators. Raises Invalid."""
    text = clean(command.text, "text", MAX_CUE, "cue", "Type a few words for the speakers.")
    return CueGiven(Words(id=setting.new_id, text=text, at=setting.now), actor.person_id)
