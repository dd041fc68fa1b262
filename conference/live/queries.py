"""Reading a stage: its state as a value, what a command needs of it, and one consistent cut of snapshot and log."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from conference.errors import Forbidden, NotFound
from conference.live.care_tables import Silence
from conference.live.poll_tables import Poll
from conference.live.reading import ballots_of, elsewhere_of, facts_of, poll_of, silences_of, speakers_of, state_of, votes_of
from conference.live.resume import line_text
from conference.live.rules import has_stage
from conference.live.shapes import Mine, PublicQuestion
from conference.live.state import BallotFacts, QuestionFacts, StageState
from conference.live.tables import Log, Question, Stage, StageEvent
from conference.live.views import ON_STAGE, POLL, REACTIONS, VOTES, Total, for_public, mine_of, poll_total
from conference.people.tables import Person, Role, RoleKind, SignIn
from conference.programme.queries import SessionFacts, place_of, session_at
from conference.programme.tables import Event, Session
from conference.storage.database import Db, in_parts
from conference.times import clock_time, spoken_zone, zone_named

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
    """A stage at one moment: where it stands, all of its state, and that without what is one person's own."""

    state: StageState
    heads: Heads
    shared: StageState


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
    """The whole stage, and what of it is this person's own; call it in one `reading()`, so that snapshot and log agree.

    `known` is an earlier cut: where the stage still stands there, only what is this person's own is read.
    """
    stage = await stage_of(db, session_id)
    heads = _heads(stage) if stage else Heads()
    shared = known.shared if known and known.heads == heads else await _shared(db, stage)
    if person_id is None:
        return Cut(shared, heads, shared)
    return Cut(await _with_own(db, session_id, stage, shared, {person_id}), heads, shared)


async def mine_of_each(db: Db, session_id: UUID, people: Collection[UUID]) -> dict[UUID, Mine]:
    """What is for each of these people alone; the stage is read once."""
    stage = await stage_of(db, session_id)
    whole, speakers = await _shared(db, stage), await speakers_of(db, session_id)
    mine: dict[UUID, Mine] = {}
    for some in in_parts(people):
        state = _by_person(await _with_own(db, session_id, stage, whole, some), some)
        mine |= {person_id: mine_of(state[person_id], person_id, speaks=person_id in speakers) for person_id in some}
    return mine


async def _shared(db: Db, stage: Stage | None) -> StageState:
    return await state_of(db, stage) if stage else StageState()


async def _with_own(db: Db, session_id: UUID, stage: Stage | None, shared: StageState, people: Collection[UUID]) -> StageState:
    """A state with what is these people's own."""
    own = replace(shared, elsewhere=await elsewhere_of(db, session_id, people))
    return replace(own, votes=await votes_of(db, stage, people), ballots=await ballots_of(db, stage, people)) if stage else own


def _by_person(state: StageState, people: Collection[UUID]) -> dict[UUID, StageState]:
    """As much of a state as is each one's own, so that each is looked through once and not once for each person."""
    asked: dict[UUID, dict[UUID, QuestionFacts]] = {person_id: {} for person_id in people}
    for question in state.questions.values():
        if question.person_id in asked:
            asked[question.person_id][question.id] = question
    votes: dict[UUID, set[tuple[UUID, UUID]]] = {person_id: set() for person_id in people}
    for vote in state.votes:
        votes[vote[1]].add(vote)
    ballots: dict[UUID, dict[tuple[UUID, UUID], BallotFacts]] = {person_id: {} for person_id in people}
    for key, ballot in state.ballots.items():
        ballots[key[1]][key] = ballot
    return {each: replace(state, questions=asked[each], votes=frozenset(votes[each]), ballots=ballots[each]) for each in people}


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


async def totals_of(db: Db, session_ids: Iterable[UUID]) -> dict[UUID, dict[str, Total]]:
    """All totals that anybody sees, by session."""
    ids = set(session_ids)
    shown = select(Stage.session_id, Question).join(Question, col(Question.stage_id) == Stage.id)
    found: dict[UUID, dict[str, Total]] = {}
    for stage in await db.exec(select(Stage).where(col(Stage.session_id).in_(ids))):
        found[stage.session_id] = {REACTIONS: dict(stage.reactions)}
    for session_id, question in await db.exec(shown.where(col(Stage.session_id).in_(ids), col(Question.approved_at).is_not(None))):
        if facts_of(question).state in ON_STAGE:
            found[session_id][f"{VOTES}{question.id}"] = question.votes
    polls = select(Stage.session_id, Poll).join(Poll, col(Poll.stage_id) == Stage.id).where(col(Poll.opened_at).is_not(None))
    for session_id, poll in await db.exec(polls.where(col(Stage.session_id).in_(ids))):
        found[session_id][f"{POLL}{poll.id}"] = poll_total(poll_of(poll))
    return found


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


async def banned_people(db: Db, event_ids: Collection[UUID], now: datetime) -> set[tuple[UUID, UUID]]:
    """Event and person of those who may not see its stages now."""
    holds = (col(Silence.ban).is_(True), col(Silence.lifted_at).is_(None), Silence.until > now)
    return set((await db.exec(select(Silence.event_id, Silence.person_id).where(col(Silence.event_id).in_(set(event_ids)), *holds))).all())


async def check_may_watch(db: Db, event: Event, person_id: UUID | None, now: datetime) -> None:
    """Raises Forbidden for whom a moderator has banned from the event's stages, with the reason."""
    if person_id is None:
        return
    for silence in (await silences_of(db, event.id, {person_id})).values():
        if silence.ban and silence.until > now:
            until = silence.until.astimezone(zone_named(event.zone))
            moment = f"{clock_time(until)} ({spoken_zone(until, event.zone)})"
            raise Forbidden(f"A moderator has closed this event's stages for you until {moment}. The reason: {silence.reason}")


def _heads(stage: Stage) -> Heads:
    return Heads(stage.public_seq, stage.moderators_seq, stage.votes_seq)
