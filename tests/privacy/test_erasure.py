"""A person does all that a person can do here, and is erased: what is left has their name nowhere."""

import logging

import pytest
from sqlalchemy import update
from sqlmodel import col, func, select

from conference.attendance.tables import CheckIn, DoorScan, StageTime
from conference.live.poll_tables import Poll
from conference.live.tables import Question
from conference.mail.tables import CalendarInvitation, MailChoice, Reminder, ReturnedMail
from conference.papers.tables import Invoice
from conference.people.tables import Person
from conference.record.tables import AuditEntry, IdempotencyKey
from conference.registration.form_tables import RegistrationAnswer, TermsAcceptance, WaitingForm
from conference.registration.handing_tables import GroupRegistration, Interest, PlaceInvitation
from conference.registration.queries import pool_of_session
from conference.registration.tables import Booking, HeldBack, PoolAct, PoolLine, WaitlistEntry
from conference.storage.database import Db
from conference.storage.row import Row
from tests.console.cast import look
from tests.privacy.applying import apply
from tests.privacy.around import GROUP, KEY, take_part_around, turns_of
from tests.privacy.cast import ADDRESS, PASSWORD, Traveller, come, in_files, in_tables, my_speaker, speak, take_part, talk_live
from tests.speaking.cast import EVENT, MANAGE, House

ERASURE, FORM = "/me/data/erasure", "application/x-www-form-urlencoded"
SHOWN_TO_ORGANISERS = (
    *("", "/registrations", "/roles", "/speaking", "/proposals", "/processing", "/releases", "/programme", "/desk", "/people"),
    "/sessions/opening-keynote/stage",
)
SHOWN_TO_ALL = (
    *("", "/programme", "/speakers", "/changes", "/changes.atom", "/changes.json", "/programme.ics", "/schedule.xml", "/schedule.json"),
    *("/sessions/opening-keynote", "/sessions/opening-keynote.ics", "/sessions/opening-keynote/stage"),
    *("/sessions/opening-keynote/stage/questions.csv", "/sessions/opening-keynote/stage/polls.csv"),
    *("/sessions/opening-keynote/stage/names", "/sessions/hands-on-workshop"),
)
EVERYWHERE = [f"{MANAGE}{path}" for path in SHOWN_TO_ORGANISERS] + [f"{EVENT}{path}" for path in SHOWN_TO_ALL]
EVERYWHERE += [f"/api/v1{EVENT}", f"/api/v1{EVENT}/sessions", f"/api/v1{EVENT}/speakers", "/demo/mail", "/manage", "/me", "/"]


THERE = {
    *("registration_answer", "waiting_form", "interest", "event_sender", "returned_mail", "waitlist_entry"),
    *("person", "registration", "mailed_link", "address_change", "queued_mail", "audit_entry", "api_token", "data_request"),
    *("question", "chat_message", "help_request", "silence", "stage_event", "green_room_note"),
    *("invoice", "issued_paper"),
    *("speaker", "speaker_profile", "speaker_invitation", "talk_proposal", "talk_resource"),
    *("submission", "submission_version", "submission_file", "submission_partner"),
}


async def on_pages(house: House) -> set[str]:
    """Addresses whose answer has the mark in it, for an organiser, who sees most."""
    answers = {path: await house.browsers["organiser"].get(path) for path in EVERYWHERE}
    return {path for path, answer in answers.items() if "xyzzyq" in (answer.text + str(answer.headers)).lower()}


