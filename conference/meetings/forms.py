"""What organisers type about a meeting service, and moderators about groups."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from conference.meetings.tables import ServiceKind
from conference.web.forms import Form


class ServiceForm(Form):
    """What of it fits together, `rules.check_service` says."""

    asks: ClassVar[dict[str, str]] = {"kind": "Choose the service.", "address": "Enter the service’s address."}
    kind: ServiceKind
    address: str
    application: str = Field(default="", max_length=100)
    secret: str = ""


class GroupsForm(Form):
    asks: ClassVar[dict[str, str]] = {
        "names": "Enter the groups’ names, one on each line.",
        "capacity": "Enter how many people fit in a group, as a number from 1 to 1000, or leave this empty.",
    }
    names: str
    capacity: int | None = Field(default=None, ge=1, le=1000)


class MoveForm(Form):
    asks: ClassVar[dict[str, str]] = {"person": "Choose who moves.", "group": "Choose a group from the list."}
    person: UUID
    group: UUID | None = None  # none: the plenary


class ClosingForm(Form):
    asks: ClassVar[dict[str, str]] = {"minutes": "Choose from the list when everybody is back."}
    minutes: Literal["0", "1", "2", "5", "10"]


class ChoiceForm(Form):
    asks: ClassVar[dict[str, str]] = {"group": "Choose a group."}
    group: UUID
