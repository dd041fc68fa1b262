"""What some commands to one stage need of it, read at once: questions and votes they can touch, who gives them, earlier answers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from conference.live.commands import Ask, Command
from conference.live.queries import facts_of, moderators_among
from conference.live.stage import Actor, StageState
from conference.live.tables import Question, StageCommand, Vote
from conference.people.tables import Person
from conference.registration.queries import confirmed_among
from conference.storage.database import Db

Given = Sequence[tuple[Person, Command]]


@dataclass(slots=True)
class Part:
    """`rows` are written to what `state` becomes; `answers` are by person and client_id."""

    state: StageState
    rows: dict[UUID, Question]
    answers: dict[tuple[UUID, str], StageCommand]
    actors: Mapping[UUID, Actor]


async def part_for(db: Db, stage_id: UUID, event_id: UUID, given: Given) -> Part:
    """A handful of queries, however many commands; the stage must be locked."""
    named = {command.question_id for _, command in given if not isinstance(command, Ask)}
    askers = {person.id for person, command in given if isinstance(command, Ask)}
    people = {person.id for person, _ in given}
    rows = {row.id: row for row in [*await _questions(db, stage_id, named), *await _waiting(db, stage_id, askers)]}
    voted = select(Vote.question_id, Vote.person_id).where(col(Vote.question_id).in_(named), col(Vote.person_id).in_(people))
    votes = frozenset((question_id, person_id) for question_id, person_id in (await db.exec(voted)).all()) if named else frozenset()
    return Part(
        StageState({row.id: facts_of(row) for row in rows.values()}, votes),
        rows,
        await _answers(db, stage_id, given),
        await _actors(db, event_id, {person.id: person for person, _ in given}),
    )


async def _questions(db: Db, stage_id: UUID, ids: Collection[UUID]) -> Sequence[Question]:
    if not ids:
        return ()
    return (await db.exec(select(Question).where(Question.stage_id == stage_id, col(Question.id).in_(ids)))).all()


async def _waiting(db: Db, stage_id: UUID, askers: Collection[UUID]) -> Sequence[Question]:
    """Their questions that nobody has looked at."""
    if not askers:
        return ()
    waiting = (col(Question.approved_at).is_(None), col(Question.dismissed_at).is_(None))
    theirs = select(Question).where(Question.stage_id == stage_id, col(Question.person_id).in_(askers), *waiting)
    return (await db.exec(theirs)).all()


async def _answers(db: Db, stage_id: UUID, given: Given) -> dict[tuple[UUID, str], StageCommand]:
    people, client_ids = {person.id for person, _ in given}, {command.client_id for _, command in given}
    known = (col(StageCommand.person_id).in_(people), col(StageCommand.client_id).in_(client_ids))
    found = await db.exec(select(StageCommand).where(StageCommand.stage_id == stage_id, *known))
    return {(row.person_id, row.client_id): row for row in found}


async def _actors(db: Db, event_id: UUID, people: Mapping[UUID, Person]) -> dict[UUID, Actor]:
    takes_part = await confirmed_among(db, event_id, people)
    moderates = await moderators_among(db, event_id, people)
    return {
        person.id: Actor(person.id, person.name, person.robot_of == event_id or person.id in takes_part, person.id in moderates)
        for person in people.values()
    }


async def actor_at(db: Db, person: Person, event_id: UUID) -> Actor:
    """What this person may do on the event's stages now."""
    return (await _actors(db, event_id, {person.id: person}))[person.id]
