"""What organisers type about a call. Times are wall-clock times, read on the clock of the call's zone."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from conference.calls.changing import CallChange
from conference.calls.definition import MOST_PENCE
from conference.calls.tables import Call, CallState
from conference.errors import Invalid
from conference.programme.forms import Clock, Day
from conference.times import local_instant, zone_named
from conference.web.forms import Form, Typed


def _places(typed: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", typed.strip()) or not int(typed):
        raise ValueError("Enter a whole number from 1 on, or leave this empty.")
    return int(typed)


def _pence(typed: str) -> int:
    """`7,000`, `7000.50` or `£7000`"""
    found = re.fullmatch(r"£?\s*([0-9]{1,9})(?:\.([0-9]{2}))?", typed.strip().replace(",", ""))
    pence = int(found[1]) * 100 + int(found[2] or 0) if found else 0
    if not 0 < pence <= MOST_PENCE:
        raise ValueError("Enter an amount in pounds, such as 80000, or leave this empty.")
    return pence


class StateForm(Form):
    asks: ClassVar[dict[str, str]] = {"to": "Choose what shall become of it."}
    to: CallState


class SettingsForm(Form):
    asks: ClassVar[dict[str, str]] = {"title": "Enter a title."}
    title: str = Field(min_length=1, max_length=200)
    opens_day: Day | None = None
    opens_clock: Clock | None = None
    deadline_day: Day | None = None
    deadline_clock: Clock | None = None
    results_by: Day | None = None
    places: Annotated[int | None, BeforeValidator(_places)] = None
    budget: Annotated[int | None, BeforeValidator(_pence)] = None

    def change(self, zone: str) -> CallChange:
        """Raises Invalid where half a moment was typed, or one that never happens."""
        return CallChange(
            title=" ".join(self.title.split()),
            opens_at=self._moment("opens", zone),
            deadline_at=self._moment("deadline", zone),
            results_by=self.results_by,
            places=self.places,
            budget_pence=self.budget,
        )

    def _moment(self, name: str, zone: str) -> datetime | None:
        day, clock = getattr(self, f"{name}_day"), getattr(self, f"{name}_clock")
        if (day is None) != (clock is None):
            raise Invalid(f"{name}_{'clock' if day else 'day'}", "Enter both the day and the time, or neither.")
        return local_instant(datetime.combine(day, clock), zone, where=f"{name}_clock").astimezone(UTC) if day else None


def typed_settings(call: Call) -> Typed:
    """What is saved, as it would be typed."""
    place = zone_named(call.zone)
    typed: dict[str, Any] = {"title": call.title, "results_by": call.results_by.isoformat() if call.results_by else ""}
    for name, at in (("opens", call.opens_at), ("deadline", call.deadline_at)):
        local = at.astimezone(place) if at else None
        typed[f"{name}_day"] = local.date().isoformat() if local else ""
        typed[f"{name}_clock"] = f"{local:%H:%M}" if local else ""
    typed["places"] = str(call.places or "")
    whole, rest = divmod(call.budget_pence or 0, 100)
    typed["budget"] = (f"{whole}.{rest:02}" if rest else str(whole)) if call.budget_pence else ""
    return typed
