"""Who was there. What is counted stays counted once somebody is erased: the place and the person that it leads to have no name then."""

from conference.attendance.tables import AttendanceRule, CheckIn, DoorScan, StageTime
from conference.storage.database import Db
from conference.storage.personal import Erasing, Kept, Purge, Purpose, Rows, Whom, empty_rows, rows_about

KEPT = (
    Kept(
        table=CheckIn,
        what="That they were there: on which day or in which session, and who at the door noted it",
        purpose=Purpose.taking_part,
        seen_by="They, who stands at the door, and organisers of the event",
        whose=(),
        via=("registration_id",),
        others=("by_id", "undone_by_id"),
        erased={},
    ),
    Kept(
        table=DoorScan,
        what="Every act at a door about their ticket, those that came to nothing too",
        purpose=Purpose.taking_part,
        seen_by="Who stands at the door, and organisers of the event",
        whose=(),
        via=("registration_id",),
        others=("by_id",),
        purges=(Purge(days=180),),
    ),
    Kept(
        table=StageTime,
        what="How long they were on a session’s stage, and from when to when",
        purpose=Purpose.taking_part,
        seen_by="They, and organisers of the event",
        words=("spans",),
        purges=(Purge(days=365, sets={"spans": []}, what="From when to when"),),
        erased={"spans": []},
    ),
)
NOBODYS: dict[type, tuple[str, ...]] = {AttendanceRule: ()}


async def everything_about(db: Db, whom: Whom) -> Rows:
    return await rows_about(db, KEPT, whom)


async def forget(db: Db, whom: Whom, erasing: Erasing) -> None:
    await empty_rows(db, KEPT, whom)
