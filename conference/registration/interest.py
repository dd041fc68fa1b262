"""The interest list: an address that its owner confirmed is told once, when registration opens."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import func, or_, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from conference.errors import Conflict
from conference.mail.actions import queue_mail, strangers_may_write
from conference.people.rules import clean_email, email_key
from conference.people.tables import Person
from conference.programme.rules import RegistrationWindow, registration_window
from conference.programme.tables import Event, RegistrationKind
from conference.record.actions import note
from conference.registration.handing_tables import Interest
from conference.storage.database import Db
from conference.storage.taking import take_rows
from conference.times import spoken_moment

LINK_LASTS = timedelta(days=7)  # an address that nobody confirmed goes then
KEPT_AFTER = timedelta(days=30)  # an address that was told
BATCH = 200  # told in one transaction
LINK_IS_OVER = "This link is not valid, or its time is over. Leave your address once more: it takes a minute."
ON_THE_LIST = (col(Interest.confirmed_at).is_not(None), col(Interest.left_at).is_(None))
Links = tuple[str, str, str]  # the house's secret; the addresses of confirming and of leaving, with {} for the token


async def ask_for_news(db: Db, event: Event, email: str, zone: str | None, now: datetime, real_now: datetime, *, links: Links) -> None:
    """Somebody who isn't signed in leaves an address. The caller gets the same answer whether or not it is on the list already."""
    check_list_is_open(event, now)
    if not await strangers_may_write(db, email, real_now):
        return
    row = await _put(db, event, email, zone, real_now)
    secret, confirming, leaving = links
    template = "interest_known" if row.confirmed_at else "interest_confirm"
    mine = {"link": confirming.format(_token(secret, row, "join")), "leave": leaving.format(_token(secret, row, "leave"))}
    await _write(db, row, event, template, real_now, **mine)


async def join_list(db: Db, event: Event, person: Person, now: datetime, real_now: datetime) -> None:
    """Whoever is signed in has shown that the address is theirs."""
    check_list_is_open(event, now)
    row = await _put(db, event, person.email, person.zone, real_now)
    row.confirmed_at = row.confirmed_at or now


async def confirm_interest(db: Db, event: Event, secret: str, token: str, now: datetime, real_now: datetime) -> None:
    """The mailed link was opened. Opening it twice is fine. Raises Conflict where it is forged, over, or the list was left."""
    mine = (Interest.id == _read(secret, token, "join"), Interest.event_id == event.id, col(Interest.left_at).is_(None))
    row = (await db.exec(select(Interest).where(*mine).with_for_update())).first()
    if not row or (row.confirmed_at is None and row.asked_at + LINK_LASTS <= real_now):
        raise Conflict(LINK_IS_OVER)
    row.confirmed_at = row.confirmed_at or now


async def leave_by_link(db: Db, event: Event, secret: str, token: str, real_now: datetime) -> None:
    mine = (col(Interest.id) == _read(secret, token, "leave"), col(Interest.event_id) == event.id)
    await db.exec(update(Interest).where(*mine, col(Interest.left_at).is_(None)).values(left_at=real_now))


async def leave_list(db: Db, event: Event, person: Person, real_now: datetime) -> None:
    mine = (col(Interest.event_id) == event.id, col(Interest.email_key) == person.email_key, col(Interest.left_at).is_(None))
    await db.exec(update(Interest).where(*mine).values(left_at=real_now))


async def tell_interested(db: Db, now: datetime, real_now: datetime, *, secret: str, base_url: str) -> int:
    """Queue one mail to each address of an event whose registration has opened; how many. A batch at a time."""
    rows = await due_interests(db, now, lock=True)
    for row, event in rows:
        row.told_at = now
        base = f"{base_url}/events/{event.slug}"
        links = {"link": f"{base}/registration", "leave": f"{base}/interest/{_token(secret, row, 'leave')}/leaving"}
        closes = spoken_moment(event.registration_closes_at, row.zone or event.zone) if event.registration_closes_at else ""
        await _write(db, row, event, "interest_opens", real_now, closes=closes, dedupe_key=f"interest:{row.id}", **links)
    for event_id in sorted({row.event_id for row, _ in rows}):
        told = sum(row.event_id == event_id for row, _ in rows)
        note(db, "interested people told", f"event:{event_id}", real_now, event_id=event_id, people=told)
    return len(rows)


