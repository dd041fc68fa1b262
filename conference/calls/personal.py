"""Calls and what belongs to them, as they are exported and erased."""

from conference.calls import claims, meeting_claims
from conference.storage.database import Db
from conference.storage.personal import Erasing, Rows, Whom, empty_rows, rows_about

PARTS = (claims, meeting_claims)
KEPT = tuple(kept for part in PARTS for kept in part.KEPT)
NOBODYS: dict[type, tuple[str, ...]] = {table: columns for part in PARTS for table, columns in part.NOBODYS.items()}


async def everything_about(db: Db, whom: Whom) -> Rows:
    return meeting_claims.without_the_talk(await rows_about(db, KEPT, whom), whom.id)


async def forget(db: Db, whom: Whom, erasing: Erasing) -> None:
    await empty_rows(db, KEPT, whom)
