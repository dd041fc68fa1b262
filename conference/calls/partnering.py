"""Partners, co-applicants and referees: whom a sent version names is asked by mail, and answers on a page of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, select

from conference.calls.applying_rules import check_can_change
from conference.calls.checking import people_named
from conference.calls.definition import Definition, Question, QuestionKind
from conference.calls.queries import lock_call
from conference.calls.submission_letters import ask_partner
from conference.calls.submission_tables import Partner, PartnerRole, Submission, SubmissionVersion
from conference.calls.tables import Call
from conference.errors import Conflict, NotFound, TooMany
from conference.mail.actions import strangers_may_write
from conference.people.rules import clean_email, clean_name, email_key, new_token, token_hash
from conference.people.tables import Person
from conference.record.actions import note
from conference.storage.database import Db

MOST_ASKED = 20  # people whom one application can have written to, however often it is sent
ASK_AGAIN = timedelta(days=2)
IS_OVER = "This link opens nothing any more: the application names somebody else now, was withdrawn, or a newer mail has a newer link."
LinkTo = Callable[[str], str]  # a token's whole address


@dataclass(frozen=True, slots=True)
class Named:
    """What a partner's link leads to."""

    partner: Partner
    submission: Submission
    call: Call
    applicant: Person


async def partners_of(db: Db, submission: Submission) -> list[Partner]:
    """Whom the version that counts names."""
    standing = select(Partner).where(Partner.submission_id == submission.id, col(Partner.removed_at).is_(None))
    return list(await db.exec(standing.order_by(col(Partner.role), col(Partner.id))))


async def name_partners(
    db: Db,
    call: Call,
    definition: Definition,
    submission: Submission,
    version: SubmissionVersion,
    applicant: Person,
    real_now: datetime,
    link: LinkTo,
) -> None:
    """Ask those who are new in this version, and let go those whom it names no more; answers stay with who gave them."""
    standing = {(partner.email_key, partner.role): partner for partner in await partners_of(db, submission)}
    ever = len(list(await db.exec(select(Partner.id).where(Partner.submission_id == submission.id))))
    named = {}
    for partner in _named(definition, submission, version):
        key = (partner.email_key, partner.role)
        named[key] = kept = standing.get(key) or partner
        kept.name, kept.organisation = partner.name, partner.organisation
        if kept is partner:
            db.add(partner)
            await db.flush()
            ever += 1
            if ever <= MOST_ASKED:
                await _ask(db, call, partner, applicant, real_now, link)
    for key, gone in standing.items():
        if key not in named:
            gone.removed_at, gone.token_hash = real_now, None
    await db.flush()


async def ask_again(
    db: Db, call: Call, submission: Submission, partner_id: UUID, applicant: Person, real_now: datetime, link: LinkTo
) -> Partner:
    """One more mail to somebody who has not answered; the old link opens nothing any more. Raises NotFound, Conflict, TooMany."""
    await lock_call(db, call.id)
    await db.refresh(submission)
    check_can_change(submission)
    partner = next((each for each in await partners_of(db, submission) if each.id == partner_id), None)
    if partner is None:
        raise NotFound("Nobody of this name stands with the application.")
    if partner.confirmed_at or partner.declined_at:
        raise Conflict(f"{partner.name} has answered.")
    if partner.asked_at and real_now < partner.asked_at + ASK_AGAIN:
        raise TooMany(f"{partner.name} was asked in the last two days: wait a little.")
    if not await _ask(db, call, partner, applicant, real_now, link):
        raise TooMany("This address has had many mails in the last hour: try again later.")
    return partner


async def named_by(db: Db, call_slug: str, token: str) -> Named:
    """Raises NotFound where the link is forged or over."""
    found = select(Partner, Submission, Call, Person)
    joined = found.where(
        Partner.token_hash == token_hash(token),
        col(Partner.removed_at).is_(None),
        Submission.id == Partner.submission_id,
        col(Submission.withdrawn_at).is_(None),
        Call.id == Submission.call_id,
        Call.slug == call_slug,
        Person.id == Submission.person_id,
    )
    row = (await db.exec(joined)).first()
    if not row:
        raise NotFound(IS_OVER)
    return Named(*row)


async def answer(db: Db, named: Named, confirms: bool, words: str, real_now: datetime) -> None:
    """Once. Raises Conflict for a second answer."""
    partner = named.partner
    await db.refresh(partner, with_for_update=True)
    if partner.removed_at:
        raise NotFound(IS_OVER)
    if partner.confirmed_at or partner.declined_at:
        raise Conflict("You have answered already. If it should be another answer, write to the organisers.")
    if confirms:
        partner.confirmed_at = real_now
    else:
        partner.declined_at = real_now
    partner.words = words
    await db.flush()
    verdict = "partner confirmed" if confirms else "partner declined"
    note(db, verdict, f"submission:{named.submission.id}", real_now, event_id=named.call.event_id, role=partner.role)


def _named(definition: Definition, submission: Submission, version: SubmissionVersion) -> list[Partner]:
    return [
        Partner(
            submission_id=submission.id,
            role=_role(question),
            name=clean_name(row["name"]),
            organisation=row["organisation"],
            email=clean_email(row["email"]),
            email_key=email_key(clean_email(row["email"])),
        )
        for question in definition.questions
        if question.kind in (QuestionKind.partner, QuestionKind.referee)
        for row in people_named(question, version.answers.get(question.key))
    ]


def _role(question: Question) -> PartnerRole:
    """A question whose key begins with `co_` asks for co-applicants."""
    if question.kind == QuestionKind.referee:
        return PartnerRole.referee
    return PartnerRole.co_applicant if question.key.startswith("co_") else PartnerRole.partner


async def _ask(db: Db, call: Call, partner: Partner, applicant: Person, real_now: datetime, link: LinkTo) -> bool:
    """False where this address gets too many mails that others cause: it can be asked later."""
    if not await strangers_may_write(db, partner.email, real_now):
        return False
    token = new_token()
    partner.token_hash, partner.asked_at = token_hash(token), real_now
    await ask_partner(db, call, partner, applicant, link(token), real_now)
    await db.flush()
    return True
