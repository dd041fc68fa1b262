"""One's own part in calls: what one applied for, what was offered, what one may take away."""

from uuid import UUID

from sqlmodel import col, select

from conference.calls.file_tables import SubmissionFile
from conference.calls.offer_tables import ENDS, Offer
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call
from conference.storage.database import Db
from conference.storage.personal import Rows


def own_rows(rows: Rows) -> Rows:
    """Without what was decided and not yet told, nor that a told decision is being replaced."""
    told = [row for row in rows["decision"] if row["announced_at"]]
    return {**rows, "decision": [{name: value for name, value in row.items() if name != "superseded_at"} for row in told]}


async def own_applications(db: Db, person_id: UUID) -> list[tuple[Call, Submission]]:
    """The newest first."""
    mine = select(Call, Submission).join(Submission, col(Submission.call_id) == col(Call.id)).where(Submission.person_id == person_id)
    return list(await db.exec(mine.order_by(col(Submission.id).desc())))


async def own_offers(db: Db, person_id: UUID) -> list[Offer]:
    """Those that stand."""
    standing = (col(getattr(Offer, end)).is_(None) for end in ENDS)
    return list(await db.exec(select(Offer).where(Offer.person_id == person_id, *standing).order_by(col(Offer.id))))


async def own_files(db: Db, person_id: UUID) -> list[tuple[Call, Submission, SubmissionFile]]:
    mine = (
        select(Call, Submission, SubmissionFile)
        .join(Submission, col(Submission.call_id) == col(Call.id))
        .join(SubmissionFile, col(SubmissionFile.submission_id) == col(Submission.id))
        .where(Submission.person_id == person_id)
    )
    return list(await db.exec(mine.order_by(col(SubmissionFile.id))))
