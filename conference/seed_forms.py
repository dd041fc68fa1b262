"""Loads what registrations ask: eligibility, terms, questions, kinds of tickets. An event that has any of it already is left as it is."""

from datetime import datetime

from sqlmodel import select

from conference.programme.tables import Event
from conference.registration.form_actions import keep_form
from conference.registration.form_queries import all_questions, form_of, newest_eligibility, newest_terms
from conference.registration.form_rules import Filled, QuestionPlan
from conference.registration.form_tables import AnswerKind, RegistrationQuestion
from conference.registration.pools import lock_event_pool
from conference.registration.questions import add_question, decide_eligibility, publish_terms, set_choices
from conference.registration.tables import Registration, TicketKind
from conference.seed_models import SeedFormQuestion, SeedPerson, SeedRegistrationForm
from conference.storage.database import Db


async def load_form(db: Db, event: Event, given: SeedRegistrationForm, now: datetime) -> None:
    """What of the form an event does not have yet."""
    if given.eligibility and not await newest_eligibility(db, event.id):
        illustrative = given.eligibility_illustrative
        await decide_eligibility(db, event, given.eligibility.strip(), given.eligibility_reason.strip(), now, illustrative=illustrative)
    if given.terms and not await newest_terms(db, event.id):
        await publish_terms(db, event, given.terms.strip(), now, illustrative=given.terms_illustrative)
    if given.questions and not await all_questions(db, event.id):
        for question in given.questions:
            await add_question(db, event, _plan(question), now, illustrative=question.illustrative)
        await set_choices(db, event, given.group_limit, None, None, now)
    await _load_kinds(db, event, given)


async def answer_for_demo(db: Db, registration: Registration, given: SeedPerson, now: datetime) -> None:
    """Whoever registered themselves has answered what is asked of everybody: illustrative, the first choice each."""
    asked = await form_of(db, registration.event_id)
    answers = {question.id: words for question in asked.questions if question.required and (words := _answer(question, given))}
    terms_id = asked.terms.id if asked.terms else None
    await keep_form(db, registration, Filled(answers, frozenset(answers), terms_id), now)


async def say_for_demo(db: Db, registration: Registration, given: SeedPerson, event: str, now: datetime) -> None:
    """What the seed lets this person say to questions of the event's form."""
    said = {each.question: list(each.words) for each in given.said if each.event == event}
    questions = [question for question in (await form_of(db, registration.event_id)).questions if question.label in said]
    answers = {question.id: said[question.label] for question in questions}
    await keep_form(db, registration, Filled(answers, frozenset(answers)), now)


def _answer(question: RegistrationQuestion, given: SeedPerson) -> list[str]:
    if question.kind == AnswerKind.country:
        return [given.country]
    return question.options[:1]


async def _load_kinds(db: Db, event: Event, given: SeedRegistrationForm) -> None:
    there = set(await db.exec(select(TicketKind.slug).where(TicketKind.event_id == event.id)))
    pool = await lock_event_pool(db, event.id)
    for position, kind in enumerate(given.kinds):
        if kind.slug not in there:
            facts = kind.model_dump(include={"slug", "name", "words", "takes_part"})
            db.add(TicketKind(event_id=event.id, position=position, pool_id=pool.id if pool and kind.pooled else None, **facts))
    await db.flush()


def _plan(given: SeedFormQuestion) -> QuestionPlan:
    return QuestionPlan(given.label, given.help, given.kind, given.options, given.required, given.keep_days, given.seen_by)
