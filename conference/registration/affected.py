"""Whom a release concerns, and telling them: one mail each, in their zone, about what is theirs alone."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from conference.mail.actions import queue_mail, waiting_mails
from conference.mail.notices import leave_notice
from conference.mail.tables import QueuedMail
from conference.people.queries import people_by_id
from conference.people.tables import Person
from conference.programme.actions import Line
from conference.programme.choices import choices_of
from conference.programme.planned import Planned
from conference.programme.queries import sessions_by_id
from conference.programme.tables import Event, EventFormat, ScheduleRelease, Session, SessionSpeaker, Speaker
from conference.programme.tidings import Tiding, tidings_of, together
from conference.registration.tables import Booking, Registration, Star, WaitlistEntry
from conference.registration.waiting import LIVE_ENTRY
from conference.storage.database import Db

TEMPLATE = "programme_changed"
GATHERS = timedelta(minutes=3)  # a mail waits this long, so that the next release joins it instead of making another
AT_ONCE = timedelta(hours=2)  # before a session, nothing waits
BECAUSE = {
    "speaks": "you speak at it",
    "seat": "you have a seat in it",
    "turn": "you are on its waiting list",
    "star": "you gave it a star",
    "everyone": "it is for everybody who takes part",
}
Concerns = dict[UUID, list[Tiding]]  # by person


async def people_affected(db: Db, event: Event, lines: Sequence[Line], planned: Sequence[Planned], now: datetime) -> set[UUID]:
    """Who would get a mail about these lines of a release that is still a draft."""
    return set(await _concerns(db, event, lines, {one.facts.session.id: one.facts.session for one in planned}, now))


async def tell_affected(db: Db, event: Event, release: ScheduleRelease, now: datetime, real_now: datetime) -> int:
    """Queue the mails and leave the notices of a release; the number of people who are told."""
    sessions = {facts.session.id: facts.session for facts in await sessions_by_id(db, {UUID(line["session"]) for line in release.changes})}
    concerns = await _concerns(db, event, release.changes, sessions, now)
    people = await people_by_id(db, concerns)
    waiting = {mail.person_id: mail for mail in await waiting_mails(db, TEMPLATE, event.id)} if concerns else {}
    for person_id, tidings in concerns.items():
        person, facts = people[person_id], [tiding.as_facts() for tiding in tidings]
        _leave_notices(db, event, release, person, facts, real_now)
        if mail := waiting.get(person_id):
            await _join(db, mail, together(mail.facts["changes"], facts), _goes_at(facts, now, real_now))
        else:
            await _write(db, event, person, facts, now, real_now)
    return len(concerns)


async def _concerns(db: Db, event: Event, lines: Sequence[Line], sessions: Mapping[UUID, Session], now: datetime) -> Concerns:
    """What each person has to know, in the order of time."""
    names = (await choices_of(db, event)).names()
    tidings = tidings_of(lines, sessions, f"/events/{event.slug}", names, now)
    concerns: defaultdict[UUID, dict[UUID, Tiding]] = defaultdict(dict)
    for why, session_id, person_id in await _audience(db, event, tidings, sessions):
        concerns[person_id].setdefault(session_id, replace(tidings[session_id], because=BECAUSE[why]))
    return {person: sorted(mine.values(), key=lambda tiding: tiding.starts_at) for person, mine in concerns.items()}


async def _audience(db: Db, event: Event, tidings: Collection[UUID], sessions: Mapping[UUID, Session]) -> list[tuple[str, UUID, UUID]]:
    """Why, which session, who; the weightiest reason first. Six queries, however many sessions and people there are."""
    if not tidings:
        return []
    speaks = select(SessionSpeaker.session_id, Speaker.person_id).join(Speaker).where(col(SessionSpeaker.session_id).in_(tidings))
    seats = select(Booking.session_id, Booking.person_id).where(col(Booking.session_id).in_(tidings), col(Booking.given_up_at).is_(None))
    turns = select(WaitlistEntry.session_id, WaitlistEntry.person_id).where(col(WaitlistEntry.session_id).in_(tidings), *LIVE_ENTRY)
    found = [("speaks", session, person) for session, person in await db.exec(speaks) if person]
    found += [("seat", session, person) for session, person in await db.exec(seats)]
    found += [("turn", session, person) for session, person in await db.exec(turns) if session]
    stars = select(Star.session_id, Star.person_id).where(col(Star.session_id).in_(tidings), col(Star.ended_at).is_(None))
    found += [("star", session, person) for session, person in await db.exec(stars)]
    for_all = [session for session in tidings if sessions[session].for_everyone]
    if for_all:
        held = (col(Registration.cancelled_at).is_(None), col(Registration.confirmed_at).is_not(None))
        people = await db.exec(select(Registration.person_id).where(Registration.event_id == event.id, *held))
        found += [("everyone", session, person) for person in people for session in for_all]
    return found


async def _write(db: Db, event: Event, person: Person, facts: list[dict[str, Any]], now: datetime, real_now: datetime) -> None:
    if person.robot_of:
        return
    mail = await queue_mail(
        db,
        TEMPLATE,
        person.email,
        real_now,
        to_name=person.name,
        person_id=person.id,
        event_id=event.id,
        zone=person.zone or event.zone,
        language=person.language,
        event=event.title,
        event_path=f"/events/{event.slug}",
        event_zone=event.zone,
        online=event.format == EventFormat.online,
        changes=facts,
    )
    if mail:
        mail.next_try_at = _goes_at(facts, now, real_now)


async def _join(db: Db, mail: QueuedMail, facts: list[dict[str, Any]], goes_at: datetime) -> None:
    """A mail that waits says this too; where all is as it was, there is nothing left to say."""
    if not facts:
        await db.delete(mail)
        return
    mail.facts = {**mail.facts, "changes": facts}
    mail.next_try_at = min(mail.next_try_at, goes_at)


def _goes_at(facts: list[dict[str, Any]], now: datetime, real_now: datetime) -> datetime:
    """At once where somebody could be on the way, else a little later. Starts are the domain's, the moment is real."""
    soonest = min(min(one["starts_at"], one["was_starts_at"] or one["starts_at"]) for one in facts)
    return real_now if datetime.fromisoformat(soonest) - now <= AT_ONCE else real_now + GATHERS


def _leave_notices(db: Db, event: Event, release: ScheduleRelease, person: Person, facts: list[dict[str, Any]], real_now: datetime) -> None:
    zones = {"event_zone": event.zone, "online": event.format == EventFormat.online}
    for one in facts:
        key = f"{TEMPLATE}:{release.id}:{person.id}:{one['path']}"
        leave_notice(db, person.id, TEMPLATE, one["path"], one | zones, real_now, event_id=event.id, dedupe_key=key)
