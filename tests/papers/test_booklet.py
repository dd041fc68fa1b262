"""The programme as a booklet: per day and place, in the event's time and the reader's, kept until the programme changes."""

import asyncio

from conference.papers.shelf import Shelf
from tests.papers.cast import PapersWeek, claims_ua, tags, words


async def test_the_booklet_says_where_one_is_on_each_day_and_what_is_free(papers: PapersWeek) -> None:
    nobody = papers.browser("nobody")
    answer = await nobody.get("/events/week/programme.pdf", params={"zone": "Pacific/Auckland"})
    assert answer.headers["content-type"] == "application/pdf"
    text = words(answer.content)
    for each in (
        "A week for leaders",
        "Wednesday 9 July 2025 – Wednesday 16 July 2025",
        "Times are those in London (BST, UTC+1); under them those in Auckland (NZST, UTC+12).",
        "Nothing is planned on Sat 12 July and Sun 13 July.",
        "A library",
        "A visit to the stacks",
        "Vision and strategy",
        "in Auckland",
    ):
        assert each in text, each
    assert claims_ua(answer.content)
    assert {"H1", "H2", "H3", "Table", "TH"} <= {kind for kind, _ in tags(answer.content)}
    assert "Auckland" not in words((await nobody.get("/events/week/programme.pdf")).content)
    assert (await nobody.get("/events/none/programme.pdf")).status_code == 404


async def test_a_booklet_is_made_once_however_many_ask_and_the_oldest_is_forgotten() -> None:
    shelf, made = Shelf(places=2), list[str]()

    async def ask(key: str) -> bytes:
        async def make() -> bytes:
            made.append(key)
            await asyncio.sleep(0)
            return key.encode()

        return await shelf.get(key, make)

    assert await asyncio.gather(*(ask("one") for _ in range(5))) == [b"one"] * 5
    await ask("two")
    await ask("one")
    await ask("three")
    assert [await ask("one"), await ask("two")] == [b"one", b"two"]
    assert made == ["one", "two", "three", "two"]
