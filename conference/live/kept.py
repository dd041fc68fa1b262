"""What stays of a stage on its session's page: questions with their answers, polls' results, whether there is a transcript."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from conference.live.charts import Chart, chart_of
from conference.live.poll_tables import Poll
from conference.live.polling import drafted_at
from conference.live.reading import facts_of, poll_of
from conference.live.state import QuestionFacts, Words
from conference.live.tables import Question, Stage
from conference.live.talk_tables import CaptionLine
from conference.live.views import ON_STAGE, is_public, poll_shown
from conference.storage.database import Db


@dataclass(frozen=True, slots=True)
class KeptQuestion:
    """A question that was on the stage. Nothing in it leads to whoever asked anonymously."""

    id: UUID
    text: str
    author: str
    votes: int
    answered_at: datetime | None  # live
    written_at: datetime | None
    answer: str  # in writing

    @property
    def is_answered(self) -> bool:
        return bool(self.answered_at or self.written_at)


@dataclass(frozen=True, slots=True)
class Kept:
    questions: tuple[KeptQuestion, ...] = ()  # most votes first
    charts: tuple[Chart, ...] = ()  # of the polls whose results are shown
    has_captions: bool = False

    @property
    def words(self) -> str:
        """`12 questions were asked, 9 answered.`: those that waited or were dismissed are in no count."""
        asked, answered = len(self.questions), sum(each.is_answered for each in self.questions)
        one = asked == 1
        return f"{asked} question{'' if one else 's'} {'was' if one else 'were'} asked, {answered or 'none'} answered." if asked else ""


async def kept_of(db: Db, session_id: UUID) -> Kept:
    stage = (await db.exec(select(Stage).where(Stage.session_id == session_id))).first()
    if stage is None:
        return Kept()
    rows = await db.exec(select(Question).where(Question.stage_id == stage.id, col(Question.approved_at).is_not(None)))
    shown = [facts for facts in map(facts_of, rows) if facts.state in ON_STAGE]
    polls = [poll_of(row) for row in await db.exec(select(Poll).where(Poll.stage_id == stage.id, col(Poll.opened_at).is_not(None)))]
    return Kept(
        questions=tuple(_kept(each) for each in sorted(shown, key=_by_votes)),
        charts=tuple(chart_of(poll_shown(poll)) for poll in sorted(polls, key=drafted_at) if is_public(poll) and poll.shows_results),
        has_captions=(await db.exec(select(CaptionLine.id).where(CaptionLine.stage_id == stage.id).limit(1))).first() is not None,
    )


async def captions_of(db: Db, session_id: UUID) -> tuple[Words, ...]:
    """All that was captioned, as it came."""
    lines = select(CaptionLine).join(Stage).where(Stage.session_id == session_id).order_by(col(CaptionLine.at), col(CaptionLine.id))
    return tuple(Words(id=line.id, text=line.text, at=line.at) for line in await db.exec(lines))


def _kept(question: QuestionFacts) -> KeptQuestion:
    return KeptQuestion(
        id=question.id,
        text=question.text,
        author="Anonymous" if question.anonymous else question.author,
        votes=question.votes,
        answered_at=question.answered_at,
        written_at=question.written_at,
        answer=question.written_answer,
    )


def _by_votes(question: QuestionFacts) -> tuple[int, datetime, UUID]:
    return -question.votes, question.approved_at or question.asked_at, question.id
