"""A day with parallel sessions as a grid."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from conference.programme.queries import SessionFacts
from conference.programme.tables import Event, EventFormat, RegistrationKind, Room, Session, SessionType, Track, Venue
from conference.site.lanes import ALL, Cell, lanes_of

NINE = datetime(2021, 6, 25, 9, 0, tzinfo=UTC)
VENUE = Venue(slug="online", name="Online", zone="Europe/London", online=True)
EVENT = Event(
    slug="day",
    title="A day",
    summary="",
    about="",
    format=EventFormat.online,
    zone="Europe/London",
    starts_at=NINE,
    ends_at=NINE + timedelta(hours=8),
    registration=RegistrationKind.open,
    made_at=NINE,
    modified_at=NINE,
)
ROOMS: dict[str, Room] = {}


def facts(room: str, begins: int, ends: int, track: str = "") -> SessionFacts:
    """Minutes after nine."""
    where = ROOMS.setdefault(room, Room(event_id=EVENT.id, venue_id=VENUE.id, slug=room, name=room))
    session = Session(
        event_id=EVENT.id,
        slug=f"s-{uuid4()}",
        title=room,
        type=SessionType.panel,
        room_id=where.id,
        starts_at=NINE + timedelta(minutes=begins),
        ends_at=NINE + timedelta(minutes=ends),
        made_at=NINE,
        modified_at=NINE,
    )
    along = Track(event_id=EVENT.id, slug=track, name=track) if track else None
    return SessionFacts(session, EVENT, where, VENUE, along, ())


def cells(*programme: SessionFacts) -> tuple[tuple[str, ...], list[Cell]] | None:
    found = lanes_of(programme)
    order: list[UUID] = [each.session.id for each in programme]
    return (found.heads, [found.cells[session] for session in order]) if found else None


def test_sessions_that_follow_each_other_need_no_grid() -> None:
    assert cells(facts("A", 0, 30), facts("B", 30, 60)) is None


def test_rooms_are_lanes_and_what_is_alone_stands_across_them() -> None:
    assert cells(facts("Hall", 0, 30), facts("A", 30, 90), facts("B", 30, 60), facts("B", 60, 90)) == (
        ("A", "B"),
        [Cell(ALL, 1, 2), Cell(1, 2, 4), Cell(2, 2, 3), Cell(2, 3, 4)],
    )


def test_where_one_room_has_two_at_once_tracks_are_the_lanes() -> None:
    assert cells(facts("A", 0, 30, "Skills"), facts("A", 0, 30, "Care")) == (("Skills", "Care"), [Cell(1, 1, 2), Cell(2, 1, 2)])


def test_what_no_lane_can_tell_apart_stays_a_list() -> None:
    assert cells(facts("A", 0, 30), facts("A", 10, 40)) is None
    assert cells(*(facts(f"Room {number}", 0, 30) for number in range(7))) is None


def test_a_long_session_runs_beside_everything_until_it_ends() -> None:
    assert cells(facts("A", 0, 90), facts("B", 0, 10), facts("B", 60, 90)) == (("A", "B"), [Cell(1, 1, 4), Cell(2, 1, 2), Cell(2, 3, 4)])
