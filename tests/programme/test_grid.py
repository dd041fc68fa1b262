"""The planned programme as a grid: where each session stands, what is drafted of it, and what stands beside what."""

from dataclasses import replace
from datetime import timedelta

from conference.programme.choices import choices_of
from conference.programme.drafting import draft_cancellation, draft_change, draft_new
from conference.programme.grid import Block, Grid, grid_of
from conference.programme.planned import planned_at, planned_programme
from conference.programme.queries import event_at
from conference.programme.releases import SessionPlan, plan_of
from conference.programme.tables import Room
from conference.storage.database import Database, Db
from tests.world import BEFORE, build_world

FIVE = timedelta(minutes=5)


async def drawn(db: Db) -> Grid:
    event = await event_at(db, "wi-test")
    return grid_of(event, await planned_programme(db, event), (await choices_of(db, event)).room_words())


def blocks(grid: Grid) -> dict[str, Block]:
    return {block.slug: block for day in grid.days for block in day.blocks}


async def test_sessions_stand_in_their_room_at_their_hour(sqlite: Database) -> None:
    async with sqlite.writing() as db:
        await build_world(db)
        grid = await drawn(db)
    assert [(day.day, day.words, day.free) for day in grid.days] == [("2021-06-25", "Friday 25 June 2021", False)]
    assert (grid.rooms, grid.first_hour, grid.last_hour, grid.drafted) == ((("main", "Main stage"),), 9, 13, 0)
    assert grid.hour_words == ["09:00", "10:00", "11:00", "12:00"]
    talk = blocks(grid)["opening-keynote"]
    assert (talk.times, talk.day, talk.starts, talk.minutes, talk.room) == ("10:00–11:00", "2021-06-25", "10:00", 60, "main")
    assert (talk.hour, talk.step, talk.hours, talk.steps, talk.column, talk.lanes) == (10, 0, 1, 0, 1, 1)
    assert (talk.mark, talk.was, talk.can_move) == ("", "", True)


async def test_what_is_drafted_is_marked_and_says_where_it_was(sqlite: Database) -> None:
    async with sqlite.writing() as db:
        world = await build_world(db)
        side = Room(
            event_id=world.event.id, venue_id=(await db.get_one(Room, world.talk.room_id)).venue_id, slug="side", name="A side room"
        )
        db.add(side)
        await db.flush()
        talk, workshop = await planned_at(db, "wi-test", "opening-keynote"), await planned_at(db, "wi-test", "hands-on-workshop")
        plan = plan_of(talk.facts.session)
        moved = replace(plan, room_id=side.id, starts_at=plan.starts_at + FIVE, ends_at=plan.ends_at + FIVE)
        await draft_change(db, world.event, talk, moved, [], BEFORE)
        await draft_cancellation(db, world.event, workshop, "No time.", BEFORE)
        new = SessionPlan("Farewell", plan.type, side.id, plan.starts_at, plan.starts_at + 3 * FIVE)
        await draft_new(db, world.event, new, [], BEFORE)
        grid = await drawn(db)
    assert grid.drafted == 3
    seen = {slug: (block.mark, block.was, block.can_move, block.column) for slug, block in blocks(grid).items()}
    assert seen == {
        "opening-keynote": ("Moved", "Fri 25 June, 10:00–11:00, Main stage", True, 1),
        "hands-on-workshop": ("To be cancelled", "", False, 2),
        "farewell": ("New", "", True, 1),
    }
    both = blocks(grid)
    assert (both["opening-keynote"].hour, both["opening-keynote"].step) == (10, 1)
    assert [(both[slug].lane, both[slug].lanes) for slug in ("farewell", "opening-keynote", "hands-on-workshop")] == [
        (1, 2),
        (2, 2),
        (1, 1),
    ]


async def test_a_new_title_is_a_change_and_no_move(sqlite: Database) -> None:
    async with sqlite.writing() as db:
        world = await build_world(db)
        talk = await planned_at(db, "wi-test", "opening-keynote")
        await draft_change(db, world.event, talk, replace(plan_of(talk.facts.session), title="Keynote"), [], BEFORE)
        block = blocks(await drawn(db))["opening-keynote"]
    assert (block.title, block.mark, block.was) == ("Keynote", "Changed", "")
