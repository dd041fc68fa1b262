"""A bursary: it is offered, with its amount where there is one."""

from datetime import datetime

from conference.calls.decision_tables import Decision
from conference.calls.definition import Definition
from conference.calls.offering import make_offer
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call
from conference.storage.database import Db


async def follow(db: Db, call: Call, definition: Definition, submission: Submission, decision: Decision, now: datetime) -> None:
    """An offer, until the end of the day by which it has to be answered."""
    await make_offer(db, call, definition, submission, decision, now, with_place=False)
