"""What follows a yes: one function per kind of call, called in the transaction in which the decision is announced."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from conference.calls import outcome_bursaries, outcome_grants, outcome_mentoring, outcome_places, outcome_proposals
from conference.calls.decision_tables import Decision
from conference.calls.definition import Definition
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call, CallKind
from conference.storage.database import Db

Outcome = Callable[[Db, Call, Definition, Submission, Decision, datetime], Awaitable[None]]

OUTCOMES: dict[CallKind, Outcome] = {
    CallKind.place: outcome_places.follow,
    CallKind.grant: outcome_grants.follow,
    CallKind.bursary: outcome_bursaries.follow,
    CallKind.proposal: outcome_proposals.follow,
    CallKind.mentoring: outcome_mentoring.follow,
    CallKind.award: outcome_grants.follow,
}


async def follow_yes(db: Db, call: Call, definition: Definition, submission: Submission, decision: Decision, now: datetime) -> None:
    """`decision` was just announced with the verdict accepted; the submission's state is accepted."""
    await OUTCOMES[call.kind](db, call, definition, submission, decision, now)
