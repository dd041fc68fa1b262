"""Reading a stage: its state as a value, what a command needs of it, and one consistent cut of snapshot and log."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from conference.errors import NotFound
from conference.live.messages import Mine, PublicQuestion
from conference.live.rules import has_stage
from conference.live.stage import QuestionFacts, StageState
from conference.live.tables import Log, Question, Stage, StageCommand, StageEvent, Vote
from conference.live.views import ON_STAGE, for_public, mine_of
from conference.people.tables import Person, Role, RoleKind, SignIn
from conference.programme.queries import SessionFacts, place_of, session_at
from conference.programme.tables import Event, Session
from conference.storage.database import Db, in_parts

MODERATING = (RoleKind.moderator, RoleKind.organiser)


@dataclass(frozen=True, slots=True)
class Heads:
    """Where a stage's two logs stand, and its totals. Nothing changes on a stage without one of them."""

    public: int = 0
    moderators: int = 0
    votes: int = 0

    def of(self, log: Log) -> int:
        return self.public if log == Log.public else self.moderators


@dataclass(frozen=True, slots=True)
class Cut:
    """A stage at one moment: all of its state, and where it stands."""

    state: StageState
    heads: Heads


async def questions_of_session(db: Db, session_id: UUID) -> tuple[PublicQuestion, ...]:
    """What everybody may read of a session's questions, now and afterwards: most votes first."""
    rows = await db.exec(select(Question).join(Stage).where(Stage.session_id == session_id, col(Question.approved_at).is_not(None)))
    shown = (for_public(facts) for facts in map(facts_of, rows) if facts.state in ON_STAGE)
    return tuple(sorted(shown, key=lambda each: (-each.votes, each.shown_at, each.id)))


async def stage_session(db: Db, path: Mapping[str, Any]) -> SessionFacts:
    """The session of an address (its `event` and `session`), which must have a stage. Raises NotFound."""
    facts = await session_at(db, path["event"], path["session"])
    if not has_stage(facts.event, facts.session):
        raise NotFound("This session has no stage.")
    return facts


async def stage_place(db: Db, path: Mapping[str, Any]) -> tuple[Event, Session]:
    """The same in one query, as far as a socket needs it. Raises NotFound."""
    event, session = await place_of(db, path["event"], path["session"])
    if not has_stage(event, session):
        raise NotFound("This session has no stage.")
    return event, session


async def stage_of(db: Db, session_id: UUID) -> Stage | None:
    """None until somebody asked the first question."""
    return (await db.exec(select(Stage).where(Stage.session_id == session_id))).first()


async def cut_of(db: Db, session_id: UUID, person_id: UUID | None, known: Cut | None = None) -> Cut:
    """The whole stage, and which votes this person gave; call it in one `reading()`, so that snapshot and log agree.

    `known` is an earlier cut: where the stage still stands there, its questions are not read again.
    """
    stage = await stage_of(db, session_id)
    if stage is None:
        return Cut(StageState(), Heads())
    heads = _heads(stage)
    if known and known.heads == heads:
        questions = known.state.questions
    else:
        questions = {row.id: facts_of(row) for row in await db.exec(select(Question).where(Question.stage_id == stage.id))}
    mine = select(Vote.question_id).join(Question).where(Question.stage_id == stage.id, Vote.person_id == person_id)
    votes = frozenset((question_id, person_id) for question_id in await db.exec(mine)) if person_id else frozenset()
    return Cut(StageState(questions, votes), heads)


async def mine_of_each(db: Db, session_id: UUID, people: Collection[UUID]) -> dict[UUID, Mine]:
    """What is for each of these people alone; the stage is read once."""
    cut = await cut_of(db, session_id, None)
    asked: dict[UUID, dict[UUID, QuestionFacts]] = {person_id: {} for person_id in people}
    for question in cut.state.questions.values():
        if question.person_id in asked:
            asked[question.person_id][question.id] = question
    voted: dict[UUID, set[tuple[UUID, UUID]]] = {person_id: set() for person_id in people}
    on_stage = select(Vote.question_id, Vote.person_id).join(Question).join(Stage).where(Stage.session_id == session_id)
    for some in in_parts(people):
        for question_id, person_id in await db.exec(on_stage.where(col(Vote.person_id).in_(some))):
            voted[person_id].add((question_id, person_id))
    return {person_id: mine_of(StageState(asked[person_id], frozenset(voted[person_id])), person_id) for person_id in people}


