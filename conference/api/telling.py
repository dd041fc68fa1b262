"""Rows in, shapes out (pure). Identities and links are those of calendars and pages."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Literal, cast

from conference.api.owned import OwnBooking, OwnSession
from conference.api.shapes import (
    BookingShape,
    EventPage,
    EventRef,
    EventShape,
    Moment,
    Named,
    OwnSessionShape,
    RegistrationShape,
    SessionShape,
    SpeakerRef,
    SpeakerShape,
    VenueShape,
)
from conference.programme.entry import Origin, session_entry
from conference.programme.queries import SessionFacts
from conference.programme.tables import Event, Room, Speaker, Track, Venue
from conference.registration.tables import Registration
from conference.times import zone_named

ADDRESS = "/api/v1"
WALL = len("2021-06-25T10:00:00")


def moment_of(instant: datetime, zone: str) -> Moment:
    said = instant.astimezone(zone_named(zone)).isoformat(timespec="seconds")
    return Moment(at=instant.astimezone(UTC), zone=zone, local=said[:WALL], offset=said[WALL:])


def event_ref(event: Event, origin: Origin) -> EventRef:
    return EventRef(**_ref(event, origin))


def event_shape(event: Event, origin: Origin) -> EventShape:
    return EventShape(**_ref(event, origin), **_basics(event, origin))


def event_page(event: Event, venues: Sequence[Venue], rooms: Sequence[Room], tracks: Sequence[Track], origin: Origin) -> EventPage:
    opens, closes = event.registration_opens_at, event.registration_closes_at
    return EventPage(
        **_ref(event, origin),
        **_basics(event, origin),
        about=event.about,
        registration=event.registration.value,
        registration_opens=moment_of(opens, event.zone) if opens else None,
        registration_closes=moment_of(closes, event.zone) if closes else None,
        venues=[_venue(venue) for venue in venues],
        rooms=[Named(slug=room.slug, name=room.name) for room in rooms],
        tracks=[Named(slug=track.slug, name=track.name) for track in tracks],
        sessions=f"{_api(event, origin)}/sessions",
        speakers=f"{_api(event, origin)}/speakers",
        calendar=f"{origin.event_page(event)}/programme.ics",
    )


def session_shape(facts: SessionFacts, origin: Origin) -> SessionShape:
    session, entry = facts.session, session_entry(facts, origin, "")
    return SessionShape(
        uid=entry.uid,
        sequence=entry.sequence,
        slug=session.slug,
        title=session.title,
        type=session.type.value,
        abstract=session.abstract,
        status="cancelled" if entry.cancelled else "scheduled",
        cancel_reason=session.cancel_reason,
        starts=moment_of(entry.starts_at, entry.zone),
        ends=moment_of(entry.ends_at, entry.zone),
        room=Named(slug=facts.room.slug, name=facts.room.name),
        venue=_venue(facts.venue),
        track=Named(slug=facts.track.slug, name=facts.track.name) if facts.track else None,
        speakers=[SpeakerRef(**_speaker(facts.event, speaker, origin)) for speaker in facts.speakers],
        for_everyone=session.for_everyone,
        join=entry.join_url,
        page=entry.url,
        modified_at=entry.modified_at,
        event=event_ref(facts.event, origin),
    )


def speaker_shape(event: Event, speaker: Speaker, programme: Iterable[SessionFacts], origin: Origin) -> SpeakerShape:
    theirs = [facts.session.slug for facts in programme if speaker.id in {one.id for one in facts.speakers}]
    return SpeakerShape(**_speaker(event, speaker, origin), country=speaker.country, biography=speaker.biography, sessions=theirs)


def registration_shape(registration: Registration, event: Event, origin: Origin) -> RegistrationShape:
    confirmed = registration.confirmed_at
    return RegistrationShape(
        event=event_ref(event, origin),
        state="confirmed" if confirmed else "pending",
        made=moment_of(registration.made_at, event.zone),
        confirmed=moment_of(confirmed, event.zone) if confirmed else None,
    )


def booking_shape(booking: OwnBooking, origin: Origin) -> BookingShape:
    return BookingShape(
        state="booked" if booking.ahead is None else "waiting",
        since=moment_of(booking.since, booking.facts.event.zone),
        ahead=booking.ahead,
        session=session_shape(booking.facts, origin),
    )


def own_session_shape(own: OwnSession, origin: Origin) -> OwnSessionShape:
    because = cast(list[Literal["speaking", "booked", "everyone"]], list(own.reasons))
    return OwnSessionShape(because=because, session=session_shape(own.facts, origin))


def _ref(event: Event, origin: Origin) -> dict[str, str]:
    return {"slug": event.slug, "title": event.title, "page": origin.event_page(event), "api": _api(event, origin)}


def _basics(event: Event, origin: Origin) -> dict[str, object]:
    return {
        "uid": origin.uid(event.id),
        "summary": event.summary,
        "format": event.format.value,
        "zone": event.zone,
        "starts": moment_of(event.starts_at, event.zone),
        "ends": moment_of(event.ends_at, event.zone),
        "revision": event.revision,
    }


def _api(event: Event, origin: Origin) -> str:
    return f"{origin.base_url}{ADDRESS}/events/{event.slug}"


def _venue(venue: Venue) -> VenueShape:
    return VenueShape(**{name: getattr(venue, name) for name in VenueShape.model_fields})


def _speaker(event: Event, speaker: Speaker, origin: Origin) -> dict[str, str]:
    page = f"{origin.event_page(event)}/speakers/{speaker.slug}"
    return {"slug": speaker.slug, "name": speaker.name, "role": speaker.role, "organisation": speaker.organisation, "page": page}
