"""Mails about what is sent to a call: to whoever applies, and to those whom they name."""

from datetime import datetime
from typing import Any

from conference.calls.answers import spoken_parts
from conference.calls.applying_rules import received_words
from conference.calls.call_mail import write_call_mail
from conference.calls.definition import Definition
from conference.calls.submission_tables import Partner, PartnerRole, Submission, SubmissionVersion
from conference.calls.tables import Call
from conference.calls.words import reference_of
from conference.mail.actions import queue_mail
from conference.people.tables import Person
from conference.storage.database import Db
from conference.times import spoken_moment


async def tell_received(
    db: Db, call: Call, definition: Definition, submission: Submission, version: SubmissionVersion, person: Person, real_now: datetime
) -> None:
    """That it arrived, in time or late, with a copy of all of it."""
    reference = reference_of(call, submission.number)
    said = received_words(definition.letters, name=person.name, title=call.title, reference=reference)
    zone = person.zone or call.zone
    await write_call_mail(
        db,
        "submission_late" if version.late else "submission_received",
        call,
        submission,
        person,
        real_now,
        words=said,
        version=version.number,
        arrived=spoken_moment(version.arrived_at, zone),
        deadline=_deadline(call, zone),
        counts_before=submission.counted_id is not None,
        by_staff=version.by_id is not None and version.by_id != person.id,
        copy=copy_of(definition, version),
    )


async def tell_late_counts(db: Db, call: Call, submission: Submission, person: Person, reason: str, real_now: datetime) -> None:
    await write_call_mail(db, "submission_late_counts", call, submission, person, real_now, reason=reason)


async def tell_withdrawn(db: Db, call: Call, submission: Submission, person: Person, real_now: datetime) -> None:
    await write_call_mail(db, "submission_withdrawn", call, submission, person, real_now)


async def ask_partner(db: Db, call: Call, partner: Partner, applicant: Person, link: str, real_now: datetime) -> None:
    """Whether it is so that they stand with an application; a referee is asked for a reference."""
    await queue_mail(
        db,
        "referee_asked" if partner.role == PartnerRole.referee else "partner_asked",
        partner.email,
        real_now,
        to_name=partner.name,
        event_id=call.event_id,
        zone=call.zone,
        call=call.title,
        applicant=applicant.name,
        link=link,
        deadline=spoken_moment(call.deadline_at, call.zone) if call.deadline_at else "",
    )


def copy_of(definition: Definition, version: SubmissionVersion) -> list[dict[str, Any]]:
    return [
        {
            "title": title,
            "answers": [{"label": question.label, "words": words or "(nothing)"} for question, words in answers],
        }
        for title, answers in spoken_parts(definition, version.answers)
    ]


def _deadline(call: Call, zone: str) -> str:
    """On the reader's clock, and on the one on which it was published."""
    if not call.deadline_at:
        return ""
    own = spoken_moment(call.deadline_at, zone)
    published = spoken_moment(call.deadline_at, call.zone)
    return own if own == published else f"{own}; as published, {published}"
