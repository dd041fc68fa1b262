"""What comes in at a door: from plain forms, and from phones that were without a line."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from conference.attendance.actions import Act
from conference.attendance.rules import moment_of, occasion_from
from conference.attendance.tables import How
from conference.errors import Invalid
from conference.storage.ids import new_id
from conference.web.forms import Form, Typed

MAX_ACTS = 200  # in one message of a phone
NO_CODE = "Enter the code under the ticket’s picture: 16 letters and digits."


class MinutesForm(Form):
    asks: ClassVar[dict[str, str]] = {"minutes": "Enter a number of minutes from 1 to 600."}
    minutes: int


class PhoneAct(BaseModel):
    """One act as a phone kept it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    client_id: UUID
    occasion: Annotated[str, Field(max_length=60)]
    how: Literal["code", "name"]
    code: Annotated[str, Field(max_length=300)] = ""
    place: UUID | None = None
    scanned_at: AwareDatetime


class PhoneActs(BaseModel):
    """What a phone sends when it has a line again."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    sent_at: AwareDatetime
    acts: Annotated[tuple[PhoneAct, ...], Field(max_length=MAX_ACTS)]


def acts_of_phone(body: bytes, now: datetime) -> list[Act]:
    """Raises Invalid for what no phone of ours would send. Of two acts with one id the first counts."""
    try:
        sent = PhoneActs.model_validate_json(body)
    except ValidationError:
        raise Invalid("acts", "This can’t be read. Load the door’s page again: what it keeps is not lost.") from None
    acts: dict[UUID, Act] = {}
    for act in sent.acts:
        at = moment_of(act.scanned_at, sent.sent_at, now)
        acts.setdefault(act.client_id, Act(act.client_id, occasion_from(act.occasion), How(act.how), at, act.code, act.place))
    return list(acts.values())


def act_of_form(typed: Typed, now: datetime) -> Act:
    """A plain form's act: a typed code, or the button beside a name. Raises Invalid where there is neither."""
    place, code = id_typed(typed.get("place", "")), typed.get("code", "").strip()
    if not place and not code:
        raise Invalid("code", NO_CODE)
    how = How.hand if typed.get("how") == How.hand else How.name if place else How.code
    return Act(
        id_typed(typed.get("key", "")) or new_id(), occasion_from(typed.get("for", "")), how, now, "" if place else code[:300], place
    )


def id_typed(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None
