"""How long what was sent to a call is kept (pure): as many days after its results as the call says."""

from datetime import UTC, datetime, time, timedelta

from conference.calls.definition import Definition
from conference.calls.submission_tables import SubmissionState
from conference.calls.tables import Call, CallState

NEVER_DECIDED = timedelta(days=365)  # after the day on which results were promised: then they count as given
STAYS = (SubmissionState.accepted, SubmissionState.confirmed)
LEAVES_A_LINE = (SubmissionState.cancelled,)  # there was an offer: papers and numbers may name it


def goes_at(call: Call, definition: Definition) -> datetime | None:
    """When what came to nothing goes; None while nobody can say."""
    if call.decided_at:
        return call.decided_at + timedelta(days=definition.keep_days)
    if call.state is CallState.open:
        return None
    promised = datetime.combine(call.results_by, time(), UTC) if call.results_by else call.deadline_at
    return promised + NEVER_DECIDED + timedelta(days=definition.keep_days) if promised else None


def leaves_at_last(state: SubmissionState) -> bool:
    """Whether a submission in this state came to nothing."""
    return state not in STAYS