async def due_interests(db: Db, now: datetime, *, lock: bool = False) -> Sequence[tuple[Interest, Event]]:
    """Who is to be told now."""
    open_now = (
        Event.registration == RegistrationKind.open,
        col(Event.registration_opens_at) <= now,
        or_(col(Event.registration_closes_at).is_(None), col(Event.registration_closes_at) > now),
    )
    due = select(Interest, Event).join(Event).where(*ON_THE_LIST, col(Interest.told_at).is_(None), *open_now)
    due = due.order_by(col(Interest.id)).limit(BATCH)
    if lock:
        due = due.with_for_update(skip_locked=True, of=Interest)
    return (await db.exec(due)).all()


async def interested_count(db: Db, event_id: UUID) -> int:
    """How many confirmed addresses are on the list."""
    return (await db.exec(select(func.count()).select_from(Interest).where(Interest.event_id == event_id, *ON_THE_LIST))).one()


async def is_interested(db: Db, event_id: UUID, person: Person) -> bool:
    mine = select(Interest.id).where(Interest.event_id == event_id, Interest.email_key == person.email_key, *ON_THE_LIST)
    return (await db.exec(mine)).first() is not None


async def purge_due_interests(db: Db, now: datetime, real_now: datetime, *, dry_run: bool = False) -> int:
    """Delete addresses that left, that nobody confirmed in time, and that were told long enough ago; how many."""
    gone = or_(
        col(Interest.left_at).is_not(None),
        col(Interest.confirmed_at).is_(None) & (col(Interest.asked_at) <= real_now - LINK_LASTS),
        col(Interest.told_at) <= now - KEPT_AFTER,
        col(Interest.event_id).in_(select(Event.id).where(col(Event.ends_at) <= now)),
    )
    return await take_rows(db, Interest, gone, dry_run=dry_run)


def check_list_is_open(event: Event, now: datetime) -> None:
    """Raises Conflict unless registration has yet to open."""
    if registration_window(event, now) != RegistrationWindow.not_yet:
        raise Conflict(f"There is nothing to wait for: registration for {event.title} does not open at a later time.")


async def _put(db: Db, event: Event, email: str, zone: str | None, real_now: datetime) -> Interest:
    """The live row of this address, asked for just now."""
    address = clean_email(email)
    mine = (Interest.event_id == event.id, Interest.email_key == email_key(address), col(Interest.left_at).is_(None))
    there = select(Interest).where(*mine).with_for_update()
    row = (await db.exec(there)).first()
    if row is None:
        made = Interest(event_id=event.id, email=address, email_key=email_key(address), zone=zone, asked_at=real_now)
        try:
            async with db.begin_nested():
                db.add(made)
            row = made
        except IntegrityError:  # another tab at this very moment
            row = (await db.exec(there)).one()
    row.asked_at = real_now
    return row


async def _write(
    db: Db, row: Interest, event: Event, template: str, real_now: datetime, *, dedupe_key: str | None = None, **facts: Any
) -> None:
    assert event.registration_opens_at
    zone = row.zone or event.zone
    said: dict[str, Any] = {
        "opens": spoken_moment(event.registration_opens_at, zone),
        "event": event.title,
        "event_path": f"/events/{event.slug}",
    }
    await queue_mail(db, template, row.email, real_now, event_id=event.id, zone=zone, dedupe_key=dedupe_key, **said, **facts)


def _token(secret: str, row: Interest, act: str) -> str:
    return URLSafeSerializer(secret, salt=f"interest:{act}").dumps(row.id.hex)


def _read(secret: str, token: str, act: str) -> UUID:
    try:
        return UUID(URLSafeSerializer(secret, salt=f"interest:{act}").loads(token))
    except (BadSignature, ValueError, TypeError, AttributeError) as forged:
        raise Conflict(LINK_IS_OVER) from forged
