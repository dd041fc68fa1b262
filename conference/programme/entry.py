"""What calendars say of a session or a key date (pure): rows in, `conference.ics` entries out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from conference.ics.entry import AllDay, Entry, Place
from conference.ics.words import when_in_words
from conference.programme.rules import TYPE_WORDS
from conference.programme.tables import Event, EventFormat, KeyDate, Room, Session, SessionType, Speaker, Track, Venue
from conference.times import clock_time, long_date, short_date, spoken_zone, zone_named

DEADLINE_LASTS = timedelta(minutes=15)  # an instant must last a little, or calendars don't show it


@dataclass(frozen=True, slots=True)
class Origin:
    """What every entry of this house carries: where its pages are, and the domain of its UIDs, the same for ever."""

    base_url: str
    uid_domain: str

    def uid(self, subject: object) -> str:
        return f"{subject}@{self.uid_domain}"

    def event_page(self, event: Event) -> str:
        return f"{self.base_url}/events/{event.slug}"


class Facts(Protocol):
    """A session with what belongs to it: `programme.queries.SessionFacts`."""

    @property
    def session(self) -> Session: ...
    @property
    def event(self) -> Event: ...
    @property
    def room(self) -> Room: ...
    @property
    def venue(self) -> Venue: ...
    @property
    def track(self) -> Track | None: ...
    @property
    def speakers(self) -> Sequence[Speaker]: ...


def is_listed(session: Session) -> bool:
    """Whether calendars have it: a break is the space between two entries."""
    return session.type is not SessionType.break_


def session_entry(facts: Facts, origin: Origin, because: str) -> Entry:
    """`because` ends the sentence "In your calendar because ...", without a full stop."""
    session, venue = facts.session, facts.venue
    page = f"{origin.event_page(facts.event)}/sessions/{session.slug}"
    join = _join_url(facts, page)
    return Entry(
        uid=origin.uid(session.id),
        sequence=session.sequence,
        created_at=session.made_at,
        modified_at=session.modified_at,
        zone=_zone(facts),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        summary=session.title,
        description=_description(facts, page, join, because),
        url=page,
        categories=(TYPE_WORDS[session.type], facts.track.name) if facts.track else (TYPE_WORDS[session.type],),
        location=_location(facts),
        place=None if venue.online else Place(venue.name, venue.address, venue.latitude, venue.longitude),
        join_url=join or None,
        cancelled=session.cancelled_at is not None,
    )


def fingerprint(facts: Facts) -> tuple[object, ...]:
    """All that `session_entry` reads of a session and what belongs to it: whoever has its bytes by this needs no entry."""
    session, event, room, venue, track = facts.session, facts.event, facts.room, facts.venue, facts.track
    return (
        (session.id, session.sequence, session.made_at, session.modified_at, session.starts_at, session.ends_at, session.slug),
        (session.title, session.abstract, session.type, session.join_url, session.illustrative),
        (session.cancelled_at, session.cancel_reason),
        (event.slug, event.title, event.zone, event.format),
        (room.name, venue.name, venue.address, venue.zone, venue.online, venue.latitude, venue.longitude),
        track.name if track else None,
        tuple((speaker.name, speaker.organisation) for speaker in facts.speakers),
    )


def date_fingerprint(event: Event, date: KeyDate) -> tuple[object, ...]:
    """The same for `key_date_entry`."""
    return (
        (date.id, date.sequence, date.made_at, date.modified_at, date.title, date.at, date.day, date.words, date.illustrative),
        (event.slug, event.title, event.zone),
    )


def key_date_entry(event: Event, date: KeyDate, origin: Origin, because: str) -> Entry | AllDay:
    """A day is an all-day entry. A deadline is an instant, in UTC, so that no clock's midnight can move it."""
    uid, summary, url = origin.uid(date.id), f"{date.title}: {event.title}", origin.event_page(event)
    if date.at is None:
        assert date.day
        words = _paragraphs(date.words, _illustrative(date), _links(url, ""), _because(because))
        return AllDay(
            uid=uid,
            sequence=date.sequence,
            created_at=date.made_at,
            modified_at=date.modified_at,
            first_day=date.day,
            last_day=date.day,
            summary=summary,
            description=words,
            url=url,
        )
    return Entry(
        uid=uid,
        sequence=date.sequence,
        created_at=date.made_at,
        modified_at=date.modified_at,
        zone="UTC",
        starts_at=date.at,
        ends_at=date.at + DEADLINE_LASTS,
        summary=summary,
        description=_paragraphs(_moment(date.at, event.zone), date.words, _illustrative(date), _links(url, ""), _because(because)),
        url=url,
        transparent=True,
    )


def _zone(facts: Facts) -> str:
    """In person the clock on the wall counts, online the event's."""
    return facts.event.zone if facts.venue.online else facts.venue.zone


def _join_url(facts: Facts, page: str) -> str:
    """The session's own link, else its stage; nothing to join where it is cancelled, or only in person."""
    if facts.session.cancelled_at:
        return ""
    return facts.session.join_url or (f"{page}/stage" if facts.event.format is EventFormat.online else "")


def _location(facts: Facts) -> str:
    """The words for LOCATION; a link to join is added to them where the bytes are made."""
    room, venue = facts.room, facts.venue
    if venue.online:
        return f"{room.name} (online)"
    return ", ".join(dict.fromkeys(part for part in (room.name, venue.name, venue.address) if part))


def _description(facts: Facts, page: str, join: str, because: str) -> str:
    session = facts.session
    return _paragraphs(
        f"This session is cancelled. {session.cancel_reason}".strip() if session.cancelled_at else "",
        f"{facts.event.title}\n{when_in_words(session.starts_at, session.ends_at, _zone(facts))}",
        "With " + "; ".join(map(_spoken, facts.speakers)) if facts.speakers else "",
        session.abstract,
        f"Illustrative: {session.illustrative}" if session.illustrative else "",
        _links(page, join),
        _because(because),
    )


def _spoken(speaker: Speaker) -> str:
    return f"{speaker.name} ({speaker.organisation})" if speaker.organisation else speaker.name


def _moment(at: datetime, zone: str) -> str:
    """`Thursday 6 February 2025, 12:00 (GMT, UTC+0); 12:00 UTC`: the instant alone, whatever length its entry needs to be seen."""
    local, universal = at.astimezone(zone_named(zone)), at.astimezone(UTC)
    other_day = "" if universal.date() == local.date() else f" on {short_date(universal.date())}"
    return f"{long_date(local.date())}, {clock_time(local)} ({spoken_zone(at, zone)}); {clock_time(universal)}{other_day} UTC"


def _illustrative(date: KeyDate) -> str:
    return "Illustrative: this date was not published." if date.illustrative else ""


def _links(page: str, join: str) -> str:
    return f"Read more: {page}" + (f"\nJoin: {join}" if join else "")


def _because(because: str) -> str:
    return f"In your calendar because {because}."


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)
