"""Seats as calendar invitations: asked, moved, taken back, and answered."""

from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from icalendar import Calendar
from sqlmodel import select

from conference.correspondence.returned import read_mailbox
from conference.mail.outbox import send_waiting
from conference.mail.tables import CalendarInvitation, Wish
from conference.mail.wishes import choose
from conference.programme.tables import Session
from conference.registration.queries import booking_of
from conference.registration.seats import give_up_seat
from conference.settings import Settings
from conference.web.render import environment
from tests.correspondence.cast import EARLY, HOUR, NOW, Month
from tests.mail.post_office import PostOffice, part_of


async def wish(month: Month) -> None:
    async with month.database.writing() as db:
        await choose(db, month.delegate.id, month.world.event.id, Wish.invitation, True, NOW)


async def calendars(month: Month, settings: Settings, office: PostOffice) -> list[Any]:
    """What has come since the last look: METHOD, SEQUENCE, STATUS and start; both methods agree, and it is addressed to one."""
    await send_waiting(month.database, settings, environment(), NOW + timedelta(seconds=1))
    found = []
    for to, letter in office.letters:
        for part in letter.walk():
            if part.get_content_type() == "text/calendar":
                calendar: Any = Calendar.from_ical(part_of(letter, "calendar"))
                [event] = calendar.walk("VEVENT")
                assert part.get_param("method") == str(calendar["METHOD"])
                assert str(event["ATTENDEE"]) == f"mailto:{to}"
                assert str(event["ORGANIZER"]).startswith("mailto:bounces+r")
                found.append((str(calendar["METHOD"]), event["SEQUENCE"], str(event["STATUS"]), event["DTSTART"].dt, str(event["UID"])))
    office.letters.clear()
    return found


async def test_a_seat_comes_with_its_invitation_moves_with_it_and_goes(month: Month, by_smtp: Settings, post_office: PostOffice) -> None:
    await wish(month)
    await month.book()
    starts, uid = month.world.workshop.starts_at, f"{month.world.workshop.id}@{by_smtp.uid_domain}"
    assert await month.tick(EARLY) == 0  # the confirmation itself carries it
    assert await calendars(month, by_smtp, post_office) == [("REQUEST", 0, "CONFIRMED", starts, uid)]
    async with month.database.writing() as db:
        session = (await db.exec(select(Session).where(Session.id == month.world.workshop.id))).one()
        session.starts_at, session.ends_at, session.sequence, session.modified_at = starts + HOUR, starts + 2 * HOUR, 1, EARLY
    assert await month.tick(EARLY + timedelta(minutes=1)) == 0  # the next release may join it
    assert [await month.tick(EARLY + timedelta(minutes=4)), await month.tick(EARLY + timedelta(minutes=5))] == [1, 0]
    assert await calendars(month, by_smtp, post_office) == [("REQUEST", 1, "CONFIRMED", starts + HOUR, uid)]
    async with month.database.writing() as db:
        await give_up_seat(db, month.world.event, month.world.workshop, month.delegate, EARLY + HOUR, NOW)
    assert [await month.tick(EARLY + HOUR), await month.tick(EARLY + HOUR)] == [1, 0]
    assert await calendars(month, by_smtp, post_office) == [("CANCEL", 2, "CANCELLED", starts + HOUR, uid)]


async def test_nobody_gets_invitations_unasked_and_who_asks_later_gets_those_of_seats_held(
    month: Month, by_smtp: Settings, post_office: PostOffice
) -> None:
    await month.book()
    assert (await month.tick(EARLY), await calendars(month, by_smtp, post_office)) == (0, [])
    await wish(month)
    assert await month.tick(EARLY) == 1
    assert [found[:2] for found in await calendars(month, by_smtp, post_office)] == [("REQUEST", 0)]


async def test_a_calendar_s_answer_is_noted_once_and_declining_asks_but_takes_no_seat(
    month: Month, by_smtp: Settings, post_office: PostOffice, tmp_path: Path
) -> None:
    await wish(month)
    await month.book()
    await send_waiting(month.database, by_smtp, environment(), NOW)
    [asked] = [letter for _, letter in post_office.letters if letter["Subject"].startswith("Your seat")]
    for number, answer in enumerate(("ACCEPTED", "DECLINED")):
        (tmp_path / f"{number}.eml").write_bytes(reply_to(asked, answer))
    (tmp_path / "forged.eml").write_bytes(reply_to(asked, "DECLINED", organiser="bounces+r" + "a" * 34 + "@events.example"))
    (tmp_path / "rubbish.eml").write_bytes(b"To: nobody\n\nBEGIN:VCALENDAR")
    counted = await read_mailbox(month.database, by_smtp, tmp_path, EARLY, NOW)
    assert counted == {"reply": 2, "unknown": 2}
    assert (await read_mailbox(month.database, by_smtp, tmp_path, EARLY, NOW))["known"] == 2
    async with month.database.reading() as db:
        invitation = (await db.exec(select(CalendarInvitation))).one()
        assert invitation.answer == "declined"
        assert await booking_of(db, month.delegate.id, month.world.workshop.id) is not None
    [question] = await month.written("seat_declined")
    assert (question.to_address, question.facts["session"]) == ("delegate@demo.example", "Hands-on workshop")


def reply_to(asked: EmailMessage, answer: str, *, organiser: str = "") -> bytes:
    """As a calendar program answers: METHOD:REPLY to the organiser's address."""
    calendar: Any = Calendar.from_ical(part_of(asked, "calendar"))
    [event] = calendar.walk("VEVENT")
    to = organiser or str(event["ORGANIZER"]).removeprefix("mailto:")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//A calendar//EN", "METHOD:REPLY", "BEGIN:VEVENT", f"UID:{event['UID']}"]
    lines += ["DTSTAMP:20260101T000000Z", f"SEQUENCE:{event['SEQUENCE']}", f"ORGANIZER:mailto:{to}"]
    lines += [f"ATTENDEE;PARTSTAT={answer}:mailto:delegate@demo.example", "END:VEVENT", "END:VCALENDAR", ""]
    message = EmailMessage(policy=default)
    message["From"], message["To"], message["Subject"] = "delegate@demo.example", to, f"{answer}: {event['SUMMARY']}"
    message.set_content("Delegate has answered.")
    message.add_alternative("\r\n".join(lines), subtype="calendar", params={"method": "REPLY"})
    return message.as_bytes()
