"""What a service's address may be, how groups are named and dealt, and who stands where before a door."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.errors import Conflict, Invalid
from conference.meetings.rules import (
    DoorState,
    Part,
    check_they_fit,
    clean_address,
    clean_group_names,
    deal,
    door_state,
    groups_are_open,
    pseudonym,
)
from conference.meetings.tables import Meeting, ServiceKind
from conference.programme.tables import Session, SessionType
from conference.storage.ids import new_id

NOON = datetime(2021, 6, 25, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ADA = Part(signed_in=True, registered=True, seated=True)
JITSI, BBB = ServiceKind.jitsi, ServiceKind.bigbluebutton


def session(cancelled_at: datetime | None = None) -> Session:
    return Session(
        event_id=new_id(),
        slug="workshop",
        title="Workshop",
        type=SessionType.workshop,
        room_id=new_id(),
        starts_at=NOON,
        ends_at=NOON + 60 * MINUTE,
        made_at=NOON,
        modified_at=NOON,
        cancelled_at=cancelled_at,
    )


@given(st.lists(st.uuids(), unique=True, max_size=120), st.integers(1, 50))
def test_everybody_is_dealt_into_one_group_and_sizes_differ_by_one_at_most(people: list[UUID], groups: int) -> None:
    dealt = deal(people, groups)
    sizes = [len(group) for group in dealt]
    assert len(dealt) == groups
    assert sorted(person for group in dealt for person in group) == sorted(people)
    assert max(sizes) - min(sizes) in (0, 1)


@given(st.integers(0, 200), st.lists(st.one_of(st.none(), st.integers(1, 20)), min_size=1, max_size=10))
def test_a_draw_is_refused_exactly_when_somebody_would_not_fit(people: int, capacities: list[int | None]) -> None:
    dealt = deal([new_id() for _ in range(people)], len(capacities))
    tightest = min((capacity for capacity in capacities if capacity), default=people)
    if max(len(group) for group in dealt) > tightest:
        with pytest.raises(Conflict):
            check_they_fit(people, capacities)
    else:
        check_they_fit(people, capacities)


def test_the_door_opens_ten_minutes_before_the_start_and_closes_half_an_hour_past_the_end() -> None:
    moments = [NOON - 10 * MINUTE - timedelta(microseconds=1), NOON - 10 * MINUTE, NOON + 90 * MINUTE - timedelta(microseconds=1)]
    assert [door_state(session(), ADA, moment) for moment in (*moments, NOON + 90 * MINUTE)] == [
        DoorState.not_yet,
        DoorState.open,
        DoorState.open,
        DoorState.over,
    ]


def test_everybody_is_told_what_is_in_their_way() -> None:
    parts = [Part(), Part(signed_in=True), Part(signed_in=True, registered=True), ADA, Part(signed_in=True, leads=True)]
    assert [door_state(session(), part, NOON) for part in parts] == [
        DoorState.sign_in,
        DoorState.not_registered,
        DoorState.no_seat,
        DoorState.open,
        DoorState.open,
    ]
    assert door_state(session(cancelled_at=NOON), parts[-1], NOON) == DoorState.cancelled


def test_groups_are_open_from_their_opening_until_everybody_is_called_back() -> None:
    meeting = Meeting(session_id=new_id(), room="r", made_at=NOON)
    assert not groups_are_open(meeting, NOON)
    meeting.groups_opened_at = NOON
    assert [groups_are_open(meeting, NOON + moment) for moment in (-MINUTE, 0 * MINUTE, 90 * MINUTE)] == [False, True, True]
    meeting.groups_end_at = NOON + 5 * MINUTE
    assert [groups_are_open(meeting, NOON + moment * MINUTE) for moment in (4, 5, 6)] == [True, False, False]


@pytest.mark.parametrize(
    ("typed", "kind", "kept"),
    [
        ("https://meet.example.org/", JITSI, "https://meet.example.org"),
        ("https://Meet.Example.org:8443/tenant/", JITSI, "https://meet.example.org:8443/tenant"),
        ("https://bbb.example.org/bigbluebutton/api/", BBB, "https://bbb.example.org/bigbluebutton"),
        ("http://127.0.0.1:8080/bigbluebutton/", BBB, "http://127.0.0.1:8080/bigbluebutton"),
        ("https://[2001:db8::1]/bigbluebutton", BBB, "https://[2001:db8::1]/bigbluebutton"),
    ],
)
def test_a_service_s_address_is_kept_without_its_last_slash(typed: str, kind: ServiceKind, kept: str) -> None:
    assert clean_address(typed, kind, secure=False) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "meet.example.org",
        "ftp://meet.example.org",
        "javascript:alert(1)",
        "http://meet.example.org",
        "http://127.0.0.1.example.org",
        "https://user:word@meet.example.org",
        "https://meet.example.org?x=1",
        "https://meet.example.org/#x",
        "https://meet.example.org/a b",
        "https://meet.example.org/a\r\nX: y",
        "https://meet.example.org/%0d",
        "https://meet.example.org:0",
        "https://meet.example.org:99999",
        "https://[::1",
        "https://",
        "https://mëet.example.org",
        "https://meet.example.org/a/b",
        "https://" + "a" * 300,
    ],
)
def test_an_address_that_is_none_or_not_safe_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        clean_address(typed, JITSI, secure=False)


def test_a_house_on_https_takes_no_plain_address_not_even_its_own_machine_s() -> None:
    with pytest.raises(Invalid):
        clean_address("http://127.0.0.1:8080", JITSI, secure=True)


def test_groups_have_names_of_their_own() -> None:
    assert clean_group_names(" Blue \n\n Red\u200b  group\t\n") == ["Blue", "Red group"]
    for typed in ("", "\n \n", "Blue\nblue", "x" * 61, "\n".join(str(number) for number in range(51))):
        with pytest.raises(Invalid):
            clean_group_names(typed)


def test_nobody_shares_a_pseudonym_and_another_event_knows_nobody() -> None:
    people, events = [new_id() for _ in range(200)], [new_id(), new_id()]
    made = {pseudonym("key", event, person) for event in events for person in people}
    assert len(made) == 400
    assert pseudonym("key", events[0], people[0]) == pseudonym("key", events[0], people[0])
    assert not any(person.hex[:12] in name for name in made for person in people)
