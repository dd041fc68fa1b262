"""What people ask the organisers about their data, and what becomes of it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from conference.errors import Conflict, NotFound, TooMany
from conference.mail.actions import queue_mail
from conference.people.queries import people_with_role
from conference.people.tables import Person, Role, RoleKind
from conference.privacy.tables import DataRequest, RequestKind
from conference.programme.personal import take_out_credit
from conference.programme.queries import events_by_id
from conference.programme.tables import Event, Speaker
from conference.record.actions import note
from conference.registration.tables import Registration
from conference.storage.database import Db

MOST_OPEN = 5  # of one person at one event
CREDIT_GONE = "The name was taken out of the programme."


async def events_of(db: Db, person: Person) -> list[Event]:
    """Where this person has, or had, a place or a role; the latest first."""
    places = select(Registration.event_id).where(Registration.person_id == person.id)
    roles = select(Role.event_id).where(Role.person_id == person.id)
    found = await events_by_id(db, {*await db.exec(places), *await db.exec(roles)})
    return sorted(found.values(), key=lambda event: event.starts_at, reverse=True)


async def ask_for_correction(db: Db, event: Event, person: Person, text: str, real_now: datetime) -> DataRequest:
    """Raises TooMany while several of theirs wait. The organisers are told that something waits, not what or whose."""
    await db.refresh(person, with_for_update={"key_share": True})
    mine = [row for row in await requests_of(db, person) if row.event_id == event.id and row.answered_at is None]
    if len(mine) >= MOST_OPEN:
        raise TooMany(f"{MOST_OPEN} questions of yours wait already. The organisers will answer them.")
    row = DataRequest(event_id=event.id, person_id=person.id, kind=RequestKind.correction, text=text, made_at=real_now)
    db.add(row)
    note(db, "correction asked for", f"data_request:{row.id}", real_now, person_id=person.id, event_id=event.id)
    await tell_organisers(db, event, real_now)
    return row


async def tell_organisers(db: Db, event: Event, real_now: datetime) -> None:
    for organiser in await people_with_role(db, event.id, RoleKind.organiser):
        await queue_mail(
            db,
            "data_request",
            organiser.email,
            real_now,
            to_name=organiser.name,
            person_id=organiser.id,
            event_id=event.id,
            event=event.title,
            path=f"/manage/events/{event.slug}/processing",
        )


async def requests_of(db: Db, person: Person) -> Sequence[DataRequest]:
    mine = select(DataRequest).where(DataRequest.person_id == person.id, DataRequest.kind == RequestKind.correction)
    return (await db.exec(mine.order_by(col(DataRequest.id).desc()))).all()


async def requests_at(db: Db, event: Event) -> Sequence[tuple[DataRequest, Person, Speaker | None]]:
    """What waits for the organisers, the oldest first."""
    waiting = select(DataRequest, Person, Speaker).join(Person, col(Person.id) == DataRequest.person_id)
    waiting = waiting.outerjoin(Speaker, col(Speaker.id) == DataRequest.speaker_id)
    waiting = waiting.where(DataRequest.event_id == event.id, col(DataRequest.answered_at).is_(None))
    return (await db.exec(waiting.order_by(col(DataRequest.id)))).all()


async def answer_request(
    db: Db, event: Event, request_id: UUID, answer: str, now: datetime, real_now: datetime, *, by: UUID, take_out: bool = False
) -> DataRequest:
    """Of this event. `take_out`: the name that the programme still shows. Raises NotFound, and Conflict once it was answered."""
    one = select(DataRequest).where(DataRequest.id == request_id, DataRequest.event_id == event.id)
    row = (await db.exec(one.with_for_update().execution_options(populate_existing=True))).first()
    if row is None:
        raise NotFound("There is no such question.")
    if row.answered_at:
        raise Conflict("Another organiser has answered this already.")
    if take_out and row.speaker_id:
        await take_out_credit(db, await db.get_one(Speaker, row.speaker_id), now)
        answer = CREDIT_GONE
    row.answered_at, row.answer, row.by_id = real_now, answer, by
    act = "credit taken out" if take_out else "data request answered"
    note(db, act, f"data_request:{row.id}", real_now, person_id=by, event_id=event.id)
    await db.flush()
    return row
