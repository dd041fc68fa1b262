"""Somebody writes seed files; each slip is answered with the file, the key, what is wrong and what would be right."""

import tomllib
from pathlib import Path

import pytest

from conference.errors import BadSettings
from conference.seed_format import read_seed

VENUES = """
[[venues]]
slug = "online"
name = "Online"
zone = "Europe/London"
online = true
"""

EVENT = """
slug = "day"
title = "A day"
summary = "One day."
about = "About the day."
format = "online"
zone = "Europe/London"
starts = 2021-03-27T10:00:00
ends = 2021-03-28T17:00:00
who_for = "Everybody."
take_part = "Come."
[registration]
kind = "open"
[[rooms]]
slug = "main-stage"
name = "Main stage"
venue = "online"
capacity = 40
[[speakers]]
slug = "chair"
name = "The chair"
[[sessions]]
slug = "welcome"
title = "Welcome"
type = "welcome"
room = "main-stage"
starts = 2021-03-27T10:00:00
ends = 2021-03-27T10:15:00
[[sessions]]
slug = "workshop"
title = "Workshop"
type = "workshop"
room = "main-stage"
starts = 2021-03-27T11:00:00
ends = 2021-03-27T12:00:00
seats = 20
speakers = ["chair"]
[[key_dates]]
slug = "results"
title = "Results"
day = 2021-03-26
words = "By Friday 26 March."
"""

DEMO = """
[[people]]
email = "delegate@demo.example"
name = "Delegate in Nairobi"
zone = "Africa/Nairobi"
country = "KE"
registered = ["day"]
bookings = [{ event = "day", session = "workshop" }]
[[questions]]
event = "day"
session = "welcome"
asked_by = "delegate@demo.example"
text = "Where are the slides?"
state = "visible"
"""


SLIPS = tomllib.loads(Path(__file__).with_name("slips.toml").read_text(encoding="utf-8"))["slips"]


def write(folder: Path, event: str = EVENT, venues: str = VENUES, demo: str = DEMO) -> Path:
    for name, text in (("day.toml", event), ("venues.toml", venues), ("demo.toml", demo)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def changed(text: str, old: str, new: str) -> str:
    """The text with this one slip in it; the last place where the old words stand."""
    before, found, after = text.rpartition(old)
    assert found == old
    return before + new + after


def refusal(folder: Path) -> str:
    """What the reader says of this folder, without the folder's name."""
    with pytest.raises(BadSettings) as refused:
        read_seed(folder)
    return str(refused.value).replace(f"{folder.name}/", "")


def test_a_folder_without_slips_is_read(tmp_path: Path) -> None:
    seed = read_seed(write(tmp_path))
    assert [session.slug for session in seed.events[0].sessions] == ["welcome", "workshop"]


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip["wrote"][:40])
def test_a_slip_is_named_with_its_remedy(tmp_path: Path, slip: dict[str, str]) -> None:
    folder = write(tmp_path)
    path = folder / slip["file"]
    path.write_text(changed(path.read_text(encoding="utf-8"), slip["was"], slip["wrote"]), encoding="utf-8")
    assert refusal(folder) == f"{slip['file']}: {slip['said']}"


def test_who_asks_or_books_in_the_demo_has_a_place_there(tmp_path: Path) -> None:
    remedy = "needs a place at “day”, and delegate@demo.example has none. Add the event to that person's `registered`."
    assert refusal(write(tmp_path, demo=changed(DEMO, 'registered = ["day"]', ""))).splitlines() == [
        f"demo.toml: people[0].bookings[0]: a seat {remedy}",
        f"demo.toml: questions[0].asked_by: a question or a vote {remedy}",
    ]


def test_several_slips_in_several_files_are_all_said_at_once(tmp_path: Path) -> None:
    event = changed(changed(EVENT, "seats = 20", 'seats = "many"'), 'format = "online"', 'format = "hybrid"')
    venues = changed(VENUES, "online = true", "online = 1")
    assert refusal(write(tmp_path, event=event, venues=venues)).splitlines() == [
        "venues.toml: venues[0].online: 1 can't be used: it must be true or false, without quotes.",
        "day.toml: format: “hybrid” can't be used: it must be one of 'online' or 'in_person'.",
        "day.toml: sessions[1].seats: “many” can't be used: it must be a whole number without quotes.",
    ]


def test_a_refusal_names_the_folder_too_so_that_the_file_can_be_opened(tmp_path: Path) -> None:
    folder = tmp_path / "our-seed"
    folder.mkdir()
    write(folder, event=changed(EVENT, "seats = 20", "seats = 0"))
    with pytest.raises(BadSettings, match=r"^our-seed/day\.toml: sessions\[1\]\.seats: "):
        read_seed(folder)


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    (write(tmp_path) / "day.toml").write_bytes('title = "Café"'.encode("latin-1"))
    assert refusal(tmp_path) == "day.toml: this is not UTF-8 text. Save it as UTF-8."


def test_a_file_that_ends_too_early_is_named(tmp_path: Path) -> None:
    said = "day.toml: at its end: this is not TOML: "
    assert refusal(write(tmp_path, event='title = """A day')).startswith(said)


def test_a_folder_without_venues_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSettings) as refused:
        read_seed(tmp_path)
    assert str(refused.value) == f"{tmp_path}: there is no venues.toml here. Name a folder with seed files, such as seed_data."


def test_a_folder_without_a_demo_has_nobody_in_it(tmp_path: Path) -> None:
    (write(tmp_path) / "demo.toml").unlink()
    assert read_seed(tmp_path).demo.people == ()
