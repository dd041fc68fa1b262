"""The programme's page: all of it, the part that somebody asks for, and where one is in it."""

import re
from html import unescape

import pytest
from httpx2 import AsyncClient

from tests.calendars.cast import House
from tests.site.cast import text_of, titles

PROGRAMME = "/events/wi-test/programme"
WI, ILLP = "/events/wi-2021/programme", "/events/illp-2025/programme"
WORKSHOPS = ["Workshop: Fundraising for international projects", "Workshop: How to initiate successful international partnerships"]


def state(page: str) -> tuple[str, list[str], str]:
    """What the page says about itself: how much is shown, what is chosen, and where the same is as a calendar."""
    count = re.search(r'id="shown">([^<]+)<', page)
    chips = re.findall(r'class="chip" href="[^"]+"><span class="unseen">Take away: </span>([^<]+)<', page)
    feed = re.search(r'class="reach narrowing__feed" href="([^"]+)"', page)
    assert count
    assert feed
    return count[1], chips, unescape(feed[1])


async def test_the_programme_has_every_session_in_order(browser: AsyncClient) -> None:
    assert titles((await browser.get(PROGRAMME)).text) == ["Opening keynote", "Hands-on workshop"]


async def test_five_minutes_before_the_day_begins_the_reader_is_at_its_first_session(browser: AsyncClient) -> None:
    page = (await browser.get(PROGRAMME)).text
    here = page.partition('id="now"')[2].partition("</li>\n")[0]
    assert (titles(here)[:1], "In 5 minutes" in here) == (["Opening keynote"], True)


async def test_whoever_asks_for_workshops_sees_them_alone_and_can_subscribe_to_exactly_them(house: House) -> None:
    page = await text_of(house.client, f"{WI}?type=workshop")
    assert titles(page) == WORKSHOPS
    assert state(page) == ("2 of 16 sessions", ["Workshop"], "/events/wi-2021/subscribe?type=workshop")
    assert (
        'type="text/calendar" title="Working Internationally for Libraries 2021" href="/events/wi-2021/programme.ics?type=workshop"' in page
    )


async def test_without_a_choice_all_is_shown(house: House) -> None:
    assert state(await text_of(house.client, WI)) == ("All 16 sessions", [], "/events/wi-2021/subscribe")


async def test_each_chip_leads_to_the_same_without_it_and_the_zone_stays(house: House) -> None:
    page = await text_of(house.client, f"{WI}?zone=Asia/Tokyo&type=workshop&track=building-bridges&type=panel")
    leads = [unescape(path) for path in re.findall(r'class="chip" href="([^"]+)"', page)]
    assert leads == [
        f"{WI}?type=panel&type=workshop&zone=Asia/Tokyo",
        f"{WI}?track=building-bridges&type=workshop&zone=Asia/Tokyo",
        f"{WI}?track=building-bridges&type=panel&zone=Asia/Tokyo",
    ]
    assert '<input type="hidden" name="zone" value="Asia/Tokyo">' in page


async def test_a_day_and_a_place_together_leave_what_is_both(house: House) -> None:
    both = await text_of(house.client, f"{ILLP}?day=2025-07-11&venue=british-library-boston-spa")
    assert titles(both) == [
        "Visit: collection management",
        "Lunch",
        "Visit: digital preservation",
        "Refreshments",
        "Journey back to London",
    ]
    assert state(both)[:2] == ("3 of 22 sessions", ["Fri 11 July", "British Library, Boston Spa, Yorkshire"])


async def test_where_nothing_fits_the_page_says_so_and_leads_on(house: House) -> None:
    page = await text_of(house.client, f"{WI}?type=keynote&track=building-bridges")
    assert (titles(page), "Nothing fits that" in page, f'href="{WI}">Show all' in page) == ([], True, True)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("track=gardening", "Working Internationally for Libraries 2021 has no track “gardening”."),
        ("day=2021-06-26", "Sat 26 June 2021 is not a day of Working Internationally for Libraries 2021."),
        ("day=friday", "“friday” is not a day: write it as 2021-06-25."),
    ],
)
async def test_what_means_nothing_here_is_answered_with_a_sentence_and_the_way_back(house: House, asked: str, sentence: str) -> None:
    answer = await house.client.get(f"{WI}?{asked}")
    assert (answer.status_code, sentence in unescape(answer.text), titles(answer.text)) == (422, True, [])
    assert f'href="{WI}">Show all' in answer.text


async def test_whoever_is_signed_in_puts_a_star_on_a_session_where_it_is_listed(house: House) -> None:
    await house.sign_in(await house.delegate("Ada"))
    await house.client.post("/events/wi-2021/sessions/welcome/star", data={"next": WI})
    page = await text_of(house.client, WI)
    assert re.findall(r'action="([^"]+/star/removal)"', page) == ["/events/wi-2021/sessions/welcome/star/removal"]
    assert len(re.findall(r'action="[^"]+/star"', page)) == 15
    house.client.cookies.clear()
    assert "/star" not in await text_of(house.client, WI)
