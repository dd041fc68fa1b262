"""What organisers plan is theirs until they release it; then it is everybody's, at once and as one version."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from conference.errors import Conflict
from conference.programme.actions import edit_session
from conference.programme.drafting import draft_cancellation, draft_change, draft_new, draft_restoration, drop_draft
from conference.programme.planned import drafts_of, planned_at, planned_programme
from conference.programme.queries import event_at, programme_of
from conference.programme.releases import SessionPlan, plan_of
from conference.programme.releasing import release_drafts
from conference.programme.rules import Stale
from conference.programme.tables import Event, ScheduleRelease
from conference.storage.database import Database, Db
from tests.world import BEFORE, build_world

LATER = BEFORE + timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
async def organised(database: Database) -> Database:
    """The small world, on each kind of database."""
    async with database.writing() as db:
        await build_world(db)
    return database


async def _event(db: Db) -> Event:
    return await event_at(db, "wi-test")


async def _draft(db: Db, slug: str, **changes: Any) -> None:
    planned = await planned_at(db, "wi-test", slug)
    plan = replace(plan_of(planned.facts.session), **changes)
    await draft_change(db, planned.facts.event, planned, plan, planned.facts.speakers, LATER)


async def _release(database: Database, **more: Any) -> ScheduleRelease:
    async with database.writing() as db:
        return await release_drafts(db, await _event(db), LATER, **more)


async def test_a_draft_is_seen_in_the_plan_and_not_in_the_programme(organised: Database) -> None:
    async with organised.writing() as db:
        await _draft(db, "opening-keynote", title="Keynote")
    async with organised.reading() as db:
        event = await _event(db)
        assert [facts.session.title for facts in await programme_of(db, event)] == ["Opening keynote", "Hands-on workshop"]
        assert [one.facts.session.title for one in await planned_programme(db, event)] == ["Keynote", "Hands-on workshop"]


async def test_a_release_takes_up_all_drafts_and_moves_each_sequence_once(organised: Database) -> None:
    async with organised.writing() as db:
        talk, event = await planned_at(db, "wi-test", "opening-keynote"), await _event(db)
        starts, revision = talk.facts.session.starts_at, event.revision
        await _draft(db, "opening-keynote", starts_at=starts + HOUR, ends_at=starts + 2 * HOUR, join_url="https://video.example/1")
        await _draft(db, "hands-on-workshop", title="Workshop")
        new = SessionPlan("Closing words", talk.facts.session.type, talk.facts.room.id, starts + 5 * HOUR, starts + 6 * HOUR)
        added = await draft_new(db, event, new, [], LATER)
    release = await _release(organised, note_words="  Three   changes ")
    assert (release.number, release.note) == (2, "Three changes")
    assert [(line["title"], line.get("field", line["what"])) for line in release.changes] == [
        ("Opening keynote", "starts_at"),
        ("Opening keynote", "ends_at"),
        ("Opening keynote", "join_url"),
        ("Workshop", "title"),
        ("Closing words", "added"),
    ]
    async with organised.reading() as db:
        event = await _event(db)
        sessions = {facts.session.slug: facts.session for facts in await programme_of(db, event)}
        assert event.revision == revision + 1
        assert {slug: session.sequence for slug, session in sessions.items()} == {
            "opening-keynote": 1,
            "hands-on-workshop": 0,
            "closing-words": 0,
        }
        assert sessions["closing-words"].id == added.session_id
        assert list(await drafts_of(db, event)) == []


async def test_what_was_published_meanwhile_is_kept(organised: Database) -> None:
    async with organised.writing() as db:
        await _draft(db, "opening-keynote", title="Keynote")
        facts = (await planned_at(db, "wi-test", "opening-keynote")).published
        assert facts
        await edit_session(db, facts.event, facts.session, replace(plan_of(facts.session), abstract="New words"), [], LATER)
    await _release(organised)
    async with organised.reading() as db:
        session = (await planned_at(db, "wi-test", "opening-keynote")).facts.session
        assert (session.title, session.abstract) == ("Keynote", "New words")


async def test_back_to_what_is_published_drops_the_draft(organised: Database) -> None:
    async with organised.writing() as db:
        await _draft(db, "opening-keynote", title="Keynote")
        await _draft(db, "opening-keynote", title="Opening keynote")
        assert list(await drafts_of(db, await _event(db))) == []
        await _draft(db, "opening-keynote", title="Keynote")
        event = await _event(db)
        await drop_draft(db, event, (await drafts_of(db, event))[0].session_id, LATER)
    with pytest.raises(Conflict, match="nothing to release"):
        await _release(organised)


async def test_a_cancelled_session_comes_back_with_a_higher_sequence(organised: Database) -> None:
    async with organised.writing() as db:
        planned = await planned_at(db, "wi-test", "opening-keynote")
        await draft_cancellation(db, planned.facts.event, planned, "The speaker is ill.", LATER)
    assert [line["what"] for line in (await _release(organised)).changes] == ["cancelled"]
    async with organised.writing() as db:
        planned = await planned_at(db, "wi-test", "opening-keynote")
        assert (planned.facts.session.cancelled_at, planned.facts.session.sequence) == (LATER, 1)
        await draft_restoration(db, planned.facts.event, planned, LATER)
    assert [line["what"] for line in (await _release(organised)).changes] == ["restored"]
    async with organised.reading() as db:
        session = (await planned_at(db, "wi-test", "opening-keynote")).facts.session
        assert (session.cancelled_at, session.cancel_reason, session.sequence) == (None, "", 2)


async def test_only_what_was_chosen_is_released(organised: Database) -> None:
    async with organised.writing() as db:
        await _draft(db, "opening-keynote", title="Keynote")
        await _draft(db, "hands-on-workshop", title="Workshop")
        chosen = {(await planned_at(db, "wi-test", "hands-on-workshop")).facts.session.id}
    assert [line["title"] for line in (await _release(organised, only=chosen)).changes] == ["Workshop"]
    async with organised.reading() as db:
        assert [draft.slug for draft in await drafts_of(db, await _event(db))] == ["opening-keynote"]


async def test_who_opened_the_form_before_somebody_saved_is_told(organised: Database) -> None:
    async with organised.writing() as db:
        planned = await planned_at(db, "wi-test", "opening-keynote")
        seen, plan = planned.version, replace(plan_of(planned.facts.session), title="Mine")
        await _draft(db, "opening-keynote", title="Keynote")
        with pytest.raises(Stale, match="Somebody else saved"):
            await draft_change(db, planned.facts.event, planned, plan, [], LATER, seen=seen)
