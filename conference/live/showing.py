"""Who is here, by consent: a person's name is shown to the others at an event once they said so, and until they say otherwise."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, delete, select

from conference.live.care_tables import ShownName
from conference.live.presence import Presences
from conference.people.tables import Person
from conference.programme.tables import Event, Session
from conference.record.actions import note
from conference.storage.database import Db, in_parts

MOST_NAMES = 100


@dataclass(frozen=True, slots=True)
class HereNow:
    """Who is on a stage now."""

    names: tuple[str, ...]  # of those who show it, by alphabet
    words: str  # how many others


async def names_here(db: Db, presences: Presences, session: Session, real_now: datetime) -> HereNow:
    people = await presences.people(db, session.id, real_now)
    names: list[str] = []
    for some in in_parts(people):
        shown = select(Person.name).join(ShownName, col(ShownName.person_id) == Person.id)
        names.extend(await db.exec(shown.where(ShownName.event_id == session.event_id, col(Person.id).in_(some))))
    listed = tuple(sorted((name for name in names if name), key=str.casefold))[:MOST_NAMES]
    return HereNow(listed, others_words(len(listed), len(people) - len(listed), presences.here(session.id).guests))


async def shows_name(db: Db, event_id: UUID, person_id: UUID) -> bool:
    found = select(ShownName.id).where(ShownName.event_id == event_id, ShownName.person_id == person_id)
    return (await db.exec(found)).first() is not None


async def show_name(db: Db, event: Event, person: Person, now: datetime, real_now: datetime) -> None:
    if await shows_name(db, event.id, person.id):
        return
    try:
        async with db.begin_nested():
            db.add(ShownName(event_id=event.id, person_id=person.id, at=now))
    except IntegrityError:
        return  # another tab was quicker
    note(db, "name shown", f"event:{event.id}", real_now, person_id=person.id, event_id=event.id)


async def hide_name(db: Db, event: Event, person: Person, real_now: datetime) -> None:
    gone = await db.exec(delete(ShownName).where(col(ShownName.event_id) == event.id, col(ShownName.person_id) == person.id))
    if gone.rowcount:
        note(db, "name hidden", f"event:{event.id}", real_now, person_id=person.id, event_id=event.id)


def others_words(named: int, others: int, guests: int) -> str:
    """`And 12 more people who are signed in, and 2 visitors.`"""
    more = "more " if named else ""
    people = f"{others} {more}{'person' if others == 1 else 'people'} who {'is' if others == 1 else 'are'} signed in" if others else ""
    visitors = f"{guests} {'visitor' if guests == 1 else 'visitors'}" if guests else ""
    both = " and ".join(filter(None, (people, visitors)))
    if not both:
        return "" if named else "Nobody has this stage open at the moment."
    return f"And {both}." if named else f"{both[0].upper()}{both[1:]}; nobody shows their name."
