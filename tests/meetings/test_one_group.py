"""A person is in one group of a meeting at a time, and the last place in a group is taken once: on both databases."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from conference.errors import Conflict, NotFound
from conference.meetings.groups import choose_group, make_groups, open_groups
from conference.meetings.tables import GroupMember, Meeting, MeetingGroup, ServiceKind
from conference.settings import Settings
from conference.storage.database import Database
from tests.meetings.cast import OPEN, Cast, gather_cast, group_ids, members


@pytest.fixture
async def anywhere(database: Database, settings: Settings) -> Cast:
    """The cast on each kind of database, with two groups open."""
    cast = await gather_cast(
        database, settings.model_copy(update={"database_url": database.url}), ServiceKind.jitsi, "https://meet.example.org"
    )
    by, moments, here = cast.people["moderator"].id, (OPEN, datetime.now(UTC)), (cast.world.event, cast.world.workshop)
    async with database.writing() as db:
        await make_groups(db, *here, "Blue\nRed", 1, *moments, by=by)
        await open_groups(db, *here, *moments, by=by)
    return cast


async def test_the_database_keeps_a_person_in_one_group_of_its_meeting(anywhere: Cast) -> None:
    async with anywhere.database.reading() as db:
        blue, red = await db.exec(select(MeetingGroup).order_by(col(MeetingGroup.position)))
        elsewhere = (await db.exec(select(Meeting.id).where(Meeting.id != blue.meeting_id))).one()
    ada = anywhere.people["ada"].id

    async def put(group: MeetingGroup, meeting_id: UUID | None = None) -> None:
        async with anywhere.database.writing() as db:
            db.add(GroupMember(meeting_id=meeting_id or group.meeting_id, group_id=group.id, person_id=ada, joined_at=OPEN))

    await put(blue)
    for again in (put(red), put(blue), put(red, elsewhere)):
        with pytest.raises(IntegrityError):
            await again
    async with anywhere.database.writing() as db:
        with pytest.raises(IntegrityError):
            await db.exec(text("UPDATE meeting SET groups_end_at = '2000-01-01' WHERE groups_opened_at IS NOT NULL"))  # type: ignore[call-overload]
        await db.rollback()
    assert await members(anywhere) == {"Ada in Accra": "Blue"}


async def test_the_last_place_in_a_group_goes_to_one_person_only(anywhere: Cast) -> None:
    ids, world = await group_ids(anywhere), anywhere.world

    async def choose(who: str, group: str) -> str:
        async with anywhere.database.writing() as db:
            try:
                moments = OPEN, datetime.now(UTC)
                chosen = await choose_group(db, world.event, world.workshop, anywhere.people[who], UUID(ids[group]), *moments)
            except (Conflict, NotFound) as no:
                return no.code
            return chosen.name

    asked = [choose("ada", "Blue"), choose("ben", "Blue"), choose("ada", "Red"), choose("ben", "Red")]
    got = await asyncio.gather(*asked)
    assert sorted(got) == ["Blue", "Red", "conflict", "conflict"]
    assert sorted((await members(anywhere)).values()) == ["Blue", "Red"]
