"""One mail about a submission, to whoever sent it: with the call's name, the reference and the submission's page."""

from datetime import datetime
from typing import Any

from conference.calls.submission_tables import Submission
from conference.calls.tables import Call
from conference.calls.words import reference_of
from conference.mail.actions import queue_mail
from conference.people.tables import Person
from conference.storage.database import Db


async def write_call_mail(
    db: Db,
    template: str,
    call: Call,
    submission: Submission,
    person: Person,
    real_now: datetime,
    *,
    dedupe_key: str | None = None,
    **facts: Any,
) -> None:
    about = {
        "call": call.title,
        "reference": reference_of(call, submission.number),
        "submission_path": f"/calls/{call.slug}/submission/{submission.number}",
    }
    await queue_mail(
        db,
        template,
        person.email,
        real_now,
        to_name=person.name,
        person_id=person.id,
        event_id=call.event_id,
        zone=person.zone or call.zone,
        language=person.language,
        dedupe_key=dedupe_key,
        **(about | facts),
    )
