"""Registering with a form: answers and accepted terms are kept with the place, in the same transaction; they change, and they go."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_
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
from conference.registration.rules import state_of
from conference.registration.tables import Registration, TicketKind, WaitlistEntry
from conference.registration.waiting import LIVE_ENTRY
from conference.storage.database import Db, in_parts
from conference.storage.taking import take_rows

BATCH = 200  # forms in one transaction
LINKS_REST = timedelta(days=1)  # after which nobody opens a link any more


async def register_with_form(
    db: Db,
    event: Event,
    person: Person,
    filled: Filled,
    now: datetime,
    real_now: datetime,
    *,
    kind: TicketKind | None = None,
    code: str | None = None,
) -> Registration | WaitlistEntry:
    """Somebody signed in registers, and answers. Registering again keeps the place and takes the newer answers; with a turn they wait."""
    got = await register_person(db, event, person, now, real_now, kind=kind, code=code)
    if isinstance(got, Registration):
        await keep_form(db, got, filled, now)
    else:
        await db.exec(delete(WaitingForm).where(col(WaitingForm.entry_id) == got.id))
        db.add(_waiting(event, filled, now, entry_id=got.id))
    return got


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
    kind: TicketKind | None = None,
    code: str | None = None,
) -> bool:
    """Somebody who isn't signed in registers: what they answered waits beside the link that is mailed, as the place does.

    So nobody changes the answers of whoever has that address by typing it. Whether all places are taken.
    """
    full = await ask_for_place(db, event, email, name, zone, now, real_now, secret=secret, address=address, kind=kind, code=code)
    mailed = select(MailedLink.id).join(Person).where(Person.email_key == email_key(email), MailedLink.made_at == real_now)
    mine = mailed.where(MailedLink.purpose == LinkPurpose.registration, col(MailedLink.used_at).is_(None))
    link_id = (await db.exec(mine.order_by(col(MailedLink.id).desc()).limit(1))).first()
    if link_id and (filled.answers or filled.terms_id):
        db.add(_waiting(event, filled, now, link_id=link_id))
    return full


async def confirm_with_form(db: Db, event: Event, link: MailedLink, now: datetime, real_now: datetime) -> Registration | WaitlistEntry:
    """The mailed link was opened: the place is theirs, with what was typed beside that link. Who had the place keeps their own answers."""
    await lock_event_pool(db, event.id)
    before = (await db.exec(select(Registration.confirmed_at).where(Registration.id == link.subject_id))).first()
    got = await confirm_by_link(db, event, link, now, real_now)
    waiting = (await db.exec(select(WaitingForm).where(WaitingForm.link_id == link.id))).first()
    if not waiting:
        return got
    if isinstance(got, WaitlistEntry):
        await db.exec(delete(WaitingForm).where(col(WaitingForm.entry_id) == got.id))
        waiting.entry_id, waiting.link_id = got.id, None
        return got
    if before is None:
        await keep_form(db, got, _filled(waiting), now)
    await db.delete(waiting)
    return got


async def adopt_waiting_forms(db: Db, now: datetime) -> int:
    """Give the forms that waited with a turn to the places that came of it; how many. Who has answered since keeps that."""
    adopted = 0
    for waiting, registration in await adoptable_forms(db, lock=True):
        if not await answers_of(db, registration.id):
            await keep_form(db, registration, _filled(waiting), now)
        await db.delete(waiting)
        adopted += 1
    return adopted


async def adoptable_forms(db: Db, *, lock: bool = False) -> Sequence[tuple[WaitingForm, Registration]]:
    came = select(WaitingForm, Registration).join(Registration, col(Registration.waitlist_entry_id) == WaitingForm.entry_id).limit(BATCH)
    if lock:
        came = came.with_for_update(skip_locked=True, of=WaitingForm)
    return (await db.exec(came.where(col(Registration.cancelled_at).is_(None)))).all()


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


async def purge_due_answers(db: Db, now: datetime, *, dry_run: bool = False) -> int:
    """Delete the answers whose days are over or whose place was given back; how many."""
    gone = [row.id for row in await _due(db, now)]
    return sum([await take_rows(db, RegistrationAnswer, col(RegistrationAnswer.id).in_(part), dry_run=dry_run) for part in in_parts(gone)])


async def purge_waiting_forms(db: Db, now: datetime, real_now: datetime, *, dry_run: bool = False) -> int:
    """Delete the forms that wait for nothing any more; how many."""
    unopened = col(WaitingForm.link_id).in_(select(MailedLink.id).where(col(MailedLink.expires_at) <= real_now - LINKS_REST))
    over = col(WaitingForm.event_id).in_(select(Event.id).where(col(Event.ends_at) <= now))
    ended = col(WaitingForm.entry_id).in_(select(WaitlistEntry.id).where(~and_(*LIVE_ENTRY), col(WaitlistEntry.accepted_at).is_(None)))
    return await take_rows(db, WaitingForm, unopened | over | ended, dry_run=dry_run)


async def _due(db: Db, now: datetime) -> Sequence[RegistrationAnswer]:
    rows = (
        select(RegistrationAnswer, RegistrationQuestion, Registration, Event)
        .join(RegistrationQuestion, col(RegistrationQuestion.id) == RegistrationAnswer.question_id)
        .join(Registration, col(Registration.id) == RegistrationAnswer.registration_id)
        .join(Event, col(Event.id) == Registration.event_id)
        .where((col(Event.ends_at) <= now) | col(Registration.cancelled_at).is_not(None))
    )
    return [answer for answer, question, registration, event in await db.exec(rows) if is_due(question, event, registration, now)]


def _waiting(event: Event, filled: Filled, now: datetime, *, link_id: UUID | None = None, entry_id: UUID | None = None) -> WaitingForm:
    answers = {question_id.hex: list(words) for question_id, words in filled.answers.items()}
    return WaitingForm(event_id=event.id, link_id=link_id, entry_id=entry_id, answers=answers, terms_id=filled.terms_id, typed_at=now)


def _filled(waiting: WaitingForm) -> Filled:
    answers = {UUID(question_id): words for question_id, words in waiting.answers.items()}
    return Filled(answers, frozenset(answers), waiting.terms_id)
