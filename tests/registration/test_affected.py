"""A release is told to those whom it concerns, once, in their own time, and to nobody else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from sqlmodel import col, select

from conference.mail.compose import compose
from conference.mail.tables import Notice, QueuedMail
from conference.people.tables import Person
from conference.programme.drafting import draft_cancellation, draft_change, draft_restoration
from conference.programme.planned import planned_at
from conference.programme.queries import event_at
from conference.programme.releases import plan_of
from conference.programme.releasing import release_drafts
from conference.programme.tables import SessionSpeaker, Speaker
from conference.registration.affected import tell_affected
from conference.registration.seats import book_seat
from conference.registration.stars import star_session
from conference.settings import Settings
from conference.storage.database import Database, Db
from conference.web.render import environment
from tests.world import BEFORE, World, delegate

HOUR = timedelta(hours=1)
YESTERDAY = BEFORE - timedelta(days=1)
Told = dict[str, list[str]]  # name: titles of the sessions that the mail is about


@pytest.fixture
async def people(sqlite: Database, world: World) -> dict[str, Person]:
    """One with a seat in the workshop, one on its waiting list, one who only registered, one who speaks at it, and a stranger."""
    async with sqlite.writing() as db:
        event = await event_at(db, "wi-test")
        found = {name: await delegate(db, world, name) for name in ("Seated", "Second", "Third", "Waiting", "Registered")}
        found |= {name: await delegate(db, world, name, registered=False) for name in ("Speaker", "Stranger")}
        found["Seated"].zone = "Asia/Kolkata"
        for name in ("Seated", "Second", "Third", "Waiting"):
            await book_seat(db, event, world.workshop, found[name], YESTERDAY, datetime.now(UTC))
        speaker = Speaker(event_id=event.id, slug="speaker", name="Speaker", person_id=found["Speaker"].id)
        db.add(speaker)
        await db.flush()
        db.add(SessionSpeaker(session_id=world.workshop.id, speaker_id=speaker.id))
        for row in [*await db.exec(select(QueuedMail)), *await db.exec(select(Notice))]:
            await db.delete(row)
    return found


async def _draft(db: Db, slug: str, **changes: Any) -> None:
    planned = await planned_at(db, "wi-test", slug)
    await draft_change(
        db, planned.facts.event, planned, replace(plan_of(planned.facts.session), **changes), planned.facts.speakers, YESTERDAY
    )


async def _release(sqlite: Database, at: datetime = YESTERDAY) -> None:
    async with sqlite.writing() as db:
        event = await event_at(db, "wi-test")
        release = await release_drafts(db, event, at)
        await tell_affected(db, event, release, at, datetime.now(UTC))


async def _mails(sqlite: Database) -> dict[str, QueuedMail]:
    async with sqlite.reading() as db:
        mails = (await db.exec(select(QueuedMail).where(QueuedMail.template == "programme_changed").order_by(col(QueuedMail.id)))).all()
    by_name = {mail.to_name: mail for mail in mails}
    assert len(by_name) == len(mails)  # nobody gets two
    return by_name


async def _told(sqlite: Database) -> Told:
    return {name: [one["title"] for one in mail.facts["changes"]] for name, mail in (await _mails(sqlite)).items()}


async def test_three_changes_mail_exactly_those_whom_they_concern(sqlite: Database, world: World, people: dict[str, Person]) -> None:
    async with sqlite.writing() as db:
        await _draft(db, "hands-on-workshop", starts_at=world.workshop.starts_at + HOUR, ends_at=world.workshop.ends_at + HOUR)
        await _draft(db, "opening-keynote", title="A new name", abstract="New words.")
    await _release(sqlite)
    workshop = ["Hands-on workshop"]
    assert await _told(sqlite) == dict.fromkeys(("Speaker", "Seated", "Second", "Third", "Waiting"), workshop)


async def test_what_is_for_everybody_is_told_to_everybody_who_registered(sqlite: Database, world: World, people: dict[str, Person]) -> None:
    async with sqlite.writing() as db:
        await _draft(db, "opening-keynote", join_url="https://video.example/new")
    await _release(sqlite)
    assert set(await _told(sqlite)) == {"Seated", "Second", "Third", "Waiting", "Registered"}


async def test_who_gave_it_a_star_is_told_too(sqlite: Database, world: World, people: dict[str, Person]) -> None:
    async with sqlite.writing() as db:
        await star_session(db, world.workshop, await db.get_one(Person, people["Stranger"].id), YESTERDAY)
        await _draft(db, "hands-on-workshop", join_url="https://video.example/new")
    await _release(sqlite)
    (change,) = (await _mails(sqlite))["Stranger"].facts["changes"]
    assert change["because"] == "you gave it a star"


async def test_the_next_release_joins_the_mail_that_waits(sqlite: Database, world: World, people: dict[str, Person]) -> None:
    starts, ends = world.workshop.starts_at, world.workshop.ends_at
    for hours in (1, 2):
        async with sqlite.writing() as db:
            await _draft(db, "hands-on-workshop", starts_at=starts + hours * HOUR, ends_at=ends + hours * HOUR)
        await _release(sqlite)
    (change,) = (await _mails(sqlite))["Seated"].facts["changes"]
    assert (change["was_starts_at"], change["starts_at"]) == (starts.isoformat(), (starts + 2 * HOUR).isoformat())


async def test_cancelled_and_back_again_leaves_nothing_to_tell(sqlite: Database, world: World, people: dict[str, Person]) -> None:
    for act in ("cancel", "restore"):
        async with sqlite.writing() as db:
            planned = await planned_at(db, "wi-test", "hands-on-workshop")
            if act == "cancel":
                await draft_cancellation(db, planned.facts.event, planned, "Ill.", YESTERDAY)
            else:
                await draft_restoration(db, planned.facts.event, planned, YESTERDAY)
        await _release(sqlite)
    assert await _told(sqlite) == {}


async def test_moved_cancelled_and_back_again_is_still_moved(sqlite: Database, world: World, people: dict[str, Person]) -> None:
    starts, ends = world.workshop.starts_at, world.workshop.ends_at
    for act in ("move", "cancel", "restore"):
        async with sqlite.writing() as db:
            planned = await planned_at(db, "wi-test", "hands-on-workshop")
            if act == "move":
                await _draft(db, "hands-on-workshop", starts_at=starts + HOUR, ends_at=ends + HOUR, join_url="https://video.example/new")
            elif act == "cancel":
                await draft_cancellation(db, planned.facts.event, planned, "Ill.", YESTERDAY)
            else:
                await draft_restoration(db, planned.facts.event, planned, YESTERDAY)
        await _release(sqlite)
        if act == "cancel":
            (change,) = (await _mails(sqlite))["Seated"].facts["changes"]
            assert change["kinds"] == ["cancelled"]
    (change,) = (await _mails(sqlite))["Seated"].facts["changes"]
    assert (sorted(change["kinds"]), change["was_starts_at"], change["starts_at"]) == (
        ["link", "moved"],
        starts.isoformat(),
        (starts + HOUR).isoformat(),
    )


async def test_a_session_that_is_over_is_no_news(sqlite: Database, world: World, people: dict[str, Person]) -> None:
    async with sqlite.writing() as db:
        await _draft(db, "hands-on-workshop", join_url="https://video.example/record")
    await _release(sqlite, world.workshop.ends_at)
    assert await _told(sqlite) == {}


async def test_shortly_before_a_session_the_mail_goes_at_once(sqlite: Database, world: World, people: dict[str, Person]) -> None:
    for hours, at in ((1, YESTERDAY), (2, BEFORE)):
        async with sqlite.writing() as db:
            await _draft(db, "hands-on-workshop", ends_at=world.workshop.ends_at + hours * HOUR)
        before = datetime.now(UTC)
        await _release(sqlite, at)
        waits = (await _mails(sqlite))["Seated"].next_try_at > before + timedelta(minutes=2)
        assert waits == (at == YESTERDAY)


async def test_the_mail_says_both_times_on_the_reader_s_clock(
    sqlite: Database, world: World, people: dict[str, Person], settings: Settings
) -> None:
    async with sqlite.writing() as db:
        await _draft(db, "hands-on-workshop", starts_at=world.workshop.starts_at + HOUR, ends_at=world.workshop.ends_at + HOUR)
    await _release(sqlite)
    raw = compose((await _mails(sqlite))["Seated"], settings.model_copy(update={"base_url": "https://e.example"}), environment())
    message: Any = message_from_bytes(raw, policy=default)
    assert message["Subject"] == "New time: “Hands-on workshop”"
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == (
        "Dear Seated,\n\n"
        "the programme of A day for libraries has changed. This concerns you:\n\n"
        "“Hands-on workshop”\n"
        "Now:\n"
        "Friday 25 June 2021, 16:30–17:30 your time (IST, UTC+5:30)\n"
        "Friday 25 June 2021, 12:00–13:00 in London (BST, UTC+1)\n\n"
        "Before:\n"
        "Friday 25 June 2021, 15:30–16:30 your time (IST, UTC+5:30)\n"
        "Friday 25 June 2021, 11:00–12:00 in London (BST, UTC+1)\n\n"
        "You are told because you have a seat in it.\n"
        "https://e.example/events/wi-test/sessions/hands-on-workshop\n\n"
        "Calendars that follow the programme show this when they look again; some look only every 8 to 24 hours.\n\n"
        "All changes: https://e.example/events/wi-test/changes\n"
    )


async def test_each_has_a_notice_too(sqlite: Database, world: World, people: dict[str, Person]) -> None:
    async with sqlite.writing() as db:
        await _draft(db, "hands-on-workshop", join_url="https://video.example/new")
    await _release(sqlite)
    async with sqlite.reading() as db:
        notices = (await db.exec(select(Notice))).all()
    assert {notice.person_id for notice in notices} == {people[name].id for name in ("Speaker", "Seated", "Second", "Third", "Waiting")}
    assert {(notice.kind, notice.path) for notice in notices} == {("programme_changed", "/events/wi-test/sessions/hands-on-workshop")}
