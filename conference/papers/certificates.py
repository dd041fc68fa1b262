"""Certificates: what somebody attended, what that comes to, and the paper. It goes by what was noted at doors and on stages."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from conference.attendance.queries import STANDS, only_watching, stage_minutes
from conference.attendance.rules import NO_SESSION, has_attended, programme_days
from conference.attendance.tables import CheckIn, StageTime
from conference.errors import Conflict
from conference.papers.issuing import issue_paper
from conference.papers.queries import head_of
from conference.papers.rules import NOT_ACCREDITED, basis_of, counted, dates_of, least_of, time_in_words
from conference.papers.tables import CertificateBasis, IssuedPaper, PaperKind
from conference.people.tables import Person
from conference.programme.queries import SessionFacts, programme_of
from conference.programme.tables import Event
from conference.registration.queries import registration_of
from conference.registration.tables import Registration
from conference.storage.database import Db
from conference.times import clock_time, short_date, zone_named


@dataclass(frozen=True, slots=True)
class Earned:
    """What one person attended at one event, and whether it comes to a certificate."""

    basis: CertificateBasis
    least: int
    all_days: tuple[date, ...]
    days: tuple[date, ...]
    sessions: tuple[SessionFacts, ...]
    over: bool
    place: Registration | None  # None: no place that lets them in

    @property
    def number(self) -> int:
        return len(self.days if self.basis == CertificateBasis.days else self.sessions)

    @property
    def asks(self) -> str:
        """`all 6 days`, `at least 4 of its 6 days`, `at least 1 session`"""
        if self.basis == CertificateBasis.sessions:
            return f"at least {counted(self.least, 'session')}"
        whole = len(self.all_days)
        return f"all {counted(whole, 'day')}" if self.least == whole else f"at least {self.least} of its {counted(whole, 'day')}"

    @property
    def missing(self) -> str:
        """Why there is no certificate, in a sentence; empty where there is one."""
        if self.basis == CertificateBasis.none:
            return "This event has no certificate."
        if self.place is None:
            return "Certificates are for those who have a confirmed place."
        if not self.over:
            return "Certificates are made once the event is over."
        if self.number < self.least:
            word = "day" if self.basis == CertificateBasis.days else "session"
            return f"The certificate asks for {self.asks}; {counted(self.number, word)} noted."
        return ""


async def earned_by(db: Db, event: Event, person: Person, now: datetime) -> Earned:
    head, days = await head_of(db, event.id), programme_days(event)
    basis = basis_of(head, event)
    place = await registration_of(db, person.id, event.id)
    if place and (not place.confirmed_at or place.id in await only_watching(db, event.id)):
        place = None
    checked = await _checked(db, place) if place else []
    return Earned(
        basis=basis,
        least=least_of(head, basis, days),
        all_days=days,
        days=tuple(sorted({row.day for row in checked if row.day} & set(days))),
        sessions=await _joined(db, event, person, {row.session_id for row in checked if row.session_id}) if place else (),
        over=now >= event.ends_at,
        place=place,
    )


async def issue_certificate(db: Db, event: Event, person: Person, now: datetime, *, by: UUID | None = None) -> IssuedPaper:
    """The certificate that was earned; asked for again, it is the same one. Raises Conflict where none was."""
    earned = await earned_by(db, event, person, now)
    if earned.missing or earned.place is None:
        raise Conflict(earned.missing)
    return await issue_paper(db, PaperKind.certificate, person, event, earned.place.id, _facts(event, person, earned), now, by=by)


def _facts(event: Event, person: Person, earned: Earned) -> dict[str, Any]:
    by_days = earned.basis == CertificateBasis.days
    return {
        "title": "Certificate of completion" if by_days else "Certificate of attendance",
        "name": person.name,
        "when": dates_of(event),
        "says": _days_said(earned) if by_days else _sessions_said(earned),
        "sessions": [] if by_days else [_session_line(facts) for facts in earned.sessions],
        "small": f"This certificate is issued by those who held the event. {NOT_ACCREDITED}",
    }


def _days_said(earned: Earned) -> str:
    """Between the name and the event's title."""
    whole = counted(len(earned.all_days), "day")
    if earned.days == earned.all_days:
        return f"attended all {whole} of" if len(earned.all_days) > 1 else "attended"
    return f"attended {len(earned.days)} of the {whole} ({', '.join(map(short_date, earned.days))}) of"


def _sessions_said(earned: Earned) -> str:
    time = sum((facts.session.ends_at - facts.session.starts_at for facts in earned.sessions), timedelta())
    return f"joined {counted(len(earned.sessions), 'session')}, {time_in_words(time)} in all, at"


def _session_line(facts: SessionFacts) -> dict[str, str]:
    zone = zone_named(facts.event.zone)
    starts, ends = facts.session.starts_at.astimezone(zone), facts.session.ends_at.astimezone(zone)
    return {"title": facts.session.title, "when": f"{short_date(starts.date())}, {clock_time(starts)}–{clock_time(ends)}"}


async def _checked(db: Db, place: Registration) -> list[CheckIn]:
    return list(await db.exec(select(CheckIn).where(CheckIn.registration_id == place.id, STANDS)))


async def _joined(db: Db, event: Event, person: Person, checked: set[UUID]) -> tuple[SessionFacts, ...]:
    """The sessions that this person attended, by stage, meeting or door, in the order of the programme."""
    sessions = [facts for facts in await programme_of(db, event) if not facts.session.cancelled_at and facts.session.type not in NO_SESSION]
    minutes = await stage_minutes(db, event.id)
    ids = [facts.session.id for facts in sessions]
    found = select(StageTime).where(StageTime.person_id == person.id, col(StageTime.session_id).in_(ids))
    times = {time.session_id: time for time in await db.exec(found)}
    return tuple(
        facts
        for facts in sessions
        if has_attended(times.get(facts.session.id), facts.session, minutes, checked_in=facts.session.id in checked)
    )
