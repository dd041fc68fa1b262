"""Writing down what happened on a stage: its facts, a line in either log, and the answer to the command."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from conference.errors import NotFound, Refusal
from conference.live.commands import Command
from conference.live.happenings import Happening, subject_of
from conference.live.lines import LoggedEvent
from conference.live.messages import Acknowledged
from conference.live.part import Given, Part, part_for
from conference.live.sentences import AUDITED, said_of
from conference.live.stage import decide, evolve
from conference.live.state import Setting
from conference.live.tables import Log, Stage, StageCommand, StageEvent
from conference.live.telling import Numbers, Tells, tell
from conference.live.writing import write_facts
from conference.people.tables import Person
from conference.programme.tables import Event, Session
from conference.record.actions import note
from conference.storage.database import Db
from conference.storage.ids import new_id


@dataclass(frozen=True, slots=True)
class Recorded:
    answer: Acknowledged
    tells: Tells = field(default_factory=Tells)
    votes_seq: int = 0  # where the stage's totals stand after it


async def lock_stage(db: Db, session: Session) -> Stage:
    """The session's stage for this transaction alone, made when it is first needed. Commands to one stage take turns."""
    found = await _locked(db, session.id)
    if found:
        return found
    try:
        async with db.begin_nested():
            db.add(Stage(session_id=session.id, event_id=session.event_id))
    except IntegrityError:
        pass  # another process was quicker
    made = await _locked(db, session.id)
    assert made
    return made


async def perform(db: Db, session_id: UUID, person: Person, command: Command, now: datetime, real_now: datetime) -> Recorded:
    """Decide and record one command of this person, once: the same client_id again is the same answer. Raises Refusal."""
    [done] = await perform_all(db, session_id, [(person, command)], now, real_now)
    if isinstance(done, Refusal):
        raise done
    return done


async def perform_all(db: Db, session_id: UUID, given: Given, now: datetime, real_now: datetime) -> list[Recorded | Refusal]:
    """The same for several commands to one stage, each decided after those before it."""
    session = await db.get(Session, session_id)
    if session is None:
        return [NotFound("There is no session at this address.") for _ in given]
    event = await db.get_one(Event, session.event_id)
    stage = await lock_stage(db, session)
    part = await part_for(db, stage, given)
    ids = sorted(new_id() for _ in given)  # what comes first in one millisecond stays first
    done = [
        _perform(db, stage, part, person, command, Setting(event, session, now, made_id), real_now)
        for (person, command), made_id in zip(given, ids, strict=True)
    ]
    await db.flush()
    return done


def _perform(
    db: Db, stage: Stage, part: Part, person: Person, command: Command, setting: Setting, real_now: datetime
) -> Recorded | Refusal:
    if earlier := part.answers.get((person.id, command.client_id)):
        return Recorded(Acknowledged.model_validate(earlier.answer))
    try:
        happening = decide(part.state, command, part.actors[person.id], setting)
    except Refusal as no:
        return no
    part.state = evolve(part.state, happening)
    return record(db, stage, part, command, person.id, happening, setting.now, real_now)


def record(
    db: Db, stage: Stage, part: Part, command: Command, person_id: UUID, happening: Happening, now: datetime, real_now: datetime
) -> Recorded:
    """Write it all down, with the stage locked. `part.state` is the state that `happening` led to: rows are made from it."""
    write_facts(db, stage, part, happening)
    tells = tell(happening, part.state, Numbers(stage.public_seq + 1, stage.moderators_seq + 1, now))
    if tells.public:
        stage.public_seq += 1
        db.add(_line(stage, Log.public, tells.public, now))
    if tells.moderators:
        stage.moderators_seq += 1
        db.add(_line(stage, Log.moderators, tells.moderators, now))
    if tells.totals:
        stage.votes_seq += 1
    subject_id = subject_of(happening)
    answer = Acknowledged(client_id=command.client_id, subject_id=subject_id, said=said_of(happening))
    kept = StageCommand(stage_id=stage.id, person_id=person_id, client_id=command.client_id, answer=answer.model_dump(mode="json"), at=now)
    part.answers[person_id, command.client_id] = kept
    db.add(kept)
    if what := AUDITED.get(type(happening)):
        note(db, what, f"{what.split()[0]}:{subject_id or stage.id}", real_now, person_id=person_id, event_id=stage.event_id)
    if tells.cues:
        tells = replace(tells, owes=tells.owes | part.speakers)
    return Recorded(answer, tells, stage.votes_seq)


async def _locked(db: Db, session_id: UUID) -> Stage | None:
    found = select(Stage).where(Stage.session_id == session_id).with_for_update(key_share=True).execution_options(populate_existing=True)
    return (await db.exec(found)).first()


def _line(stage: Stage, log: Log, told: LoggedEvent, now: datetime) -> StageEvent:
    return StageEvent(stage_id=stage.id, log=log, seq=told.seq, body=told.model_dump(mode="json"), at=now)
