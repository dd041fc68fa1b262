"""The secret address of somebody's calendar, and what they want in it."""

from conference.calendars.tables import FeedChoices, FeedToken
from conference.storage.database import Db
from conference.storage.personal import Erasing, Kept, Purge, Purpose, Rows, Whom, empty_rows, rows_about

KEPT = (
    Kept(
        table=FeedToken,
        what="The address of their own calendar (as a hash), and when which kind of app last read it",
        purpose=Purpose.calendars,
        seen_by="They alone",
        words=("last_fetched_by",),
        secret=("token_hash",),
        purges=(Purge(days=90, since="last_fetched_at", sets={"last_fetched_at": None, "last_fetched_by": ""}, what="When and by what"),),
    ),
    Kept(table=FeedChoices, what="What they want in it", purpose=Purpose.calendars, seen_by="They alone"),
)
NOBODYS: dict[type, tuple[str, ...]] = {}


async def everything_about(db: Db, whom: Whom) -> Rows:
    return await rows_about(db, KEPT, whom)


async def forget(db: Db, whom: Whom, erasing: Erasing) -> None:
    await empty_rows(db, KEPT, whom)
