"""What people who take part may do with questions (pure): ask, vote, withdraw, answer in writing."""

from conference.errors import Conflict, Forbidden, NotFound
from conference.live.commands import Ask, Upvote, Withdraw, WriteAnswer
from conference.live.happenings import AnswerWritten, Asked, Upvoted, Withdrawn
from conference.live.rules import (
    MAX_ANSWER,
    check_door_is_open,
    check_may_ask_more,
    check_not_too_soon,
    clean,
    clean_question,
    held_word,
)
from conference.live.state import Actor, QuestionFacts, Setting, StageState
from conference.live.tables import Moderated, QuestionState
from conference.programme.tables import Event
from conference.times import clock_time, spoken_zone, zone_named

SHOWN = (QuestionState.visible, QuestionState.answered, QuestionState.archived)
NO_QUESTION = "There is no such question on this stage."


def decide_asking(
    state: StageState, command: Ask | Upvote | Withdraw | WriteAnswer, actor: Actor, setting: Setting
) -> Asked | Upvoted | Withdrawn | AnswerWritten:
    """Raises a Refusal."""
    match command:
        case Ask():
            return _ask(state, command, actor, setting)
        case Upvote():
            return _upvote(state, command, actor, setting)
        case Withdraw():
            return _withdraw(state, command, actor, setting)
        case WriteAnswer():
            return _write(state, command, actor, setting)


def check_takes_part(actor: Actor, event: Event) -> None:
    if not actor.takes_part:
        raise Forbidden(f"Asking and voting need a confirmed registration for {event.title}.")


def check_not_silenced(state: StageState, actor: Actor, setting: Setting) -> None:
    """With the reason, and until when in the event's zone."""
    for silence in state.silences_of(actor.person_id):
        if silence.holds(setting.now):
            local = silence.until.astimezone(zone_named(setting.event.zone))
            until = f"{clock_time(local)} ({spoken_zone(local, setting.event.zone)})"
            raise Forbidden(f"A moderator has asked you not to write until {until}. The reason: {silence.reason}")


def _ask(state: StageState, command: Ask, actor: Actor, setting: Setting) -> Asked:
    check_takes_part(actor, setting.event)
    check_door_is_open(setting.session, setting.event.zone, setting.now, state.run.late_minutes)
    check_not_silenced(state, actor, setting)
    text = clean_question(command.text)
    waiting = [each for each in state.questions.values() if each.person_id == actor.person_id and each.state == QuestionState.pending]
    check_may_ask_more(len(waiting))
    check_not_too_soon(state.last_said.get(actor.person_id), state.run.slow_seconds, setting.now)
    flag = held_word(text, state.run.held_words)
    shown = state.run.moderated == Moderated.after and not flag
    return Asked(
        QuestionFacts(
            id=setting.new_id,
            person_id=actor.person_id,
            text=text,
            author=actor.name,
            anonymous=command.anonymous,
            asked_at=setting.now,
            approved_at=setting.now if shown else None,
            flag=flag,
        )
    )


def _upvote(state: StageState, command: Upvote, actor: Actor, setting: Setting) -> Upvoted:
    check_takes_part(actor, setting.event)
    question = _shown(state, command)
    check_door_is_open(setting.session, setting.event.zone, setting.now, state.run.late_minutes)
    if question.state != QuestionState.visible:
        raise Conflict("This question is not open for votes any more.")
    if question.person_id == actor.person_id:
        raise Conflict("This is your own question: votes are for those of others.")
    if (question.id, actor.person_id) in state.votes:
        raise Conflict("You voted for this question already.")
    return Upvoted(question.id, actor.person_id, setting.now)


def _withdraw(state: StageState, command: Withdraw, actor: Actor, setting: Setting) -> Withdrawn:
    question = state.questions.get(command.question_id)
    if question is None or question.person_id != actor.person_id:
        raise NotFound(NO_QUESTION)
    if question.state not in (QuestionState.pending, QuestionState.visible):
        raise Conflict("This question can't be withdrawn any more.")
    return Withdrawn(question.id, setting.now)


def _write(state: StageState, command: WriteAnswer, actor: Actor, setting: Setting) -> AnswerWritten:
    if not (actor.speaks or actor.moderates):
        raise Forbidden("Answers are written by the session's speakers and the moderators.")
    if not actor.moderates:
        check_not_silenced(state, actor, setting)
    question = _shown(state, command)
    return AnswerWritten(question.id, setting.now, clean(command.text, "text", MAX_ANSWER, "answer", "Type the answer."))


def _shown(state: StageState, command: Upvote | WriteAnswer) -> QuestionFacts:
    """One that everybody may know of."""
    question = state.questions.get(command.question_id)
    if question is None or question.state not in SHOWN:
        raise NotFound(NO_QUESTION)
    return question
