"""Calendars of a part of the programme: a track, a session, a speaker, whatever a filter says."""

from datetime import UTC, datetime

import pytest

from tests.calendars.cast import ILLP, WI, House, event_lines, questions_to, tag_of
from tests.calendars.organiser import Organiser
from tests.ics.cast import lines_of
from tests.ics.readers import instants_by_ical

TRACK = "/events/wi-2021/tracks/plenary.ics"


async def titles(house: House, path: str) -> list[str]:
    return [event.summary for event in instants_by_ical(await house.feed(path))]


async def test_each_kind_of_part_has_its_sessions_and_no_others(house: House) -> None:
    assert await titles(house, "/events/wi-2021/sessions/welcome.ics") == ["Welcome"]
    assert await titles(house, "/events/wi-2021/speakers/eman-bushulaibi.ics") == ["Keynote: Eman Bushulaibi, Sharjah Public Libraries"]
    keynotes, plenary = await titles(house, f"{WI}?type=keynote"), await titles(house, TRACK)
    assert (len(keynotes), len(plenary), set(keynotes) < set(plenary)) == (2, 6, True)
    assert await titles(house, f"{WI}?track=plenary&type=keynote&type=welcome") == ["Welcome", *keynotes]
    assert {event.starts[:10] for event in instants_by_ical(await house.feed(f"{ILLP}?day=2025-07-10&day=2025-07-16"))} == {
        "2025-07-10",
        "2025-07-16",
    }


async def test_words_in_another_order_are_the_same_feed_from_the_same_place_in_memory(house: House) -> None:
    first = await house.client.get(f"{WI}?track=plenary&type=keynote&utm_source=x")
    with questions_to(house.database) as asked:
        second = await house.client.get(f"{WI}?type=keynote&type=keynote&track=plenary", headers=tag_of(first))
    assert (second.status_code, len(asked)) == (304, 0)


async def test_a_part_says_what_it_is_of(house: House) -> None:
    lines = lines_of(await house.feed(f"{WI}?day=2021-06-25&type=workshop&type=panel"))
    assert "X-WR-CALNAME:Working Internationally for Libraries 2021: Fri 25 June\\, Panel or Workshop" in lines
    assert "URL:http://127.0.0.1:8000/events/wi-2021/programme?day=2021-06-25&type=panel&type=workshop" in lines
    feeds = [WI, TRACK, f"{WI}?type=keynote", "/events/wi-2021/sessions/welcome.ics", "/events/wi-2021/speakers/rabeea-arif.ics"]
    names = [next(line for line in lines_of(await house.feed(path)) if line.startswith("NAME:")) for path in feeds]
    assert len(set(names)) == len(feeds)


async def test_a_track_s_address_and_the_filter_by_it_are_one_calendar(house: House) -> None:
    assert await house.feed(TRACK) == await house.feed(f"{WI}?track=plenary")


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        (f"{WI}?day=tomorrow", 422, "“tomorrow” is not a day: write it as 2021-06-25."),
        (f"{WI}?day=2021-06-26", 422, "Sat 26 June 2021 is not a day of Working Internationally for Libraries 2021."),
        (f"{WI}?track=%00", 422, "Working Internationally for Libraries 2021 has no track “\x00”."),
        (f"{WI}?venue=boston-spa", 422, "Working Internationally for Libraries 2021 has no venue “boston-spa”."),
        (f"{WI}?" + "&".join(f"track=t{number}" for number in range(41)), 422, "That is too much at once: filter by at most 40 words."),
        ("/events/wi-2021/tracks/none.ics", 404, "There is no track at this address."),
        ("/events/wi-2021/sessions/none.ics", 404, "There is no session at this address."),
        ("/events/wi-2021/speakers/none.ics", 404, "There is no speaker at this address."),
        ("/events/none/tracks/plenary.ics", 404, "There is no event at this address."),
    ],
)
async def test_what_there_is_not_is_said_in_a_sentence(house: House, path: str, status: int, sentence: str) -> None:
    answer = await house.client.get(path)
    assert (answer.status_code, answer.text, answer.headers["content-type"]) == (status, f"{sentence}\n", "text/plain; charset=utf-8")


async def test_what_leaves_a_part_stays_in_it_as_an_entry_that_says_so(house: House) -> None:
    organiser = Organiser(house, "welcome")
    await organiser.do(organiser.change(track_id="collaboration"))
    lines = event_lines(await house.feed(TRACK), "No longer in this calendar: Welcome")
    assert (lines["STATUS"], lines["TRANSP"], lines["SEQUENCE"]) == ("CANCELLED", "TRANSPARENT", "1")
    assert lines["DESCRIPTION"].startswith(
        "This session takes place\\, but is no longer in the part of the programme that you subscribed to."
    )
    assert "Welcome" in await titles(house, "/events/wi-2021/tracks/collaboration.ics")


async def test_a_part_that_a_release_did_not_touch_is_the_same_to_the_byte_and_to_the_date(house: House) -> None:
    first = await house.client.get(TRACK)
    organiser = Organiser(house, "panel-collaboration")
    await organiser.do(organiser.change(starts_at=datetime(2021, 6, 25, 10, 20, tzinfo=UTC)))
    second = await house.client.get(TRACK)
    assert (second.content, second.headers["last-modified"]) == (first.content, first.headers["last-modified"])


async def test_the_subscribe_page_carries_the_filter_to_the_feed(house: House) -> None:
    page = (await house.client.get("/events/wi-2021/subscribe?type=workshop&track=collaboration")).text
    assert 'value="http://127.0.0.1:8000/events/wi-2021/programme.ics?track=collaboration&amp;type=workshop"' in page
    assert 'href="webcal://127.0.0.1:8000/events/wi-2021/programme.ics?track=collaboration&amp;type=workshop"' in page
    assert page.count("checked") == 2
    alone = (await house.client.get("/events/wi-2021/subscribe?session=welcome")).text
    assert 'value="http://127.0.0.1:8000/events/wi-2021/sessions/welcome.ics"' in alone
    code = await house.client.get("/events/wi-2021/subscribe.svg?session=welcome")
    assert (code.status_code, code.headers["content-type"]) == (200, "image/svg+xml")
    assert (await house.client.get("/events/wi-2021/subscribe?track=none")).status_code == 422
