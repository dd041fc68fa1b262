"""Who applies in the demo: each at their own moment, with a panel that has a conflict in it."""

import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from conference.calls.listing import counts_of, find_call
from conference.calls.panel_tables import ConflictDeclaration
from conference.calls.submission_tables import Submission
from conference.errors import BadSettings
from conference.files import folder
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.seed import load_demo_people
from conference.seed_applications import DemoCalls, load_applications, read_demo_calls
from conference.seed_calls import load_calls
from conference.seed_format import read_seed
from conference.seed_models import Seed
from conference.storage.database import Database
from tests.world import build_world

SEED = folder("seed_data")
DEADLINE = datetime(2025, 2, 6, 12, tzinfo=UTC)


async def load(sqlite: Database, seed: Seed, calls: DemoCalls, now: datetime) -> int:
    async with sqlite.writing() as db:
        events = {event.slug for event in await db.exec(select(Event))}
        await load_calls(db, [call for call in calls.calls if call.event is None or call.event in events], now)
        people = [person for person in seed.demo.people if {role.event for role in person.roles} == {"illp-2025"}]
        panel = [person.model_copy(update={"registered": (), "given_places": ()}) for person in people]
        await load_demo_people(db, seed.demo.model_copy(update={"people": tuple(panel)}), now, now)
        return sum([await load_applications(db, given, now) for given in calls.applications])


async def test_sixty_apply_in_time_and_nobody_before_their_moment(sqlite: Database) -> None:
    seed = read_seed(SEED)
    calls = read_demo_calls(SEED, seed)
    async with sqlite.writing() as db:
        world = await build_world(db)
        (await db.merge(world.event)).slug = "illp-2025"
    summer = datetime(2021, 6, 25, tzinfo=UTC)
    moments = (summer, DEADLINE - timedelta(minutes=30), DEADLINE, DEADLINE)
    assert [await load(sqlite, seed, calls, moment) for moment in moments] == [0, 59, 3, 0]
    async with sqlite.reading() as db:
        call = await find_call(db, "illp-2025")
        counts = await counts_of(db, call)
        declared = select(ConflictDeclaration.words, Person.name).join(
            Submission, col(Submission.id) == col(ConflictDeclaration.submission_id)
        )
        conflicts = (await db.exec(declared.join(Person, col(Person.id) == col(Submission.person_id)))).all()
    assert (counts.sent, counts.drafts, counts.late, counts.members, counts.interested) == (60, 1, 1, 5, 0)
    assert conflicts == [("We work in the same library.", "Head of special collections in Leiden")]


def test_they_differ_where_a_panel_looks() -> None:
    [given] = read_demo_calls(SEED, read_seed(SEED)).applications
    sent = [one for one in given.applications if one.sent]
    assert len({one.country for one in sent}) > 50
    assert len({(one.answers["experience"], one.answers["goals"], one.answers["issue"], one.answers["use"]) for one in sent}) == len(sent)
    assert [one.name for one in sent if one.answers["country"] == "GB"] == ["Librarian in Leeds"]
    assert Counter(one.organisation for one in sent).most_common(1) == [("A public library in Nairobi", 2)]
    assert [one.name for one in sent if ord(one.name[0]) > 0x500] == ["أمين مكتبة في عمّان", "കോഴിക്കോട്ടെ ലൈബ്രേറിയൻ", "成都的图书馆员"]


def test_what_is_wrong_with_an_application_is_named(tmp_path: Path) -> None:
    copy = tmp_path / "seed"
    shutil.copytree(SEED, copy)
    file = copy / "calls" / "demo" / "illp-2025.toml"
    text = file.read_text(encoding="utf-8").replace('institution_kind = "Public library"', 'institution_kind = "Public librry"', 1)
    file.write_text(text.replace('role = "Librarian"', 'roles = "Librarian"', 1).replace("chair@demo", "chairs@demo", 1), encoding="utf-8")
    with pytest.raises(BadSettings) as refused:
        read_demo_calls(copy, read_seed(copy))
    assert str(refused.value).splitlines() == [
        "seed/calls/demo/illp-2025.toml: assessors[0].email: there is no person “chairs@demo.example”; did you mean “chair@demo.example”?",
        "seed/calls/demo/illp-2025.toml: applications[0].answers.roles: there is no question “roles”; did you mean “role”?",
        "seed/calls/demo/illp-2025.toml: applications[0].answers.institution_kind: “Public librry” is not one of the options; "
        "did you mean “Public library”?",
        "seed/calls/demo/illp-2025.toml: applications[0].answers.role: this is asked of everybody. Answer it.",
    ]
