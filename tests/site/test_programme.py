"""The programme's page: all of it, and where one is in it."""

import re

from httpx2 import AsyncClient

PROGRAMME = "/events/wi-test/programme"


def titles(page: str) -> list[str]:
    return re.findall(r'class="session__title">(?:<svg.*?</svg>)?<a [^>]+>([^<]+)<', page)


async def test_the_programme_has_every_session_in_order(browser: AsyncClient) -> None:
    assert titles((await browser.get(PROGRAMME)).text) == ["Opening keynote", "Hands-on workshop"]


async def test_five_minutes_before_the_day_begins_the_reader_is_at_its_first_session(browser: AsyncClient) -> None:
    page = (await browser.get(PROGRAMME)).text
    here = page.partition('id="now"')[2].partition("</li>\n")[0]
    assert (titles(here)[:1], "In 5 minutes" in here) == (["Opening keynote"], True)
