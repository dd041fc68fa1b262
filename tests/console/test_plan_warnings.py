"""The warnings of a real house: drafts count, people are numbers, and what ships raises none."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from conference.console.plan_warnings import crowd_of, plan_warnings
from conference.files import folder
from conference.programme.drafting import draft_change
from conference.programme.planned import planned_at
from conference.programme.queries import events
from conference.programme.releases import plan_of
from conference.registration.seats import book_seat
from conference.seed import load_programmes
from conference.seed_format import read_seed
from conference.storage.database import Database
from tests.console.cast import Console
from tests.world import BEFORE


async def test_the_programmes_that_ship_raise_no_warning(sqlite: Database) -> None:
    async with sqlite.writing() as db:
        await load_programmes(db, read_seed(folder("seed_data")), datetime(2021, 1, 1, tzinfo=UTC), lambda line: None)
        found = {event.slug: [warning.sentence for warning in await plan_warnings(db, event)] for event in await events(db)}
    assert found == {"illp-2025": [], "wi-2021": []}


async def test_a_draft_that_lets_a_booked_delegate_clash_is_warned_of_with_a_number_only(console: Console) -> None:
    world, delegate = console.world, console.people["delegate"]
    async with console.database.writing() as db:
        await book_seat(db, world.event, world.workshop, delegate, BEFORE, datetime.now(UTC))
        assert [warning.sentence for warning in await plan_warnings(db, world.event)] == []
        planned = await planned_at(db, "wi-test", "hands-on-workshop")
        plan = plan_of(planned.facts.session)
        sooner = replace(plan, starts_at=plan.starts_at - timedelta(minutes=30), ends_at=plan.ends_at - timedelta(minutes=30))
        await draft_change(db, planned.facts.event, planned, sooner, [], BEFORE)
        crowd = await crowd_of(db, world.event)
        assert (crowd.booked, crowd.seats) == ({world.workshop.id: frozenset([delegate.id])}, {world.workshop.id: 2})
        found = await plan_warnings(db, world.event)
    assert [warning.words for warning in found] == ["Room taken twice", "Clash for who has a seat"]
    assert [warning.sessions for warning in found] == [(world.talk.id, world.workshop.id)] * 2
    assert found[1].sentence == (
        "1 person has a seat in one of two sessions, and the other is for everybody, on Friday 25 June 2021, 10:30–11:00: "
        "“Opening keynote” and “Hands-on workshop”. Move one of them back, or be ready to tell them."
    )
