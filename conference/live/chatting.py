"""The chat beside a stage (pure): said, held back, let through, deleted."""

from conference.errors import Conflict, NotFound
from conference.live.asking import check_not_silenced, check_takes_part
from conference.live.commands import DeleteMessage, OnChat, Say
from conference.live.happenings import MessageDeleted, MessageShown, Said
from conference.live.rules import MAX_MESSAGE, check_door_is_open, check_not_too_soon, clean, held_word
from conference.live.state import Actor, ChatFacts, Setting, StageState

NO_MESSAGE = "There is no such message on this stage."


def decide_saying(state: StageState, command: Say, actor: Actor, setting: Setting) -> Said:
    """Raises a Refusal."""
    if not actor.moderates:
        check_takes_part(actor, setting.event)
    check_door_is_open(setting.session, setting.event.zone, setting.now, state.run.late_minutes)
    if not state.run.chat_open:
        raise Conflict("The chat is closed on this stage.")
    check_not_silenced(state, actor, setting)
    text = clean(command.text, "text", MAX_MESSAGE, "message", "Type your message.")
    if not actor.moderates:
        check_not_too_soon(state.last_said.get(actor.person_id), state.run.slow_seconds, setting.now)
    if command.reply_id and not _is_shown(state, command):
        raise NotFound("The message that you answer is not there any more.")
    flag = "" if actor.moderates else held_word(text, state.run.held_words)
    return Said(
        ChatFacts(
            id=setting.new_id,
            person_id=actor.person_id,
            author=actor.name,
            text=text,
            reply_id=command.reply_id,
            said_at=setting.now,
            flag=flag,
            shown_at=None if flag else setting.now,
        )
    )


def decide_chat(state: StageState, command: OnChat, actor: Actor, setting: Setting) -> MessageShown | MessageDeleted:
    """For moderators. Raises a Refusal."""
    message = state.chat.get(command.message_id)
    if message is None:
        raise NotFound(NO_MESSAGE)
    if message.deleted_at:
        raise Conflict("This message was deleted already.")
    if isinstance(command, DeleteMessage):
        return MessageDeleted(message.id, setting.now)
    if message.shown_at:
        raise Conflict("This message is shown already.")
    return MessageShown(message.id, setting.now)


def _is_shown(state: StageState, command: Say) -> bool:
    message = state.chat.get(command.reply_id) if command.reply_id else None
    return bool(message and message.shown_at and not message.deleted_at)
