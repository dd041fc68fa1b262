"""The stage's plain forms, read as the same commands that a socket brings.

A form says its command's `type` in a hidden field, and names its fields as docs/protocol.md does. Choices and options may be repeated
fields `choice` and `option`, or lines of one field.
"""

import re
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, TypeAdapter, ValidationError
from starlette.requests import Request

from conference.errors import Invalid
from conference.live.commands import FIELDS, Approve, Archive, Ask, Command, Dismiss, MarkAnswered, Upvote
from conference.storage.ids import new_id
from conference.web.forms import Typed, checked, repeated, typed_form

COMMAND = TypeAdapter[Command](Annotated[Command, Field(discriminator="type")])
TICKED = ("anonymous", "live_results", "chat_open", "ban", "shown")  # fields of tick boxes
LISTS = {"choices": "choice", "options": "option"}  # and what their repeated fields are called
UNREADABLE = "This form can't be read. Load the page again and send it once more."
ASKS = {
    "minutes": "Type how many minutes, as a whole number.",
    "slow_seconds": "Type how many seconds, as a whole number.",
    "late_minutes": "Type how many minutes, as a whole number.",
    "kind": "Choose what it is about.",
    "moderated": "Choose one.",
    "state": "Load the page again.",
}


async def typed_command(request: Request) -> Typed:
    """What was typed, with the lists of it as lines."""
    typed = await typed_form(request)
    for name, field in LISTS.items():
        if lines := await repeated(request, field):
            typed[name] = "\n".join(lines)
    return typed


def command_from(typed: Typed) -> Command:
    """The command that this form gives. Raises Invalid with a sentence for each field."""
    fields: dict[str, Any] = {name: value for name, value in typed.items() if name not in LISTS.values()}
    fields["client_id"] = _client_id(typed)
    wanted = FIELDS.get(fields.get("type", ""), frozenset())
    fields = {name: value for name, value in fields.items() if name in wanted and not (value == "" and name.endswith("_id"))}
    fields |= {name: checked(typed.get(name, "")) for name in TICKED if name in wanted}
    fields |= {name: tuple(filter(None, map(str.strip, typed.get(name, "").split("\n")))) for name in LISTS if name in wanted}
    if fields.get("type") == "pin":
        fields.setdefault("question_id", None)
    try:
        return COMMAND.validate_python(fields)
    except ValidationError as wrong:
        names = {str(part) for error in wrong.errors() for part in error["loc"] if str(part) in wanted}
        sentences = {name: ASKS.get(name, "Fill this in.") for name in sorted(names)} or {"form": UNREADABLE}
        first = next(iter(sentences))
        raise Invalid(first, sentences[first], sentences) from wrong


def ask_from(typed: Typed) -> Ask:
    return Ask(client_id=_client_id(typed), text=typed.get("text", ""), anonymous=checked(typed.get("anonymous", "")))


def upvote_from(typed: Typed, question_id: UUID) -> Upvote:
    return Upvote(client_id=_client_id(typed), question_id=question_id)


def approve_from(typed: Typed, question_id: UUID) -> Approve:
    return Approve(client_id=_client_id(typed), question_id=question_id)


def dismiss_from(typed: Typed, question_id: UUID) -> Dismiss:
    return Dismiss(
        client_id=_client_id(typed), question_id=question_id, reason=typed.get("reason", ""), shown=checked(typed.get("shown", ""))
    )


def answered_from(typed: Typed, question_id: UUID) -> MarkAnswered:
    return MarkAnswered(client_id=_client_id(typed), question_id=question_id)


def archive_from(typed: Typed, question_id: UUID) -> Archive:
    return Archive(client_id=_client_id(typed), question_id=question_id)


def _client_id(typed: Typed) -> str:
    """The form's own id, so that sending it twice is one act; a form without one gets a new id."""
    given = typed.get("client_id", "")
    return given if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", given) else new_id().hex
