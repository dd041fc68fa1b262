"""Ids sort by the moment they were made, within one millisecond too."""

from datetime import UTC, datetime

import pytest

from conference.storage.ids import first_id_at, new_id


def test_of_two_ids_the_later_is_greater_and_each_is_a_version_7() -> None:
    before = datetime.now(UTC)
    made = [new_id() for _ in range(5_000)]
    assert made == sorted(set(made))
    assert {id_.version for id_ in made} == {7}
    assert first_id_at(before) < made[0]


def test_a_clock_that_jumps_back_a_little_makes_no_smaller_id_and_one_that_was_set_right_is_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    newest = new_id()
    now = (newest.int >> 80) * 1_000_000
    monkeypatch.setattr("conference.storage.ids.time.time_ns", lambda: now - 500_000_000)
    assert new_id() > newest
    monkeypatch.setattr("conference.storage.ids.time.time_ns", lambda: now - 3_600_000_000_000)
    assert new_id() < newest
