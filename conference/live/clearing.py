"""Taking everything that some people did from one stage, as if they had never come."""

from collections import Counter
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Delete, func, update
from sqlmodel import col, delete, select
from sqlmodel.sql.expression import SelectOfScalar

from conference.live.care_tables import HelpRequest, Silence
from conference.live.poll_tables import Ballot, Poll
from conference.live.tables import Question, Stage, StageCommand, StageEvent, Vote
from conference.live.talk_tables import ChatMessage, Cue
from conference.storage.database import Db

People = SelectOfScalar[UUID]  # their ids


async def clear_stage(db: Db, stage: Stage, people: People) -> tuple[int, int]:
    """With the stage locked: how many questions and votes went. Votes: theirs, and everybody's on their questions.

    A log with their lines in it is cut off, so that whoever resumes from before gets a fresh snapshot.
    """
    here = select(Question.id).where(Question.stage_id == stage.id)
    asked = here.where(col(Question.person_id).in_(people))
    questions = (await db.exec(asked)).all()
    votes = await _clear_votes(db, stage, people, asked)
    await _clear_ballots(db, stage, people)
    await take(db, delete(StageCommand).where(col(StageCommand.stage_id) == stage.id, col(StageCommand.person_id).in_(people)))
    if questions:
        await _clear_questions(db, stage, questions, asked)
    if await _clear_talk(db, stage, people) or questions:
        await take(db, delete(StageEvent).where(col(StageEvent.stage_id) == stage.id))
        stage.public_seq += 1
        stage.moderators_seq += 1
    await db.flush()
    return len(questions), votes


async def take(db: Db, statement: Delete) -> int:
    """How many rows it took."""
    return int((await db.exec(statement.execution_options(synchronize_session=False))).rowcount)


async def _clear_votes(db: Db, stage: Stage, people: People, asked: People) -> int:
    """Every total of the stage is counted anew where one of its votes went."""
    here = select(Question.id).where(Question.stage_id == stage.id)
    gone = col(Vote.person_id).in_(people) | col(Vote.question_id).in_(asked) | col(Vote.joined_id).in_(asked)
    votes = await take(db, delete(Vote).where(col(Vote.question_id).in_(here), gone))
    if votes:
        cast = select(func.count()).select_from(Vote).where(Vote.question_id == Question.id).scalar_subquery()
        await _change(db, update(Question).where(col(Question.stage_id) == stage.id).values(votes=cast))
        stage.votes_seq += 1
    return votes


async def _clear_questions(db: Db, stage: Stage, questions: Collection[UUID], asked: People) -> None:
    """What others did with them goes too: what was merged into one of them is a question again, what is remembered of it is forgotten."""
    free: dict[str, Any] = {"merged_at": None, "merged_id": None, "before": {}}
    await _change(db, update(Question).where(col(Question.merged_id).in_(asked)).values(free))
    if stage.pinned_id in questions:
        stage.pinned_id = None
    named = {str(question_id) for question_id in questions}
    for command in await db.exec(select(StageCommand).where(StageCommand.stage_id == stage.id)):
        if command.answer["subject_id"] in named:
            await db.delete(command)
    await db.flush()
    await take(db, delete(Question).where(col(Question.id).in_(questions)))


async def _clear_ballots(db: Db, stage: Stage, people: People) -> None:
    """And the polls that one of them made."""
    theirs = select(Poll.id).where(Poll.stage_id == stage.id, col(Poll.person_id).in_(people))
    await take(db, delete(Ballot).where(col(Ballot.poll_id).in_(theirs)))
    await take(db, delete(Poll).where(col(Poll.id).in_(theirs)))
    for poll in (await db.exec(select(Poll).where(Poll.stage_id == stage.id))).all():
        if await take(db, delete(Ballot).where(col(Ballot.poll_id) == poll.id, col(Ballot.person_id).in_(people))):
            ballots = (await db.exec(select(Ballot.choices).where(Ballot.poll_id == poll.id))).all()
            poll.tally, poll.ballots = dict(Counter(choice for choices in ballots for choice in choices)), len(ballots)
            stage.votes_seq += 1


async def _clear_talk(db: Db, stage: Stage, people: People) -> int:
    """Messages, cues, requests for help and silences; how many."""
    said = select(ChatMessage.id).where(ChatMessage.stage_id == stage.id, col(ChatMessage.person_id).in_(people))
    await _change(db, update(ChatMessage).where(col(ChatMessage.reply_id).in_(said)).values(reply_id=None))
    by_them = col(Silence.person_id).in_(people) | col(Silence.moderator_id).in_(people)
    gone = await take(db, delete(Silence).where(col(Silence.stage_id) == stage.id, by_them))
    for table in (ChatMessage, Cue, HelpRequest):
        gone += await take(db, delete(table).where(col(table.stage_id) == stage.id, col(table.person_id).in_(people)))
    return gone


async def _change(db: Db, statement: Any) -> None:
    await db.exec(statement.execution_options(synchronize_session=False))
