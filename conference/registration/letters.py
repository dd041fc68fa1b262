"""Mails about places: what each of them says about the event, and when something is."""

from datetime import datetime
from typing import Any

from conference.mail.actions import queue_mail
from conference.mail.notices import leave_notice
from conference.people.tables import Person
from conference.programme.tables import Event, EventFormat, Session
from conference.registration.tables import WaitlistEntry
from conference.storage.database import Db


async def write_to(
    db: Db,
    person: Person,
    template: str,
    event: Event,
    real_now: datetime,
    *,
    when: Event | Session | None = None,
    name: str = "",
    dedupe_key: str | None = None,
    **facts: Any,
) -> None:
    """Queue one mail about a place at `event`; `when` is what the mail gives the times of, in the person's zone and the event's."""
    if when:
        facts |= _times(event, when)
    await queue_mail(
        db,
        template,
        person.email,
        real_now,
        to_name=name or person.name,
        person_id=person.id,
        event_id=event.id,
        zone=person.zone or event.zone,
        dedupe_key=dedupe_key,
        event=event.title,
        event_path=f"/events/{event.slug}",
        **facts,
    )


async def tell_turn(
    db: Db,
    person: Person,
    news: str,
    event: Event,
    session: Session | None,
    real_now: datetime,
    *,
    entry: WaitlistEntry,
    mail: bool = True,
) -> None:
    """What became of a turn, as a mail (templates/mail/<news>.txt) and a notice; once for each offer."""
    ends = entry.offer_ends_at.isoformat() if entry.offer_ends_at else ""
    facts = {"what": what_words(event, session), "turn_path": turn_path(event, session), "offer_ends_at": ends}
    if mail:
        key = f"{news}:{entry.id}:{ends}"
        await write_to(db, person, news, event, real_now, when=session or event, name=entry.name, dedupe_key=key, **facts)
    shown = facts | _times(event, session or event) | {"title": session.title if session else event.title}
    leave_notice(db, person.id, news, turn_path(event, session), shown, real_now, event_id=event.id)


def what_words(event: Event, session: Session | None) -> str:
    return f"a seat in “{session.title}”" if session else f"a place at {event.title}"


def turn_path(event: Event, session: Session | None) -> str:
    """The page of one's turn: where it stands, and where an offer is taken."""
    of_session = f"/sessions/{session.slug}" if session else ""
    return f"/events/{event.slug}{of_session}/turn"


def _times(event: Event, when: Event | Session) -> dict[str, Any]:
    return {
        "starts_at": when.starts_at.isoformat(),
        "ends_at": when.ends_at.isoformat(),
        "event_zone": event.zone,
        "online": event.format == EventFormat.online,
    }
