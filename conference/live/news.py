"""Who was told something for them alone lately: for when it may have been lost between our processes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from conference.live.care_tables import HelpRequest, Silence
from conference.live.reading import speakers_of
from conference.live.tables import Log, Question, Stage, StageCommand, StageEvent, Vote
from conference.storage.database import Db, in_parts

Somebody = tuple[UUID, UUID]  # session and person
MOVES_VOTES = ("merged", "undone")


async def people_with_news(db: Db, session_ids: Iterable[UUID], since: UUID) -> set[Somebody]:
    """Session and person of whoever was told something for them alone by a command after `since`, the oldest id of that moment.

    The moderators' logs say what was done; a silence holds on all stages of its event.
    """
    ids = set(session_ids)
    stages = list(await db.exec(select(Stage).where(col(Stage.session_id).in_(ids))))
    acts = select(Stage.session_id, StageCommand.person_id).join(Stage, col(Stage.id) == StageCommand.stage_id)
    news = set((await db.exec(acts.where(col(StageCommand.id) > since, col(Stage.session_id).in_(ids)))).all())
    touched: dict[str, dict[UUID, UUID]] = defaultdict(dict)  # by what it is: its id, and its session
    for session_id, body in await _lines(db, {stage.event_id for stage in stages}, since):
        _note(touched, session_id, body)
    news |= await _theirs(db, touched["question"], Question.id, Question.person_id)
    news |= await _theirs(db, touched["moved"], Vote.question_id, Vote.person_id)
    news |= await _theirs(db, touched["help"], HelpRequest.id, HelpRequest.person_id)
    for session_id in set(touched["cue"].values()):
        news |= {(session_id, person_id) for person_id in await speakers_of(db, session_id)}
    silenced = {person_id for _, person_id in await _theirs(db, touched["silence"], Silence.id, Silence.person_id)}
    return {each for each in news if each[0] in ids} | {(session_id, person_id) for session_id in ids for person_id in silenced}


async def _lines(db: Db, event_ids: Collection[UUID], since: UUID) -> Iterable[tuple[UUID, Mapping[str, Any]]]:
    """What the moderators of these events' stages heard: session and line."""
    lines = select(Stage.session_id, StageEvent.body).join(Stage, col(Stage.id) == StageEvent.stage_id)
    heard = lines.where(col(StageEvent.id) > since, StageEvent.log == Log.moderators, col(Stage.event_id).in_(event_ids))
    return (await db.exec(heard)).all()


def _note(touched: Mapping[str, dict[UUID, UUID]], session_id: UUID, body: Mapping[str, Any]) -> None:
    """What this line is about, where that is somebody's own."""
    for kind in ("question", "help", "silence", "cue"):
        if kind in body:
            touched[kind][UUID(body[kind]["id"])] = session_id
    if body.get("act") in MOVES_VOTES:
        touched["moved"][UUID(body["question"]["id"])] = session_id


async def _theirs(db: Db, things: Mapping[UUID, UUID], thing_id: Any, person_id: Any) -> set[Somebody]:
    found: set[Somebody] = set()
    for some in in_parts(things):
        whose: Any = select(thing_id, person_id).where(col(thing_id).in_(some))
        found |= {(things[each], person) for each, person in await db.exec(whose)}
    return found
