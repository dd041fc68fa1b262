"""When a call takes what is sent to it, and what an applicant may still do (pure)."""

from datetime import datetime

from conference.calls.definition import Letters
from conference.calls.submission_tables import Submission, SubmissionState
from conference.calls.tables import Call, CallState
from conference.errors import Conflict
from conference.papers.rules import filled
from conference.times import spoken_moment

BEFORE_DECISION = (SubmissionState.draft, SubmissionState.submitted, SubmissionState.under_review)
MAY_WITHDRAW = (*BEFORE_DECISION, SubmissionState.reserve)
LIVE_STATES = tuple(state for state in SubmissionState if state not in (SubmissionState.withdrawn, SubmissionState.cancelled))
STATE_WORDS = {
    SubmissionState.draft: "Not sent yet",
    SubmissionState.submitted: "Sent",
    SubmissionState.under_review: "Being read",
    SubmissionState.accepted: "Accepted",
    SubmissionState.reserve: "On the reserve list",
    SubmissionState.rejected: "Not accepted",
    SubmissionState.withdrawn: "Withdrawn",
    SubmissionState.confirmed: "Accepted, and confirmed by you",
    SubmissionState.cancelled: "Accepted, and given back",
}


def is_late(call: Call, arrived_at: datetime, now: datetime) -> bool:
    """The deadline's instant itself is late. What arrived whole before it counts, however long the house took to read it;
    a call that organisers closed before its time takes nothing more in time."""
    closed_early = call.state == CallState.closed and call.deadline_at is not None and now < call.deadline_at
    return closed_early or (call.deadline_at is not None and arrived_at >= call.deadline_at)


def why_not(call: Call, now: datetime) -> str:
    """Why nothing can be typed or sent at this moment; empty where it can, if only late."""
    match call.state:
        case CallState.draft:
            return "This call is not published yet."
        case CallState.suspended:
            return "This call is suspended: it takes no applications for now."
        case CallState.decided | CallState.archived:
            return "This call is decided: it takes no applications any more."
    if call.opens_at and now < call.opens_at:
        return f"This call opens at {spoken_moment(call.opens_at, call.zone)}."
    return ""


def check_takes(call: Call, now: datetime) -> None:
    """Raises Conflict."""
    if why := why_not(call, now):
        raise Conflict(why)


def check_can_change(submission: Submission) -> None:
    """Raises Conflict once it was decided or withdrawn."""
    if submission.state == SubmissionState.withdrawn:
        raise Conflict("This application was withdrawn. While the call is open you can begin a new one.")
    if submission.state not in BEFORE_DECISION:
        raise Conflict("This application was decided: it can't be changed any more.")


def check_can_withdraw(submission: Submission) -> None:
    """Raises Conflict."""
    if submission.state not in MAY_WITHDRAW:
        raise Conflict("This application can't be withdrawn any more: write to the organisers.")


def received_words(letters: Letters | None, **values: str) -> str:
    return filled(letters.received, values) if letters else "We have your application. Thank you."
