"""Whatever the zone: page, calendar, JSON-LD and API say the same instant."""

import re
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from conference.api.telling import session_shape
from conference.programme.entry import Origin, session_entry
from conference.programme.queries import SessionFacts
from conference.programme.tables import Event, EventFormat, RegistrationKind, Room, Session, SessionType, Venue
from conference.registration.queries import Standing
from conference.site.linked import linked_session
from conference.site.view import Frame, row_of
from conference.times import TimeShown, known_zones
from tests.ics.cast import feed_of, spelled
from tests.ics.readers import instants_by_ical

ORIGIN = Origin("https://conference.example", "conference.example")
ODD = ("Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia", "Africa/Casablanca", "Antarctica/Troll", "UTC")
ZONES = st.one_of(st.sampled_from(ODD), st.sampled_from(known_zones()))
FIRST, LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2037, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, (LAST - FIRST) // timedelta(minutes=1)).map(lambda minutes: FIRST + timedelta(minutes=minutes))
OFFSET = re.compile(r"UTC(?:([+-])(\d+)(?::(\d+))?)?$")


def facts_at(zone: str, starts_at: datetime, lasting: timedelta, *, online: bool) -> SessionFacts:
    made = starts_at - timedelta(days=30)
    venue = Venue(slug="here", name="Here", zone=zone, online=online)
    event = Event(
        slug="day",
        title="A day",
        summary="One day.",
        about="",
        format=EventFormat.online if online else EventFormat.in_person,
        zone=zone,
        starts_at=starts_at,
        ends_at=starts_at + lasting,
        registration=RegistrationKind.open,
        made_at=made,
        modified_at=made,
    )
    room = Room(event_id=event.id, venue_id=venue.id, slug="room", name="Room")
    session = Session(
        event_id=event.id,
        slug="talk",
        title="Talk",
        type=SessionType.panel,
        room_id=room.id,
        starts_at=starts_at,
        ends_at=starts_at + lasting,
        made_at=made,
        modified_at=made,
    )
    return SessionFacts(session, event, room, venue, None, ())


def as_read(shown: TimeShown) -> set[str]:
    """The instant of the start as a person works it out from each clock on the page: date, time, offset."""
    found = set()
    for reading in filter(None, (shown.first, shown.second)):
        spoken = OFFSET.search(reading.zone)
        assert spoken
        sign, hours, minutes = spoken.groups()
        offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
        wall = datetime.strptime(f"{reading.date} {reading.times[:5]}", "%A %d %B %Y %H:%M").replace(tzinfo=UTC)
        found.add(spelled(wall - offset))
    return found


@settings(max_examples=120, deadline=None)
@given(zone=ZONES, mine=ZONES, starts_at=INSTANTS, minutes=st.integers(5, 2000), online=st.booleans())
def test_everything_that_is_said_of_a_session_is_the_same_instant(
    zone: str, mine: str, starts_at: datetime, minutes: int, online: bool
) -> None:
    facts = facts_at(zone, starts_at, timedelta(minutes=minutes), online=online)
    ends_at = facts.session.ends_at
    row = row_of(facts, Frame(mine, starts_at - timedelta(days=1), Standing(), {}, {}))
    linked = linked_session(facts, {}, ORIGIN)
    told = session_shape(facts, ORIGIN)
    in_feed = instants_by_ical(feed_of(session_entry(facts, ORIGIN, "of this")))[0]
    walls = [datetime.fromisoformat(moment.local + moment.offset) for moment in (told.starts, told.ends)]
    said = {
        "page": (row.time.starts_at, row.time.ends_at),
        "linked": (spelled(datetime.fromisoformat(linked["startDate"])), spelled(datetime.fromisoformat(linked["endDate"]))),
        "api": (spelled(told.starts.at), spelled(told.ends.at)),
        "wall": (spelled(walls[0]), spelled(walls[1])),
        "feed": (in_feed.starts, in_feed.ends),
    }
    assert said == dict.fromkeys(said, (spelled(starts_at), spelled(ends_at)))
    assert as_read(row.time) == {spelled(starts_at)}
    assert {linked["identifier"], told.uid, in_feed.uid} == {f"{facts.session.id}@conference.example"}
