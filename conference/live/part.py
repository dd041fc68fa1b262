"""What some commands to one stage need of it, read at once: the rows they can touch, who gives them, earlier answers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from conference.live.care_tables import HelpRequest
from conference.live.care_tables import Silence as SilenceRow
from conference.live.commands import (
    Ask,
    AskHelp,
    Command,
    GiveCue,
    Lift,
    Merge,
    OfChat,
    OfPoll,
    OfQuestion,
    Pin,
    ResolveHelp,
    Say,
    Silence,
    Undo,
    WriteAnswer,
)
from conference.live.poll_tables import Ballot, Poll
from conference.live.queries import moderators_among
from conference.live.reading import ballot_of, facts_of, help_of, message_of, poll_of, run_of, silence_of, silences_of, speakers_of
from conference.live.state import Actor, StageState
from conference.live.tables import Question, Stage, StageCommand, Vote
from conference.live.talk_tables import ChatMessage
from conference.people.tables import Person
from conference.registration.queries import confirmed_among
from conference.storage.database import Db

Given = Sequence[tuple[Person, Command]]


@dataclass(slots=True)
class Part:
    """`rows` (by id), `ballots` (by poll and person) and `joined` (votes that came over, by the merged question) are written to what
    `state` becomes; `gone` are votes that were taken back, by question and person; `answers` are by person and client_id."""

    state: StageState
    answers: dict[tuple[UUID, str], StageCommand]
    actors: Mapping[UUID, Actor]
    speakers: frozenset[UUID] = frozenset()  # where a command needs them
    rows: dict[UUID, Any] = field(default_factory=dict)
    ballots: dict[tuple[UUID, UUID], Ballot] = field(default_factory=dict)
    joined: dict[UUID, list[Vote]] = field(default_factory=dict)
    gone: dict[tuple[UUID, UUID], Vote] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Named:
    """What the commands name: ids of questions, polls, messages and requests for help."""

    questions: set[UUID]
    polls: set[UUID]
    messages: set[UUID]
    help: set[UUID]


async def part_for(db: Db, stage: Stage, given: Given) -> Part:
    """A handful of queries, however many commands; the stage must be locked."""
    named = _named([command for _, command in given])
    people = {person.id: person for person, _ in given}
    undone = {command.question_id for _, command in given if isinstance(command, Undo)}
    questions = await _questions(db, stage, named.questions, undone, {person.id for person, command in given if isinstance(command, Ask)})
    joined = await _joined(db, undone)
    polls, ballots = await _polls(db, stage, named.polls, people)
    messages = await _named_rows(db, ChatMessage, stage, named.messages)
    requests = await _help(db, stage, named.help, {person.id for person, command in given if isinstance(command, AskHelp)})
    silences = await silences_of(db, stage.event_id)
    here = {row.id: row for row in silences.values() if row.stage_id == stage.id}
    here |= await _named_rows(db, SilenceRow, stage, {command.silence_id for _, command in given if isinstance(command, Lift)})
    needs_speakers = any(isinstance(command, (WriteAnswer, GiveCue)) for _, command in given)
    speakers = await speakers_of(db, stage.session_id) if needs_speakers else frozenset()
    state = StageState(
        questions={row.id: facts_of(row) for row in questions.values()},
        votes=await _votes(db, given, people, [row.id for row in questions.values() if row.merged_id]),
        joined={question_id: frozenset(vote.person_id for vote in votes) for question_id, votes in joined.items()},
        polls={row.id: poll_of(row) for row in polls.values()},
        ballots={key: ballot_of(row) for key, row in ballots.items()},
        chat={row.id: message_of(row) for row in messages.values()},
        help={row.id: help_of(row) for row in requests.values()},
        silences={row.id: silence_of(row) for row in here.values()},
        elsewhere={row.id: silence_of(row) for row in silences.values() if row.stage_id != stage.id},
        leading=await _leading(db, stage, given, (*questions.values(), *messages.values())),
        last_said=await _last_said(db, stage, {person.id for person, command in given if isinstance(command, (Ask, Say))}),
        run=run_of(stage),
    )
    actors = await _actors(db, stage.event_id, people, speakers)
    rows = {**questions, **polls, **messages, **requests, **here}
    return Part(state, await _answers(db, stage.id, given), actors, speakers, rows, ballots, joined)


async def actor_at(db: Db, person: Person, event_id: UUID, session_id: UUID) -> Actor:
    """What this person may do on this session's stage now."""
    return (await _actors(db, event_id, {person.id: person}, await speakers_of(db, session_id)))[person.id]


def _named(commands: Sequence[Command]) -> Named:
    about = {command.about_id for command in commands if isinstance(command, (AskHelp, Silence)) and command.about_id}
    questions = {command.question_id for command in commands if isinstance(command, (OfQuestion, Pin)) and command.question_id}
    into = {command.into_id for command in commands if isinstance(command, Merge)}
    messages = {command.message_id for command in commands if isinstance(command, OfChat)}
    replies = {command.reply_id for command in commands if isinstance(command, Say) and command.reply_id}
    return Named(
        questions | into | about,
        {command.poll_id for command in commands if isinstance(command, OfPoll)},
        messages | replies | about,
        {command.help_id for command in commands if isinstance(command, ResolveHelp)},
    )


async def _named_rows(db: Db, table: Any, stage: Stage, ids: Collection[UUID]) -> dict[UUID, Any]:
    if not ids:
        return {}
    return {row.id: row for row in await db.exec(select(table).where(table.stage_id == stage.id, col(table.id).in_(ids)))}


