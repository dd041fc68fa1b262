"""What a panel may do when (pure)."""

from datetime import datetime, timedelta

from conference.calls.definition import PanelRules
from conference.calls.tables import Call, CallState


def panel_may_begin(call: Call, now: datetime) -> bool:
    """Nobody reads for a panel what may still be sent again; nor once the call is put away."""
    if call.state in (CallState.closed, CallState.decided):
        return True
    return call.state == CallState.open and call.deadline_at is not None and now >= call.deadline_at


def reviews_due_at(call: Call, rules: PanelRules) -> datetime | None:
    """When everybody on the panel should be done; None where the call has no deadline."""
    return call.deadline_at + timedelta(days=rules.reviews_due_days) if call.deadline_at else None
