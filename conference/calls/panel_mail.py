"""Reminding members of a panel of the reviews that they owe. The mail names no submission and nobody who applies."""

from datetime import datetime

from conference.calls.definition import Definition
from conference.calls.panel_queries import assignments_of, members_of, reviews_of
from conference.calls.panel_rules import reviews_due_at
from conference.calls.tables import Call
from conference.mail.actions import queue_mail
from conference.storage.database import Db
from conference.times import spoken_moment


async def remind_panel(db: Db, call: Call, definition: Definition, now: datetime, real_now: datetime) -> int:
    """A mail to each who owes a review and was not reminded within a day; how many."""
    due, reminded = reviews_due_at(call, definition.panel), 0
    done = {(each.submission_id, each.person_id) for each in await reviews_of(db, call.id) if each.submitted_at}
    owed = [each.person_id for each in await assignments_of(db, call.id) if (each.submission_id, each.person_id) not in done]
    for member, person in await members_of(db, call.id):
        missing = owed.count(person.id)
        if not missing or (member.reminded_at and (now - member.reminded_at).days < 1):
            continue
        zone = person.zone or call.zone
        await queue_mail(
            db, "panel_reminded", person.email, real_now, to_name=person.name, person_id=person.id, event_id=call.event_id, zone=zone,
            name=person.name, call=call.title, panel_path=f"/panel/{call.slug}", missing_reviews=missing,
            due=spoken_moment(due, zone) if due else "",
        )  # fmt: skip
        member.reminded_at = now
        reminded += 1
    return reminded
