"""Key dates as organisers write them: a deadline is a moment, a day a day; a sentence whose date cannot be right is shown beside it."""

from datetime import UTC, date, datetime

from conference.programme.key_dates import key_date_at
from conference.programme.tables import KeyDate
from tests.console.cast import MANAGE, Console, change, look, send

DATES = f"{MANAGE}/key-dates"
CLOSE = {"title": "Questions close", "day": "2021-06-24", "clock": "12:00", "words": "Noon GMT.", "in_feed": "yes", "illustrative": "no"}


async def saved(console: Console) -> KeyDate:
    async with console.database.reading() as db:
        return await key_date_at(db, console.world.event, "questions-close")


async def test_a_deadline_is_a_moment_and_its_words_are_read_with_care(console: Console) -> None:
    page = await send(console.organiser, DATES, CLOSE)
    assert (page.status, page.said) == (200, "“Questions close” is added, and shown.")
    assert "12:00 on Thursday 24 June 2021 (BST, UTC+1)" in page.words
    assert "London’s clock is BST (UTC+1), not GMT. 12:00 on London’s clock is 11:00 UTC; as GMT it is 12:00 UTC" in page.words
    one = await saved(console)
    assert (one.at, one.day, one.sequence) == (datetime(2021, 6, 24, 11, tzinfo=UTC), None, 0)
    assert "Questions close" in (await look(console.browsers["nobody"], "/events/wi-test")).words


async def test_a_new_moment_raises_its_sequence_and_new_words_do_not(console: Console) -> None:
    await send(console.organiser, DATES, CLOSE)
    here = f"{DATES}/questions-close"
    assert (await change(console.organiser, here, words="Ask before.")).said == "“Questions close” is saved, and shown."
    assert (await saved(console)).sequence == 0
    await change(console.organiser, here, clock="")
    one = await saved(console)
    assert (one.at, one.day, one.sequence) == (None, date(2021, 6, 24), 1)
    assert (await change(console.organiser, here)).said == "Nothing was changed."


async def test_another_title_of_the_event_is_news_of_its_dates_too(console: Console) -> None:
    await send(console.organiser, DATES, CLOSE)
    made = await saved(console)
    await change(console.organiser, f"{MANAGE}/details", about="Calendars do not say this.")
    assert (await saved(console)).modified_at == made.modified_at
    await change(console.organiser, f"{MANAGE}/details", title="A day for all")
    renamed = await saved(console)
    assert (renamed.modified_at > made.modified_at, renamed.sequence) == (True, 0)


async def test_mistakes_are_said_beside_their_fields(console: Console) -> None:
    page = await send(console.organiser, DATES, CLOSE | {"title": " ", "day": "soon", "clock": "noon"})
    assert (page.status, sorted(page.beside)) == (422, ["clock", "day", "title"])
    page = await send(console.organiser, DATES, CLOSE | {"day": "2021-03-28", "clock": "01:30"})
    assert page.beside["clock"].startswith("01:30 on Sunday 28 March 2021 does not happen in London")
