"""A file of seed_data/calls/, and what organisers type: a call as TOML (pure).

A wall time (`opens`, `deadline`) is read on the clock of the call's `zone`; with an offset it stands as it is.
"""

from datetime import UTC, date, datetime
from typing import Self, TypeVar
from uuid import UUID

from pydantic import Field, model_validator

from conference.calls.definition import MOST_PENCE, Definition
from conference.calls.rules import CallPlan, check_can_open, check_times
from conference.calls.tables import CallKind, CallState
from conference.errors import Invalid, Refusal
from conference.seed_check import Fault
from conference.seed_models import Line, Places, Slug, ZoneName
from conference.seed_reading import read_text
from conference.times import local_instant

Shape = TypeVar("Shape", bound=Definition)
YEARS = range(1970, 3000)  # beyond, zones have no meaning
STARTING = (CallState.draft, CallState.open, CallState.suspended, CallState.decided, CallState.archived)


class CallFile(Definition):
    """What a call is, and its first definition."""

    slug: Slug
    kind: CallKind
    state: CallState = CallState.draft
    title: Line
    zone: ZoneName
    event: Slug | None = None
    opens: datetime | None = None
    deadline: datetime | None = None  # the first moment that is late
    results_by: date | None = None
    places: Places | None = None
    budget_pence: int | None = Field(default=None, gt=0, le=MOST_PENCE)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if any(at and at.year not in YEARS for at in (self.opens, self.deadline, self.results_by)):
            raise ValueError("a year such as 2025 belongs to each of its days")
        try:
            plan = self.plan()
            check_times(plan.opens_at, plan.deadline_at, plan.results_by, plan.zone)
            if self.state == CallState.open:
                check_can_open(plan, self)
        except Refusal as wrong:
            raise ValueError(wrong.sentence) from None
        if self.slug == "new":
            raise ValueError("the slug `new` is an address of the house: choose another")
        if self.state not in STARTING:
            raise ValueError(f"a call that comes from a file is {', '.join(STARTING)}; it closes by its deadline")
        return self

    def plan(self, event_id: UUID | None = None) -> CallPlan:
        """`event_id`: only the database knows it. Raises Invalid for a wall time that never happens, or happens twice."""
        return CallPlan(
            slug=self.slug,
            kind=self.kind,
            title=self.title,
            zone=self.zone,
            event_id=event_id,
            opens_at=self._instant(self.opens),
            deadline_at=self._instant(self.deadline),
            results_by=self.results_by,
            places=self.places,
            budget_pence=self.budget_pence,
        )

    def definition(self) -> Definition:
        return Definition.model_validate({name: getattr(self, name) for name in Definition.model_fields})

    def _instant(self, at: datetime | None) -> datetime | None:
        if at is None:
            return None
        return at.astimezone(UTC) if at.tzinfo else local_instant(at, self.zone, where="at")


def typed_definition(text: str) -> Definition:
    """What an organiser typed. Raises Invalid with every fault and its place."""
    return _typed(text, Definition)


def typed_call(text: str) -> CallFile:
    return _typed(text, CallFile)


def _typed(text: str, shape: type[Shape]) -> Shape:
    faults: list[Fault] = []
    read = read_text(text, "", shape, faults)
    if read is None:
        raise Invalid("definition", "\n".join(_said(fault) for fault in faults))
    return read


def _said(fault: Fault) -> str:
    return f"{fault.key}: {fault.sentence}" if fault.key else fault.sentence[:1].upper() + fault.sentence[1:]
