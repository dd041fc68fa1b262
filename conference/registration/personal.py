"""Places and seats. Erasing gives them back first, so that others get them; what is over stays counted, without a name."""

from sqlalchemy import update
from sqlmodel import col, select

from conference.people.tables import Person
from conference.programme.tables import Event
from conference.registration.actions import cancel_registration
from conference.registration.tables import Booking, CapacityPool, Registration, Star, WaitlistEntry
from conference.storage.database import Db
from conference.storage.personal import A_DELEGATE, Erasing, Kept, Purpose, Rows, Whom, empty_rows, rows_about

ORGANISERS = "They, and organisers of the event"
KEPT = (
    Kept(
        table=Registration,
        what="Their places at events: since when, confirmed, given back, and the name typed with it",
        purpose=Purpose.taking_part,
        seen_by=ORGANISERS,
        others=("given_by_id",),
        names=("name",),
        erased={"name": A_DELEGATE},
    ),
    Kept(table=Booking, what="Their seats in sessions", purpose=Purpose.taking_part, seen_by=ORGANISERS, erased={}),
    Kept(table=WaitlistEntry, what="Their turns on waiting lists", purpose=Purpose.taking_part, seen_by=ORGANISERS, erased={}),
    Kept(table=Star, what="Sessions that have their star", purpose=Purpose.taking_part, seen_by="They alone"),
)
NOBODYS: dict[type, tuple[str, ...]] = {CapacityPool: ()}


async def everything_about(db: Db, whom: Whom) -> Rows:
    return await rows_about(db, KEPT, whom)


async def give_back(db: Db, person: Person, erasing: Erasing) -> None:
    """Every place at what is not over, and every turn. First of all: pools are locked before anything else."""
    live = select(Event).join(Registration).where(Registration.person_id == person.id, col(Registration.cancelled_at).is_(None))
    for event in (await db.exec(live.order_by(col(Event.id)))).all():
        if erasing.now < event.ends_at:
            await cancel_registration(db, event, person, erasing.now, erasing.real_now, by=erasing.by)
    turns = (col(WaitlistEntry.person_id) == person.id, col(WaitlistEntry.accepted_at).is_(None), col(WaitlistEntry.left_at).is_(None))
    await db.exec(update(WaitlistEntry).where(*turns).values(left_at=erasing.now))


async def forget(db: Db, whom: Whom, erasing: Erasing) -> None:
    await empty_rows(db, KEPT, whom)
