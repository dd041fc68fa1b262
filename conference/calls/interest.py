"""Who wants to hear when a call opens, or opens again: told once for each time that they ask."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from conference.calls.rules import standing_of, takes_interest
from conference.calls.tables import Call, CallInterest, CallState
from conference.errors import Conflict
from conference.mail.actions import queue_mail
from conference.people.tables import Person
from conference.record.actions import note
from conference.storage.database import Db
from conference.times import spoken_moment

BATCH = 200  # told in one transaction
STANDS = col(CallInterest.withdrawn_at).is_(None)


async def leave_interest(db: Db, call: Call, person: Person, now: datetime) -> None:
    """Asking twice is asking once. Raises Conflict where there is nothing to wait for."""
    if not takes_interest(standing_of(call, now)):
        raise Conflict(f"There is nothing to wait for: “{call.title}” does not open at a later time.")
    mine = select(CallInterest).where(CallInterest.call_id == call.id, CallInterest.person_id == person.id, STANDS).with_for_update()
    row = (await db.exec(mine)).first()
    if row is None:
        try:
            async with db.begin_nested():
                db.add(CallInterest(call_id=call.id, person_id=person.id, left_at=now))
            return
        except IntegrityError:  # another tab at this very moment
            row = (await db.exec(mine)).one()
    if row.told_at:  # it was open then, and is not any more
        row.left_at, row.told_at = now, None
    await db.flush()


async def withdraw_interest(db: Db, call: Call, person: Person, now: datetime) -> None:
    mine = (col(CallInterest.call_id) == call.id, col(CallInterest.person_id) == person.id, STANDS)
    await db.exec(update(CallInterest).where(*mine).values(withdrawn_at=now))


async def waits_for(db: Db, call: Call, person_id: UUID) -> bool:
    """Whether they are to be told."""
    mine = select(CallInterest.id).where(CallInterest.call_id == call.id, CallInterest.person_id == person_id, STANDS)
    return (await db.exec(mine.where(col(CallInterest.told_at).is_(None)))).first() is not None


async def tell_interested(db: Db, now: datetime, real_now: datetime, *, base_url: str) -> int:
    """Queue one mail to each who waits for a call that is open; how many. A batch at a time."""
    rows = await due_interests(db, now, lock=True)
    for row, call, person in rows:
        row.told_at = now
        assert call.deadline_at
        await queue_mail(
            db,
            "call_opens",
            person.email,
            real_now,
            to_name=person.name,
            person_id=person.id,
            event_id=call.event_id,
            zone=person.zone or call.zone,
            dedupe_key=f"call-interest:{row.id}:{row.left_at.isoformat()}",
            call=call.title,
            deadline=spoken_moment(call.deadline_at, person.zone or call.zone),
            link=f"{base_url}/calls/{call.slug}",
        )
    for call in {call.id: call for _, call, _ in rows}.values():
        told = sum(row.call_id == call.id for row, _, _ in rows)
        note(db, "interested people told", f"call:{call.id}", real_now, event_id=call.event_id, people=told)
    await db.flush()
    return len(rows)


async def due_interests(db: Db, now: datetime, *, lock: bool = False) -> Sequence[tuple[CallInterest, Call, Person]]:
    """Who is to be told now."""
    open_now = (
        Call.state == CallState.open,
        or_(col(Call.opens_at).is_(None), col(Call.opens_at) <= now),
        col(Call.deadline_at) > now,
    )
    due = (
        select(CallInterest, Call, Person)
        .join(Call, col(Call.id) == col(CallInterest.call_id))
        .join(Person, col(Person.id) == col(CallInterest.person_id))
        .where(STANDS, col(CallInterest.told_at).is_(None), *open_now)
        .order_by(col(CallInterest.id))
        .limit(BATCH)
    )
    if lock:
        due = due.with_for_update(skip_locked=True, of=CallInterest)
    return (await db.exec(due)).all()
