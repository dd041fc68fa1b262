"""The same on each kind of database: reminders, a mail to many, a calendar, and the outbox."""

from datetime import timedelta

from sqlmodel import select

from conference.correspondence.circulars import approve_circular, draft_circular
from conference.mail.outbox import send_waiting
from conference.mail.tables import MailState, QueuedMail, Wish
from conference.mail.wishes import choose
from conference.settings import Settings
from conference.storage.database import Database
from conference.web.render import environment
from tests.correspondence.cast import DAY, EARLY, NOW, make_month
from tests.world import TEN_IN_LONDON


async def test_what_the_clock_causes_is_written_and_sent_on_either(database: Database, settings: Settings) -> None:
    month = await make_month(database)
    await month.book()
    async with database.writing() as db:
        await choose(db, month.delegate.id, month.world.event.id, Wish.invitation, True, NOW)
        told = await draft_circular(db, month.world.event, "News", "Come.", "seated", NOW, by=month.organiser.id)
        await approve_circular(db, told, EARLY, NOW, rehearsed=False, by=month.organiser.id)
    assert [await month.tick(TEN_IN_LONDON - DAY), await month.tick(TEN_IN_LONDON - DAY)] == [3, 0]
    await send_waiting(database, settings, environment(), NOW + timedelta(seconds=1))
    async with database.reading() as db:
        mails = (await db.exec(select(QueuedMail))).all()
    sent = {"registration_confirmed", "seat_booked", "reminder", "circular", "seat_calendar"}
    assert {mail.template: mail.state for mail in mails} == dict.fromkeys(sent, MailState.sent)
