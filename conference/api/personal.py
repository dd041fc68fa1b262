"""Tokens of programs that read their owner's data."""

from conference.api.tables import ApiToken
from conference.storage.database import Db
from conference.storage.personal import Erasing, Kept, Purge, Purpose, Rows, Whom, empty_rows, rows_about

KEPT = (
    Kept(
        table=ApiToken,
        what="Tokens for their own programs: what they called them, what each may read, when it was last used",
        purpose=Purpose.calendars,
        seen_by="They alone",
        words=("name",),
        secret=("token_hash",),
        plain=("scopes",),
        purges=(Purge(days=90, since="expires_at"),),
    ),
)
NOBODYS: dict[type, tuple[str, ...]] = {}


async def everything_about(db: Db, whom: Whom) -> Rows:
    return await rows_about(db, KEPT, whom)


async def forget(db: Db, whom: Whom, erasing: Erasing) -> None:
    await empty_rows(db, KEPT, whom)
