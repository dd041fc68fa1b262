"""Mails about offers: to who moved up, reminders, what became of one; and feedback. Letters of a call are filled as plain data."""

from datetime import datetime
from typing import Any

from conference.calls.call_mail import write_call_mail
from conference.calls.definition import Definition
from conference.calls.offer_rules import until_words
from conference.calls.offer_tables import Offer
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call
from conference.calls.words import pounds, reference_of
from conference.papers.rules import filled
from conference.people.tables import Person
from conference.storage.database import Db
from conference.times import spoken_moment


def offer_path(call: Call, submission: Submission) -> str:
    """The page on which an offer is answered, and where its checklist is."""
    return f"/calls/{call.slug}/offers/{submission.number}"


def until_for(offer: Offer, call: Call, zone: str | None) -> str:
    """Until when an offer waits, on the call's clock and on the reader's."""
    words = until_words(offer.respond_by, call.zone)
    return words if zone in (None, call.zone) else f"{words}: {spoken_moment(offer.respond_by, zone or call.zone)} on your clock"


def letter_words(text: str, call: Call, offer: Offer, submission: Submission, person: Person) -> str:
    return filled(
        text,
        {
            "name": person.name,
            "title": call.title,
            "reference": reference_of(call, submission.number),
            "respond_by": until_for(offer, call, person.zone),
            "amount": pounds(offer.amount_pence) if offer.amount_pence else "",
        },
    )


async def write_offer_mail(
    db: Db, template: str, call: Call, offer: Offer, submission: Submission, person: Person, real_now: datetime, **more: Any
) -> None:
    """One of each kind for each offer; another once the offer's time was changed."""
    facts = {
        "until": until_for(offer, call, person.zone),
        "amount": pounds(offer.amount_pence) if offer.amount_pence else "",
        "offer_path": offer_path(call, submission),
    }
    key = f"{template}:{offer.id}:{offer.respond_by.isoformat()}"
    await write_call_mail(db, template, call, submission, person, real_now, dedupe_key=key, **(facts | more))


async def tell_promoted(
    db: Db, call: Call, definition: Definition, offer: Offer, submission: Submission, person: Person, real_now: datetime
) -> None:
    """Who was on the reserve list: in the words of the call's letter, where it has one."""
    letter = letter_words(definition.letters.accepted, call, offer, submission, person) if definition.letters else ""
    await write_offer_mail(db, "offer_promoted", call, offer, submission, person, real_now, words=letter)
