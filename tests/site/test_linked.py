"""What machines read on our pages: the same identities and instants as in the calendar."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from conference.web.data_block import data_block
from tests.calendars.cast import JUNE, PUBLISHED_AT, House, read_alike
from tests.calendars.cast import WI as FEED
from tests.ics.cast import spelled
from tests.site.cast import linked_in, text_of

SCHEMA = "https://schema.org/"
EVENT, PROGRAMME, ILLP = "/events/wi-2021", "/events/wi-2021/programme", "/events/illp-2025"
SESSIONS = "/events/wi-2021/sessions"


def instant(words: str) -> str:
    return spelled(datetime.fromisoformat(words))


@pytest.mark.parametrize(
    ("page", "feed"), [(EVENT, FEED), (PROGRAMME, FEED), ("/events/illp-2025/programme", "/events/illp-2025/programme.ics")]
)
async def test_page_and_calendar_have_the_same_sessions_at_the_same_instants(house: House, page: str, feed: str) -> None:
    linked = linked_in(await text_of(house.client, page))
    in_page = {each["identifier"]: (each["name"], instant(each["startDate"]), instant(each["endDate"])) for each in linked["subEvent"]}
    sessions = {
        read.uid: (read.summary, read.starts, read.ends)
        for read in read_alike(await house.feed(feed)).values()
        if "/sessions/" in read.description
    }
    assert in_page == sessions
    assert len(in_page) >= 16


async def test_instants_are_said_with_the_offset_of_the_place(house: House) -> None:
    linked = linked_in(await text_of(house.client, f"{SESSIONS}/welcome?zone=Asia/Tokyo"))
    assert (linked["startDate"], linked["endDate"]) == ("2021-06-25T10:00:00+01:00", "2021-06-25T10:15:00+01:00")


async def test_online_one_joins_at_the_stage(house: House) -> None:
    linked = linked_in(await text_of(house.client, f"{SESSIONS}/welcome"))
    page = f"{house.settings.base_url}{SESSIONS}/welcome"
    assert linked["location"] == {"@type": "VirtualLocation", "url": f"{page}/stage"}
    assert (linked["eventAttendanceMode"], linked["eventStatus"]) == (SCHEMA + "OnlineEventAttendanceMode", SCHEMA + "EventScheduled")
    assert (linked["@id"], linked["superEvent"]["@id"]) == (page, f"{house.settings.base_url}{EVENT}")
    assert [person["name"] for person in linked["performer"]] == ["Rabeea Arif"]


async def test_in_person_one_goes_to_a_place_on_the_map(house: House) -> None:
    linked = linked_in(await text_of(house.client, "/events/illp-2025"))
    assert linked["eventAttendanceMode"] == SCHEMA + "OfflineEventAttendanceMode"
    assert [(place["@type"], place["name"], sorted(place["geo"])) for place in linked["location"]] == [
        ("Place", "British Library, Boston Spa, Yorkshire", ["@type", "latitude", "longitude"]),
        ("Place", "The British Library, London", ["@type", "latitude", "longitude"]),
    ]


async def test_a_moved_session_is_rescheduled_and_a_cancelled_one_cancelled(house: House) -> None:
    start = (await house.session("welcome")).session.starts_at
    await house.edit("welcome", JUNE, starts_at=start - timedelta(minutes=-5))
    moved = linked_in(await text_of(house.client, f"{SESSIONS}/welcome"))
    assert (moved["eventStatus"], moved["startDate"], moved["previousStartDate"]) == (
        SCHEMA + "EventRescheduled",
        "2021-06-25T10:05:00+01:00",
        ["2021-06-25T10:00:00+01:00"],
    )
    await house.edit("welcome", JUNE, starts_at=start)
    back = linked_in(await text_of(house.client, f"{SESSIONS}/welcome"))
    assert (back["eventStatus"], back["previousStartDate"]) == (SCHEMA + "EventRescheduled", ["2021-06-25T10:05:00+01:00"])
    await house.cancel("welcome", "Illness.", JUNE)
    gone = linked_in(await text_of(house.client, f"{SESSIONS}/welcome"))
    assert (gone["eventStatus"], gone["identifier"]) == (SCHEMA + "EventCancelled", moved["identifier"])


async def test_somebody_who_speaks_is_linked_to_what_they_speak_at(house: House) -> None:
    linked = linked_in(await text_of(house.client, "/events/wi-2021/speakers/eman-bushulaibi"))
    assert (linked["@type"], linked["name"], [each["name"] for each in linked["performerIn"]]) == (
        "Person",
        "Eman Bushulaibi",
        ["Keynote: Eman Bushulaibi, Sharjah Public Libraries"],
    )


async def test_a_break_is_no_event(house: House) -> None:
    assert "ld+json" not in await text_of(house.client, f"{SESSIONS}/morning-break")


HOSTILE = "</script><script>alert(1)</script><!-- ]]> & ' \" \\ \u2028"


async def test_no_title_can_end_the_block_that_it_stands_in(house: House) -> None:
    await house.edit("welcome", PUBLISHED_AT, title=HOSTILE, abstract=HOSTILE)
    page = await text_of(house.client, f"{SESSIONS}/welcome")
    linked = linked_in(page)
    assert (linked["name"], linked["description"]) == (HOSTILE, HOSTILE)
    assert "<script>alert" not in page


@pytest.mark.parametrize("value", [HOSTILE, {"<!--": ["-->", "</SCRIPT >"]}, "\u2029<\u2028>", "Ångström – “ŋ” 图书馆"])
def test_what_was_said_is_read_again_and_nothing_in_it_is_markup(value: Any) -> None:
    block = data_block(value)
    assert (json.loads(block), [sign for sign in "<>&" if sign in block]) == (value, [])


@pytest.mark.parametrize("page", [EVENT, f"{PROGRAMME}?type=workshop", f"{SESSIONS}/welcome", "/events/wi-2021/speakers/eman-bushulaibi"])
async def test_every_other_form_that_a_page_names_is_there_in_the_form_that_it_names(house: House, page: str) -> None:
    links = re.findall(r'<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)">', await text_of(house.client, page))
    kinds = ["text/calendar", "text/xml", "application/json", "application/atom+xml", "application/feed+json"]
    assert [kind for kind, _ in links] == kinds
    for kind, path in links:
        answer = await house.client.get(path)
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, kind)
