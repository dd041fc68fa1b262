"""After a run: what robots hold, beside a fresh snapshot and the database."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from conference.live.messages import Snapshot
from conference.live.tables import Question, Vote
from conference.people.tables import Person
from conference.rehearse.ledger import Ledger
from conference.rehearse.messages import Screen
from conference.rehearse.robot import Robot
from conference.storage.database import Database

LOOKS = 6  # people may be at it too: a difference counts only if it stays
PAUSE = 0.5  # seconds between two looks


@dataclass(frozen=True, slots=True)
class Kept:
    """What the database says of the votes for robots' questions."""

    missing: int = 0  # acknowledged votes of robots that are not there
    twice: int = 0  # in a total, and nobody gave them


async def heads_now(robots: Iterable[Robot]) -> dict[str, int]:
    """Where the logs of these robots stand, as somebody who joins now is told; one that can't be read is left out."""
    heads: dict[str, int] = {}
    for robot in robots:
        if robot.log not in heads and (fresh := await _fresh(robot)):
            heads[robot.log] = fresh.seq
    return heads


async def untrue_screens(robots: Iterable[Robot]) -> int:
    """How many of these robots show something else than a fresh snapshot says."""
    untrue = list(robots)
    for look in range(LOOKS):
        if look and untrue:
            await asyncio.sleep(PAUSE)
        untrue = [robot for robot in untrue if not robot.screen or robot.screen.held != await _fresh(robot)]
    return len(untrue)


async def kept_votes(database: Database, event_id: UUID, voted: Mapping[str, int]) -> Kept:
    """`voted`: by question, how many votes of robots were acknowledged. Votes without an acknowledgement may be kept too."""
    robots = select(Person.id).where(Person.robot_of == event_id)
    async with database.reading() as db:
        asked = select(Question.id, Question.votes).where(col(Question.person_id).in_(robots))
        totals = {str(question_id): votes for question_id, votes in await db.exec(asked)}
        given = select(Vote.question_id, Person.robot_of).join(Person).join(Question, col(Question.id) == Vote.question_id)
        pairs = [(str(question_id), of) for question_id, of in await db.exec(given.where(col(Question.person_id).in_(robots)))]
    everybodys, robots_own = Counter(question_id for question_id, _ in pairs), Counter(each for each, of in pairs if of == event_id)
    return Kept(
        missing=sum(max(count - robots_own[question_id], 0) for question_id, count in voted.items()),
        twice=sum(max(votes - everybodys[question_id], 0) for question_id, votes in totals.items()),
    )


async def _fresh(robot: Robot) -> Snapshot | None:
    """The snapshot that this robot would begin with, had it just come."""
    double = Robot(robot.number, robot.token, robot.place, Ledger(), "double", log=robot.log)
    double.screen = Screen()
    try:
        return double.screen.held if await double.join() else None
    finally:
        double.leave()
