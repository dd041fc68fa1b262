"""Writing down what happened on a stage: the question's facts, the vote, a line in either log, and the answer to the command."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from conference.errors import NotFound
from conference.live.commands import Ask, Command
from conference.live.messages import Acknowledged, LoggedEvent
from conference.live.queries import actor_at, earlier_answer, part_around, part_for_asking
from conference.live.stage import (
    Answered,
    Approved,
    Archived,
    Asked,
    Dismissed,
    Happening,
    Setting,
    StageState,
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
    session = await db.get(Session, session_id)
    if session is None:
        raise NotFound("There is no session at this address.")
    event = await db.get_one(Event, session.event_id)
    stage = await lock_stage(db, session)
    earlier = await earlier_answer(db, stage.id, person.id, command.client_id)
    if earlier:
        return Recorded(Acknowledged.model_validate(earlier.answer))
    if isinstance(command, Ask):
        before = await part_for_asking(db, stage.id, person.id)
    else:
        before = await part_around(db, stage.id, command.question_id, person.id)
    actor = await actor_at(db, person, event.id)
    happening = decide(before, command, actor, Setting(event, session, now, new_id()))
    return await record(db, stage, command, person.id, happening, evolve(before, happening), now, real_now)


async def record(
    db: Db, stage: Stage, command: Command, person_id: UUID, happening: Happening, after: StageState, now: datetime, real_now: datetime
) -> Recorded:
    """Write it all down, with the stage locked. `after` is the state that `happening` led to: rows are made from it."""
    await _write_facts(db, stage, happening, after)
    tells = tell(happening, after, stage.public_seq + 1, stage.moderators_seq + 1)
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
    db.add(StageCommand(stage_id=stage.id, person_id=person_id, client_id=command.client_id, answer=answer.model_dump(mode="json"), at=now))
    if type(happening) in AUDITED:
        note(db, AUDITED[type(happening)], f"question:{question_id}", real_now, person_id=person_id, event_id=stage.event_id)
    await db.flush()
    return Recorded(answer, tells, stage.votes_seq)


async def _write_facts(db: Db, stage: Stage, happening: Happening, after: StageState) -> None:
    facts = after.questions[question_of(happening)]
    if isinstance(happening, Asked):
        db.add(Question(stage_id=stage.id, **asdict(facts)))
        return
    row = await db.get_one(Question, facts.id)
    row.sqlmodel_update(asdict(facts))
    if isinstance(happening, Upvoted):
        db.add(Vote(question_id=happening.question_id, person_id=happening.person_id, voted_at=happening.at))


async def _locked(db: Db, session_id: UUID) -> Stage | None:
    found = select(Stage).where(Stage.session_id == session_id).with_for_update(key_share=True).execution_options(populate_existing=True)
    return (await db.exec(found)).first()


def _line(stage: Stage, log: Log, told: LoggedEvent, now: datetime) -> StageEvent:
    return StageEvent(stage_id=stage.id, log=log, seq=told.seq, body=told.model_dump(mode="json"), at=now)
