"""Somebody's own calendar: what is in it, and what was (pure)."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from itertools import chain
from typing import Any
from uuid import UUID

from conference.calendars.claims import (
    Claim,
    Standing,
    moments_of,
    place_claim,
    role_claim,
    seat_claim,
    speaking_claims,
    standing_of,
    star_claim,
)
from conference.calendars.parts import Listed, Published
from conference.calendars.shelves import BuiltFeed, Pieces, build_feed, digest_of
from conference.ics.calendar import Piece
from conference.ics.entry import AllDay, Calendar, Entry
from conference.people.tables import Role
from conference.programme.entry import Origin, date_fingerprint, key_date_entry, session_entry
from conference.programme.queries import SessionFacts
from conference.programme.tables import Event, KeyDate
from conference.registration.tables import Booking, Registration, Star

REFRESH = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Mine:
    """What one person has and had. Bookings, registrations (confirmed ones), stars and roles include those that are over."""

    person_id: UUID
    zone: str
    speakers: frozenset[UUID]  # the person's ids as a speaker, at all events
    bookings: Sequence[Booking]
    registrations: Sequence[Registration]
    stars: Sequence[Star]
    roles: Sequence[Role]  # as moderator
    moderated: bool  # whether those sessions are wanted
    alarm: timedelta  # none where it is zero
    alarm_changed_at: datetime | None
    made_at: datetime  # of the address


def own_feed(mine: Mine, events: Iterable[Published], origin: Origin, pieces: Pieces) -> BuiltFeed:
    """Booked, starred, spoken at, moderated, for everybody who is registered, with the key dates; as tombstones what was dropped,
    for ever, since readers may come back late."""
    programmes = list(events)
    made = chain.from_iterable(_Own(mine, published, origin, pieces).pieces() for published in programmes)
    return build_feed(_calendar(mine, origin), made, _changed_at(mine, programmes))


def _calendar(mine: Mine, origin: Origin) -> Calendar:
    """The secret address is nowhere in it."""
    return Calendar(
        name="My conference sessions",
        description="What you have a seat in or a star on, speak at, or take part in as everybody does.",
        zone=mine.zone,
        url=f"{origin.base_url}/me",
        refresh=REFRESH,
    )


def _changed_at(mine: Mine, programmes: Iterable[Published]) -> datetime:
    """When anything that decides about the calendar last changed; when it was made where there is nothing yet."""
    moments = [published.event.modified_at for published in programmes]
    moments += [moment for row in mine.bookings for moment in (row.booked_at, row.given_up_at) if moment]
    moments += [moment for row in mine.registrations for moment in (row.confirmed_at, row.cancelled_at) if moment]
    moments += [moment for row in mine.stars for moment in (row.made_at, row.ended_at) if moment]
    return max(moments, default=mine.made_at)


@dataclass(slots=True)
class _Step:
    """What makes the person's entry differ from the programme's."""

    standing: Standing
    further: int  # in its SEQUENCE
    changed_at: datetime | None
    alarm: timedelta = timedelta()
    made_of: bytes = field(init=False)

    def __post_init__(self) -> None:
        self.made_of = digest_of((self.standing, self.further, self.changed_at, self.alarm))


class _Own:
    """One event's share of a person's calendar."""

    def __init__(self, mine: Mine, published: Published, origin: Origin, pieces: Pieces) -> None:
        self.mine, self.published, self.origin, self.kept = mine, published, origin, pieces
        event = published.event
        self.seats, self.stars = defaultdict[UUID, list[Claim]](list), defaultdict[UUID, list[Claim]](list)
        for booking in mine.bookings:
            self.seats[booking.session_id].append(seat_claim(booking))
        for star in mine.stars:
            self.stars[star.session_id].append(star_claim(star))
        self.places = [place_claim(row, event) for row in mine.registrations if row.event_id == event.id]
        self.roles = [role_claim(role, event) for role in mine.roles if role.event_id == event.id]
        self.lost = any(claim.until for claim in self.places + self.roles)
        self.steps: dict[Hashable, _Step | None] = {}

    def pieces(self) -> Iterator[Piece]:
        for session in self.published.listed:
            if piece := self._session(session):
                yield piece
        for date in self.published.dates if self.places else ():
            if date.in_feed:
                yield self._date(date)

    def _session(self, session: Listed) -> Piece | None:
        step = self._step(session)
        return self.kept.of((session.made_of, step.made_of), partial(_session_entry, session.facts, self.origin, step)) if step else None

    def _step(self, session: Listed) -> _Step | None:
        """None: it is not in this calendar. Most sessions stand as others do: nothing of the person's is about them alone."""
        mine, seats, stars = self.mine, self.seats.get(session.id, []), self.stars.get(session.id, [])
        speaking = speaking_claims(mine.speakers, session.speakers, session.made_at, session.told) if mine.speakers else []
        if seats or stars or speaking:
            return self._made_step(session, speaking, seats, stars)
        alike = (session.for_everyone, session.staged, session.spoken, self.lost and session.ends_at)
        if alike not in self.steps:
            self.steps[alike] = self._made_step(session, [], [], [])
        return self.steps[alike]

    def _made_step(self, session: Listed, speaking: list[Claim], seats: list[Claim], stars: list[Claim]) -> _Step | None:
        """Each change of who speaks counts, whoever it was: whether the person is the speaker of that name can be told and untold."""
        places = self.places if session.for_everyone else []
        roles = self.roles if self.mine.moderated and session.staged else []
        standing = standing_of([*speaking, *seats, *places, *stars, *roles], session.ends_at)
        if standing is None:
            return None
        moments = moments_of([*seats, *self.places, *stars, *self.roles])
        changed_at = max(filter(None, [*moments[-1:], self.mine.alarm_changed_at]), default=None)
        return _Step(standing, len(moments) + session.spoken, changed_at, self.mine.alarm)

    def _date(self, date: KeyDate) -> Piece:
        event = self.published.event
        standing = standing_of(self.places, date.at or datetime.combine(date.day or date.made_at, time(), UTC) + DAY)
        assert standing
        moments = moments_of(self.places)
        step = _Step(standing, len(moments), max(moments, default=None))
        return self.kept.of((date_fingerprint(event, date), step.made_of), partial(_date_entry, event, date, self.origin, step))


def _session_entry(facts: SessionFacts, origin: Origin, step: _Step) -> Entry:
    entry = session_entry(facts, origin, step.standing.because)
    return replace(entry, alarm=step.alarm or None, **_stepped(entry, step))


def _date_entry(event: Event, date: KeyDate, origin: Origin, step: _Step) -> Entry | AllDay:
    entry = key_date_entry(event, date, origin, step.standing.because)
    return replace(entry, **_stepped(entry, step))


def _stepped(entry: Entry | AllDay, step: _Step) -> dict[str, Any]:
    return {
        "sequence": entry.sequence + step.further,
        "modified_at": max(entry.modified_at, step.changed_at or entry.modified_at),
        "cancelled": entry.cancelled or step.standing.dropped,
    }
