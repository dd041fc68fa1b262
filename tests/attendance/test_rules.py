"""What counts as having been there, and what a ticket's code is worth."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.attendance.rules import Occasion, day_for, has_attended, moment_of, occasion_from, programme_days, what_becomes
from conference.attendance.spans import APART, joined, length, within
from conference.attendance.tables import Outcome, StageTime
from conference.attendance.tickets import code_of_place, mark_of, read_code
from conference.errors import NotFound
from conference.programme.tables import Event, EventFormat, RegistrationKind, Session, SessionType
from conference.registration.tables import Registration

NINE = datetime(2025, 7, 10, 8, 0, tzinfo=UTC)
SECRET = "a-secret-of-the-tests-that-is-long-enough"


def week() -> Event:
    """Wednesday afternoon to Wednesday evening, with a free weekend."""
    return Event(
        slug="week",
        title="A week",
        summary="A week.",
        about="About.",
        format=EventFormat.in_person,
        zone="Europe/London",
        starts_at=datetime(2025, 7, 9, 12, tzinfo=UTC),
        ends_at=datetime(2025, 7, 16, 16, tzinfo=UTC),
        registration=RegistrationKind.application,
        free_days=["2025-07-12", "2025-07-13"],
        made_at=NINE,
        modified_at=NINE,
    )


def a_session(minutes: int) -> Session:
    ends = NINE + timedelta(minutes=minutes)
    return Session(
        event_id=uuid4(),
        slug="s",
        title="S",
        type=SessionType.panel,
        room_id=uuid4(),
        starts_at=NINE,
        ends_at=ends,
        made_at=NINE,
        modified_at=NINE,
    )


def on_stage(minutes: int, *, entered: bool = False) -> StageTime:
    return StageTime(session_id=uuid4(), person_id=uuid4(), seconds=minutes * 60, entered_meeting_at=NINE if entered else None)


def a_place(**facts: Any) -> Registration:
    return Registration(event_id=uuid4(), person_id=uuid4(), name="Somebody", made_at=NINE, **facts)


def test_a_week_with_a_free_weekend_has_six_days_and_a_conference_one() -> None:
    assert [day.day for day in programme_days(week())] == [9, 10, 11, 14, 15, 16]
    one = week()
    one.free_days, one.ends_at = [], datetime(2025, 7, 9, 23, tzinfo=UTC)  # midnight in London
    assert programme_days(one) == (date(2025, 7, 9),)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2025, 7, 1, 9, tzinfo=UTC), 9),
        (datetime(2025, 7, 10, 23, 30, tzinfo=UTC), 11),  # half past midnight in London
        (datetime(2025, 7, 12, 9, tzinfo=UTC), 14),
        (datetime(2025, 8, 1, 9, tzinfo=UTC), 16),
    ],
)
def test_the_door_opens_on_the_day_that_it_is_or_comes_next(now: datetime, day: int) -> None:
    assert day_for(week(), now).day == day


def test_an_occasion_is_a_day_or_a_session_and_nothing_else() -> None:
    for occasion in (Occasion(day=date(2025, 7, 9)), Occasion(session_id=uuid4())):
        assert occasion_from(occasion.key) == occasion
    for wrong in ("", "day:", "day:2025-13-01", "session:x", "room:1"):
        with pytest.raises(NotFound):
            occasion_from(wrong)


def test_ten_minutes_on_a_stage_count_and_half_of_a_short_session_does_too() -> None:
    long, short = a_session(60), a_session(12)
    assert [has_attended(on_stage(minutes), long, 10, checked_in=False) for minutes in (9, 10)] == [False, True]
    assert [has_attended(on_stage(minutes), short, 10, checked_in=False) for minutes in (5, 6)] == [False, True]
    assert has_attended(on_stage(0, entered=True), long, 10, checked_in=False)
    assert has_attended(None, long, 10, checked_in=True)
    assert not has_attended(None, long, 10, checked_in=False)


def test_what_becomes_of_an_act_at_the_door() -> None:
    good, gone, held = a_place(confirmed_at=NINE), a_place(confirmed_at=NINE, cancelled_at=NINE), a_place()
    quiet = {"has_seat": True, "stands": False, "undone_at": None}
    assert what_becomes(good, **quiet, at=NINE) == Outcome.checked_in  # type: ignore[arg-type]
    assert what_becomes(good, has_seat=True, stands=True, undone_at=None, at=NINE) == Outcome.already
    assert what_becomes(good, has_seat=False, stands=False, undone_at=None, at=NINE) == Outcome.no_seat
    assert what_becomes(good, has_seat=True, stands=False, undone_at=NINE, at=NINE) == Outcome.undone
    assert what_becomes(good, has_seat=True, stands=False, undone_at=NINE, at=NINE + timedelta(seconds=1)) == Outcome.checked_in
    assert [what_becomes(place, **quiet, at=NINE) for place in (gone, held, None)] == [  # type: ignore[arg-type]
        Outcome.place_gone,
        Outcome.not_confirmed,
        Outcome.unknown,
    ]


def test_a_phones_wrong_clock_is_put_right() -> None:
    wrong = NINE - timedelta(days=400)
    assert moment_of(wrong, wrong + timedelta(minutes=7), NINE) == NINE - timedelta(minutes=7)
    assert moment_of(wrong + timedelta(hours=1), wrong, NINE) == NINE  # never later than now
    assert moment_of(wrong, wrong + timedelta(days=300), NINE) == NINE - timedelta(days=14)


@given(place=st.uuids(), person=st.uuids(), other=st.uuids())
def test_a_code_is_read_however_it_is_typed_and_is_another_for_another_person(place: UUID, person: UUID, other: UUID) -> None:
    code = code_of_place(SECRET, place, person)
    sloppy = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert {read_code(each) for each in (code, sloppy, f"https://a.example/events/week/tickets/{code}/")} == {code}
    assert (code == code_of_place(SECRET, place, other)) == (person == other)
    assert code != code_of_place(SECRET + "!", place, person)
    assert mark_of("week", code) != mark_of("other", code)


def test_what_is_no_code_reads_as_none() -> None:
    assert {read_code(typed) for typed in ("", "ABC", "U" * 16, "7K2M-0QXV-9TCD-34HJ-1", "é" * 16)} == {""}


SPANS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), max_size=12)


@given(SPANS, SPANS)
def test_spans_count_each_second_once_in_any_order_and_however_often_they_are_told(
    one: list[tuple[int, int]], two: list[tuple[int, int]]
) -> None:
    whole = joined([*one, *two])
    assert joined([*whole, *one]) == whole == joined([*joined(two), *joined(one)])
    assert all(before[1] + APART < after[0] for before, after in pairwise(whole))
    seconds = {second for span in [*one, *two] for second in range(*span)}
    assert seconds <= {second for span in whole for second in range(*span)}
    assert length(whole) <= len(seconds) + APART * max(len(one) + len(two) - 1, 0)


def test_only_what_lies_within_the_session_counts() -> None:
    assert [within(span, (100, 200)) for span in ((0, 150), (150, 300), (0, 50), (250, 300))] == [
        (100, 150),
        (150, 200),
        (100, 100),
        (250, 250),
    ]
