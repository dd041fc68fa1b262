"""What an accepted offer brings, for kinds of calls that don't give a place: called in the transaction in which it is accepted."""

from datetime import datetime

from conference.calls.awards import begin_award
from conference.calls.definition import Definition
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call, CallKind
from conference.storage.database import Db

AWARDS = (CallKind.grant, CallKind.bursary, CallKind.award)


async def begin_what_follows(db: Db, call: Call, definition: Definition, submission: Submission, pence: int | None, now: datetime) -> None:
    """Awards begin; a talk is planned by an organiser, and a mentor's round finds whom it has by their submissions."""
    if call.kind in AWARDS:
        await begin_award(db, call, definition, submission, pence, now)
