"""Rows as values, and a whole stage out of the database."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from conference.live.care_tables import HelpRequest, Silence
from conference.live.poll_tables import Ballot, Poll
from conference.live.rules import CAPTIONS_KEPT, CHAT_KEPT, CUES_KEPT
from conference.live.state import BallotFacts, ChatFacts, HelpFacts, PollFacts, QuestionFacts, Run, SilenceFacts, StageState, Words
from conference.live.tables import Question, Stage, Vote
from conference.live.talk_tables import CaptionLine, ChatMessage, Cue
from conference.programme.tables import Session, SessionSpeaker, Speaker
from conference.storage.database import Db

RUN = ("moderated", "chat_open", "slow_seconds", "held_words", "late_minutes", "pinned_id", "reactions")


async def state_of(db: Db, stage: Stage) -> StageState:
    """All of a stage but who voted for what."""
    return StageState(
        questions={row.id: facts_of(row) for row in await db.exec(select(Question).where(Question.stage_id == stage.id))},
        polls={row.id: poll_of(row) for row in await db.exec(select(Poll).where(Poll.stage_id == stage.id))},
        chat=await _last_messages(db, stage),
        captions=await _last_words(db, CaptionLine, stage, CAPTIONS_KEPT),
        cues=await _last_words(db, Cue, stage, CUES_KEPT),
        help={
            row.id: help_of(row)
            for row in await db.exec(select(HelpRequest).where(HelpRequest.stage_id == stage.id).order_by(col(HelpRequest.id)))
        },
        silences={
            row.id: silence_of(row) for row in await db.exec(select(Silence).where(Silence.stage_id == stage.id).order_by(col(Silence.id)))
        },
        run=run_of(stage),
    )


async def votes_of(db: Db, stage: Stage, people: Collection[UUID]) -> frozenset[tuple[UUID, UUID]]:
    """Question and person of each vote that these people gave here."""
    theirs = select(Vote.question_id, Vote.person_id).join(Question, col(Question.id) == Vote.question_id)
    return frozenset((await db.exec(theirs.where(Question.stage_id == stage.id, col(Vote.person_id).in_(people)))).all())


async def ballots_of(db: Db, stage: Stage, people: Collection[UUID]) -> dict[tuple[UUID, UUID], BallotFacts]:
    """By poll and person."""
    theirs = select(Ballot).join(Poll).where(Poll.stage_id == stage.id, col(Ballot.person_id).in_(people))
    return {(row.poll_id, row.person_id): ballot_of(row) for row in await db.exec(theirs)}


async def silences_of(db: Db, event_id: UUID, people: Collection[UUID] | None = None) -> dict[UUID, Silence]:
    """Those of an event that nobody has lifted, of these people or of all."""
    found = select(Silence).where(Silence.event_id == event_id, col(Silence.lifted_at).is_(None))
    return {row.id: row for row in await db.exec(found if people is None else found.where(col(Silence.person_id).in_(people)))}


async def elsewhere_of(db: Db, session_id: UUID, people: Collection[UUID]) -> dict[UUID, SilenceFacts]:
    """Silences of these people for what they said on the other stages of this session's event; this one may not have been used yet."""
    event = select(Session.event_id).where(Session.id == session_id).scalar_subquery()
    here = select(Stage.id).where(Stage.session_id == session_id)
    found = select(Silence).where(Silence.event_id == event, col(Silence.stage_id).not_in(here), col(Silence.lifted_at).is_(None))
    return {row.id: silence_of(row) for row in await db.exec(found.where(col(Silence.person_id).in_(people)))}


async def speakers_of(db: Db, session_id: UUID) -> frozenset[UUID]:
    """The persons who speak in a session, as far as they are known here."""
    linked = (
        select(Speaker.person_id).join(SessionSpeaker).where(SessionSpeaker.session_id == session_id, col(Speaker.person_id).is_not(None))
    )
    return frozenset(person_id for person_id in await db.exec(linked) if person_id)


def facts_of(row: Question) -> QuestionFacts:
    return QuestionFacts(**row.model_dump(exclude={"stage_id"}))


def poll_of(row: Poll) -> PollFacts:
    return PollFacts(**{**row.model_dump(exclude={"stage_id"}), "options": tuple(row.options)})


def ballot_of(row: Ballot) -> BallotFacts:
    return BallotFacts(tuple(row.choices), row.changes)


def message_of(row: ChatMessage) -> ChatFacts:
    return ChatFacts(**row.model_dump(exclude={"stage_id"}))


def help_of(row: HelpRequest) -> HelpFacts:
    return HelpFacts(**row.model_dump(exclude={"stage_id", "event_id"}))


def silence_of(row: Silence) -> SilenceFacts:
    return SilenceFacts(**row.model_dump(exclude={"stage_id", "event_id"}))


def run_of(stage: Stage) -> Run:
    return Run(**{name: getattr(stage, name) for name in RUN})


async def _last_messages(db: Db, stage: Stage) -> Mapping[UUID, ChatFacts]:
    """Enough for a snapshot of either log: what waits takes no room from what was shown."""
    came = func.coalesce(ChatMessage.shown_at, ChatMessage.said_at)
    found = select(ChatMessage).where(ChatMessage.stage_id == stage.id).order_by(came.desc(), col(ChatMessage.id).desc()).limit(CHAT_KEPT)
    rows = [*await db.exec(found), *await db.exec(found.where(col(ChatMessage.shown_at).is_not(None)))]
    return {row.id: message_of(row) for row in rows}


async def _last_words(db: Db, table: type[CaptionLine] | type[Cue], stage: Stage, count: int) -> tuple[Words, ...]:
    rows: Any = (await db.exec(select(table).where(table.stage_id == stage.id).order_by(col(table.id).desc()).limit(count))).all()
    return tuple(Words(id=row.id, text=row.text, at=row.at) for row in reversed(rows))
