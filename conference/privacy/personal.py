"""What is kept of people's questions about their own data."""

from conference.privacy.tables import DataRequest, ProcessingBasis, RetentionSweep
from conference.storage.database import Db
from conference.storage.personal import Erasing, Kept, Purge, Purpose, Rows, Whom, empty_rows, rows_about

KEPT = (
    Kept(
        table=DataRequest,
        what="What they asked the organisers to correct, and the answer",
        purpose=Purpose.rights,
        seen_by="They, and organisers of the event",
        others=("by_id",),
        words=("text", "answer"),
        purges=(Purge(days=365, sets={"text": "", "answer": ""}, what="The words"),),
        erased={"text": "", "answer": ""},
    ),
    Kept(
        table=ProcessingBasis,
        what="Which organiser wrote on which ground something is kept",
        purpose=Purpose.rights,
        seen_by="Organisers of the event",
        whose=(),
        others=("by_id",),
        plain=("words",),
        stays="As long as the event’s pages",
    ),
)
NOBODYS: dict[type, tuple[str, ...]] = {RetentionSweep: ("taken",)}


async def everything_about(db: Db, whom: Whom) -> Rows:
    return await rows_about(db, KEPT, whom)


async def forget(db: Db, whom: Whom, erasing: Erasing) -> None:
    await empty_rows(db, KEPT, whom)
