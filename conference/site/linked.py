"""Events, sessions and speakers as search engines and assistants read them (schema.org in JSON-LD; pure).

Each has the identity and the instants of its calendar entry, which these are made from.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from conference.ics.entry import Entry, Place
from conference.programme.entry import Origin, is_listed, session_entry
from conference.programme.queries import SessionFacts
from conference.programme.tables import Event, ScheduleRelease, Session, Speaker, Venue
from conference.times import zone_named

Linked = dict[str, Any]
Moves = Mapping[UUID, Sequence[datetime]]  # by session id: when it was to begin before it was moved, in that order
CONTEXT = {"@context": "https://schema.org"}
SCHEMA = "https://schema.org/"


def moves_of(releases: Iterable[ScheduleRelease]) -> Moves:
    """Out of what releases changed; the newest release comes first."""
    moves: dict[UUID, list[datetime]] = {}
    for release in reversed(list(releases)):
        for line in release.changes:
            if line.get("field") == "starts_at":
                moves.setdefault(UUID(line["session"]), []).append(datetime.fromisoformat(line["before"]))
    return moves


def linked_event(event: Event, venues: Sequence[Venue], programme: Iterable[SessionFacts], moves: Moves, origin: Origin) -> Linked:
    """An event with its sessions; breaks are no events."""
    sessions = [_linked_session(facts, moves, origin) for facts in programme if is_listed(facts.session)]
    return CONTEXT | _event(event, venues, origin) | ({"subEvent": sessions} if sessions else {})


def linked_session(facts: SessionFacts, moves: Moves, origin: Origin) -> Linked:
    """One session and the event that it belongs to. Empty for a break."""
    if not is_listed(facts.session):
        return {}
    return CONTEXT | _linked_session(facts, moves, origin) | {"superEvent": _event(facts.event, (facts.venue,), origin)}


def linked_speaker(event: Event, speaker: Speaker, theirs: Iterable[SessionFacts], moves: Moves, origin: Origin) -> Linked:
    """Somebody, with the sessions at which they speak."""
    sessions = [_linked_session(facts, moves, origin, people=False) for facts in theirs if is_listed(facts.session)]
    about = {"description": speaker.biography} if speaker.biography else {}
    return CONTEXT | _person(event, speaker, origin) | about | ({"performerIn": sessions} if sessions else {})


def _event(event: Event, venues: Sequence[Venue], origin: Origin) -> Linked:
    page = origin.event_page(event)
    real = [Place(venue.name, venue.address, venue.latitude, venue.longitude) for venue in venues if not venue.online]
    return {
        "@type": "Event",
        "@id": page,
        "identifier": origin.uid(event.id),
        "name": event.title,
        "description": event.summary,
        "url": page,
        **_when(event.starts_at, event.ends_at, event.zone),
        "eventStatus": SCHEMA + "EventScheduled",
        **_where(real, page),
    }


def _linked_session(facts: SessionFacts, moves: Moves, origin: Origin, *, people: bool = True) -> Linked:
    session = facts.session
    entry = session_entry(facts, origin, "")
    assert entry.url
    before = [moment for moment in dict.fromkeys(moves.get(session.id, ())) if moment != session.starts_at]
    performers = [_person(facts.event, speaker, origin) for speaker in facts.speakers] if people else []
    return {
        "@type": "Event",
        "@id": entry.url,
        "identifier": entry.uid,
        "name": entry.summary,
        **({"description": session.abstract} if session.abstract else {}),
        "url": entry.url,
        **_when(entry.starts_at, entry.ends_at, entry.zone),
        **({"previousStartDate": [_local(moment, entry.zone) for moment in before]} if before else {}),
        "eventStatus": SCHEMA + _status(session, moved=bool(before)),
        **_where([entry.place] if entry.place else [], _door(entry)),
        **({"performer": performers} if performers else {}),
    }


def _status(session: Session, *, moved: bool) -> str:
    if session.cancelled_at:
        return "EventCancelled"
    return "EventRescheduled" if moved else "EventScheduled"


def _door(entry: Entry) -> str:
    """Where one joins; of a cancelled session, its page."""
    return entry.join_url or entry.url or ""


def _when(starts_at: datetime, ends_at: datetime, zone: str) -> Linked:
    return {"startDate": _local(starts_at, zone), "endDate": _local(ends_at, zone)}


def _local(instant: datetime, zone: str) -> str:
    """`2021-06-25T10:00:00+01:00`"""
    return instant.astimezone(zone_named(zone)).isoformat()


def _where(places: Sequence[Place], online: str) -> Linked:
    """In person at these places, or online at this address."""
    if not places:
        return {"eventAttendanceMode": SCHEMA + "OnlineEventAttendanceMode", "location": {"@type": "VirtualLocation", "url": online}}
    found = [_place(place) for place in places]
    return {"eventAttendanceMode": SCHEMA + "OfflineEventAttendanceMode", "location": found[0] if len(found) == 1 else found}


def _place(place: Place) -> Linked:
    said: Linked = {"@type": "Place", "name": place.name}
    if place.address:
        said["address"] = place.address
    if place.latitude is not None and place.longitude is not None:
        said["geo"] = {"@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude}
    return said


def _person(event: Event, speaker: Speaker, origin: Origin) -> Linked:
    page = f"{origin.event_page(event)}/speakers/{speaker.slug}"
    said: Linked = {"@type": "Person", "@id": page, "name": speaker.name, "url": page}
    if speaker.role:
        said["jobTitle"] = speaker.role
    if speaker.organisation:
        said["affiliation"] = {"@type": "Organization", "name": speaker.organisation}
    return said
