"""Writing down what happened on a stage: the question's facts, the vote, a line in either log, and the answer to the command."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from conference.errors import NotFound, Refusal
from conference.live.commands import Command
from conference.live.messages import Acknowledged, LoggedEvent
from conference.live.part import Given, Part, part_for
from conference.live.stage import (
    Answered,
    Approved,
    Archived,
    Asked,
    Dismissed,
    Happening,
    Setting,
    Upvoted,
    decide,
    evolve,
    question_of,
)
from conference.live.tables import Log, Question, Stage, StageCommand, StageEvent, Vote
from conference.live.views import Tells, tell
from conference.people.tables import Person
from conference.programme.tables import Event, Session
from conference.record.actions import note
from conference.storage.database import Db
from conference.storage.ids import new_id

SAID = {
    Asked: "Your question waits for a moderator. You will see here what becomes of it.",
    Upvoted: "Your vote counts.",
    Approved: "The question is on the stage.",
    Dismissed: "The question was dismissed; only its author is told why.",
    Answered: "The question is marked as answered.",
    Archived: "The question is archived: it stays readable on the session's page.",
}
AUDITED = {Approved: "question approved", Dismissed: "question dismissed", Answered: "question answered", Archived: "question archived"}


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
    part = await part_for(db, stage.id, event.id, given)
    done = [_perform(db, stage, part, person, command, Setting(event, session, now, new_id()), real_now) for person, command in given]
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
    _write_facts(db, stage, part, happening)
    tells = tell(happening, part.state, stage.public_seq + 1, stage.moderators_seq + 1)
    if tells.public:
        stage.public_seq += 1
        db.add(_line(stage, Log.public, tells.public, now))
    if tells.moderators:
        stage.moderators_seq += 1
        db.add(_line(stage, Log.moderators, tells.moderators, now))
    if tells.votes:
        stage.votes_seq += 1
    question_id = question_of(happening)
    answer = Acknowledged(client_id=command.client_id, question_id=question_id, said=SAID[type(happening)])
    kept = StageCommand(stage_id=stage.id, person_id=person_id, client_id=command.client_id, answer=answer.model_dump(mode="json"), at=now)
    part.answers[person_id, command.client_id] = kept
    db.add(kept)
    if type(happening) in AUDITED:
        note(db, AUDITED[type(happening)], f"question:{question_id}", real_now, person_id=person_id, event_id=stage.event_id)
    return Recorded(answer, tells, stage.votes_seq)


def _write_facts(db: Db, stage: Stage, part: Part, happening: Happening) -> None:
    facts = part.state.questions[question_of(happening)]
    if isinstance(happening, Asked):
        part.rows[facts.id] = Question(stage_id=stage.id, **asdict(facts))
        db.add(part.rows[facts.id])
        return
    part.rows[facts.id].sqlmodel_update(asdict(facts))
    if isinstance(happening, Upvoted):
        db.add(Vote(question_id=happening.question_id, person_id=happening.person_id, voted_at=happening.at))


async def _locked(db: Db, session_id: UUID) -> Stage | None:
    found = select(Stage).where(Stage.session_id == session_id).with_for_update(key_share=True).execution_options(populate_existing=True)
    return (await db.exec(found)).first()


def _line(stage: Stage, log: Log, told: LoggedEvent, now: datetime) -> StageEvent:
    return StageEvent(stage_id=stage.id, log=log, seq=told.seq, body=told.model_dump(mode="json"), at=now)
