"""What follows a yes to a call of this kind."""

from datetime import datetime

from conference.calls.decision_tables import Decision
from conference.calls.definition import Definition
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call
from conference.storage.database import Db


async def follow(db: Db, call: Call, definition: Definition, submission: Submission, decision: Decision, now: datetime) -> None:
    """Nothing yet."""
