"""What calendar apps get over HTTP when they ask, and ask again."""

from datetime import UTC, datetime

import pytest
from httpx2 import AsyncClient

from conference.calendars.freshness import has_it
from tests.calendars.cast import JUNE, WI, House, questions_to, tag_of
from tests.servers import serving

MODIFIED = datetime(2021, 5, 3, 9, 0, tzinfo=UTC)
ON_THAT_DATE = "Mon, 03 May 2021 09:00:00 GMT"


async def test_a_poll_without_news_asks_the_database_nothing_and_gets_no_feed(house: House) -> None:
    first = await house.client.get(WI)
    with questions_to(house.database) as asked:
        second = await house.client.get(WI, headers=tag_of(first))
    assert (second.status_code, second.content, len(asked)) == (304, b"", 0)
    assert (second.headers["etag"], second.headers["cache-control"], second.headers["vary"]) == (
        first.headers["etag"],
        first.headers["cache-control"],
        first.headers["vary"],
    )


async def test_whoever_asks_without_a_tag_is_served_from_memory(house: House) -> None:
    first = await house.client.get(WI)
    with questions_to(house.database) as asked:
        second = await house.client.get(WI)
    assert (second.content, len(asked)) == (first.content, 0)


async def test_a_poll_after_an_edit_gets_the_new_feed(house: House) -> None:
    first = await house.client.get(WI)
    await house.edit("welcome", JUNE, title="Welcome to all")
    second = await house.client.get(WI, headers=tag_of(first))
    assert (second.status_code, second.headers["etag"] == first.headers["etag"]) == (200, False)
    assert b"SUMMARY:Welcome to all" in second.content


@pytest.mark.parametrize(
    ("tags", "since", "answer"),
    [
        (None, None, False),
        ('W/"a"', None, True),
        ('"a"', None, True),
        ('"x", W/"y,z" , W/"a"', None, True),
        ("*", None, True),
        ('W/"b"', None, False),
        ("a", None, False),
        ("", None, False),
        ('W/"b"', ON_THAT_DATE, False),
        ('W/"a"', "Mon, 03 May 2010 09:00:00 GMT", True),
        (None, ON_THAT_DATE, True),
        (None, "Mon, 03 May 2010 09:00:00 GMT", False),
        (None, "Mon, 03 May 2032 09:00:00 GMT", False),
        (None, "yesterday", False),
    ],
)
def test_a_tag_wins_over_a_date_and_only_the_very_date_counts(tags: str | None, since: str | None, answer: bool) -> None:
    assert has_it('W/"a"', MODIFIED, if_none_match=tags, if_modified_since=since) is answer


async def test_the_headers_of_an_open_feed(house: House) -> None:
    answer = await house.client.get(WI, headers={"Accept": "text/html", "Cookie": "flash=hello"})
    expected = {
        "content-type": "text/calendar; charset=utf-8",
        "cache-control": "public, no-cache",
        "content-disposition": 'inline; filename="wi-2021.ics"',
        "last-modified": ON_THAT_DATE,
        "vary": "Accept-Encoding",
    }
    assert {name: answer.headers.get(name) for name in expected} == expected
    assert [name for name in ("set-cookie", "x-robots-tag") if name in answer.headers] == []


async def test_an_unknown_event_and_a_wrong_method_are_said_in_plain_words(house: House) -> None:
    unknown = await house.client.get("/events/nothing/programme.ics")
    written = await house.client.put(WI)
    assert (unknown.status_code, unknown.text) == (404, "There is no event at this address.\n")
    assert (written.status_code, written.headers["allow"]) == (405, "GET, HEAD")


async def test_over_a_socket_head_has_no_body_and_compression_keeps_the_tag(house: House) -> None:
    async with serving(house.settings) as address, AsyncClient(base_url=address) as client:
        plain = await client.get(WI, headers={"Accept-Encoding": "identity"})
        small = await client.get(WI, headers={"Accept-Encoding": "gzip"})
        again = await client.get(WI, headers={"Accept-Encoding": "gzip", **tag_of(small)})
        head = await client.head(WI, headers={"Accept-Encoding": "identity"})
    assert (small.headers["content-encoding"], small.content) == ("gzip", plain.content)
    assert int(small.headers["content-length"]) < len(plain.content) // 4
    assert small.headers["etag"] == plain.headers["etag"]
    assert again.status_code == 304
    assert (head.status_code, head.content, int(head.headers["content-length"])) == (200, b"", len(plain.content))
