"""The selection meeting: everybody sees the same thing on the table, and who has a conflict nothing of it, by any address."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlmodel import select
from websockets.exceptions import InvalidStatus

from conference.calls import meeting_room
from conference.calls.decision_tables import Decision
from conference.calls.standings import reserve_list, standing_decisions
from conference.mail.tables import QueuedMail
from conference.people.actions import sign_out
from conference.people.tables import SignIn
from conference.settings import Settings
from conference.storage.database import Database
from tests.calls.room import CITIES, MEETING, Room, build_room, hidden, scores
from tests.servers import Valkey, serving

FIRST, SECOND = "WEEK-2021-0001", "WEEK-2021-0002"
ONE = "/submissions/1"
ANNOUNCE = "/manage/calls/week-2021/announcement"


@pytest.fixture
async def room(sqlite: Database, settings: Settings) -> AsyncIterator[Room]:
    built = await build_room(sqlite, "")
    async with serving(settings) as address:
        built.address = address
        yield built


async def test_what_the_chair_puts_on_the_table_is_on_everybodys_page_and_not_on_that_of_who_has_a_conflict(room: Room) -> None:
    async with room.ear("reader") as reader, room.ear("conflicted") as conflicted:
        await reader.until("nowhere")
        await conflicted.until("nowhere")
        assert (await room.press("chair", "")).status_code == 303
        await reader.until("between")
        await room.press("chair", "/item", number=1)
        await reader.until("inside", FIRST)
        await conflicted.until("outside")
        await conflicted.quiet(1.0)  # those who came in last
        await room.press("reader", f"{ONE}/notes", words="A strong case for the first.")
        await room.press("chair", f"{ONE}/decision", verdict="accepted", reason="As discussed.")
        assert await conflicted.quiet(2.5) == []  # longer than a look takes: not a frame about it
        pages = [await room.page("conflicted", path) for path in (MEETING, f"{MEETING}/now", "/panel/week-2021/minutes")]
        assert FIRST in await room.page("reader")
        assert "A strong case for the first." in await room.page("reader")
        for text in (*pages, *conflicted.heard):
            assert FIRST not in text
            assert "strong case" not in text
        await room.press("chair", "/item", number=2)
        await conflicted.until("inside", SECOND)


async def test_who_has_a_conflict_sees_no_places_no_line_and_no_counts(room: Room) -> None:
    whole, part = await room.page("reader"), await room.page("conflicted")
    assert "room__totals" in whole
    assert "The line: places end here" in whole
    assert re.findall(r'<span class="unseen">Place </span>(\d)', whole) == ["1", "2", "3", "4"]
    assert "room__totals" not in part
    assert "The line" not in part
    assert re.findall(r'<span class="unseen">Place </span>(\d)', part) == []
    assert re.findall(r"WEEK-2021-000\d", part) == [SECOND, "WEEK-2021-0003", "WEEK-2021-0004"]


async def test_who_waits_for_the_meeting_is_there_when_it_opens_and_it_is_minuted_who_leaves(room: Room) -> None:
    async with room.ear("conflicted") as conflicted:
        await conflicted.until("nowhere")
        await room.press("chair", "")
        for _ in range(100):
            if "Assessor in Toronto (Panel)" in await room.page("chair"):
                break
            await asyncio.sleep(0.1)
        await room.press("chair", "/item", number=1)
        await conflicted.until("outside")
    assert "sees on this page that they must leave" in await room.page("reader")
    said = re.findall(r"<p>([^<]*\.)</p>", await room.page("reader", "/panel/week-2021/minutes"))
    assert said == [
        "Chair of the panel opened the meeting.",
        "Chair of the panel came in.",
        "Assessor in Toronto came in.",
        "Chair of the panel put WEEK-2021-0001 on the table.",
        "Assessor in Toronto left: no part in WEEK-2021-0001.",
    ]


async def test_no_page_of_the_meeting_names_an_applicant(room: Room) -> None:
    await room.press("chair", "")
    await room.press("chair", "/item", number=1)
    await room.press("chair", f"{ONE}/decision", verdict="accepted", reason="As discussed.")
    paths = (MEETING, f"{MEETING}/now", f"{MEETING}/rest", f"{MEETING}{ONE}/decision", "/panel/week-2021/minutes", ANNOUNCE)
    pages = [await room.page("organiser", path) for path in paths]
    assert [FIRST in page for page in pages] == [True, True, False, True, True, True]
    names = [name for city in CITIES for name in (f"Librarian in {city}", f"{city.lower()}.example")]
    assert [name for page in pages for name in names if name in page] == []


async def test_who_has_a_conflict_is_told_what_strangers_are_told_at_every_address(room: Room) -> None:
    await room.press("chair", "")
    async with room.database.writing() as db:
        member = await db.get(type(room.people["chair"]), room.people["conflicted"].id)
        assert member
    for path, fields in ((f"{ONE}/notes", {"words": "x"}), (f"{ONE}/conflict", {"why": "x"}), ("/submissions/77/notes", {"words": "x"})):
        answer = await room.press("conflicted", path, **fields)
        assert answer.status_code == 404
        assert "There is no such submission." in answer.text


async def test_a_chair_with_a_conflict_can_neither_take_it_up_nor_decide_it_nor_read_that_it_is_there(room: Room) -> None:
    await room.press("chair", "")
    await room.press("chair", f"{ONE}/conflict", why="We wrote a book together.")
    for path, fields in (
        ("/item", {"number": 1}),
        (f"{ONE}/decision", {"verdict": "accepted", "reason": "x"}),
        (f"{ONE}/decision/undoing", {}),
    ):
        assert (await room.press("chair", path, **fields)).status_code == 404
    for path in (MEETING, f"{MEETING}/rest", f"{MEETING}/now", "/panel/week-2021/minutes"):
        assert FIRST not in await room.page("chair", path)
    assert "We wrote a book together." in await room.page("organiser", "/panel/week-2021/minutes")


async def test_a_conflict_found_in_the_meeting_sends_its_member_outside_at_once_and_their_scores_stop_counting(room: Room) -> None:
    await room.press("chair", "")
    await room.press("chair", "/item", number=1)
    async with room.ear("reader") as reader:
        await reader.until("inside", FIRST)
        assert "Assessor in Sydney" in await room.page("chair")
        await room.press("reader", f"{ONE}/conflict", why="We are cousins.")
        await reader.until("outside")
    assert FIRST not in await room.page("reader")
    seen = await room.page("chair")
    assert re.findall(r'<th scope="col" class="number">([^<]+)</th>', seen) == ["Chair of the panel"]
    assert "Must be outside now" in seen


async def test_the_line_is_refused_to_strangers_and_to_applicants_before_it_is_accepted(room: Room) -> None:
    for who, status in (("stranger", 404), ("applicant", 404), ("nobody", 401)):
        with pytest.raises(InvalidStatus) as refused:
            async with room.ear(who):
                pass
        assert refused.value.response.status_code == status


async def test_signing_out_or_leaving_the_panel_ends_the_line_within_five_seconds(room: Room) -> None:
    async with room.ear("reader") as reader:
        await reader.until("nowhere")
        async with room.database.writing() as db:
            mine = (await db.exec(select(SignIn).where(SignIn.person_id == room.people["reader"].id))).one()
            await sign_out(db, mine.id, mine.made_at)
        async with asyncio.timeout(5):
            assert await reader.close_code() == 4401


async def test_members_may_look_and_note_and_only_the_chair_or_an_organiser_leads(room: Room) -> None:
    for path, fields in (
        ("", {}),
        ("/item", {"number": 1}),
        ("/closing", {}),
        (f"{ONE}/decision", {"verdict": "rejected", "reason": "No."}),
    ):
        assert (await room.press("reader", path, **fields)).status_code == 403
        assert (await room.press("stranger", path, **fields)).status_code == 404
    assert (await room.press("organiser", "")).status_code == 303
    assert (await room.press("reader", f"{ONE}/notes", words=" ")).status_code == 422
    assert (await room.press("organiser", "")).status_code == 409


async def test_who_is_still_to_score_sees_no_score_of_it(room: Room) -> None:
    async with room.database.writing() as db:
        await scores(db, room.sent[1], room.people["conflicted"], 0, handed_in=False)
    await room.press("chair", "")
    await room.press("chair", "/item", number=2)
    page = await room.page("conflicted")
    assert "You are still to score this" in page
    assert "A comment on number 2" not in page
    assert "A comment on number 2" in await room.page("reader")


async def test_the_rest_is_decided_by_the_scores_as_it_was_read(room: Room) -> None:
    await room.press("chair", f"{ONE}/decision", verdict="rejected", reason="By hand.")
    seen = hidden(await room.page("chair", f"{MEETING}/rest?reserves=1"), "seen")
    assert seen == "2;3;4"
    await room.press("organiser", "/submissions/4/decision", verdict="rejected", reason="By hand too.")
    assert (await room.press("chair", "/rest", reserves=1, seen=seen)).status_code == 409
    seen = hidden(await room.page("chair", f"{MEETING}/rest?reserves=1"), "seen")
    assert (await room.press("chair", "/rest", reserves=1, seen=seen)).status_code == 303
    async with room.database.reading() as db:
        standing = await standing_decisions(db, room.made.call.id)
        reserve = [each.number for _, each in await reserve_list(db, room.made.call.id)]
    assert [standing[each.id].verdict.value for each in room.sent] == ["rejected", "accepted", "reserve", "rejected"]
    assert reserve == [3]


async def test_nobody_learns_of_a_decision_until_an_organiser_announces_all_of_them(room: Room) -> None:
    for number, verdict in ((1, "accepted"), (2, "accepted"), (3, "reserve"), (4, "rejected")):
        await room.press("chair", f"/submissions/{number}/decision", verdict=verdict, reason="As discussed.")
    async with room.browser("chair") as chair, room.browser("organiser") as organiser:
        assert (await chair.get(ANNOUNCE)).status_code == 403
        page = (await organiser.get(ANNOUNCE)).text
        assert "4 people get a letter by mail" in page
        seen = hidden(page, "seen")
        assert (await organiser.post(ANNOUNCE, content="seen=old", headers=FORM)).status_code == 409
        assert await _letters(room) == 0
        answers = [await organiser.post(ANNOUNCE, content=f"seen={seen}", headers=FORM) for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 409]
    assert await _letters(room) == 4
    async with room.database.reading() as db:
        assert {each.announced_at is None for each in await db.exec(select(Decision))} == {False}


async def test_what_happens_in_one_process_is_heard_in_another_without_any_post_between_them(room: Room, settings: Settings) -> None:
    """Two houses on one database: what the post would have hinted at is found by looking."""
    async with serving(settings) as elsewhere:
        there = replace(room, address=elsewhere)
        async with there.ear("reader") as reader, there.ear("conflicted") as conflicted:
            await reader.until("nowhere")
            await room.press("chair", "")
            await reader.until("between")
            await room.press("chair", "/item", number=1)
            await reader.until("inside", FIRST)
            await conflicted.until("outside")


async def test_the_post_between_processes_spares_the_wait(
    room: Room, settings: Settings, valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meeting_room, "LOOK_EVERY", 3600.0)
    joined = settings.model_copy(update={"broker_url": valkey.url})
    async with serving(joined) as one, serving(joined) as other:
        here, there = replace(room, address=one), replace(room, address=other)
        async with there.ear("reader") as reader:
            await reader.until("nowhere")
            await here.press("chair", "")
            await reader.until("between")


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def _letters(room: Room) -> int:
    async with room.database.reading() as db:
        return len((await db.exec(select(QueuedMail.id).where(QueuedMail.template == "call_decision"))).all())
