"""Mails about places: what each of them says about the event, and when something is; the same news is left in the page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from conference.mail.actions import queue_mail, stop_waiting
from conference.mail.notices import leave_notice
from conference.mail.tables import MailPurpose, QueuedMail
from conference.people.tables import Person
from conference.programme.tables import Event, EventFormat, Session
from conference.registration.calendar_mail import request_for
from conference.registration.tables import WaitlistEntry
from conference.storage.database import Db

# Which mails leave a notice, and what it says after the title of the session or the event: "... has a seat for you".
NOTICE_WORDS = {
    "registration_confirmed": "has a place for you",
    "registration_cancelled": "has no place for you any more: your registration is cancelled",
    "seat_booked": "has a seat for you",
}
LETTER = "letter"  # a notice's kind: its sentence comes with it
WITH_INVITATION = {"seat_booked", "seat_promoted"}


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
    first: bool = False,
    notice: str = "",
    **facts: Any,
) -> None:
    """Queue one mail about a place at `event`; `when` is what the mail gives the times of, in the person's zone and the event's.

    `notice`: what the page says of it too, after the title (`NOTICE_WORDS` where it is left out).
    """
    facts |= _times(event, when) if when else {}
    if template == "registration_cancelled":
        theirs = (QueuedMail.person_id == person.id, QueuedMail.event_id == event.id, QueuedMail.purpose == MailPurpose.reminder)
        await stop_waiting(db, *theirs, why="The registration was cancelled.")
    told: dict[str, Any] = {"dedupe_key": dedupe_key, "first": first}
    mail = await queue_mail(db, template, **_addressed(person, event, name), real_now=real_now, **told, **facts)
    if mail and (words := notice or NOTICE_WORDS.get(template, "")):
        _leave_notice(db, mail, person, when or event, event, words, real_now)
    if mail and template in WITH_INVITATION and isinstance(when, Session):
        mail.invitation = await request_for(db, when, person, real_now)


@dataclass(frozen=True, slots=True)
class Optional:
    """A mail that people may stop: what for, until when it makes sense, and whether it is only rehearsed."""

    purpose: MailPurpose
    rehearsed: bool
    expires_at: datetime | None = None
    dedupe_key: str | None = None


async def write_optional(
    db: Db,
    person: Person,
    template: str,
    event: Event,
    real_now: datetime,
    how: Optional,
    *,
    when: Event | Session | None = None,
    **facts: Any,
) -> QueuedMail | None:
    """The same for what nobody has to get; None: it is on its way already."""
    facts |= _times(event, when) if when else {}
    return await queue_mail(
        db,
        template,
        **_addressed(person, event, ""),
        real_now=real_now,
        purpose=how.purpose,
        rehearsed=how.rehearsed,
        expires_at=how.expires_at,
        dedupe_key=how.dedupe_key,
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
    facts: dict[str, Any] = {"what": what_words(event, session), "turn_path": turn_path(event, session), "offer_ends_at": ends}
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


def _addressed(person: Person, event: Event, name: str) -> dict[str, Any]:
    return {
        "to_address": person.email,
        "to_name": name or person.name,
        "person_id": person.id,
        "event_id": event.id,
        "zone": person.zone or event.zone,
        "language": person.language,
        "event": event.title,
        "event_path": f"/events/{event.slug}",
    }


def _times(event: Event, when: Event | Session) -> dict[str, Any]:
    return {
        "starts_at": when.starts_at.isoformat(),
        "ends_at": when.ends_at.isoformat(),
        "event_zone": event.zone,
        "online": event.format == EventFormat.online,
    }


def _leave_notice(db: Db, mail: QueuedMail, person: Person, about: Event | Session, event: Event, words: str, real_now: datetime) -> None:
    path = f"/events/{event.slug}" + (f"/sessions/{about.slug}" if isinstance(about, Session) else "")
    facts = {"title": about.title, "words": words} | _times(event, about)
    leave_notice(db, person.id, LETTER, path, facts, real_now, event_id=event.id, dedupe_key=f"{LETTER}:{mail.id}")
