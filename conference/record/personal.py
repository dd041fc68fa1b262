"""What the audit trail says of people, and what is left of it once somebody is erased: act, time and ids. Forms that were answered."""

from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select

from conference.record.keys import forget_keys
from conference.record.tables import AuditEntry, IdempotencyKey, Lease, RehearsalClock
from conference.storage.database import Db
from conference.storage.personal import Erasing, Kept, Purge, Purpose, Rows, Whom, as_json, mentions, rows_about

KEPT = (
    Kept(
        table=AuditEntry,
        what="Who did what and when: registering, booking, signing in, what organisers change",
        purpose=Purpose.safety,
        seen_by="Whoever runs the house",
        words=("details",),
        plain=("act", "subject"),
        purges=(Purge(days=365, sets={"details": {}}, what="Details"),),
        stays="What remains, act, time and ids, is never removed: it is the house’s memory of what was decided",
        by_hand=True,
    ),
    Kept(
        table=IdempotencyKey,
        what="That they sent a form, and how it was answered: nobody can read it, but it is told again to who sends the very same form",
        purpose=Purpose.safety,
        seen_by="Nobody",
        secret=("fingerprint", "answer"),
        purges=(Purge(days=3),),
        by_hand=True,
    ),
)
NOBODYS: dict[type, tuple[str, ...]] = {Lease: ("duty", "holder"), RehearsalClock: ()}


async def everything_about(db: Db, whom: Whom) -> Rows:
    found = await db.exec(select(AuditEntry).where(_by_or_about(whom)).order_by(col(AuditEntry.id)))
    return {**await rows_about(db, KEPT[1:], whom), "audit_entry": [as_json(row) for row in found]}


async def forget(db: Db, whom: Whom, erasing: Erasing) -> None:
    """Entries stay; names and addresses go out of their details. The form that is being answered now is answered as anybody's."""
    for row in await db.exec(select(AuditEntry).where(or_(_by_or_about(whom), mentions(AuditEntry.details, whom)))):
        row.details = whom.blotted(row.details, own=row.person_id == whom.id or row.subject == f"person:{whom.id}")
    await forget_keys(db, whom.id)
    await db.flush()


def _by_or_about(whom: Whom) -> ColumnElement[bool]:
    return or_(col(AuditEntry.person_id) == whom.id, col(AuditEntry.subject) == f"person:{whom.id}")
