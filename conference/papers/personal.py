"""Papers that were issued to people, as they are exported and erased."""

from conference.papers.tables import IssuedPaper
from conference.storage.database import Db
from conference.storage.personal import Erasing, Kept, Purpose, Rows, Whom, empty_rows, rows_about

KEPT = (
    Kept(
        table=IssuedPaper,
        what="Letters, invoices and certificates that they got",
        purpose=Purpose.taking_part,
        seen_by="They, and organisers of the event; whoever has its code sees as much as verifying needs",
        words=("facts", "revoked_reason"),
        plain=("code",),
        stays="As long as somebody may want to verify it",
        erased={"facts": {}},
    ),
)
NOBODYS: dict[type, tuple[str, ...]] = {}


async def everything_about(db: Db, whom: Whom) -> Rows:
    return await rows_about(db, KEPT, whom)


async def forget(db: Db, whom: Whom, erasing: Erasing) -> None:
    await empty_rows(db, KEPT, whom)
