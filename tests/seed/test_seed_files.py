"""What lies in a seed folder is not always a file, and not always meant well: each is named, and nothing waits or breaks."""

import os
from pathlib import Path

import pytest

from conference.seed_format import read_seed
from tests.seed.test_seed_format import EVENT, changed, refusal, write

NO_FILE = "this is not a file, nor a link to one. Take it away, or name it without .toml."


def test_folders_dangling_links_and_pipes_are_named(tmp_path: Path) -> None:
    (write(tmp_path) / "a.toml").mkdir()
    (tmp_path / "b.toml").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "c.toml")
    assert refusal(tmp_path).splitlines() == [f"{name}.toml: {NO_FILE}" for name in "abc"]


def test_a_demo_that_is_a_folder_is_not_passed_over(tmp_path: Path) -> None:
    (write(tmp_path) / "demo.toml").unlink()
    (tmp_path / "demo.toml").mkdir()
    assert refusal(tmp_path) == f"demo.toml: {NO_FILE}"


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("x = " + "[" * 5000, "this is nested too deeply. Seed files hold tables in lists, and nothing deeper."),
        ("x = " + "9" * 5000, "this holds a number that is too long to be read."),
    ],
)
def test_a_file_that_breaks_the_reader_is_named(tmp_path: Path, event: str, said: str) -> None:
    assert refusal(write(tmp_path, event=event)) == f"day.toml: {said}"


@pytest.mark.parametrize(
    ("was", "wrote", "said"),
    [
        ("seats = 20", "seats = 100001", "sessions[1].seats: 100001 can't be used: it must be 100000 or less."),
        ("capacity = 40", "capacity = 100001", "rooms[0].capacity: 100001 can't be used: it must be 100000 or less."),
        ("day = 2021-03-26", "day = 1970-12-31", "key_dates[0].day: 1970-12-31 can't be used: it must be in the years 1971 to 2200."),
        (
            "ends = 2021-03-28T17:00:00",
            "ends = 9999-03-28T17:00:00",
            "ends: 9999-03-28T17:00:00 can't be used: it must be in the years 1971 to 2200.",
        ),
        (
            'name = "The chair"',
            'name = "The\\u0000chair"',
            "speakers[0].name: “The\ufffdchair” can't be used: it must be without control characters; only tabs and new lines are taken.",
        ),
    ],
)
def test_what_is_out_of_bounds_is_named(tmp_path: Path, was: str, wrote: str, said: str) -> None:
    assert refusal(write(tmp_path, event=changed(EVENT, was, wrote))) == f"day.toml: {said}"


def test_lines_and_tabs_are_taken(tmp_path: Path) -> None:
    seed = read_seed(write(tmp_path, event=changed(EVENT, '"About the day."', '"About\\n\\n\\tthe day."')))
    assert seed.events[0].about == "About\n\n\tthe day."
