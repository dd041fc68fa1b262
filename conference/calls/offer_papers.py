"""Papers about offers: the letter that makes one, the letter of an award, the letter for a visa; none of an offer that is over."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from conference.calls.definition import Definition
from conference.calls.letter_words import letters_of
from conference.calls.offer_letters import letter_words
from conference.calls.offer_rules import until_words
from conference.calls.offer_tables import Offer
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call
from conference.calls.words import pounds, reference_of
from conference.papers.issuing import revoke_paper
from conference.papers.letters import Letter, issue_letter
from conference.papers.rules import dates_of, paragraphs_of
from conference.papers.tables import IssuedPaper, PaperKind
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.storage.database import Db

OF_OFFERS = (PaperKind.offer_letter, PaperKind.award_letter, PaperKind.invitation_letter)
AWARDED = """You have accepted what was offered to you by {call}. This letter confirms the award.

What was agreed is in the terms that you accepted on the same day; what is to be reported, and by when, stands on the page of your award."""
INVITED = """We confirm that {name} has a place at {event}, and that we invite them to take part in it in person.

The place was given by selection. Please give {name} whatever help they need to travel."""


async def write_offer_letter(db: Db, call: Call, definition: Definition, offer: Offer, submission: Submission, now: datetime) -> None:
    person = await db.get_one(Person, submission.person_id)
    text = letter_words(letters_of(definition).accepted, call, offer, submission, person)
    details = [("Please answer by", until_words(offer.respond_by, call.zone))]
    if offer.amount_pence:
        details.append(("Amount", pounds(offer.amount_pence)))
    if offer.fee_pence:
        details.append(("Fee", f"{pounds(offer.fee_pence)} including {offer.vat_percent} % VAT"))
    await _issue(db, PaperKind.offer_letter, call, offer, submission, person, call.title, text, details, now)


async def write_award_letter(db: Db, call: Call, offer: Offer, submission: Submission, person: Person, now: datetime) -> None:
    details = [("Amount", pounds(offer.amount_pence))] if offer.amount_pence else []
    text = "\n\n".join(paragraphs_of(AWARDED, call=call.title))
    await _issue(db, PaperKind.award_letter, call, offer, submission, person, f"Award: {call.title}", text, details, now)


async def write_invitation(db: Db, call: Call, offer: Offer, person: Person, now: datetime, *, by: UUID) -> IssuedPaper:
    """What a passport says is not in its facts: it is put in when the PDF is made, as long as it is kept."""
    submission = await db.get_one(Submission, offer.submission_id)
    event = await db.get(Event, call.event_id) if call.event_id else None
    title = event.title if event else call.title
    details = [("Event", title)] + ([("Dates", dates_of(event))] if event else [])
    text = "\n\n".join(paragraphs_of(INVITED, name=person.name, event=title))
    subject = f"Invitation to {title}"
    return await _issue(db, PaperKind.invitation_letter, call, offer, submission, person, subject, text, details, now, by=by)


async def revoke_papers_of(db: Db, offer: Offer, why: str, now: datetime, *, by: UUID | None) -> None:
    """The offer is over: whoever verifies one of its letters is told that it counts no more."""
    theirs = select(IssuedPaper).where(IssuedPaper.subject_id == offer.id, col(IssuedPaper.kind).in_(OF_OFFERS))
    for paper in (await db.exec(theirs.where(col(IssuedPaper.revoked_at).is_(None)))).all():
        await revoke_paper(db, paper, f"The offer {why}.", now, by=by)


async def _issue(
    db: Db,
    kind: PaperKind,
    call: Call,
    offer: Offer,
    submission: Submission,
    person: Person,
    subject: str,
    text: str,
    details: list[tuple[str, str]],
    now: datetime,
    *,
    by: UUID | None = None,
) -> IssuedPaper:
    event = await db.get(Event, call.event_id) if call.event_id else None
    paragraphs = tuple(" ".join(block.split()) for block in text.split("\n\n") if block.strip())
    letter = Letter(subject, paragraphs, reference_of(call, submission.number), tuple(details))
    return await issue_letter(db, kind, person, event, offer.id, letter, now, by=by)
