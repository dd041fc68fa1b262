"""A conflict and a reading that come at the same moment: on each kind of database."""

import asyncio

from sqlmodel import select

from conference.calls.panel_actions import assign, declare_conflict, seat_member, split_evenly
from conference.calls.panel_queries import assignments_of
from conference.calls.panel_tables import ConflictKind, SeenWhat, Viewing
from conference.calls.queries import definition_of
from conference.calls.viewing import note_viewing
from conference.errors import Conflict
from conference.people.actions import know_person
from conference.people.tables import Person
from conference.storage.database import Database
from tests.calls.cast import OPENS, CallWorld, build_call, sent_by
from tests.calls.panel.conftest import READING
from tests.world import build_world


async def test_who_declares_a_conflict_while_submissions_are_shared_out_gets_none_of_it(database: Database) -> None:
    async with database.writing() as db:
        made = await build_call(db, await build_world(db))
        sent = [await sent_by(db, made.call, await know_person(db, f"a{n}@a{n}.example", f"Applicant {n}", OPENS)) for n in range(4)]
        members = [await know_person(db, f"m{n}@panel.example", f"Member {n}", OPENS) for n in range(3)]
        for person in members:
            await seat_member(db, made.call, person, OPENS)

    async def declare(number: int) -> None:
        async with database.writing() as db:
            person = members[number % 3].id
            await declare_conflict(db, made.call, sent[number], person, ConflictKind.declared, "Now", READING, by=person)

    async def by_hand(number: int) -> None:
        try:
            async with database.writing() as db:
                await assign(db, made.call, sent[number], members[number % 3], READING, by=made.organiser.id)
        except Conflict:
            pass

    await asyncio.gather(*(declare(n) for n in range(4)), _split(database, made), *(by_hand(n) for n in range(4)))
    await _split(database, made)
    async with database.reading() as db:
        live = {(each.submission_id, each.person_id) for each in await assignments_of(db, made.call.id)}
    assert not live & {(sent[n].id, members[n % 3].id) for n in range(4)}
    assert len(live) == 8


async def test_two_who_come_first_at_the_same_moment_are_both_counted(database: Database) -> None:
    async with database.writing() as db:
        made = await build_call(db, await build_world(db))
        person = await know_person(db, "a@a.example", "Applicant", OPENS)
        sent = await sent_by(db, made.call, person)
    await asyncio.gather(*(_see(database, sent.id, person) for _ in range(5)))
    async with database.reading() as db:
        assert (await db.exec(select(Viewing.times))).all() == [5]


async def _split(database: Database, made: CallWorld) -> None:
    async with database.writing() as db:
        await split_evenly(db, made.call, await definition_of(db, made.call), READING)


async def _see(database: Database, submission_id, person: Person) -> None:  # type: ignore[no-untyped-def]
    async with database.writing() as db:
        await note_viewing(db, submission_id, person.id, SeenWhat.submission, READING)
