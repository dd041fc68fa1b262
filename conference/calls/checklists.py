"""The facts of checklists, gathered for many offers of one call at once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from conference.calls.checklist import Facts, Item, checklist
from conference.calls.definition import Definition
from conference.calls.fees import fees_of
from conference.calls.offer_letters import offer_path
from conference.calls.offer_tables import InvitationLetter, Offer
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call, CallVersion
from conference.programme.tables import Event
from conference.registration.form_queries import form_of
from conference.registration.form_rules import still_open
from conference.registration.form_tables import RegistrationAnswer, TermsAcceptance
from conference.registration.tables import Registration
from conference.storage.database import Db


async def checklists(db: Db, call: Call, offers: Sequence[tuple[Offer, Submission]], now: datetime) -> dict[UUID, tuple[Item, ...]]:
    """By offer."""
    ids = [offer.id for offer, _ in offers]
    event = await db.get(Event, call.event_id) if call.event_id else None
    letters = {row.offer_id: row for row in await db.exec(select(InvitationLetter).where(col(InvitationLetter.offer_id).in_(ids)))}
    versions = await db.exec(select(CallVersion).where(CallVersion.call_id == call.id))
    promised = {version.id: Definition.model_validate(version.definition) for version in versions}
    fees = await fees_of(db, call, [offer for offer, _ in offers])
    answered, accepted = await _said(db, offers)
    alive = await _alive(db, offers)
    asked = await form_of(db, event.id) if event else None
    made = {}
    for offer, submission in offers:
        place = offer.registration_id
        facts = Facts(
            path=offer_path(call, submission),
            zone=call.zone,
            offer=offer,
            definition=promised[offer.version_id],
            event=event,
            registered=place in alive,
            asks=asked is not None and bool(asked.questions or asked.terms),
            lacks=still_open(asked, answered.get(place, set()), accepted.get(place, set())) if asked else (),
            said=place in answered,
            letter=letters.get(offer.id),
            fee=fees.get(offer.id),
        )
        made[offer.id] = checklist(facts, now)
    return made


async def _alive(db: Db, offers: Sequence[tuple[Offer, Submission]]) -> set[UUID | None]:
    ids = [offer.registration_id for offer, _ in offers if offer.registration_id]
    live = select(Registration.id).where(col(Registration.id).in_(ids), col(Registration.cancelled_at).is_(None))
    return {*(await db.exec(live)).all()}


async def _said(db: Db, offers: Sequence[tuple[Offer, Submission]]) -> tuple[dict[UUID | None, set[UUID]], dict[UUID | None, set[UUID]]]:
    """By registration: the questions that were answered, and the terms that were accepted."""
    ids = [offer.registration_id for offer, _ in offers if offer.registration_id]
    answered: dict[UUID | None, set[UUID]] = {}
    accepted: dict[UUID | None, set[UUID]] = {}
    answers = select(RegistrationAnswer.registration_id, RegistrationAnswer.question_id)
    for registration, question in await db.exec(answers.where(col(RegistrationAnswer.registration_id).in_(ids))):
        answered.setdefault(registration, set()).add(question)
    terms = select(TermsAcceptance.registration_id, TermsAcceptance.terms_id)
    for registration, version in await db.exec(terms.where(col(TermsAcceptance.registration_id).in_(ids))):
        accepted.setdefault(registration, set()).add(version)
    return answered, accepted
