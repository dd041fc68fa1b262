"""Somebody's own calendar: what is in it, and what was (pure)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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
from conference.calendars.parts import Published
from conference.calendars.shelves import BuiltFeed, Pieces, build_feed
from conference.ics.calendar import Piece
from conference.ics.entry import AllDay, Calendar, Entry
from conference.live.rules import has_stage
from conference.people.tables import Role
from conference.programme.entry import Origin, date_fingerprint, fingerprint, is_listed, key_date_entry, session_entry
from conference.programme.history import SPEAKERS, Told
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

    def pieces(self) -> Iterator[Piece]:
        for facts in self.published.sessions:
            if is_listed(facts.session) and (piece := self._session(facts)):
                yield piece
        for date in self.published.dates if self.places else ():
            if date.in_feed:
                yield self._date(date)

    def _session(self, facts: SessionFacts) -> Piece | None:
        """Each change of who speaks counts, whoever it was: whether the person is the speaker of that name can be told and untold."""
        session, told = facts.session, self.published.told.get(str(facts.session.id), ())
        seats, stars = self.seats.get(session.id, []), self.stars.get(session.id, [])
        claims = self._speaking(facts, told) + seats
        claims += self.places if session.for_everyone else []
        claims += stars + (self.roles if self.mine.moderated and has_stage(facts.event, session) else [])
        standing = standing_of(claims, session.ends_at)
        if standing is None:
            return None
        moments = moments_of(seats + self.places + stars + self.roles)
        spoken = sum(line["what"] == SPEAKERS for release in told for line in release.lines)
        changed_at = max(filter(None, [*moments[-1:], self.mine.alarm_changed_at]), default=None)
        step = _Step(standing, len(moments) + spoken, changed_at, self.mine.alarm)
        return self.kept.of((fingerprint(facts), self.origin, step), partial(_session_entry, facts, self.origin, step))

    def _speaking(self, facts: SessionFacts, told: Sequence[Told]) -> list[Claim]:
        if not self.mine.speakers:
            return []
        return speaking_claims(self.mine.speakers, (speaker.id for speaker in facts.speakers), facts.session.made_at, told)

    def _date(self, date: KeyDate) -> Piece:
        event = self.published.event
        standing = standing_of(self.places, date.at or datetime.combine(date.day or date.made_at, time(), UTC) + DAY)
        assert standing
        moments = moments_of(self.places)
        step = _Step(standing, len(moments), max(moments, default=None))
        return self.kept.of((date_fingerprint(event, date), self.origin, step), partial(_date_entry, event, date, self.origin, step))


@dataclass(frozen=True, slots=True)
class _Step:
    """What makes the person's entry differ from the programme's."""

    standing: Standing
    further: int  # in its SEQUENCE
    changed_at: datetime | None
    alarm: timedelta = timedelta()


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
