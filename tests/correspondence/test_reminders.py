"""Reminders: a week, a day, an hour before, once each, to whom they make sense."""

from datetime import timedelta

from sqlmodel import select

from conference.mail.tables import MailState
from conference.programme.tables import Event, Session
from conference.registration.actions import cancel_registration
from conference.storage.database import Database
from tests.correspondence.cast import DAY, EARLY, HOUR, NOW, WEEK, Month, make_month
from tests.world import TEN_IN_LONDON

BEGINS = TEN_IN_LONDON
WORKSHOP = BEGINS + HOUR
MINUTE = timedelta(minutes=1)


async def leads(month: Month) -> list[tuple[str, list[str], bool]]:
    """What was written: how long before, of which seats, and whether of the event."""
    mails = await month.written("reminder")
    return [(mail.facts["lead"], [one["title"] for one in mail.facts["sessions"]], "starts_at" in mail.facts) for mail in mails]


async def test_each_reminder_is_written_at_its_moment_and_once(month: Month) -> None:
    await month.book()
    seat = ["Hands-on workshop"]
    for before, expected in ((WEEK, 1), (DAY, 2), (HOUR, 3)):
        assert await month.tick(BEGINS - before - MINUTE) == 0
        assert [await month.tick(BEGINS - before + late) for late in (timedelta(), MINUTE, MINUTE)] == [1, 0, 0]
        assert len(await leads(month)) == expected
    assert await leads(month) == [("week", seat, True), ("day", seat, True), ("hour", seat, True)]
    assert await month.tick(WORKSHOP - HOUR + MINUTE) == 0  # the seat that follows was in the event's own


async def test_a_jump_of_the_clock_sends_nothing_of_what_it_jumped_over(month: Month) -> None:
    assert await month.tick(BEGINS - WEEK + timedelta(hours=12)) == 0
    assert await month.tick(BEGINS - DAY + timedelta(hours=3)) == 0
    assert await month.tick(BEGINS - HOUR + timedelta(minutes=20)) == 0
    assert await month.tick(BEGINS - WEEK) == 1  # back again: it is due, and was not written yet


async def test_what_a_rehearsal_wrote_stays_in_the_house_and_the_real_one_follows(month: Month) -> None:
    assert await month.tick(BEGINS - DAY, rehearsed=True) == 1
    assert await month.tick(BEGINS - DAY, rehearsed=True) == 0
    assert await month.tick(BEGINS - DAY) == 1
    assert [mail.rehearsed for mail in await month.written("reminder")] == [True, False]


async def test_who_came_late_has_just_read_it(sqlite: Database) -> None:
    month = await make_month(sqlite, registered_at=BEGINS - WEEK - timedelta(hours=23))
    assert await month.tick(BEGINS - WEEK) == 0
    assert await month.tick(BEGINS - DAY) == 1


async def test_a_seat_alone_is_reminded_of_and_follows_its_session(month: Month, sqlite: Database) -> None:
    await month.book()
    async with sqlite.writing() as db:
        workshop = (await db.exec(select(Session).where(Session.id == month.world.workshop.id))).one()
        workshop.starts_at, workshop.ends_at = BEGINS + 4 * HOUR, BEGINS + 5 * HOUR
    assert await month.tick(BEGINS + 3 * HOUR) == 1
    async with sqlite.writing() as db:
        workshop = (await db.exec(select(Session).where(Session.id == month.world.workshop.id))).one()
        workshop.starts_at, workshop.ends_at = BEGINS + 6 * HOUR, BEGINS + 7 * HOUR
    assert [await month.tick(BEGINS + 3 * HOUR + MINUTE), await month.tick(BEGINS + 5 * HOUR)] == [0, 1]
    assert await leads(month) == [("hour", ["Hands-on workshop"], False)] * 2


async def test_a_cancelled_session_and_a_cancelled_place_remind_nobody(month: Month, sqlite: Database) -> None:
    await month.book()
    async with sqlite.writing() as db:
        workshop = (await db.exec(select(Session).where(Session.id == month.world.workshop.id))).one()
        workshop.starts_at, workshop.ends_at, workshop.cancelled_at = BEGINS + 4 * HOUR, BEGINS + 5 * HOUR, EARLY
    assert await month.tick(BEGINS + 3 * HOUR) == 0
    assert await month.tick(BEGINS - DAY) == 1
    async with sqlite.writing() as db:
        event = (await db.exec(select(Event))).one()
        await cancel_registration(db, event, month.delegate, BEGINS - DAY, NOW)
    assert [mail.state for mail in await month.written("reminder")] == [MailState.stopped]  # it had not left yet
    assert await month.tick(BEGINS - HOUR) == 0
