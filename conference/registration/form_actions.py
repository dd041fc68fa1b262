"""Registering with a form: answers and accepted terms are kept with the place, in the same transaction; they change, and they go."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, delete, select

from conference.people.rules import email_key
from conference.people.tables import LinkPurpose, MailedLink, Person
from conference.programme.tables import Event
from conference.record.actions import note
from conference.registration.actions import ask_for_place, confirm_by_link, register_person
from conference.registration.form_queries import answers_of
from conference.registration.form_rules import Filled, check_answers_can_change, is_due
from conference.registration.form_tables import RegistrationAnswer, RegistrationQuestion, TermsAcceptance, WaitingForm
from conference.registration.pools import lock_event_pool
from conference.registration.queries import lock_registration
from conference.registration.rules import HOLD_LASTS, state_of
from conference.registration.tables import Registration
from conference.storage.database import Db, in_parts

WAITING_FORM_LASTS = HOLD_LASTS + timedelta(days=1)


async def register_with_form(db: Db, event: Event, person: Person, filled: Filled, now: datetime, real_now: datetime) -> Registration:
    """Somebody signed in registers, and answers. Registering again keeps the place and takes the newer answers."""
    registration = await register_person(db, event, person, now, real_now)
    await keep_form(db, registration, filled, now)
    return registration


async def ask_with_form(
    db: Db,
    event: Event,
    email: str,
    name: str,
    zone: str | None,
    filled: Filled,
    now: datetime,
    real_now: datetime,
    *,
    secret: str,
    address: str,
) -> None:
    """Somebody who isn't signed in registers: what they answered waits beside the link that is mailed, as the place does.

    So nobody changes the answers of whoever has that address by typing it.
    """
    await ask_for_place(db, event, email, name, zone, now, real_now, secret=secret, address=address)
    mailed = (
        select(MailedLink.id)
        .join(Registration, col(Registration.id) == MailedLink.subject_id)
        .join(Person, col(Person.id) == MailedLink.person_id)
        .where(Registration.event_id == event.id, Person.email_key == email_key(email))
        .where(MailedLink.purpose == LinkPurpose.registration, MailedLink.made_at == real_now, col(MailedLink.used_at).is_(None))
    )
    link_id = (await db.exec(mailed.order_by(col(MailedLink.id).desc()).limit(1))).first()
    if link_id:
        answers = {question_id.hex: list(words) for question_id, words in filled.answers.items()}
        db.add(WaitingForm(link_id=link_id, answers=answers, terms_id=filled.terms_id, typed_at=now))


async def confirm_with_form(db: Db, event: Event, link: MailedLink, now: datetime, real_now: datetime) -> Registration:
    """The mailed link was opened: the place is theirs, with what was typed beside that link. Who had the place keeps their own answers."""
    await lock_event_pool(db, event.id)
    before = (await db.exec(select(Registration.confirmed_at).where(Registration.id == link.subject_id))).first()
    registration = await confirm_by_link(db, event, link, now, real_now)
    waiting = (await db.exec(select(WaitingForm).where(WaitingForm.link_id == link.id))).first()
    if waiting and before is None:
        answers = {UUID(question_id): words for question_id, words in waiting.answers.items()}
        await keep_form(db, registration, Filled(answers, frozenset(answers), waiting.terms_id), now)
    await db.exec(delete(WaitingForm).where(col(WaitingForm.link_id) == link.id))
    return registration


async def edit_registration(db: Db, event: Event, person: Person, name: str, filled: Filled, now: datetime, real_now: datetime) -> None:
    """Change one's own name, answers and accepted terms. Raises Conflict without a place, and once the event is over."""
    registration = await lock_registration(db, person.id, event.id)
    check_answers_can_change(event, state_of(registration), now)
    assert registration
    registration.name = name
    await keep_form(db, registration, filled, now)
    note(db, "registration edited", f"registration:{registration.id}", real_now, person_id=person.id, event_id=event.id)


async def keep_form(db: Db, registration: Registration, filled: Filled, now: datetime) -> None:
    """The answers to the questions of this form become these; those to questions that it does not ask stay as they were."""
    if filled.asked:
        await _keep_answers(db, registration, filled, now)
    if filled.terms_id:
        await _accept(db, registration, filled.terms_id, now)


async def _keep_answers(db: Db, registration: Registration, filled: Filled, now: datetime) -> None:
    await db.flush()
    had = await answers_of(db, registration.id)
    changed = {question_id for question_id in filled.asked if list(had.get(question_id, ())) != list(filled.answers.get(question_id, ()))}
    if gone := changed & had.keys():
        mine = (col(RegistrationAnswer.registration_id) == registration.id, col(RegistrationAnswer.question_id).in_(gone))
        await db.exec(delete(RegistrationAnswer).where(*mine))
    for question_id in sorted(changed):
        if words := list(filled.answers.get(question_id, ())):
            db.add(RegistrationAnswer(registration_id=registration.id, question_id=question_id, words=words, answered_at=now))
    await db.flush()


async def _accept(db: Db, registration: Registration, terms_id: UUID, now: datetime) -> None:
    mine = (TermsAcceptance.registration_id == registration.id, TermsAcceptance.terms_id == terms_id)
    await db.flush()
    if not (await db.exec(select(TermsAcceptance.id).where(*mine))).first():
        db.add(TermsAcceptance(registration_id=registration.id, terms_id=terms_id, accepted_at=now))
        note(db, "terms accepted", f"registration:{registration.id}", now, person_id=registration.person_id, event_id=registration.event_id)


async def purge_due_answers(db: Db, now: datetime) -> int:
    """Delete the answers whose days are over or whose place was given back, and forms that wait for a link nobody opened; how many."""
    gone = [row.id for row in await _due(db, now)]
    for part in in_parts(gone):
        await db.exec(delete(RegistrationAnswer).where(col(RegistrationAnswer.id).in_(part)))
    waited = await db.exec(delete(WaitingForm).where(col(WaitingForm.typed_at) < now - WAITING_FORM_LASTS))
    return len(gone) + waited.rowcount


async def _due(db: Db, now: datetime) -> Sequence[RegistrationAnswer]:
    rows = (
        select(RegistrationAnswer, RegistrationQuestion, Registration, Event)
        .join(RegistrationQuestion, col(RegistrationQuestion.id) == RegistrationAnswer.question_id)
        .join(Registration, col(Registration.id) == RegistrationAnswer.registration_id)
        .join(Event, col(Event.id) == Registration.event_id)
        .where((col(Event.ends_at) <= now) | col(Registration.cancelled_at).is_not(None))
    )
    return [answer for answer, question, registration, event in await db.exec(rows) if is_due(question, event, registration, now)]
