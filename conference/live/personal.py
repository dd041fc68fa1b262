"""What people said and did on stages. Erased, they are “A delegate”: votes and answers stay counted, questions stay unless they go too.

A stage's logs repeat what was said, so their lines are written anew; a line of its own tells open pages, and moves what is kept of the
stage in memory.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, delete, select

from conference.live.actions import lock_stage
from conference.live.care_tables import HelpRequest, Silence
from conference.live.forgetting import KEPT, NOBODYS
from conference.live.lines import ChatChanged, HelpChanged, LoggedEvent, QuestionChanged, QuestionHidden, SilenceChanged, StageChanged
from conference.live.reading import facts_of, help_of, message_of, run_of, silence_of
from conference.live.tables import Log, Presence, Question, Stage, StageEvent
from conference.live.talk_tables import ChatMessage
from conference.live.views import ON_STAGE, chat_shown, for_moderators, for_public, help_shown, run_shown, silence_shown
from conference.people.tables import Role
from conference.programme.tables import Session
from conference.storage.database import Db
from conference.storage.personal import A_DELEGATE, TAKEN_OUT, Erasing, Rows, Whom, empty_rows, rows_about

A_MODERATOR = "A moderator"
GONE = "They have left."
Lines = list[tuple[Log, type[LoggedEvent], dict[str, Any]]]

__all__ = ["KEPT", "NOBODYS", "everything_about", "forget"]


async def everything_about(db: Db, whom: Whom) -> Rows:
    return await rows_about(db, KEPT, whom)


async def forget(db: Db, whom: Whom, erasing: Erasing) -> None:
    """Stage by stage, each locked, in the order in which everybody locks them."""
    for session in await _sessions_of(db, whom):
        stage = await lock_stage(db, session)
        lines = await _questions(db, stage, whom, erasing)
        lines += await _messages(db, stage, whom, erasing)
        lines += await _care(db, stage, whom, erasing)
        await _rewrite(db, stage, whom, erasing)
        _append(db, stage, lines or [(log, StageChanged, {"run": run_shown(run_of(stage), log)}) for log in Log], erasing)
    await db.exec(delete(Presence).where(col(Presence.person_id) == whom.id))
    await empty_rows(db, KEPT, whom)
    await db.flush()


async def _sessions_of(db: Db, whom: Whom) -> Sequence[Session]:
    """Whose stages say something of them: by what they said, or as a moderator."""
    said = [select(table.stage_id).where(table.person_id == whom.id) for table in (Question, ChatMessage, HelpRequest, Silence)]
    held = select(Question.stage_id).where(Question.held_id == whom.id)
    moderated = col(Stage.event_id).in_(select(Role.event_id).where(Role.person_id == whom.id))
    reported = select(HelpRequest.stage_id).where(
        col(HelpRequest.about_id).in_(select(ChatMessage.id).where(ChatMessage.person_id == whom.id))
    )
    mine = or_(moderated, *(col(Stage.id).in_(found) for found in (*said, held, reported)))
    return (await db.exec(select(Session).join(Stage).where(mine).order_by(col(Session.id)))).all()


async def _questions(db: Db, stage: Stage, whom: Whom, erasing: Erasing) -> Lines:
    found = select(Question).where(Question.stage_id == stage.id, or_(col(Question.person_id) == whom.id, col(Question.held_id) == whom.id))
    lines: Lines = []
    for row in (await db.exec(found)).all():
        was_shown = facts_of(row).state in ON_STAGE
        if row.held_id == whom.id:
            row.held_by = A_MODERATOR
        if row.person_id == whom.id:
            row.author, row.text = A_DELEGATE, _kept_words(row.text, whom, erasing)
            if not erasing.keep_words or not was_shown:
                row.withdrawn_at = row.withdrawn_at or erasing.now
                row.text = TAKEN_OUT
                stage.pinned_id = None if stage.pinned_id == row.id else stage.pinned_id
        facts = facts_of(row)
        lines.append((Log.moderators, QuestionChanged, {"act": "forgotten", "question": for_moderators(facts)}))
        if was_shown and facts.state in ON_STAGE:
            lines.append((Log.public, QuestionChanged, {"act": "forgotten", "question": for_public(facts)}))
        elif was_shown:
            lines.append((Log.public, QuestionHidden, {"question_id": row.id}))
    return lines


async def _messages(db: Db, stage: Stage, whom: Whom, erasing: Erasing) -> Lines:
    lines: Lines = []
    for row in (await db.exec(select(ChatMessage).where(ChatMessage.stage_id == stage.id, ChatMessage.person_id == whom.id))).all():
        row.author, row.text = A_DELEGATE, _kept_words(row.text, whom, erasing)
        if not erasing.keep_words or not row.shown_at:
            row.deleted_at, row.text = row.deleted_at or erasing.now, ""
        shown = {"message": chat_shown(message_of(row))}
        lines += [(log, ChatChanged, shown) for log in Log if log == Log.moderators or row.shown_at]
    return lines


async def _care(db: Db, stage: Stage, whom: Whom, erasing: Erasing) -> Lines:
    """Requests for help stay counted; what was said in them, or about them, goes."""
    lines: Lines = []
    mine = await _said_by(db, stage, whom)
    about = or_(col(HelpRequest.person_id) == whom.id, col(HelpRequest.about_id).in_(mine), _looked_after(whom))
    for row in (await db.exec(select(HelpRequest).where(HelpRequest.stage_id == stage.id, about))).all():
        if row.person_id == whom.id:
            row.name, row.text, row.about_text = A_DELEGATE, "", ""
            row.resolved_at, row.done = row.resolved_at or erasing.now, GONE
        if row.about_id in mine:
            row.about_text = ""
        if row.resolved_by in whom.names:
            row.resolved_by = A_MODERATOR
        lines.append((Log.moderators, HelpChanged, {"help": help_shown(help_of(row))}))
    for silence in (await db.exec(select(Silence).where(Silence.stage_id == stage.id, Silence.person_id == whom.id))).all():
        silence.name, silence.reason = A_DELEGATE, TAKEN_OUT
        lines.append((Log.moderators, SilenceChanged, {"silence": silence_shown(silence_of(silence))}))
    return lines


def _looked_after(whom: Whom) -> Any:
    """No id says which moderator it was: their name does, at the events that they moderate."""
    events = select(Role.event_id).where(Role.person_id == whom.id)
    return col(HelpRequest.resolved_by).in_(whom.names) & col(HelpRequest.event_id).in_(events)


async def _said_by(db: Db, stage: Stage, whom: Whom) -> set[UUID]:
    """Ids of their questions and messages there."""
    tables = (Question, ChatMessage)
    return {
        each for table in tables for each in await db.exec(select(table.id).where(table.stage_id == stage.id, table.person_id == whom.id))
    }


def _kept_words(text: str, whom: Whom, erasing: Erasing) -> str:
    return whom.without(text) if erasing.keep_words else TAKEN_OUT


async def _rewrite(db: Db, stage: Stage, whom: Whom, erasing: Erasing) -> None:
    """The lines that repeat it: whoever resumes from before them reads what they say now."""
    mine = {str(each) for each in await _said_by(db, stage, whom)}
    for table in (HelpRequest, Silence):
        theirs = select(table.id).where(table.stage_id == stage.id, table.person_id == whom.id)
        mine.update(str(each) for each in await db.exec(theirs))
    about = select(HelpRequest.id).where(HelpRequest.stage_id == stage.id, col(HelpRequest.about_text) == "")
    emptied = {str(each) for each in await db.exec(about)}
    for line in (await db.exec(select(StageEvent).where(StageEvent.stage_id == stage.id))).all():
        body = {name: _told_anew(value, mine, emptied, whom, erasing) for name, value in line.body.items()}
        if body != line.body:
            line.body = body


def _told_anew(value: Any, mine: set[str], emptied: set[str], whom: Whom, erasing: Erasing) -> Any:
    """One thing of a line, such as a question: what of it is theirs is told without them (pure)."""
    if not isinstance(value, Mapping):
        return value
    told = dict(value)
    if told.get("id") in mine:
        told |= {name: A_DELEGATE for name in ("author", "name") if told.get(name)}
        told |= {name: _kept_words(told[name], whom, erasing) for name in ("text",) if told.get(name)}
        told |= {name: TAKEN_OUT for name in ("reason",) if told.get(name)}
        if "done" in told:  # a request for help
            told |= {"text": "", "about_text": "", "done": GONE if told["done"] else ""}
    if told.get("id") in emptied and told.get("about_text"):
        told["about_text"] = ""
    told |= {name: A_MODERATOR for name in ("held_by", "resolved_by") if told.get(name) in whom.names}
    return told


def _append(db: Db, stage: Stage, lines: Lines, erasing: Erasing) -> None:
    for log, kind, what in lines:
        counter = "public_seq" if log == Log.public else "moderators_seq"
        seq = getattr(stage, counter) + 1
        setattr(stage, counter, seq)
        told = kind.model_validate({"seq": seq, "at": erasing.now, **what})
        db.add(StageEvent(stage_id=stage.id, log=log, seq=seq, body=told.model_dump(mode="json"), at=erasing.now))
