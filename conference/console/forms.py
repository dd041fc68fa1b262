"""What organisers type on pages that join domains."""

from typing import ClassVar

from pydantic import field_validator

from conference.people.forms import NameAndEmailForm
from conference.people.tables import RoleKind
from conference.programme.forms import Clock, Day
from conference.web.forms import Form

REASON = 300  # characters, as the session's row holds them


class CancelForm(Form):
    asks: ClassVar[dict[str, str]] = {"reason": "Say why: people read it on the session’s page."}
    reason: str

    @field_validator("reason")
    @classmethod
    def _says_something(cls, typed: str) -> str:
        reason = " ".join(typed.split())
        if not reason:
            raise ValueError(cls.asks["reason"])
        if len(reason) > REASON:
            raise ValueError(f"This is too long: use at most {REASON} characters.")
        return reason


class RoleForm(NameAndEmailForm):
    asks: ClassVar[dict[str, str]] = {**NameAndEmailForm.asks, "role": "Choose a role."}
    role: RoleKind


class MoveForm(Form):
    """Where a session is to go; `back`: to where it is published."""

    asks: ClassVar[dict[str, str]] = {
        "day": "Choose a day.",
        "starts": "Enter when it starts, such as 14:05.",
        "room": "Choose a room from the list.",
    }
    day: Day | None = None
    starts: Clock | None = None
    room: str = ""
    back: str = ""
    seen: str = ""  # the version that the form was opened with