async def test_who_is_erased_is_in_no_table_file_page_feed_mail_or_log(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    me = await come(house)
    await take_part(me)
    await talk_live(me)
    await speak(me)
    await take_part_around(me)
    await apply(me)
    await me.send_mails()
    person, speaker, data = await me.person(), await my_speaker(me), house.settings.data
    before = await in_tables(house.database)
    assert {each.partition(".")[0] for each in before} == THERE  # the search finds what is there
    assert any(each.endswith(".eml") for each in in_files(data))
    assert len(await on_pages(house)) >= 15
    assert len([file for file in (data / "uploads").rglob("*") if file.is_file()]) == 3
    cookie = {"Cookie": f"sign_in={me.browser.cookies['sign_in']}"}

    done = await me.post(ERASURE, words="stay", sure="yes", once=KEY)
    assert (done.status_code, done.headers["location"]) == (303, "/")
    form = f"words=stay&sure=yes&once={KEY}"
    twice = await house.browsers["invited"].post(ERASURE, content=form, headers=cookie | {"Content-Type": FORM})
    assert (twice.status_code, twice.headers["location"]) == (303, "/")  # a double click is told the same

    credited = f"{EVENT}/speakers/{speaker.slug}"
    # a published programme is its organisers' to correct, and whom an invoice was for stays in the accounts
    assert await in_tables(house.database) == {"speaker.name", "speaker.slug", "invoice.bill_to"}
    assert in_files(data) == {"conference.db"}
    assert "Xyzzyq" in (await house.browsers["delegate"].get(credited)).text
    assert [file for file in (data / "uploads").rglob("*") if file.is_file()] == []
    await _check_ways_in(me, cookie)
    await _check_counts(house, person)
    await _check_counts_around(me, person)

    asked = await look(house.browsers["organiser"], f"{MANAGE}/processing")
    removal = next(action for action in asked.forms if action.endswith("credit-removal"))
    assert (await me.post(removal, "organiser")).status_code == 303
    await me.send_mails()

    assert await in_tables(house.database) == {"invoice.bill_to"}
    async with house.database.writing() as db:  # but for the accounts
        await db.exec(update(Invoice).values(bill_to=""))
    await house.database.drop_old_pages()
    assert in_files(data) == set()
    assert await on_pages(house) == set()
    assert (await house.browsers["delegate"].get(credited)).status_code == 404
    assert "A speaker" in (await house.browsers["delegate"].get(f"{EVENT}/speakers")).text
    logged = [
        f"{record.name}: {record.getMessage()}" for record in caplog.records if not record.name.startswith("http")
    ]  # the browsers' own
    assert [line for line in logged if "xyzzyq" in line.lower()] == []


async def _check_ways_in(me: Traveller, cookie: dict[str, str]) -> None:
    """Every one is closed."""
    guest = me.house.browsers["invited"]
    assert (await guest.get("/me", headers=cookie)).headers["location"].startswith("/sign-in")
    assert (await guest.get(me.feed)).status_code == 404
    assert (await guest.get("/api/v1/me", headers={"Authorization": f"Bearer {me.token}"})).status_code == 401
    refused = await me.post("/sign-in/password", "invited", email=ADDRESS, password=PASSWORD, next="/me")
    assert refused.status_code == 422


async def _check_counts(house: House, person: Person) -> None:
    """Votes and ballots are counted as before, the next in line has the seat, and the audit trail has the bare act."""
    async with house.database.reading() as db:
        questions = {row.text: row for row in await db.exec(select(Question))}
        assert questions["How many books are there?"].votes == 1
        assert questions["[taken out] here: which reading room is open at night?"].author == "A delegate"
        assert [(poll.ballots, poll.tally) for poll in await db.exec(select(Poll))] == [(1, {"1": 1})]
        seated = select(Booking.person_id).where(Booking.session_id == house.world.workshop.id, Booking.given_up_at == None)  # noqa: E711
        assert set(await db.exec(seated)) == {house.people["partner"].id, house.people["guest"].id}
        pool = await pool_of_session(db, house.world.workshop.id)
        assert pool
        assert pool.taken == 2
        left = await db.get_one(Person, person.id)
        assert (left.name, left.email, left.erased_at is not None) == ("A delegate", f"{person.id.hex}@erased.invalid", True)
        acts = set(await db.exec(select(AuditEntry.act).where(AuditEntry.person_id == person.id)))
        assert {"registration confirmed", "seat booked", "token made", "person erased", "registration cancelled"} <= acts


async def _check_counts_around(me: Traveller, person: Person) -> None:
    """All that others could have is theirs now; who was there stays counted; what only concerned them is gone."""
    assert await turns_of(me) == (3, 0)  # on offer to the three who were in line: mine, and the group's two
    async with me.house.database.reading() as db:
        entries = (await db.exec(select(WaitlistEntry).where(col(WaitlistEntry.session_id).is_(None)))).all()
        offered = {entry.person_id for entry in entries if entry.offered_at and not entry.left_at}
        assert offered == {me.house.people[who].id for who in ("partner", "guest", "delegate")}
        acts = [line.act for line in await db.exec(select(PoolLine).where(PoolLine.person_id == person.id).order_by(col(PoolLine.id)))]
        assert acts == [PoolAct.joined, PoolAct.promoted, PoolAct.joined, PoolAct.offered, PoolAct.left]
        group = (await db.exec(select(GroupRegistration))).one()
        assert (group.institution, group.ended_at is not None) == ("[taken out]", True)
        words = [*await db.exec(select(HeldBack.purpose)), *await db.exec(select(PoolLine.words))]
        assert [each for each in words if GROUP in each] == []
        assert [row.withdrawn_at is not None for row in await db.exec(select(PlaceInvitation))] == [True, True]
        stage = (await db.exec(select(StageTime))).one()
        assert (stage.spans, stage.seconds) == ([], 600)
        assert await _counted(db, CheckIn, DoorScan, TermsAcceptance, WaitingForm) == [1, 0, 1, 3]  # three others wait
        gone = (RegistrationAnswer, Interest, MailChoice, CalendarInvitation, Reminder, ReturnedMail)
        assert await _counted(db, *gone) == [0] * len(gone)
        assert [row.person_id for row in await db.exec(select(IdempotencyKey))] == [None]  # the erasure's own answer


async def _counted(db: Db, *tables: type[Row]) -> list[int]:
    return [(await db.exec(select(func.count()).select_from(table))).one() for table in tables]
