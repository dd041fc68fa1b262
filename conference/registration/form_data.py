"""What forms, terms, interest and places handed on say about one person: to be given to them, to be forgotten, and to go in time."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, update
from sqlmodel import col, delete, select

from conference.people.tables import MailedLink, Person
from conference.programme.tables import Event
from conference.registration.form_tables import EventTerms, RegistrationAnswer, RegistrationQuestion, TermsAcceptance, WaitingForm
from conference.registration.handing_tables import GroupRegistration, Interest, PlaceInvitation
from conference.registration.invitations import OPEN
from conference.registration.tables import Registration, WaitlistEntry
from conference.storage.database import Db

KEPT_AFTER = timedelta(days=30)  # names and addresses of invitations, after the event


async def form_data_about(db: Db, person: Person) -> dict[str, list[dict[str, Any]]]:
    """By table: plain values, as they are stored."""
    said = select(RegistrationQuestion.label, RegistrationAnswer.words, RegistrationAnswer.answered_at, Registration.event_id)
    said = said.join(RegistrationAnswer, col(RegistrationAnswer.question_id) == RegistrationQuestion.id)
    said = said.join(Registration, col(Registration.id) == RegistrationAnswer.registration_id).where(Registration.person_id == person.id)
    accepted = select(EventTerms.event_id, EventTerms.number, TermsAcceptance.accepted_at).join(TermsAcceptance)
    accepted = accepted.join(Registration, col(Registration.id) == TermsAcceptance.registration_id).where(
        Registration.person_id == person.id
    )
    interests = (await db.exec(select(Interest).where(Interest.email_key == person.email_key))).all()
    mine = or_(col(PlaceInvitation.by_id) == person.id, col(PlaceInvitation.email_key) == person.email_key)
    invitations = (await db.exec(select(PlaceInvitation).where(mine))).all()
    groups = (await db.exec(select(GroupRegistration).where(GroupRegistration.contact_id == person.id))).all()
    return {
        "registration_answers": [
            {"question": label, "answer": list(words), "answered_at": at, "event_id": event_id}
            for label, words, at, event_id in await db.exec(said)
        ],
        "accepted_terms": [{"event_id": event_id, "version": number, "at": at} for event_id, number, at in await db.exec(accepted)],
        "waiting_forms": [{"answers": row.answers, "typed_at": row.typed_at} for row in await _waiting_forms(db, person)],
        "interests": [row.model_dump(exclude={"email_key"}) for row in interests],
        "place_invitations": [row.model_dump(exclude={"email_key"}) for row in invitations],
        "group_registrations": [row.model_dump() for row in groups],
    }


async def forget_form_data(db: Db, person: Person, now: datetime) -> None:
    """Answers, forms that wait and addresses go; that terms were accepted, and that a place changed hands, stays without a name."""
    theirs = select(Registration.id).where(Registration.person_id == person.id)
    await db.exec(delete(RegistrationAnswer).where(col(RegistrationAnswer.registration_id).in_(theirs)))
    for row in await _waiting_forms(db, person):
        await db.delete(row)
    await db.exec(delete(Interest).where(col(Interest.email_key) == person.email_key))
    for invitation in await db.exec(select(PlaceInvitation).where(PlaceInvitation.email_key == person.email_key)):
        if not (invitation.accepted_at or invitation.declined_at):
            invitation.withdrawn_at = invitation.withdrawn_at or now
        invitation.name, invitation.email, invitation.email_key = "", "", ""
    await db.flush()


async def purge_due_invitations(db: Db, now: datetime) -> int:
    """Take names and addresses off the invitations of events that were over long enough; how many."""
    over = select(Event.id).where(col(Event.ends_at) <= now - KEPT_AFTER)
    named = (col(PlaceInvitation.event_id).in_(over), col(PlaceInvitation.email_key) != "")
    ended = update(PlaceInvitation).where(*named, *OPEN).values(withdrawn_at=now)
    await db.exec(ended)
    return (await db.exec(update(PlaceInvitation).where(*named).values(name="", email="", email_key=""))).rowcount


async def _waiting_forms(db: Db, person: Person) -> list[WaitingForm]:
    links = select(MailedLink.id).where(MailedLink.person_id == person.id)
    turns = select(WaitlistEntry.id).where(WaitlistEntry.person_id == person.id)
    mine = or_(col(WaitingForm.link_id).in_(links), col(WaitingForm.entry_id).in_(turns))
    return list(await db.exec(select(WaitingForm).where(mine)))
