"""Loading the shipped programmes: all or nothing, and twice is once."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func
from sqlmodel import SQLModel, select

from conference.errors import BadSettings
from conference.files import folder
from conference.mail.tables import QueuedMail
from conference.programme.tables import Event, ScheduleRelease, Session
from conference.registration.tables import Booking, Registration
from conference.seed import load_demo_people, load_programmes
from conference.seed_format import read_seed
from conference.storage.database import Database

NOW = datetime(2021, 6, 25, 8, 55, tzinfo=UTC)


async def counts(database: Database) -> dict[str, int]:
    async with database.reading() as db:
        return {table.name: (await db.exec(select(func.count()).select_from(table))).one() for table in SQLModel.metadata.sorted_tables}


async def load(database: Database) -> tuple[int, int]:
    seed = read_seed(folder("seed_data"))
    async with database.writing() as db:
        loaded = await load_programmes(db, seed, NOW, lambda _: None)
        assert seed.demo
        await load_demo_people(db, seed.demo, NOW, datetime.now(UTC))
    return loaded.added, loaded.there


async def test_the_shipped_programmes_load_and_loading_them_again_changes_nothing(database: Database) -> None:
    added, there = await load(database)
    first = await counts(database)
    assert (added > 100, there) == (True, 0)
    assert {name: first[name] for name in ("event", "session", "venue")} == {"event": 2, "session": 55, "venue": 3}
    assert await load(database) == (0, added)
    assert await counts(database) == first


async def test_what_an_organiser_or_a_delegate_changed_survives_a_second_loading(sqlite: Database) -> None:
    await load(sqlite)
    async with sqlite.writing() as db:
        session = (await db.exec(select(Session).where(Session.slug == "keynote-eman-bushulaibi"))).one()
        session.title = "A keynote, renamed"
        booking = (await db.exec(select(Booking))).all()[0]
        booking.given_up_at = NOW
    await load(sqlite)
    async with sqlite.reading() as db:
        assert (await db.exec(select(Session.title).where(Session.slug == "keynote-eman-bushulaibi"))).one() == "A keynote, renamed"
        again = select(Booking).where(Booking.person_id == booking.person_id, Booking.session_id == booking.session_id)
        assert len((await db.exec(again)).all()) == 1


async def test_every_event_is_one_release_and_each_place_was_told_by_mail(sqlite: Database) -> None:
    await load(sqlite)
    async with sqlite.reading() as db:
        numbers = (await db.exec(select(Event.slug, ScheduleRelease.number).join(ScheduleRelease))).all()
        places = (await db.exec(select(func.count()).select_from(Registration))).one()
        told = (await db.exec(select(func.count()).select_from(QueuedMail).where(QueuedMail.template == "registration_confirmed"))).one()
    assert sorted(numbers) == [("illp-2025", 1), ("wi-2021", 1)]
    assert told == places


async def test_a_bad_file_leaves_nothing_half_loaded(sqlite: Database, tmp_path: Path) -> None:
    copy = tmp_path / "seed"
    shutil.copytree(folder("seed_data"), copy)
    broken = copy / "wi-2021.toml"
    broken.write_text(broken.read_text().replace("2021-06-25T10:00:00", "2021-06-25T25:00:00", 1))
    with pytest.raises(BadSettings):
        read_seed(copy)
    assert (await counts(sqlite))["event"] == 0
