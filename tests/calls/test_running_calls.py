"""Organisers run a call: its text and its versions, its moments, its state, its numbers."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from conference.calls.queries import newest_version
from conference.calls.tables import Call, CallState, CallVersion
from conference.record.tables import AuditEntry
from conference.settings import Settings
from conference.storage.database import Database
from tests.calls.cast import BEFORE_DEADLINE, DEADLINE, applicant, assessor, sent_by
from tests.calls.test_call_files import SMALL
from tests.calls.test_reading_calls import Street, on_the_street
from tests.console.cast import look, send

HERE = "/manage/calls/week-2021"


@pytest.fixture
async def desk(sqlite: Database, settings: Settings) -> AsyncIterator[Street]:
    """The same street; who stands there runs the call."""
    async with on_the_street(sqlite, settings) as made:
        made.at(BEFORE_DEADLINE)
        await made.be(made.made.organiser)
        yield made


async def call_of(desk: Street) -> Call:
    async with desk.database.reading() as db:
        return (await db.exec(select(Call).where(Call.slug == "week-2021"))).one()


async def test_before_anything_was_sent_the_text_is_edited_in_place_and_versioned_after(desk: Street) -> None:
    typed = (await look(desk.client, f"{HERE}/definition")).form(f"{HERE}/definition")
    typed["definition"] = typed["definition"].replace("words = 50", "words = 60")
    assert (await send(desk.client, f"{HERE}/definition", typed)).said == "Version 1 is saved, and shown."
    assert "at most 60 words" in (await look(desk.client, "/calls/week-2021")).words
    async with desk.database.writing() as db:
        submission = await sent_by(db, desk.made.call, desk.person)
    page = await look(desk.client, f"{HERE}/definition")
    assert "Save as version 2" in page.text
    typed = page.form(f"{HERE}/definition")
    assert (await send(desk.client, f"{HERE}/definition", typed)).said == "Nothing was changed."
    typed["definition"] = typed["definition"].replace("words = 60", "words = 70")
    assert (await send(desk.client, f"{HERE}/definition", typed)).said == "Version 2 is saved, and shown."
    async with desk.database.reading() as db:
        versions = (await db.exec(select(CallVersion).order_by(col(CallVersion.number)))).all()
        limits = [version.definition["parts"][1]["questions"][0]["words"] for version in versions]
    assert (limits, submission.counted_id is not None) == ([60, 70], True)


async def test_what_came_late_also_makes_the_text_history(desk: Street) -> None:
    async with desk.database.writing() as db:
        await sent_by(db, desk.made.call, desk.person, at=DEADLINE)
    typed = (await look(desk.client, f"{HERE}/definition")).form(f"{HERE}/definition")
    typed["definition"] = typed["definition"].replace("words = 50", "words = 60")
    assert (await send(desk.client, f"{HERE}/definition", typed)).said == "Version 2 is saved, and shown."


async def test_faults_stand_beside_the_text_and_nothing_typed_is_lost(desk: Street) -> None:
    typed = (await look(desk.client, f"{HERE}/definition")).form(f"{HERE}/definition")
    typed["definition"] = typed["definition"].replace('kind = "country"', 'kind = "land"').replace("words = 50", "word = 50")
    page = await send(desk.client, f"{HERE}/definition", typed)
    assert (page.status, page.form(f"{HERE}/definition")["definition"]) == (422, typed["definition"])
    assert [line.partition(":")[0] for line in page.beside["definition"].splitlines()] == [
        "parts[0].questions[2].kind",
        "parts[1].questions[0].word",
    ]
    typed["definition"] = 'summary = "S"\npurpose = "P"\nwho_may = "W"\nwho_may_why = "W"\n'
    page = await send(desk.client, f"{HERE}/definition", typed)  # it is open: people are writing
    assert page.beside["definition"].startswith("A call that opens needs questions")


async def test_two_organisers_never_overwrite_each_other_silently(desk: Street) -> None:
    mine = (await look(desk.client, f"{HERE}/definition")).form(f"{HERE}/definition")
    theirs = dict(mine, definition=mine["definition"].replace("words = 50", "words = 60"))
    await send(desk.client, f"{HERE}/definition", theirs)
    mine["definition"] = mine["definition"].replace("words = 50", "words = 80")
    page = await send(desk.client, f"{HERE}/definition", mine)
    assert page.beside["definition"].startswith("Somebody else has changed this call")
    again = page.form(f"{HERE}/definition")
    assert "words = 80" in again["definition"]
    assert (await send(desk.client, f"{HERE}/definition", again)).said == "Version 1 is saved, and shown."


async def test_a_call_is_suspended_opened_again_and_closed_and_the_record_says_by_whom(desk: Street) -> None:
    steps = [("suspended", "closed"), ("open", "open"), ("closed", "closed"), ("open", "open")]
    for to, said in steps:
        assert (await send(desk.client, f"{HERE}/state", {"to": to})).said == f"“A week of learning” is now {said}."
    assert (await send(desk.client, f"{HERE}/state", {"to": "decided"})).status == 409
    assert (await send(desk.client, f"{HERE}/state", {"to": "burnt"})).status == 422
    await send(desk.client, f"{HERE}/state", {"to": "closed"})
    desk.at(DEADLINE)
    page = await send(desk.client, f"{HERE}/state", {"to": "open"})
    assert (page.status, "Its deadline is over. Set a later one first" in page.words) == (422, True)
    async with desk.database.reading() as db:
        noted = (await db.exec(select(AuditEntry).where(AuditEntry.act == "call's state changed").order_by(col(AuditEntry.id)))).all()
    assert [(one.details["was"], one.details["to"]) for one in noted] == [
        ("open", "suspended"),
        ("suspended", "open"),
        ("open", "closed"),
        ("closed", "open"),
        ("open", "closed"),
    ]
    assert {one.person_id for one in noted} == {desk.made.organiser.id}


async def test_the_deadline_moves_but_never_to_before_what_has_arrived(desk: Street) -> None:
    arrived = DEADLINE - timedelta(hours=2)
    async with desk.database.writing() as db:
        await sent_by(db, desk.made.call, desk.person, at=arrived)
    typed = (await look(desk.client, f"{HERE}/settings")).form(f"{HERE}/settings")
    assert (typed["deadline_day"], typed["deadline_clock"], typed["places"]) == ("2021-02-04", "12:00", "2")
    page = await send(desk.client, f"{HERE}/settings", typed | {"deadline_clock": "10:00"})
    assert (page.status, page.beside) == (422, {"deadline_day": "Something that counts arrived after that. Choose a later moment."})
    wrong = {"deadline_day": "2021-03-28", "deadline_clock": "01:30", "places": "some", "results_by": ""}
    assert (await send(desk.client, f"{HERE}/settings", typed | wrong)).beside == {
        "places": "Enter a whole number from 1 on, or leave this empty."
    }
    page = await send(desk.client, f"{HERE}/settings", typed | wrong | {"places": ""})
    assert page.beside["deadline_clock"].startswith("01:30 on Sunday 28 March 2021 does not happen in London")
    saved = typed | {"deadline_clock": "10:01", "places": "23", "budget": "£80,000"}
    assert (await send(desk.client, f"{HERE}/settings", saved)).said == "Saved, and shown at once."
    call = await call_of(desk)
    assert (call.deadline_at, call.places, call.budget_pence) == (arrived + timedelta(minutes=1), 23, 8_000_000)


async def test_the_overview_counts_and_says_what_comes_next(desk: Street) -> None:
    async with desk.database.writing() as db:
        await sent_by(db, desk.made.call, desk.person)
        await sent_by(db, desk.made.call, await applicant(db, "Archivist in Lima"))
        await sent_by(db, desk.made.call, await applicant(db, "Librarian in Suva"), at=DEADLINE)
        await assessor(db, desk.made.call, "Assessor in London")
    page = await look(desk.client, HERE)
    assert "Sent, and count 2" in page.words
    assert "Came late 1" in page.words
    assert "The panel has 1 of at least 2 members: invite more." in page.words
    desk.at(datetime(2021, 3, 26, 9, tzinfo=UTC))
    words = (await look(desk.client, HERE)).words
    steps = words.partition("What comes next ")[2].partition(" In numbers")[0]
    assert steps == (
        "1 submission came late: decide whether to take it. The panel has 1 of at least 2 members: invite more. "
        "0 of 4 readings are assigned to members of the panel. 0 of 2 are decided. Now Results were promised by Friday 26 March 2021."
    )


async def test_an_organiser_makes_a_call_from_a_text_and_only_at_an_event_of_theirs(desk: Street) -> None:
    page = await send(desk.client, "/manage/calls/new", {"definition": SMALL.replace("slug", 'event = "elsewhere"\nslug', 1)})
    assert page.beside == {"definition": "event: you organise no event “elsewhere”. Yours: wi-test."}
    page = await send(desk.client, "/manage/calls/new", {"definition": SMALL.replace("slug", 'event = "wi-test"\nslug', 1)})
    assert page.said == "“A small call” is there, as a draft."
    assert "It has all that it needs to open." in page.words
    page = await send(desk.client, "/manage/calls/new", {"definition": SMALL})
    assert page.beside == {"definition": "slug: There is a call “small” already. Choose another slug."}
    async with desk.database.reading() as db:
        made = (await db.exec(select(Call).where(Call.slug == "small"))).one()
        assert (made.state, made.event_id) == (CallState.draft, desk.made.world.event.id)
        assert (await newest_version(db, made)).by_id == desk.made.organiser.id


async def test_each_part_of_a_call_leads_to_every_other_and_back_up(desk: Street) -> None:
    """Pressed one after the other, beginning at the overview; none is a dead end."""
    page = await look(desk.client, HERE)
    ways = re.search(r'<nav aria-label="Run .*?</nav>', page.text, re.DOTALL)
    assert ways
    parts = re.findall(r'href="([^"]+)"', ways[0])
    below = ("", "/submissions", "/panel", "/panel/meeting", "/announcement", "/offers", "/record", "/definition", "/settings", "/public")
    named = {"/panel/meeting": "/panel/week-2021/meeting", "/public": "/calls/week-2021"}
    assert parts == [named.get(part, HERE + part) for part in below]
    for part in parts:
        there = await look(desk.client, part)
        assert (part, there.status, f'href="{HERE}"' in there.text) == (part, 200, True)


async def test_what_comes_next_leads_to_where_it_is_done(desk: Street) -> None:
    async with desk.database.writing() as db:
        await sent_by(db, desk.made.call, desk.person)
    desk.at(DEADLINE)
    steps = (await look(desk.client, HERE)).text.partition("What comes next</h2>")[2].partition("</section>")[0]
    assert re.findall(r'href="([^"]+)"', steps) == [f"{HERE}/panel", f"{HERE}/panel", "/panel/week-2021/meeting"]
    assert "Results are promised by Friday 26 March 2021." in steps
