"""What the organisers' desk shows of an event: each stage in numbers, requests for help, silences, announcements."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from conference.errors import NotFound
from conference.live.announcing import holds_at
from conference.live.cards import moderators_author
from conference.live.care_tables import HelpRequest, Silence
from conference.live.tables import Question, Stage
from conference.live.talk_tables import Announcement, ChatMessage
from conference.people.tables import Person
from conference.programme.tables import Session
from conference.storage.database import Db

RESOLVED_SHOWN = 30  # requests that were looked after: the latest ones


@dataclass(frozen=True, slots=True)
class StageNumbers:
    """What waits on a stage, and how it is run."""

    questions: int = 0  # that no moderator has looked at
    messages: int = 0  # of the chat, held back for a word in them
    help: int = 0  # requests that nobody has looked after
    chat_open: bool = False
    late_minutes: int = 0


@dataclass(frozen=True, slots=True)
class HelpAt:
    """A request for help, and where; `author` wrote what it reports, empty where it reports nothing that is still there."""

    request: HelpRequest
    session: Session
    author: str = ""


async def stage_numbers(db: Db, event_id: UUID) -> dict[UUID, StageNumbers]:
    """By session; stages that nobody used are left out."""
    waits = (col(Question.approved_at), col(Question.dismissed_at), col(Question.withdrawn_at), col(Question.merged_at))
    questions = await _counted(db, event_id, Question, *(moment.is_(None) for moment in waits))
    messages = await _counted(db, event_id, ChatMessage, col(ChatMessage.shown_at).is_(None), col(ChatMessage.deleted_at).is_(None))
    waiting = await _counted(db, event_id, HelpRequest, col(HelpRequest.resolved_at).is_(None))
    return {
        stage.session_id: StageNumbers(
            questions.get(stage.id, 0), messages.get(stage.id, 0), waiting.get(stage.id, 0), stage.chat_open, stage.late_minutes
        )
        for stage in await db.exec(select(Stage).where(Stage.event_id == event_id))
    }


async def help_waiting(db: Db, event_id: UUID) -> list[HelpAt]:
    """The requests that nobody has looked after, the oldest first."""
    found = _help_of(event_id).where(col(HelpRequest.resolved_at).is_(None))
    return await _with_authors(db, (await db.exec(found.order_by(col(HelpRequest.at), col(HelpRequest.id)))).all())


async def help_resolved(db: Db, event_id: UUID) -> list[HelpAt]:
    """Those that were looked after, the latest first."""
    found = _help_of(event_id).where(col(HelpRequest.resolved_at).is_not(None))
    latest = found.order_by(col(HelpRequest.resolved_at).desc(), col(HelpRequest.id)).limit(RESOLVED_SHOWN)
    return await _with_authors(db, (await db.exec(latest)).all())


async def help_at(db: Db, event_id: UUID, help_id: UUID) -> HelpAt:
    """Raises NotFound."""
    found = (await db.exec(_help_of(event_id).where(HelpRequest.id == help_id))).all()
    if not found:
        raise NotFound("There is no such request for help.")
    return (await _with_authors(db, found))[0]


async def silences_holding(db: Db, event_id: UUID, now: datetime) -> list[tuple[Silence, Session, str]]:
    """Who may not write (or be there) now, where that was said, and the name of whoever decided it; the oldest first."""
    found = (
        select(Silence, Session, Person.name)
        .join(Stage, col(Stage.id) == Silence.stage_id)
        .join(Session, col(Session.id) == Stage.session_id)
        .join(Person, col(Person.id) == Silence.moderator_id)
        .where(Silence.event_id == event_id, col(Silence.lifted_at).is_(None), Silence.until > now)
    )
    return list((await db.exec(found.order_by(col(Silence.at), col(Silence.id)))).all())


async def silence_at(db: Db, event_id: UUID, silence_id: UUID) -> tuple[Silence, UUID]:
    """With the session at whose stage it was made. Raises NotFound."""
    found = select(Silence, Stage.session_id).join(Stage, col(Stage.id) == Silence.stage_id)
    row = (await db.exec(found.where(Silence.event_id == event_id, Silence.id == silence_id))).first()
    if row is None:
        raise NotFound("There is no such silence.")
    return row


async def announced_now(db: Db, event_id: UUID, now: datetime) -> list[tuple[Announcement, Session | None, str]]:
    """What is announced at this moment, where (None: everywhere), and by whom; the oldest first."""
    found: Any = (
        select(Announcement, Session, Person.name)
        .join(Session, col(Session.id) == Announcement.session_id, isouter=True)
        .join(Person, col(Person.id) == Announcement.person_id)
        .where(Announcement.event_id == event_id, *holds_at(now))
    )
    return list((await db.exec(found.order_by(col(Announcement.at), col(Announcement.id)))).all())


async def announcement_at(db: Db, event_id: UUID, announcement_id: UUID) -> Announcement:
    """Raises NotFound."""
    found = await db.get(Announcement, announcement_id)
    if found is None or found.event_id != event_id:
        raise NotFound("There is no such announcement.")
    return found


def _help_of(event_id: UUID) -> Any:
    found = select(HelpRequest, Session).join(Stage, col(Stage.id) == HelpRequest.stage_id)
    return found.join(Session, col(Session.id) == Stage.session_id).where(HelpRequest.event_id == event_id)


async def _with_authors(db: Db, rows: Collection[tuple[HelpRequest, Session]]) -> list[HelpAt]:
    about = {request.about_id for request, _ in rows if request.about_id}
    authors: dict[UUID, str] = {}
    if about:
        for question in await db.exec(select(Question).where(col(Question.id).in_(about))):
            authors[question.id] = moderators_author(question.author, anonymous=question.anonymous)
        authors |= dict((await db.exec(select(ChatMessage.id, ChatMessage.author).where(col(ChatMessage.id).in_(about)))).all())
    return [HelpAt(request, session, authors.get(request.about_id, "") if request.about_id else "") for request, session in rows]


async def _counted(db: Db, event_id: UUID, table: Any, *which: Any) -> dict[UUID, int]:
    """How many such rows each stage of the event has."""
    counted = select(table.stage_id, func.count()).join(Stage, col(Stage.id) == table.stage_id).where(Stage.event_id == event_id, *which)
    return dict((await db.exec(counted.group_by(table.stage_id))).all())
