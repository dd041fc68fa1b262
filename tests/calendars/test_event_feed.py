"""The calendar of an event, as two readers that didn't write it understand it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.calendars.cast import ILLP, JUNE, PUBLISHED_AT, WI, House, event_lines, opened, read_alike
from tests.ics.cast import lines_of, spelled
from tests.ics.readers import Read

LONDON = ZoneInfo("Europe/London")
DEADLINE = "Applications close: International Library Leaders Programme 2025"
RESULTS = "Results by e-mail, by this day: International Library Leaders Programme 2025"


def days_of(events: dict[str, Read]) -> dict[str, list[str]]:
    """The timed events by their day in London: when each begins, in UTC."""
    days: dict[str, list[str]] = {}
    for event in events.values():
        if "T" in event.starts and event.starts.startswith("2025-07"):
            local = datetime.fromisoformat(event.starts).astimezone(LONDON)
            days.setdefault(f"{local:%a %d}", []).append(event.starts)
    return days


async def test_ten_o_clock_in_london_in_june_is_nine_utc(house: House) -> None:
    events = read_alike(await house.feed(WI))
    assert (events["Welcome"].starts, events["Welcome"].ends) == ("2021-06-25T09:00:00Z", "2021-06-25T09:15:00Z")
    assert max(event.ends for event in events.values() if "Registration" not in event.summary) == "2021-06-25T16:00:00Z"


async def test_the_programme_week_has_its_six_days_and_a_free_weekend(house: House) -> None:
    events = read_alike(await house.feed(ILLP))
    days = days_of(events)
    assert {day: min(starts) for day, starts in days.items()} == {
        "Wed 09": "2025-07-09T13:00:00Z",
        "Thu 10": "2025-07-10T09:00:00Z",
        "Fri 11": "2025-07-11T07:00:00Z",
        "Mon 14": "2025-07-14T09:00:00Z",
        "Tue 15": "2025-07-15T09:00:00Z",
        "Wed 16": "2025-07-16T09:00:00Z",
    }
    saturday, monday = "2025-07-11T23:00:00Z", "2025-07-13T23:00:00Z"
    assert [event.summary for event in events.values() if event.starts < monday and event.ends > saturday] == []


async def test_a_deadline_is_an_instant_and_a_day_is_a_day(house: House) -> None:
    feed = await house.feed(ILLP)
    events = read_alike(feed)
    assert (events[DEADLINE].starts, events[DEADLINE].ends) == ("2025-02-06T12:00:00Z", "2025-02-06T12:15:00Z")
    assert (events[RESULTS].starts, events[RESULTS].ends) == ("2025-03-28", "2025-03-29")
    assert event_lines(feed, DEADLINE)["DTSTART"] == "20250206T120000Z"
    assert events[DEADLINE].description.startswith("Thursday 6 February 2025, 12:00 (GMT, UTC+0); 12:00 UTC\n\n")
    assert {event_lines(feed, summary)["TRANSP"] for summary in (DEADLINE, RESULTS)} == {"TRANSPARENT"}


async def test_every_session_but_the_breaks_is_there_under_its_own_uid(house: House) -> None:
    session = (await house.session("welcome")).session
    events = read_alike(await house.feed(WI))
    assert events["Welcome"].uid == f"{session.id}@conference.invalid"
    assert [summary for summary in events if "reak" in summary or summary == "Lunch"] == []
    assert len({event.uid for event in events.values()}) == len(events)


async def test_an_online_session_leads_to_its_page_and_its_stage(house: House) -> None:
    lines = event_lines(await house.feed(WI), "Welcome")
    page = "http://127.0.0.1:8000/events/wi-2021/sessions/welcome"
    assert (lines["URL"], lines["CONFERENCE;VALUE=URI"]) == (page, f"{page}/stage")
    assert lines["LOCATION"] == f"Main stage (online) {page}/stage"
    assert lines["DESCRIPTION"].split("\\n\\n") == [
        "Working Internationally for Libraries 2021\\nFriday 25 June 2021\\, 10:00 to 10:15 (BST\\, UTC+1)\\; 09:00 to 09:15 UTC",
        "With Rabeea Arif (CILIP)",
        "What the day is for\\, how the stages work\\, and how to ask a question from wherever you are.",
        "Illustrative: Who welcomes\\, and how long it takes. The day's beginning at 10:00 is published.",
        f"Read more: {page}\\nJoin: {page}/stage",
        "In your calendar because you subscribed to the programme of Working Internationally for Libraries 2021.",
    ]


async def test_the_two_sites_of_the_week_differ_from_session_to_session(house: House) -> None:
    feed = await house.feed(ILLP)
    london, yorkshire = (event_lines(feed, summary) for summary in ("Vision and strategy", "Visit: collection management"))
    assert (london["GEO"], yorkshire["GEO"]) == ("51.530000;-0.127700", "53.910000;-1.336000")
    assert london["LOCATION"] == ("Seminar room\\, The British Library\\, London\\, 96 Euston Road\\, London NW1 2DB\\, United Kingdom")
    assert "CONFERENCE;VALUE=URI" not in london


async def test_a_session_that_moves_keeps_its_uid_and_is_one_further_in_its_sequence(house: House) -> None:
    before = read_alike(await house.feed(WI))["Welcome"]
    starts = datetime(2021, 6, 25, 9, 5, tzinfo=UTC)
    await house.edit("welcome", JUNE, starts_at=starts)
    feed = await house.feed(WI)
    assert read_alike(feed)["Welcome"][:4] == (before.uid, spelled(starts), before.ends, before.sequence + 1)
    assert event_lines(feed, "Welcome")["DTSTAMP"] == "20210601T120000Z"


async def test_a_new_title_alone_moves_the_date_of_change_and_not_the_sequence(house: House) -> None:
    before = event_lines(await house.feed(WI), "Welcome")
    await house.edit("welcome", JUNE, title="Welcome to all")
    after = event_lines(await house.feed(WI), "Welcome to all")
    assert (before["LAST-MODIFIED"], after["LAST-MODIFIED"]) == ("20210503T090000Z", "20210601T120000Z")
    assert (after["UID"], after["SEQUENCE"], after["CREATED"]) == (before["UID"], before["SEQUENCE"], before["CREATED"])


async def test_a_cancelled_session_stays_as_a_tombstone(house: House) -> None:
    before = read_alike(await house.feed(WI))["Welcome"]
    await house.cancel("welcome", "The speaker is ill.", JUNE)
    feed = await house.feed(WI)
    after, lines = read_alike(feed)["Cancelled: Welcome"], event_lines(feed, "Cancelled: Welcome")
    assert (after.uid, after.starts, after.sequence, after.status) == (before.uid, before.starts, before.sequence + 1, "CANCELLED")
    assert (lines["TRANSP"], lines.get("CONFERENCE;VALUE=URI")) == ("TRANSPARENT", None)
    assert after.description.startswith("This session is cancelled. The speaker is ill.\n\n")


async def test_the_calendar_itself_is_named_and_never_an_invitation(house: House) -> None:
    lines = lines_of(await house.feed(WI))
    head = lines[: lines.index("BEGIN:VTIMEZONE")]
    assert "NAME:Working Internationally for Libraries 2021" in head
    assert "X-WR-TIMEZONE:Europe/London" in head
    assert [line for line in lines if line.startswith(("METHOD", "ATTENDEE", "BEGIN:VALARM"))] == []


async def test_the_same_programme_is_the_same_bytes_in_another_process(house: House) -> None:
    first = await house.client.get(ILLP)
    async with opened(house.settings) as restarted:
        second = await restarted.client.get(ILLP)
    assert (second.content, second.headers["etag"]) == (first.content, first.headers["etag"])


async def test_last_modified_is_when_the_programme_was_last_released(house: House) -> None:
    first = await house.client.get(WI)
    await house.edit("welcome", PUBLISHED_AT + timedelta(days=1), title="Welcome to all")
    second = await house.client.get(WI)
    assert first.headers["last-modified"] == "Mon, 03 May 2021 09:00:00 GMT"
    assert second.headers["last-modified"] == "Tue, 04 May 2021 09:00:00 GMT"
