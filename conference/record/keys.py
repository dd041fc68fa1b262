"""Which forms were answered already, and how: one row for each, written in the transaction of what the form did."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256, shake_256
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, delete, select, update

from conference.record.tables import IdempotencyKey
from conference.storage.database import Db, in_parts
from conference.storage.ids import first_id_at, new_id

KEPT = timedelta(days=3)
NO_STANDS = timedelta(minutes=1)  # so long a refusal is repeated; who asks again later asks anew
SWEPT_AFTER = KEPT + timedelta(hours=1)  # so that sweeping is done now and then, not for each row
Tried = tuple[UUID, str]  # id and fingerprint


@dataclass(frozen=True, slots=True)
class Asking:
    """One form that somebody sends."""

    whole: bytes  # the device's sign-in, the address, all that was sent with its key
    person_id: UUID | None

    @property
    def fingerprint(self) -> str:
        return sha256(self.whole).hexdigest()

    def sealed(self, row_id: UUID, answer: bytes) -> bytes:
        """The answer, to be read only with what was sent; sealing again opens it. The pad is used for one row alone."""
        pad = shake_256(b"answer" + row_id.bytes + self.whole).digest(len(answer))
        return (int.from_bytes(answer, "big") ^ int.from_bytes(pad, "big")).to_bytes(len(answer), "big")


@dataclass(frozen=True, slots=True)
class Answered:
    """What is known of a form that was sent before."""

    id: UUID
    made_at: datetime
    refused: bool
    answer: bytes  # sealed


async def answered(db: Db, fingerprints: Collection[str]) -> Mapping[str, Answered]:
    """What is known of these forms."""
    known: dict[str, Answered] = {}
    for some in in_parts(fingerprints):
        for row in await db.exec(select(IdempotencyKey).where(col(IdempotencyKey.fingerprint).in_(some))):
            known[row.fingerprint] = Answered(row.id, row.made_at, row.refused, row.answer)
    return known


async def take_keys(db: Db, asking: Sequence[Asking], real_now: datetime) -> list[UUID | None]:
    """The rows' ids, in the order of `asking`; None for a form that was answered already, as its row now tells.

    Who takes the same key in another transaction waits until this one ends. Refusals that stand no longer give way.
    """
    prints = [each.fingerprint for each in asking]
    gone = (col(IdempotencyKey.fingerprint).in_(prints), col(IdempotencyKey.refused), col(IdempotencyKey.made_at) <= real_now - NO_STANDS)
    if (await db.exec(select(IdempotencyKey.id).where(*gone))).first():
        await db.exec(delete(IdempotencyKey).where(*gone))
    ids = {fingerprint: new_id() for fingerprint in sorted(prints)}  # one order everywhere: two that share some forms can't deadlock
    whose = {fingerprint: each.person_id for each, fingerprint in zip(asking, prints, strict=True)}
    rows = [
        {"id": row_id, "fingerprint": each, "person_id": whose[each], "made_at": real_now, "refused": False, "answer": b""}
        for each, row_id in ids.items()
    ]
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    taking = dialect.insert(IdempotencyKey).on_conflict_do_nothing(index_elements=["fingerprint"])
    taken = set((await db.exec(taking.values(rows).returning(col(IdempotencyKey.fingerprint)))).scalars())
    return [ids.pop(each, None) if each in taken else None for each in prints]


async def keep_answers(db: Db, kept: Sequence[tuple[UUID, bytes, bool]]) -> None:
    """Row, sealed answer, and whether it is a refusal, of each."""
    if kept:
        table = IdempotencyKey.__table__  # type: ignore[attr-defined]
        one = update(table).where(table.c.id == bindparam("row")).values(answer=bindparam("sealed"), refused=bindparam("no"))
        await (await db.connection()).execute(one, [{"row": row, "sealed": sealed, "no": no} for row, sealed, no in kept])


async def drop_keys(db: Db, row_ids: Sequence[UUID]) -> None:
    if row_ids:
        await db.exec(delete(IdempotencyKey).where(col(IdempotencyKey.id).in_(row_ids)))


async def sweep_keys(db: Db, real_now: datetime) -> None:
    await db.exec(delete(IdempotencyKey).where(col(IdempotencyKey.id) < first_id_at(real_now - KEPT)))


async def keys_are_old(db: Db, real_now: datetime) -> bool:
    old = select(IdempotencyKey.id).where(col(IdempotencyKey.id) < first_id_at(real_now - SWEPT_AFTER)).limit(1)
    return (await db.exec(old)).first() is not None


async def forget_keys(db: Db, person_id: UUID) -> None:
    """Erasure: what a person's forms were answered with. The one that has no answer yet, since it is being carried out, is nobody's."""
    mine = col(IdempotencyKey.person_id) == person_id
    await db.exec(delete(IdempotencyKey).where(mine, col(IdempotencyKey.answer) != b""))
    await db.exec(update(IdempotencyKey).where(mine).values(person_id=None))