async def lines_after(db: Db, session_id: UUID, log: Log, after: int, limit: int) -> list[tuple[int, str]]:
    """The log's next lines, as they were sent: number and text."""
    lines = (
        select(StageEvent.seq, StageEvent.body)
        .join(Stage)
        .where(Stage.session_id == session_id, StageEvent.log == log, StageEvent.seq > after)
    )
    return [(seq, line_text(body)) for seq, body in await db.exec(lines.order_by(col(StageEvent.seq)).limit(limit))]


async def heads_of(db: Db, session_ids: Iterable[UUID]) -> dict[UUID, Heads]:
    """Where the stages of these sessions stand; those that nobody used are left out."""
    found = await db.exec(select(Stage).where(col(Stage.session_id).in_(set(session_ids))))
    return {stage.session_id: _heads(stage) for stage in found}


async def totals_of(db: Db, session_ids: Iterable[UUID]) -> dict[UUID, dict[UUID, int]]:
    """All totals that anybody sees, by session and question."""
    shown = select(Stage.session_id, Question.id, Question.votes).join(Stage).where(col(Question.approved_at).is_not(None))
    totals: dict[UUID, dict[UUID, int]] = {}
    for session_id, question_id, votes in await db.exec(shown.where(col(Stage.session_id).in_(set(session_ids)))):
        totals.setdefault(session_id, {})[question_id] = votes
    return totals


async def people_with_news(db: Db, session_ids: Iterable[UUID], since: UUID) -> set[tuple[UUID, UUID]]:
    """Session and person of whoever was told something for them alone by a command after `since`, the oldest id of that moment."""
    done = select(Stage.session_id, StageCommand.person_id, StageCommand.answer).join(Stage, col(Stage.id) == StageCommand.stage_id)
    rows = list(await db.exec(done.where(col(StageCommand.id) > since, col(Stage.session_id).in_(set(session_ids)))))
    touched = {UUID(answer["question_id"]): session_id for session_id, _, answer in rows}
    news = {(session_id, person_id) for session_id, person_id, _ in rows}
    for some in in_parts(touched):
        askers = await db.exec(select(Question.id, Question.person_id).where(col(Question.id).in_(some)))
        news |= {(touched[question_id], person_id) for question_id, person_id in askers}
    return news


async def signed_in_people(db: Db, sign_in_ids: Collection[UUID], real_now: datetime) -> dict[UUID, Person]:
    """Who is behind each of these sign-ins, as far as it still holds."""
    holds = (col(SignIn.id).in_(set(sign_in_ids)), col(SignIn.ended_at).is_(None), col(SignIn.expires_at) > real_now)
    return dict((await db.exec(select(SignIn.id, Person).join(Person).where(*holds))).all())


async def live_sign_ins(db: Db, ids: Collection[UUID], real_now: datetime) -> set[UUID]:
    """Which of these sign-ins still hold."""
    holds = (col(SignIn.ended_at).is_(None), col(SignIn.expires_at) > real_now)
    live: set[UUID] = set()
    for some in in_parts(ids):
        live.update(await db.exec(select(SignIn.id).where(col(SignIn.id).in_(some), *holds)))
    return live


async def moderators_among(db: Db, event_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    """Which of these persons may moderate at the event."""
    holds = (Role.event_id == event_id, col(Role.kind).in_(MODERATING), col(Role.ended_at).is_(None))
    found: set[UUID] = set()
    for some in in_parts(ids):
        found.update(await db.exec(select(Role.person_id).where(col(Role.person_id).in_(some), *holds)))
    return found


def _heads(stage: Stage) -> Heads:
    return Heads(stage.public_seq, stage.moderators_seq, stage.votes_seq)


def facts_of(row: Question) -> QuestionFacts:
    return QuestionFacts(**row.model_dump(exclude={"stage_id"}))


def line_text(body: Mapping[str, object]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
