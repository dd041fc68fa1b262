"""The event's one main act: its words follow the state."""

from datetime import UTC, datetime, timedelta

import pytest

from conference.programme.tables import Event, EventFormat, RegistrationKind
from conference.registration.tables import CapacityPool, RegistrationState
from conference.site.way import Way, way_of

START = datetime(2021, 6, 25, 9, 0, tzinfo=UTC)
OPENS, CLOSES, END = START - timedelta(days=39), START + timedelta(hours=6), START + timedelta(hours=7)
OWN, PROGRAMME, STAGE = "/events/day/registration", "/events/day/programme", "/events/day/sessions/talk/stage"


def event(kind: RegistrationKind = RegistrationKind.open) -> Event:
    return Event(
        slug="day",
        title="A day",
        summary="One day.",
        about="",
        format=EventFormat.online,
        zone="Europe/London",
        starts_at=START,
        ends_at=END,
        registration=kind,
        registration_opens_at=OPENS if kind == RegistrationKind.open else None,
        registration_closes_at=CLOSES,
        made_at=OPENS,
        modified_at=OPENS,
    )


def pool(taken: int) -> CapacityPool:
    return CapacityPool(event_id=event().id, capacity=3, taken=taken)


@pytest.mark.parametrize(
    ("now", "way"),
    [
        (
            OPENS - timedelta(seconds=1),
            Way(
                "Registration not open yet",
                "Registration opens on Monday 17 May 2021, 12:00 your time (EAT, UTC+3).",
                "Be told when it opens",
                "/events/day/registration",
            ),
        ),
        (
            OPENS,
            Way(
                "Registration open",
                "Registration is open until Friday 25 June 2021, 18:00 your time (EAT, UTC+3).",
                "Register",
                "/events/day/registration",
            ),
        ),
        (
            CLOSES,
            Way(
                "Registration closed",
                "Registration closed on Friday 25 June 2021, 18:00 your time (EAT, UTC+3).",
                "See the programme",
                PROGRAMME,
            ),
        ),
        (END, Way("Over", "This event is over.", "See the programme", PROGRAMME)),
    ],
)
def test_a_stranger_is_told_when_in_her_own_time(now: datetime, way: Way) -> None:
    assert way_of(event(), None, pool(taken=0), now, "Africa/Nairobi") == way


def test_when_all_places_are_taken_nobody_is_sent_to_a_form() -> None:
    assert way_of(event(), None, pool(taken=3), START, None) == Way(
        "All places taken", "All 3 places are taken.", "See the programme", PROGRAMME
    )


@pytest.mark.parametrize(
    ("now", "way"),
    [
        (
            CLOSES - timedelta(seconds=1),
            Way(
                "By application",
                "Places are given by application. Applications close on Friday 25 June 2021, 16:00 in London (BST, UTC+1).",
                "How places are given",
                "/events/day#take-part",
            ),
        ),
        (
            CLOSES,
            Way(
                "Applications closed",
                "Places were given by application. Applications closed on Friday 25 June 2021, 16:00 in London (BST, UTC+1).",
                "See the programme",
                PROGRAMME,
            ),
        ),
    ],
)
def test_where_places_are_given_by_application_the_deadline_itself_is_late(now: datetime, way: Way) -> None:
    assert way_of(event(RegistrationKind.application), None, None, now, None) == way


def test_a_guest_joins_while_a_stage_is_open_and_else_reads_the_programme() -> None:
    confirmed = RegistrationState.confirmed
    assert way_of(event(), confirmed, None, START, None, STAGE) == Way(
        "You are registered", "You are registered.", "Join now", STAGE, live=True, own=OWN
    )
    before = Way("You are registered", "You are registered.", "See the programme", PROGRAMME, own=OWN)
    assert way_of(event(), confirmed, None, OPENS, None) == before
    assert way_of(event(), confirmed, None, END, None).words == "You took part in this event; it is over."


def test_a_held_place_asks_for_the_mail_to_be_opened() -> None:
    way = way_of(event(), RegistrationState.pending, None, START, None, STAGE)
    assert (way.words, way.href) == ("Your place is held: open the link that we mailed to you.", "/events/day/registration")
