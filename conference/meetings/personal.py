"""Who is in which breakout group. Rooms and services are nobody's."""

from conference.meetings.tables import GroupMember, Meeting, MeetingGroup, MeetingSecret, MeetingService
from conference.storage.database import Db
from conference.storage.personal import Erasing, Kept, Purge, Purpose, Rows, Whom, empty_rows, rows_about

KEPT = (
    Kept(
        table=GroupMember,
        what="Which breakout group they were in",
        purpose=Purpose.taking_part,
        seen_by="The others in the group, moderators and organisers",
        purges=(Purge(days=180),),
    ),
)
NOBODYS: dict[type, tuple[str, ...]] = {
    MeetingService: ("address", "application"),
    MeetingSecret: ("secret",),
    Meeting: ("room",),
    MeetingGroup: ("name", "room"),
}


async def everything_about(db: Db, whom: Whom) -> Rows:
    return await rows_about(db, KEPT, whom)


async def forget(db: Db, whom: Whom, erasing: Erasing) -> None:
    await empty_rows(db, KEPT, whom)
