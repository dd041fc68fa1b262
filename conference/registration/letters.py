"""Mails about places: what each of them says about the event, and when something is."""

from datetime import datetime
from typing import Any

from conference.mail.actions import queue_mail
from conference.people.tables import Person
from conference.programme.tables import Event, EventFormat, Session
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
        facts |= {
            "starts_at": when.starts_at.isoformat(),
            "ends_at": when.ends_at.isoformat(),
            "event_zone": event.zone,
            "online": event.format == EventFormat.online,
        }
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
