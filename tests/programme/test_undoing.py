"""A release is taken back by another one: what it changed is as it was, what is newer stays, and no calendar number falls."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from conference.errors import Conflict
from conference.programme.actions import cancel_session, edit_session
from conference.programme.drafting import draft_change, draft_new, draft_restoration
from conference.programme.planned import drafts_of, planned_at
from conference.programme.queries import event_at, latest_release, programme_of, releases_of
from conference.programme.releases import plan_of
from conference.programme.releasing import release_drafts
from conference.programme.tables import Session
from conference.programme.undoing import Undone, undo_release
from conference.storage.database import Database
from tests.world import BEFORE, World

LATER = BEFORE + timedelta(minutes=1)
HOUR = timedelta(hours=1)


async def _edit(sqlite: Database, world: World, **changes: Any) -> None:
    async with sqlite.writing() as db:
        event, session = await event_at(db, "wi-test"), await db.get_one(Session, world.talk.id)
        await edit_session(db, event, session, replace(plan_of(session), **changes), [], LATER)


async def _undo(sqlite: Database, number: int | None = None) -> Undone:
    async with sqlite.writing() as db:
        event = await event_at(db, "wi-test")
        release = next(row for row in await releases_of(db, event) if number in (None, row.number))
        return await undo_release(db, event, release, LATER)


async def _talk(sqlite: Database, world: World) -> Session:
    async with sqlite.reading() as db:
        return await db.get_one(Session, world.talk.id)


async def test_a_move_is_taken_back_and_the_sequence_rises_again(sqlite: Database, world: World) -> None:
    starts = world.talk.starts_at
    await _edit(sqlite, world, starts_at=starts + HOUR, ends_at=starts + 2 * HOUR, title="Later")
    undone = await _undo(sqlite)
    assert (undone.release.number, undone.release.note, undone.left) == (3, "Version 2 taken back.", ())
    talk = await _talk(sqlite, world)
    assert (talk.starts_at, talk.ends_at, talk.title, talk.sequence) == (starts, starts + HOUR, "Opening keynote", 2)


async def test_what_was_changed_again_since_stays_and_that_is_said(sqlite: Database, world: World) -> None:
    await _edit(sqlite, world, title="Second", abstract="Words")
    await _edit(sqlite, world, title="Third")
    undone = await _undo(sqlite, 2)
    assert undone.left == ("“Third” was changed again since; what is newer stays.",)
    talk = await _talk(sqlite, world)
    assert (talk.title, talk.abstract, talk.sequence) == ("Third", "", 0)


async def test_a_cancellation_is_taken_back_and_an_undo_too(sqlite: Database, world: World) -> None:
    async with sqlite.writing() as db:
        await cancel_session(db, await event_at(db, "wi-test"), await db.get_one(Session, world.talk.id), "Ill.", LATER)
    await _undo(sqlite)
    talk = await _talk(sqlite, world)
    assert (talk.cancelled_at, talk.sequence) == (None, 2)
    await _undo(sqlite)
    talk = await _talk(sqlite, world)
    assert (talk.cancelled_at, talk.sequence) == (LATER, 3)


async def test_what_was_added_is_cancelled_since_calendars_may_have_it(sqlite: Database, world: World) -> None:
    async with sqlite.writing() as db:
        event = await event_at(db, "wi-test")
        await draft_new(db, event, replace(plan_of(world.talk), title="Extra"), [], LATER)
        await release_drafts(db, event, LATER)
    await _undo(sqlite)
    async with sqlite.reading() as db:
        extra = next(facts.session for facts in await programme_of(db, await event_at(db, "wi-test")) if facts.session.title == "Extra")
        assert (extra.cancelled_at, extra.sequence) == (LATER, 1)


async def test_a_draft_that_waited_for_the_same_is_done_with(sqlite: Database, world: World) -> None:
    async with sqlite.writing() as db:
        event = await event_at(db, "wi-test")
        await cancel_session(db, event, await db.get_one(Session, world.talk.id), "Ill.", LATER)
        await draft_restoration(db, event, await planned_at(db, "wi-test", "opening-keynote"), LATER)
    await _undo(sqlite)
    async with sqlite.writing() as db:
        event = await event_at(db, "wi-test")
        await draft_new(db, event, replace(plan_of(world.talk), title="Extra"), [], LATER)
        release = await release_drafts(db, event, LATER)
        assert ([line["what"] for line in release.changes], await drafts_of(db, event)) == (["added"], [])


async def test_a_draft_of_what_was_taken_back_says_what_to_do_before_the_next_release(sqlite: Database, world: World) -> None:
    async with sqlite.writing() as db:
        event = await event_at(db, "wi-test")
        extra = await draft_new(db, event, replace(plan_of(world.talk), title="Extra"), [], LATER)
        await release_drafts(db, event, LATER)
        planned = await planned_at(db, "wi-test", extra.slug)
        await draft_change(db, event, planned, replace(plan_of(world.talk), title="More"), [], LATER)
    await _undo(sqlite)
    async with sqlite.writing() as db:
        with pytest.raises(Conflict, match=r"“Extra” was cancelled after its draft was made\. Drop that draft"):
            await release_drafts(db, await event_at(db, "wi-test"), LATER)


async def test_where_nothing_can_be_taken_back_nothing_is_released(sqlite: Database, world: World) -> None:
    await _edit(sqlite, world, title="Second")
    await _edit(sqlite, world, title="Third")
    with pytest.raises(Conflict, match="Nothing of this version can be taken back"):
        await _undo(sqlite, 2)
    async with sqlite.reading() as db:
        assert (await latest_release(db, await event_at(db, "wi-test"))).number == 3
