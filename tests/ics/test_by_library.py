"""Our bytes say what the icalendar library would have written."""

from conference.ics.calendar import feed_bytes
from conference.ics.entry import AllDay, Entry
from tests.ics.by_library import feed_by_library
from tests.ics.cast import CALENDAR, OPENING, half_hour, lines_of, opening
from tests.ics.test_feed import RESULTS

ENTRIES: list[Entry | AllDay] = [
    opening(
        description="One; two, three: https://conference.example/stage?a=1\n\n" + "Bibliothèque · 図書館 · 📚 " * 20,
        categories=("Talks, long", "Track"),
        location="Main stage (online)",
        join_url="https://conference.example/stage?a=1",
        url="https://conference.example/opening",
        sequence=3,
        cancelled=True,
    ),
    half_hour("America/New_York", OPENING.ends_at),
    half_hour("Asia/Kolkata", OPENING.ends_at),
    half_hour("Australia/Sydney", OPENING.ends_at),
    RESULTS,
]


def said(feed: bytes) -> list[list[str]]:
    """Each component's lines, sorted; properties with nothing in them, which the library writes, say nothing."""
    whole = "\n".join(line for line in lines_of(feed) if line not in ("URL:", "DESCRIPTION:", "LOCATION:"))
    return [sorted(part.split("\n")) for part in whole.split("BEGIN:")]


def test_each_line_is_the_library_s_line() -> None:
    assert said(feed_bytes(CALENDAR, ENTRIES)) == said(feed_by_library(CALENDAR, ENTRIES))
