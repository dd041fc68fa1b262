"""A call that was decided and told: who got a yes, who is on the reserve list, who got a no."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlmodel import select

from conference.calls.decision_tables import Decision, Verdict
from conference.calls.offer_tables import Offer
from conference.calls.outcomes import follow_yes
from conference.calls.queries import definition_of, lock_call
from conference.calls.submission_tables import Submission, SubmissionState
from conference.calls.tables import Call, CallKind
from conference.mail.tables import QueuedMail
from conference.programme.tables import Event
from conference.registration.pooling import PoolPlan, make_pool
from conference.registration.tables import CapacityPool, PoolServes
from conference.storage.database import Database, Db
from tests.calls.cast import CallWorld, applicant, build_call, sent_by
from tests.world import build_world

TOLD = datetime(2021, 3, 26, 10, 0, tzinfo=UTC)
UNTIL = datetime(2021, 4, 9, 23, 0, tzinfo=UTC)  # the end of 9 April in London: fourteen days on, and summer time by then
REAL = datetime.now(UTC)
LATE_DAY = date(2021, 4, 12)
NAMES = ("Librarian in Nairobi", "Archivist in Quito", "Librarian in Hanoi", "Curator in Tartu", "Librarian in Apia")


@dataclass(slots=True)
class Told:
    """Two places: the first two of five have a yes, two are on the reserve list in order, the last has a no."""

    made: CallWorld
    submissions: list[Submission]

    @property
    def call(self) -> Call:
        return self.made.call


async def tell(
    db: Db,
    made: CallWorld,
    submission: Submission,
    verdict: Verdict,
    position: int | None = None,
    pence: int | None = None,
    at: datetime = TOLD,
) -> None:
    """Decided and announced, as the meeting does it for everybody together."""
    call = await lock_call(db, made.call.id)
    decision = Decision(
        call_id=call.id,
        submission_id=submission.id,
        verdict=verdict,
        reserve_position=position,
        amount_pence=pence,
        reason="As minuted.",
        by_id=made.organiser.id,
        decided_at=at,
        announced_at=at,
    )
    db.add(decision)
    submission.state, submission.told_at = SubmissionState(verdict.value), at
    await db.flush()
    if verdict == Verdict.accepted:
        await follow_yes(db, call, await definition_of(db, call), submission, decision, at)


async def build_told(database: Database, *, capacity: int | None = 2, kind: CallKind = CallKind.place, places: int | None = 2) -> Told:
    """`capacity`: of the event; None: it has no limit."""
    async with database.writing() as db:
        made = await build_call(db, await build_world(db), kind=kind, places=places)
        event = await db.get_one(Event, made.world.event.id)
        if capacity is not None:
            await make_pool(db, event, PoolServes.event, PoolPlan("", capacity, False, None), TOLD, REAL)
        sent = [await sent_by(db, made.call, await applicant(db, name)) for name in NAMES]
        for submission in sent[:2]:
            await tell(db, made, submission, Verdict.accepted)
        for position, submission in enumerate(sent[2:4], 1):
            await tell(db, made, submission, Verdict.reserve, position)
        await tell(db, made, sent[4], Verdict.rejected)
    return Told(made, sent)


async def offer_for(db: Db, submission: Submission) -> Offer:
    """The newest."""
    return (await db.exec(select(Offer).where(Offer.submission_id == submission.id))).all()[-1]


async def states(database: Database, told: Told) -> list[str]:
    """What each applicant knows, in order."""
    async with database.reading() as db:
        return [(await db.get_one(Submission, submission.id)).state.value for submission in told.submissions]


async def mails(database: Database, template: str) -> list[str]:
    """To whom they go, in order."""
    async with database.reading() as db:
        return sorted(await db.exec(select(QueuedMail.to_name).where(QueuedMail.template == template)))


async def event_pool(database: Database) -> tuple[int, int]:
    """Taken and kept."""
    async with database.reading() as db:
        pool = (await db.exec(select(CapacityPool).where(CapacityPool.serves == PoolServes.event))).one()
    return pool.taken, pool.held


def later(days: int) -> datetime:
    return TOLD + timedelta(days=days)
