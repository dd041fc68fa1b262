"""The robots of a dress rehearsal: making an audience of them, and removing it with everything it did.

Robots act on the stages of their event alone, and nobody can type the address of one, so no mail, place or calendar of theirs exists.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, delete, select
from sqlmodel.sql.expression import SelectOfScalar

from conference.live.actions import lock_stage
from conference.live.care_tables import ShownName
from conference.live.clearing import clear_stage, take
from conference.live.tables import Presence, Stage
from conference.people.actions import grant_role
from conference.people.rules import SIGN_IN_LASTS, new_token, token_hash
from conference.people.tables import Person, Role, RoleKind, SignIn
from conference.programme.tables import Event, Session
from conference.record.actions import note
from conference.storage.database import Db

MODERATOR = 0  # the number of the robot that moderates


@dataclass(frozen=True, slots=True)
class Removed:
    """What went with the robots. Votes: theirs, and everybody's on their questions."""

    robots: int = 0
    questions: int = 0
    votes: int = 0


async def make_robots(db: Db, event: Event, count: int, now: datetime, real_now: datetime) -> list[tuple[Person, str]]:
    """So many robots of this event, by number, each with the token of a new sign-in. Those who are there already are taken first."""
    known = {robot.email_key: robot for robot in await db.exec(select(Person).where(Person.robot_of == event.id))}
    robots = [known.get(_key(event, number)) or _robot(event, number, now) for number in range(count)]
    db.add_all(robots)
    await db.flush()
    await take(db, delete(SignIn).where(col(SignIn.person_id).in_(_robots_of(event.id))))
    tokens = [new_token() for _ in robots]
    until = real_now + SIGN_IN_LASTS
    for robot, token in zip(robots, tokens, strict=True):
        db.add(SignIn(person_id=robot.id, token_hash=token_hash(token), made_at=real_now, expires_at=until))
    await grant_role(db, robots[MODERATOR], event.id, RoleKind.moderator, now)
    note(db, "robots made", f"event:{event.id}", real_now, event_id=event.id, robots=count)
    await db.flush()
    return list(zip(robots, tokens, strict=True))


async def robot_counts(db: Db, event_ids: Iterable[UUID]) -> Counter[UUID]:
    """How many robots each of these events has."""
    counted = select(Person.robot_of, func.count()).where(col(Person.robot_of).in_(set(event_ids))).group_by(col(Person.robot_of))
    return Counter({event_id: count for event_id, count in await db.exec(counted) if event_id})


async def remove_robots(db: Db, event_id: UUID, real_now: datetime, *, by: UUID | None = None) -> Removed:
    """All robots of an event and what they did, as if they had never come. Commands to its stages wait meanwhile.

    What people asked and voted stays; a log with robots' lines in it is cut off, so that whoever resumes from before gets a fresh snapshot.
    """
    sessions = select(Session).join(Stage).where(Stage.event_id == event_id).order_by(col(Stage.id))
    stages = [await lock_stage(db, session) for session in (await db.exec(sessions)).all()]
    robots = _robots_of(event_id)
    questions = votes = 0
    for stage in stages:
        gone, lost = await clear_stage(db, stage, robots)
        questions, votes = questions + gone, votes + lost
    for table in (SignIn, Role, Presence, ShownName):
        await take(db, delete(table).where(col(table.person_id).in_(robots)))
    removed = Removed(await take(db, delete(Person).where(col(Person.robot_of) == event_id)), questions, votes)
    note(
        db,
        "robots removed",
        f"event:{event_id}",
        real_now,
        person_id=by,
        event_id=event_id,
        robots=removed.robots,
        questions=questions,
        votes=votes,
    )
    return removed


def _robot(event: Event, number: int, now: datetime) -> Person:
    address = f"robot-{number}@{event.slug}.rehearsal.invalid"
    return Person(email=address, email_key=_key(event, number), name=f"Robot {number} (rehearsal)", robot_of=event.id, made_at=now)


def _key(event: Event, number: int) -> str:
    """Not the address: with this no typed address is ever taken for a robot's, and none that somebody has stands in its way."""
    return f"robot {number} of {event.id}"


def _robots_of(event_id: UUID) -> SelectOfScalar[UUID]:
    return select(Person.id).where(Person.robot_of == event_id)
