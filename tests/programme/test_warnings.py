"""What an organiser is warned of before a release, in sentences to act on; and what is in order raises none."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from conference.programme.distance import travel_time
from conference.programme.queries import SessionFacts
from conference.programme.tables import Event, EventFormat, RegistrationKind, Room, Session, SessionType, Speaker, Venue
from conference.programme.warnings import Crowd, WarningKind, warnings_of
from conference.storage.ids import new_id

MADE = datetime(2025, 1, 1, tzinfo=UTC)
EVENT = Event(
    slug="week",
    title="A week",
    summary="",
    about="",
    format=EventFormat.in_person,
    zone="Europe/London",
    starts_at=datetime(2025, 7, 9, 8, tzinfo=UTC),
    ends_at=datetime(2025, 7, 16, 18, tzinfo=UTC),
    registration=RegistrationKind.open,
    free_days=["2025-07-12", "2025-07-13"],
    made_at=MADE,
    modified_at=MADE,
)
LONDON = Venue(
    slug="london", name="The London house", zone="Europe/London", latitude=51.53, longitude=-0.1277, opens=time(9), closes=time(18)
)
YORKSHIRE = Venue(slug="yorkshire", name="The Yorkshire house", zone="Europe/London", latitude=53.91, longitude=-1.336)
ONLINE = Venue(slug="online", name="Online", zone="Europe/London", online=True)
HALL = Room(event_id=EVENT.id, venue_id=LONDON.id, slug="hall", name="Hall", capacity=30)
STUDIO = Room(event_id=EVENT.id, venue_id=LONDON.id, slug="studio", name="Studio")
BARN = Room(event_id=EVENT.id, venue_id=YORKSHIRE.id, slug="barn", name="Barn")
STAGE = Room(event_id=EVENT.id, venue_id=ONLINE.id, slug="stage", name="Stage")
VENUES = {venue.id: venue for venue in (LONDON, YORKSHIRE, ONLINE)}
ADA = Speaker(event_id=EVENT.id, slug="ada", name="Speaker A")


def session(
    title: str, room: Room, starts: str, ends: str, *, day: int = 10, speakers: tuple[Speaker, ...] = (), **more: Any
) -> SessionFacts:
    """Times are London's in July."""
    at = [datetime.fromisoformat(f"2025-07-{day:02}T{clock}:00+01:00").astimezone(UTC) for clock in (starts, ends)]
    given: dict[str, Any] = {"type": SessionType.workshop, "for_everyone": False} | more
    row = Session(
        id=new_id(), event_id=EVENT.id, slug=title.lower(), title=title, room_id=room.id, starts_at=at[0], ends_at=at[1],
        made_at=MADE, modified_at=MADE, **given,
    )  # fmt: skip
    return SessionFacts(row, EVENT, room, VENUES[room.venue_id], None, speakers)


def warned(*programme: SessionFacts, event: Event = EVENT, crowd: Crowd | None = None) -> list[tuple[str, str]]:
    return [(warning.kind.value, warning.sentence) for warning in warnings_of(event, programme, crowd or Crowd())]


def people(count: int) -> frozenset[UUID]:
    return frozenset(new_id() for _ in range(count))


def test_what_follows_each_other_in_one_room_is_in_order() -> None:
    speakers = (ADA,)
    assert warned(session("A", HALL, "10:00", "11:00", speakers=speakers), session("B", HALL, "11:00", "12:00", speakers=speakers)) == []


def test_a_room_taken_twice() -> None:
    assert warned(session("B", HALL, "10:30", "12:00"), session("A", HALL, "10:00", "11:00")) == [
        ("room", "Hall is taken twice on Thursday 10 July 2025, 10:30–11:00: “A” and “B”. Move one of them, or choose another room.")
    ]


def test_a_cancelled_session_takes_no_room() -> None:
    assert warned(session("A", HALL, "10:00", "11:00", cancelled_at=MADE), session("B", HALL, "10:00", "11:00")) == []


def test_a_speaker_in_two_places() -> None:
    both = session("A", HALL, "10:00", "11:00", speakers=(ADA,)), session("B", STUDIO, "10:00", "11:00", speakers=(ADA,))
    words = (
        "Speaker A speaks twice at once on Thursday 10 July 2025, 10:00–11:00: “A” and “B”. Move one of them, or let somebody else speak."
    )
    assert warned(*both) == [("speaker", words)]


def test_a_venue_that_is_closed() -> None:
    assert [kind for kind, _ in warned(session("A", HALL, "09:00", "18:00"))] == []
    assert warned(session("A", HALL, "17:00", "18:05")) == [
        (
            "hours",
            "“A” lasts from 17:00 to 18:05 on Thursday 10 July 2025, but The London house is open from 09:00 to 18:00. "
            "Move it, or ask the venue and correct its hours.",
        )
    ]
    assert [kind for kind, _ in warned(session("A", HALL, "08:55", "10:00"))] == ["hours"]
    assert warned(session("Journey", HALL, "17:00", "21:00", type=SessionType.travel)) == []


def test_the_way_from_london_to_boston_spa_takes_a_morning() -> None:
    assert travel_time(LONDON, YORKSHIRE) == travel_time(YORKSHIRE, LONDON) == timedelta(hours=3, minutes=30)
    assert travel_time(LONDON, LONDON) == travel_time(LONDON, ONLINE) == timedelta()
    nowhere = Venue(slug="annexe", name="An annexe", zone="Europe/London")
    assert travel_time(LONDON, nowhere) == timedelta(minutes=20)


