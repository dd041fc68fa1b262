"""Looking after people on a stage (pure): help that is asked for and given, silences that begin and end."""

from datetime import timedelta
from uuid import UUID

from conference.errors import Conflict, Forbidden, Invalid, NotFound
from conference.live.care_tables import HelpKind
from conference.live.commands import AskHelp, Lift, ResolveHelp, Silence
from conference.live.happenings import HelpAsked, HelpResolved, Silenced, SilenceLifted
from conference.live.rules import MAX_HELP, MAX_REASON, MAX_SILENCE, clean, clean_reason
from conference.live.state import Actor, ChatFacts, HelpFacts, QuestionFacts, Setting, SilenceFacts, StageState

MAX_UNRESOLVED = 3  # requests of one person that nobody has looked at
NOT_SAID = "The question or message is not on this stage."


def decide_help(state: StageState, command: AskHelp, actor: Actor, setting: Setting) -> HelpAsked:
    """For whoever is signed in: whoever can't hear may not be registered. Raises a Refusal."""
    open_ones = [each for each in state.help.values() if each.person_id == actor.person_id and not each.resolved_at]
    if len(open_ones) >= MAX_UNRESOLVED:
        raise Conflict("The organisers have your messages and come to you as soon as they can.")
    about = _shown_to_all(state, command.about_id) if command.about_id else None
    must_say = "" if about or command.kind not in (HelpKind.conduct, HelpKind.other) else "Say in a few words what happened."
    return HelpAsked(
        HelpFacts(
            id=setting.new_id,
            person_id=actor.person_id,
            name=actor.name,
            kind=command.kind,
            text=clean(command.text, "text", MAX_HELP, "message", must_say),
            about_id=about.id if about else None,
            about_text=about.text if about else "",
            at=setting.now,
        )
    )


def decide_resolving(state: StageState, command: ResolveHelp, actor: Actor, setting: Setting) -> HelpResolved:
    """For moderators. Raises a Refusal."""
    request = state.help.get(command.help_id)
    if request is None:
        raise NotFound("There is no such request on this stage.")
    if request.resolved_at:
        raise Conflict(f"{request.resolved_by} has looked after this already: {request.done}")
    done = clean(command.done, "done", MAX_REASON, "note", "Say what was done: the person who asked reads it.")
    return HelpResolved(request.id, setting.now, actor.name, done)


def decide_silence(state: StageState, command: Silence, actor: Actor, setting: Setting) -> Silenced:
    """For moderators. Raises a Refusal."""
    said = _said_by_somebody(state, command.about_id)
    if said.person_id == actor.person_id:
        raise Conflict("These are your own words.")
    if said.person_id in state.leading:
        raise Conflict(f"{said.author} moderates this event too. An organiser can end that role first.")
    if not 1 <= command.minutes <= MAX_SILENCE:
        raise Invalid("minutes", f"Choose from 1 to {MAX_SILENCE} minutes (a week).")
    if any(each.holds(setting.now) and each.ban >= command.ban for each in state.silences_of(said.person_id)):
        raise Conflict(f"{said.author} is silenced already.")
    return Silenced(
        SilenceFacts(
            id=setting.new_id,
            person_id=said.person_id,
            name=said.author,
            ban=command.ban,
            reason=clean_reason(command.reason),
            moderator_id=actor.person_id,
            at=setting.now,
            until=setting.now + timedelta(minutes=command.minutes),
        )
    )


def decide_lifting(state: StageState, command: Lift, setting: Setting) -> SilenceLifted:
    """For moderators, on the stage where it was given. Raises a Refusal."""
    silence = state.silences.get(command.silence_id)
    if silence is None:
        raise NotFound("There is no such silence on this stage.")
    if not silence.holds(setting.now):
        raise Conflict("This silence has ended already.")
    return SilenceLifted(silence.id, setting.now)


def check_not_banned(state: StageState, actor: Actor, setting: Setting) -> None:
    if any(each.ban and each.holds(setting.now) for each in state.silences_of(actor.person_id)):
        raise Forbidden("A moderator has closed this event's stages for you.")


def _shown_to_all(state: StageState, about_id: UUID) -> QuestionFacts | ChatFacts:
    """What anybody can have seen, be it gone by now."""
    said = _said_by_somebody(state, about_id)
    if not (said.approved_at if isinstance(said, QuestionFacts) else said.shown_at):
        raise NotFound(NOT_SAID)
    return said


def _said_by_somebody(state: StageState, about_id: UUID) -> QuestionFacts | ChatFacts:
    said = state.questions.get(about_id) or state.chat.get(about_id)
    if said is None:
        raise NotFound(NOT_SAID)
    return said
