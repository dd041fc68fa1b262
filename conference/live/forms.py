"""The stage's plain forms, read as the same commands that a socket brings."""

import re
from uuid import UUID

from conference.live.commands import Approve, Archive, Ask, Dismiss, MarkAnswered, Upvote
from conference.storage.ids import new_id
from conference.web.forms import Typed, checked


def ask_from(typed: Typed) -> Ask:
    return Ask(client_id=_client_id(typed), text=typed.get("text", ""), anonymous=checked(typed.get("anonymous", "")))


def upvote_from(typed: Typed, question_id: UUID) -> Upvote:
    return Upvote(client_id=_client_id(typed), question_id=question_id)


def approve_from(typed: Typed, question_id: UUID) -> Approve:
    return Approve(client_id=_client_id(typed), question_id=question_id)


def dismiss_from(typed: Typed, question_id: UUID) -> Dismiss:
    return Dismiss(client_id=_client_id(typed), question_id=question_id, reason=typed.get("reason", ""))


def answered_from(typed: Typed, question_id: UUID) -> MarkAnswered:
    return MarkAnswered(client_id=_client_id(typed), question_id=question_id)


def archive_from(typed: Typed, question_id: UUID) -> Archive:
    return Archive(client_id=_client_id(typed), question_id=question_id)


def _client_id(typed: Typed) -> str:
    """The form's own id, so that sending it twice is one act; a form without one gets a new id."""
    given = typed.get("client_id", "")
    return given if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", given) else new_id().hex
