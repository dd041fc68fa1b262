"""Somebody writes seed files; each slip is answered with the file, the key, what is wrong and what would be right."""

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


# What was right, the slip, and what is said of it.
SLIPS_IN_AN_EVENT = [
    ('room = "main-stage"', 'room = "main-stgae"', "sessions[1].room: there is no room “main-stgae”; did you mean “main-stage”?"),
    ('venue = "online"', 'venue = "moon"', "rooms[0].venue: there is no venue “moon”; known are online."),
    ('speakers = ["chair"]', 'speakers = ["choir"]', "sessions[1].speakers[0]: there is no speaker “choir”; did you mean “chair”?"),
    ("seats = 20", 'seats = 20\ntrack = "plenary"', "sessions[1].track: there is no track “plenary”; none are written down yet."),
    (
        "ends = 2021-03-27T12:00:00",
        "ends = 2021-03-27T11:00:00",
        "sessions[1].ends: 11:00 on Saturday 27 March 2021 is not after `starts`, 11:00 on Saturday 27 March 2021. Choose a later time.",
    ),
    (
        "starts = 2021-03-27T11:00:00",
        "starts = 2021-03-26T11:00:00",
        "sessions[1].starts: 11:00 on Friday 26 March 2021 is before the event starts, 10:00 on Saturday 27 March 2021. Move the session, or the event's `starts`.",
    ),
    (
        "ends = 2021-03-27T12:00:00",
        "ends = 2021-03-28T17:01:00",
        "sessions[1].ends: 17:01 on Sunday 28 March 2021 is after the event ends, 17:00 on Sunday 28 March 2021. Move the session, or the event's `ends`.",
    ),
    (
        "ends = 2021-03-27T12:00:00",
        "ends = 2021-03-28T01:30:00",
        "sessions[1].ends: 01:30 on Sunday 28 March 2021 does not happen in London: the clocks go forward over it. Choose a time an hour later.",
    ),
    (
        "ends = 2021-03-28T17:00:00",
        "ends = 2021-10-31T01:30:00",
        "ends: 01:30 on Sunday 31 October 2021 happens twice in London: the clocks go back over it. Choose a time outside that hour.",
    ),
    ("seats = 20", "seats = 0", "sessions[1].seats: 0 can't be used: it must be 1 or more."),
    ("seats = 20", "seats = 41", "sessions[1].seats: 41 seats do not fit into “Main stage”, which holds 40."),
    ("seats = 20", "seets = 20", "sessions[1].seets: `seets` is not a key that is known here; did you mean “seats”?"),
    (
        "[[speakers]]",
        '[[rooms]]\nslug = "main-stage"\nname = "Second stage"\nvenue = "online"\n[[speakers]]',
        "rooms[1].slug: “main-stage” is used 2 times, first in rooms[0]. Give each its own.",
    ),
    (
        'slug = "workshop"',
        'slug = "The Workshop"',
        "sessions[1].slug: “The Workshop” can't be used: it must be small letters, digits and single hyphens, at most 80, such as panel-on-partnerships.",
    ),
    (
        'type = "workshop"',
        'type = "lecture"',
        "sessions[1].type: “lecture” can't be used: it must be one of 'keynote', 'panel', 'workshop', 'reflection', 'project_presentation', 'welcome', 'visit', 'travel', 'social' or 'break'.",
    ),
    ('room = "main-stage"\n', "", 'sessions[1].room: this key is missing. Add it, such as room = "main-stage".'),
    (
        "starts = 2021-03-27T11:00:00",
        'starts = "eleven"',
        "sessions[1].starts: “eleven” can't be used: it must be a date-time without quotes, such as 2021-06-25T10:00:00.",
    ),
    (
        "starts = 2021-03-27T11:00:00",
        "starts = 2021-03-27T11:00:00Z",
        "sessions[1].starts: 2021-03-27T11:00:00+00:00 can't be used: it must be a time on the event's own clock, without an offset, such as 2021-06-25T10:00:00.",
    ),
    (
        'zone = "Europe/London"',
        'zone = "BST"',
        "zone: “BST” can't be used: it must be an IANA time zone, such as Africa/Nairobi, and never an abbreviation or an offset.",
    ),
    (
        "day = 2021-03-26",
        "",
        "key_dates[0]: a key date has exactly one of `at` (a moment) and `day` (a whole day). Keep the one that people must meet.",
    ),
    (
        "day = 2021-03-26",
        "day = 2021-03-26\nat = 2021-03-26T12:00:00",
        "key_dates[0]: a key date has exactly one of `at` (a moment) and `day` (a whole day). Keep the one that people must meet.",
    ),
    (
        "By Friday 26 March.",
        "By Thursday 26 March.",
        "key_dates[0].words: “Thursday” does not fit: it was Friday 26 March 2021. Correct the weekday or the date.",
    ),
    ("By Friday 26 March.", "By Friday 30 February.", "key_dates[0].words: February 2021 has no day 30. Correct the date."),
    ('slug = "day"', 'slug = "night"', "slug: “night” is not this file's name. Call the file night.toml, or change the slug."),
    (
        'title = "A day"',
        "title = A day",
        "line 3, column 9: this is not TOML: invalid value. Look at this line and the one before it; text needs quotes.",
    ),
]


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


@pytest.mark.parametrize(("old", "new", "said"), SLIPS_IN_AN_EVENT)
def test_a_slip_in_an_event_is_named_with_its_remedy(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert refusal(write(tmp_path, event=changed(EVENT, old, new))) == f"day.toml: {said}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'session = "workshop"',
            'session = "worksop"',
            "people[0].bookings[0].session: there is no session “worksop”; did you mean “workshop”?",
        ),
        (
            'session = "workshop"',
            'session = "welcome"',
            "people[0].bookings[0].session: “welcome” has no `seats` to book. Give it seats, or leave the booking out.",
        ),
        (
            'country = "KE"',
            'country = "UK"',
            "people[0].country: “UK” can't be used: it must be a country's two capital letters of ISO 3166-1, such as KE; the United Kingdom is GB.",
        ),
        (
            'asked_by = "delegate@demo.example"',
            'asked_by = "nobody@demo.example"',
            "questions[0].asked_by: there is no person “nobody@demo.example”; did you mean “delegate@demo.example”?",
        ),
        (
            'state = "visible"',
            'state = "answered"',
            "questions[0].state: “answered” can't be used: it must be one of 'pending' or 'visible'.",
        ),
    ],
)
def test_a_slip_in_the_demo_is_named_with_its_remedy(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert refusal(write(tmp_path, demo=changed(DEMO, old, new))) == f"demo.toml: {said}"


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
