"""The programme's page: a part of it by an address, and where one is in it."""

import re

import pytest
from httpx2 import AsyncClient

PROGRAMME = "/events/wi-test/programme"


def titles(page: str) -> list[str]:
    return re.findall(r'class="session__title">(?:<svg.*?</svg>)?<a [^>]+>([^<]+)<', page)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["Opening keynote", "Hands-on workshop"]),
        ("?type=workshop", ["Hands-on workshop"]),
        ("?type=&day=2021-06-25", ["Opening keynote", "Hands-on workshop"]),
        ("?day=2021-06-26", []),
        ("?type=no-such-type", []),
        ("?unknown=word", ["Opening keynote", "Hands-on workshop"]),
    ],
)
async def test_an_address_asks_for_a_part_of_the_programme(browser: AsyncClient, query: str, shown: list[str]) -> None:
    assert titles((await browser.get(PROGRAMME + query)).text) == shown


async def test_each_part_is_a_link_that_keeps_the_zone(browser: AsyncClient) -> None:
    page = (await browser.get(f"{PROGRAMME}?zone=Asia/Dubai&type=keynote")).text
    pills = re.findall(
        r'<a href="([^"]+)"( aria-current="true")?>([^<]+)</a></li>', page.partition('class="narrow"')[2].partition("</details>")[0]
    )
    assert pills == [
        (f"{PROGRAMME}?zone=Asia%2FDubai", "", "All"),
        (f"{PROGRAMME}?zone=Asia%2FDubai&amp;type=keynote", ' aria-current="true"', "Keynote"),
        (f"{PROGRAMME}?zone=Asia%2FDubai&amp;type=workshop", "", "Workshop"),
    ]


async def test_five_minutes_before_the_day_begins_the_reader_is_at_its_first_session(browser: AsyncClient) -> None:
    page = (await browser.get(PROGRAMME)).text
    here = page.partition('id="now"')[2].partition("</li>\n")[0]
    assert (titles(here)[:1], "In 5 minutes" in here) == (["Opening keynote"], True)
