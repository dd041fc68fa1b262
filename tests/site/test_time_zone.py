"""Whose clock a page shows: asked for, chosen, told by the browser, or the event's."""

import re

import pytest
from httpx2 import AsyncClient

PROGRAMME = "/events/wi-test/programme"


async def clock_on(browser: AsyncClient, path: str = PROGRAMME) -> str:
    """The first session's time as the page says it: the clock that comes first."""
    page = (await browser.get(path)).text
    read = re.search(r'class="when__times">([^<]+)</span>.*?class="when__zone">([^<]+)<', page, re.DOTALL)
    assert read
    return f"{read[1]} {read[2]}"


async def test_a_stranger_reads_the_events_clock(browser: AsyncClient) -> None:
    assert await clock_on(browser) == "10:00–11:00 in London (BST, UTC+1)"


@pytest.mark.parametrize("typed", ["Asia/Kolkata", "kolkata", "Asia/Calcutta"])
async def test_a_chosen_zone_is_kept_on_the_device_by_todays_name(browser: AsyncClient, typed: str) -> None:
    answer = await browser.post("/time-zone", data={"zone": typed, "next": f"{PROGRAMME}?zone=Asia/Tokyo&type=keynote"})
    assert (str(answer.url.raw_path, "ascii"), "Times are now shown for Kolkata." in answer.text) == (f"{PROGRAMME}?type=keynote", True)
    assert await clock_on(browser) == "14:30–15:30 your time (IST, UTC+5:30)"


async def test_a_browser_with_an_old_name_is_understood(browser: AsyncClient) -> None:
    browser.cookies.set("browser_zone", "Asia/Katmandu")
    assert await clock_on(browser) == "14:45–15:45 your time (UTC+5:45)"


async def test_an_address_that_names_a_zone_wins_and_one_that_names_none_is_passed_over(browser: AsyncClient) -> None:
    browser.cookies.set("browser_zone", "Africa/Nairobi")
    assert await clock_on(browser, f"{PROGRAMME}?zone=Asia/Dubai") == "13:00–14:00 your time (UTC+4)"
    assert await clock_on(browser, f"{PROGRAMME}?zone=Middle/Earth") == "12:00–13:00 your time (EAT, UTC+3)"


async def test_a_choice_can_be_taken_back(browser: AsyncClient) -> None:
    browser.cookies.set("browser_zone", "Africa/Nairobi")
    await browser.post("/time-zone", data={"zone": "Asia/Dubai"})
    await browser.post("/time-zone", data={"zone": ""})
    assert await clock_on(browser) == "12:00–13:00 your time (EAT, UTC+3)"


async def test_a_zone_that_does_not_exist_brings_the_whole_list_and_the_way_back(browser: AsyncClient) -> None:
    answer = await browser.post("/time-zone", data={"zone": "Atlantis", "next": PROGRAMME})
    assert answer.status_code == 422
    assert re.findall(r'<a href="#zone">([^<]+)</a>', answer.text) == [
        "“Atlantis” is not a time zone we know. Choose one from the list, such as Africa/Nairobi."
    ]
    main = answer.text.partition("<main")[2]
    assert f'<input type="hidden" name="next" value="{PROGRAMME}">' in main
    assert '<option value="Africa/Nairobi">Nairobi (EAT, UTC+3)</option>' in main


async def test_the_list_is_the_same_with_and_without_a_script(browser: AsyncClient) -> None:
    page = (await browser.get("/time-zone")).text
    assert sorted(re.findall(r'<option value="([^"]+)"', page)) == sorted((await browser.get("/time-zone/names")).json())


async def test_in_the_answer_to_a_form_the_head_leads_back_to_the_page_that_had_it(browser: AsyncClient) -> None:
    answer = await browser.post("/time-zone", data={"zone": "Atlantis"}, headers={"Referer": str(browser.base_url.join(PROGRAMME))})
    assert f'name="next" value="{PROGRAMME}"' in answer.text.partition("<main")[0]
