"""What organisers do to a form: questions are added, changed, put in order and retired; terms and eligibility get a new version."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from conference.errors import Conflict
from conference.programme.tables import Event
from conference.record.actions import note
from conference.registration.form_queries import answer_counts, form_of, newest_eligibility, newest_terms
from conference.registration.form_rules import MAX_QUESTIONS, QuestionPlan, check_plan, next_position, why_new_version
from conference.registration.form_tables import Eligibility, EventTerms, RegistrationQuestion
from conference.registration.handing_tables import RegistrationChoices
from conference.registration.pools import lock_event_pool
from conference.storage.database import Db
from conference.storage.ids import new_id


async def add_question(
    db: Db, event: Event, plan: QuestionPlan, now: datetime, *, by: UUID | None = None, illustrative: bool = False
) -> RegistrationQuestion:
    """Ask one more thing, after the others. Raises Invalid, and Conflict where the form is long enough."""
    check_plan(plan)
    await lock_event_pool(db, event.id)
    asked = (await form_of(db, event.id)).questions
    if len(asked) >= MAX_QUESTIONS:
        raise Conflict(f"A form asks at most {MAX_QUESTIONS} questions: retire one first.")
    position = next_position([question.position for question in asked])
    question = _question(event, new_id(), 1, position, plan, now, illustrative=illustrative)
    db.add(question)
    await db.flush()
    note(db, "question added", f"question:{question.id}", now, person_id=by, event_id=event.id)
    return question


async def change_question(
    db: Db, event: Event, question: RegistrationQuestion, plan: QuestionPlan, now: datetime, *, new_meaning: bool, by: UUID | None = None
) -> RegistrationQuestion:
    """Reword a question; or, where its meaning changes and somebody has answered it, ask a new version and keep the old with its answers.

    Raises Invalid, and Conflict where it is not asked any more.
    """
    check_plan(plan)
    await lock_event_pool(db, event.id)
    await db.refresh(question)
    if question.retired_at:
        raise Conflict("This version is not asked any more: somebody has changed or retired the question meanwhile.")
    answered = (await answer_counts(db, event.id)).get(question.id, 0) > 0
    if answered and (new_meaning or why_new_version(question, plan)):
        question.retired_at = now
        await db.flush()
        changed = _question(event, question.thread_id, question.version + 1, question.position, plan, now)
        db.add(changed)
    else:
        changed = question
        changed.label, changed.help, changed.kind = plan.label, plan.help, plan.kind
        changed.options, changed.required = list(plan.options), plan.required
        changed.keep_days, changed.seen_by, changed.illustrative = plan.keep_days, plan.seen_by, False
    await db.flush()
    note(db, "question changed", f"question:{changed.id}", now, person_id=by, event_id=event.id, version=changed.version)
    return changed


async def retire_question(db: Db, event: Event, question: RegistrationQuestion, now: datetime, *, by: UUID | None = None) -> None:
    """Ask it no more; what was answered stays until its days are over."""
    await lock_event_pool(db, event.id)
    await db.refresh(question)
    if not question.retired_at:
        question.retired_at = now
        note(db, "question retired", f"question:{question.id}", now, person_id=by, event_id=event.id)


async def move_question(db: Db, event: Event, question: RegistrationQuestion, *, up: bool) -> None:
    """Change places with the neighbour; at the end of the list nothing happens."""
    await lock_event_pool(db, event.id)
    order = [asked.id for asked in (await form_of(db, event.id)).questions]
    if question.id not in order:
        raise Conflict("This question is not asked any more.")
    here = order.index(question.id)
    there = here - 1 if up else here + 1
    if 0 <= there < len(order):
        order[here], order[there] = order[there], order[here]
    rows = {row.id: row for row in await db.exec(select(RegistrationQuestion).where(col(RegistrationQuestion.id).in_(order)))}
    for position, question_id in enumerate(order, 1):
        rows[question_id].position = position
    await db.flush()


async def publish_terms(
    db: Db, event: Event, words: str, now: datetime, *, by: UUID | None = None, illustrative: bool = False
) -> EventTerms | None:
    """A new version, asked of everybody from now on; the same words again are none, and empty ones take the terms away."""
    await lock_event_pool(db, event.id)
    last = await newest_terms(db, event.id)
    if (last.words if last else "") == words:
        return last
    terms = EventTerms(
        event_id=event.id, number=last.number + 1 if last else 1, words=words, published_at=now, by_id=by, illustrative=illustrative
    )
    db.add(terms)
    await db.flush()
    note(db, "terms published", f"terms:{terms.id}", now, person_id=by, event_id=event.id, number=terms.number)
    return terms


async def decide_eligibility(
    db: Db, event: Event, words: str, reason: str, now: datetime, *, by: UUID | None = None, illustrative: bool = False
) -> Eligibility:
    """Say who may take part, and why; what was said before stays on record."""
    await lock_event_pool(db, event.id)
    last = await newest_eligibility(db, event.id)
    if last and (last.words, last.reason) == (words, reason):
        return last
    decided = Eligibility(
        event_id=event.id,
        number=last.number + 1 if last else 1,
        words=words,
        reason=reason,
        decided_at=now,
        by_id=by,
        illustrative=illustrative,
    )
    db.add(decided)
    await db.flush()
    note(db, "eligibility decided", f"eligibility:{decided.id}", now, person_id=by, event_id=event.id, number=decided.number)
    return decided


async def choices_for(db: Db, event_id: UUID) -> RegistrationChoices:
    """What was chosen for this event; the defaults, not stored, where nothing was."""
    found = (await db.exec(select(RegistrationChoices).where(RegistrationChoices.event_id == event_id))).first()
    return found or RegistrationChoices(event_id=event_id)


async def set_choices(
    db: Db,
    event: Event,
    group_limit: int,
    group_names_by: datetime | None,
    transfers_until: datetime | None,
    now: datetime,
    *,
    by: UUID | None = None,
) -> None:
    await lock_event_pool(db, event.id)
    choices = await choices_for(db, event.id)
    choices.group_limit, choices.group_names_by, choices.transfers_until = group_limit, group_names_by, transfers_until
    db.add(choices)
    note(db, "registration choices set", f"event:{event.id}", now, person_id=by, event_id=event.id, group_limit=group_limit)


def _question(
    event: Event, thread_id: UUID, version: int, position: int, plan: QuestionPlan, now: datetime, *, illustrative: bool = False
) -> RegistrationQuestion:
    return RegistrationQuestion(
        event_id=event.id,
        thread_id=thread_id,
        version=version,
        label=plan.label,
        help=plan.help,
        kind=plan.kind,
        options=list(plan.options),
        required=plan.required,
        position=position,
        keep_days=plan.keep_days,
        seen_by=plan.seen_by,
        illustrative=illustrative,
        made_at=now,
    )