async def _questions(
    db: Db, stage: Stage, ids: Collection[UUID], undone: Collection[UUID], askers: Collection[UUID]
) -> dict[UUID, Question]:
    """Those that are named, what the undone ones were merged into and the others in there, and what the askers have waiting."""
    rows: dict[UUID, Question] = await _named_rows(db, Question, stage, ids)
    if merged := {row.merged_id for row in rows.values() if row.merged_id and row.id in undone}:
        rows |= await _named_rows(db, Question, stage, merged)
        theirs = select(Question).where(Question.stage_id == stage.id, col(Question.merged_id).in_(merged))
        rows |= {row.id: row for row in await db.exec(theirs)}
    if askers:
        waiting = (col(Question.approved_at).is_(None), col(Question.dismissed_at).is_(None), col(Question.withdrawn_at).is_(None))
        theirs = select(Question).where(Question.stage_id == stage.id, col(Question.person_id).in_(askers), *waiting)
        rows |= {row.id: row for row in await db.exec(theirs)}
    return rows


async def _votes(db: Db, given: Given, people: Collection[UUID], were_merged: Collection[UUID]) -> frozenset[tuple[UUID, UUID]]:
    """Of these people for the questions that are named; of everybody where two are merged, or were."""
    voted = select(Vote.question_id, Vote.person_id)
    named = {command.question_id for _, command in given if isinstance(command, OfQuestion)}
    merging = [command for _, command in given if isinstance(command, Merge)]
    merged = {*were_merged, *(each for command in merging for each in (command.question_id, command.into_id))}
    votes = set((await db.exec(voted.where(col(Vote.question_id).in_(named), col(Vote.person_id).in_(people)))).all()) if named else set()
    if merged:
        votes |= set((await db.exec(voted.where(col(Vote.question_id).in_(merged)))).all())
    return frozenset(votes)


async def _joined(db: Db, questions: Collection[UUID]) -> dict[UUID, list[Vote]]:
    """The votes that came over from each of these to what it is merged into now."""
    joined: dict[UUID, list[Vote]] = {question_id: [] for question_id in questions}
    if questions:
        came_over = select(Vote).join(Question, col(Question.id) == Vote.joined_id).where(col(Vote.joined_id).in_(questions))
        for vote in await db.exec(came_over.where(Vote.question_id == Question.merged_id)):
            joined[vote.joined_id or vote.id].append(vote)
    return joined


async def _polls(
    db: Db, stage: Stage, ids: Collection[UUID], people: Collection[UUID]
) -> tuple[dict[UUID, Poll], dict[tuple[UUID, UUID], Ballot]]:
    polls: dict[UUID, Poll] = await _named_rows(db, Poll, stage, ids)
    if not polls:
        return {}, {}
    theirs = await db.exec(select(Ballot).where(col(Ballot.poll_id).in_(polls), col(Ballot.person_id).in_(people)))
    return polls, {(row.poll_id, row.person_id): row for row in theirs}


async def _help(db: Db, stage: Stage, ids: Collection[UUID], askers: Collection[UUID]) -> dict[UUID, HelpRequest]:
    rows: dict[UUID, HelpRequest] = await _named_rows(db, HelpRequest, stage, ids)
    if askers:
        waiting = select(HelpRequest).where(
            HelpRequest.stage_id == stage.id, col(HelpRequest.person_id).in_(askers), col(HelpRequest.resolved_at).is_(None)
        )
        rows |= {row.id: row for row in await db.exec(waiting)}
    return rows


async def _leading(db: Db, stage: Stage, given: Given, said: Iterable[Question | ChatMessage]) -> frozenset[UUID]:
    """Of those who would be silenced, who moderates."""
    about = {command.about_id for _, command in given if isinstance(command, Silence)}
    authors = {each.person_id for each in said if each.id in about}
    return frozenset(await moderators_among(db, stage.event_id, authors)) if authors else frozenset()


async def _last_said(db: Db, stage: Stage, people: Collection[UUID]) -> dict[UUID, datetime]:
    """For slow mode: when each of them asked or wrote last."""
    if not (stage.slow_seconds and people):
        return {}
    last: dict[UUID, datetime] = {}
    for table, at in ((Question, Question.asked_at), (ChatMessage, ChatMessage.said_at)):
        said: Any = select(table.person_id, func.max(at)).where(table.stage_id == stage.id, col(table.person_id).in_(people))
        for person_id, moment in await db.exec(said.group_by(table.person_id)):
            last[person_id] = max(moment, last.get(person_id, moment))
    return last


async def _answers(db: Db, stage_id: UUID, given: Given) -> dict[tuple[UUID, str], StageCommand]:
    people, client_ids = {person.id for person, _ in given}, {command.client_id for _, command in given}
    known = (col(StageCommand.person_id).in_(people), col(StageCommand.client_id).in_(client_ids))
    found = await db.exec(select(StageCommand).where(StageCommand.stage_id == stage_id, *known))
    return {(row.person_id, row.client_id): row for row in found}


async def _actors(db: Db, event_id: UUID, people: Mapping[UUID, Person], speakers: Collection[UUID]) -> dict[UUID, Actor]:
    takes_part = await confirmed_among(db, event_id, people)
    moderates = await moderators_among(db, event_id, people)
    return {
        person.id: Actor(
            person.id,
            person.name,
            takes_part=person.robot_of == event_id or person.id in takes_part,
            moderates=person.id in moderates,
            speaks=person.id in speakers,
        )
        for person in people.values()
    }