def test_no_time_to_travel_for_everybody_and_for_a_speaker() -> None:
    morning, noon = session("A", HALL, "09:00", "10:00", for_everyone=True), session("B", BARN, "12:00", "13:00", for_everyone=True)
    words = (
        "There is no time for everybody to travel from The London house (“A”, until 10:00) to The Yorkshire house (“B”, at 12:00): "
        "2 h where about 3 h 30 min are needed. Leave more time between them, or hold both in one place."
    )
    assert warned(morning, noon) == [("travel", words)]
    spoken = [replace(facts, speakers=(ADA,)) for facts in (session("A", HALL, "09:00", "10:00"), session("B", BARN, "12:00", "13:00"))]
    assert warned(*spoken) == [("travel", words.replace("everybody", "Speaker A"))]
    assert warned(session("A", HALL, "09:00", "10:00"), session("B", BARN, "12:00", "13:00")) == []
    assert warned(morning, session("C", BARN, "13:30", "14:00", for_everyone=True)) == []


def test_a_journey_is_time_to_travel_if_it_is_long_enough() -> None:
    journey = session("Journey", HALL, "09:00", "12:30", type=SessionType.travel, for_everyone=True)
    assert warned(journey, session("B", BARN, "12:30", "13:00", for_everyone=True)) == []
    assert [kind for kind, _ in warned(journey, session("B", BARN, "11:00", "12:00", for_everyone=True))] == ["travel"]


def test_people_who_booked_what_now_overlaps_are_counted() -> None:
    one, two = session("A", HALL, "10:00", "11:00"), session("B", STUDIO, "10:30", "11:30")
    both, only = people(2), people(3)
    crowd = Crowd(booked={one.session.id: both | only, two.session.id: both})
    when = "on Thursday 10 July 2025, 10:30–11:00: “A” and “B”. Move one of them back, or be ready to tell them."
    assert warned(one, two, crowd=crowd) == [("booked", f"2 people have a seat in two sessions at once, {when}")]
    plenary = replace(two, session=session("B", STUDIO, "10:30", "11:30", for_everyone=True).session)
    crowd = Crowd(booked={one.session.id: only})
    assert warned(one, plenary, crowd=crowd) == [
        ("booked", f"3 people have a seat in one of two sessions, and the other is for everybody, {when}")
    ]


def test_a_session_in_the_free_weekend() -> None:
    assert warned(session("A", HALL, "10:00", "11:00", day=12)) == [
        ("free_day", "“A” is on Saturday 12 July 2025, which is marked as free. Move it, or take the mark from the day.")
    ]
    assert warned(session("A", HALL, "10:00", "11:00", day=14)) == []


def test_more_seats_than_the_room_has() -> None:
    one = session("A", HALL, "10:00", "11:00")
    assert warned(one, crowd=Crowd(seats={one.session.id: 30})) == []
    assert warned(one, crowd=Crowd(seats={one.session.id: 31})) == [
        ("capacity", "“A” offers 31 seats, but Hall holds 30. Offer fewer, or take a larger room.")
    ]


def test_hours_at_which_most_people_sleep() -> None:
    morning, evening = session("A", STAGE, "09:00", "10:00"), session("B", STAGE, "18:00", "19:00")
    crowd = Crowd(zones={"America/Los_Angeles": 3, "America/New_York": 1, "Europe/London": 1})
    night = "On Thursday 10 July 2025 it is night (23:00–06:59)"
    words = f"{night} for 80 % of the 5 registered people whose zone or country is known: “A” at 09:00."
    assert warned(morning, evening, crowd=crowd) == [("night", words)]
    assert warned(morning, crowd=Crowd(zones={"America/Los_Angeles": 4})) == []  # too few to speak of
    assert warned(morning, crowd=Crowd(zones={"America/Los_Angeles": 3, "Europe/London": 3})) == []
    assert warned(session("A", HALL, "09:00", "10:00"), crowd=crowd) == []  # they are there
    late = Crowd(zones={"Europe/London": 5})
    assert [kind for kind, _ in warned(session("A", STAGE, "22:00", "23:00"), crowd=late)] == []
    assert [kind for kind, _ in warned(session("A", STAGE, "22:00", "23:01"), crowd=late)] == ["night"]


def test_a_speaker_who_said_when_is_asked_about_other_times() -> None:
    talk = session("A", HALL, "11:00", "12:00", speakers=(ADA,))
    free = [(datetime(2025, 7, 10, hour, tzinfo=UTC), datetime(2025, 7, 10, hour + 1, tzinfo=UTC)) for hour in (9, 10)]
    assert warned(talk, crowd=Crowd(free={ADA.id: free})) == []  # from 10:00 to 12:00 in London, in two pieces
    words = "Speaker A has not said to be free for “A” at 11:00 on Thursday 10 July 2025. Ask, or choose another time."
    assert warned(talk, crowd=Crowd(free={ADA.id: free[:1]})) == [("away", words)]


def test_warnings_come_in_the_order_of_the_programme() -> None:
    found = warnings_of(EVENT, [session("B", HALL, "17:30", "19:00"), session("A", HALL, "08:00", "10:00")], Crowd())
    assert [warning.kind for warning in found] == [WarningKind.hours, WarningKind.hours]
    assert [warning.sentence[:3] for warning in found] == ["“A”", "“B”"]
