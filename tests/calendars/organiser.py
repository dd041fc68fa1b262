"""What an organiser does to one session of the conference day: each act a minute after the one before."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import select

from conference.programme.actions import add_session, cancel_session, edit_session
from conference.programme.drafting import draft_change, draft_restoration
from conference.programme.planned import planned_at
from conference.programme.queries import event_at, latest_release, session_at
from conference.programme.releases import SessionPlan, plan_of
from conference.programme.releasing import release_drafts
from conference.programme.tables import Room, SessionType, Track
from conference.programme.undoing import undo_release
from conference.storage.database import Db
from tests.calendars.cast import JUNE, House

MINUTE = timedelta(minutes=1)
Act = Callable[[Db, datetime], Awaitable[object]]


class Organiser:
    """Edits `talk`."""

    def __init__(self, house: House, talk: str) -> None:
        self.house, self.talk, self.now = house, talk, JUNE

    async def do(self, act: Act) -> None:
        self.now += MINUTE
        async with self.house.database.writing() as db:
            await act(db, self.now)

    def change(self, **changes: Any) -> Act:
        async def act(db: Db, now: datetime) -> None:
            facts = await session_at(db, "wi-2021", self.talk)
            values = {name: await _found(db, facts.event.id, name, value) for name, value in changes.items()}
            await edit_session(db, facts.event, facts.session, replace(plan_of(facts.session), **values), facts.speakers, now)

        return act

    async def silence(self, db: Db, now: datetime) -> None:
        """Nobody speaks."""
        facts = await session_at(db, "wi-2021", self.talk)
        await edit_session(db, facts.event, facts.session, plan_of(facts.session), [], now)

    async def draft(self, db: Db, now: datetime) -> None:
        planned = await planned_at(db, "wi-2021", self.talk)
        plan = replace(plan_of(planned.facts.session), title="A secret")
        await draft_change(db, planned.facts.event, planned, plan, planned.facts.speakers, now)

    async def cancel(self, db: Db, now: datetime) -> None:
        facts = await session_at(db, "wi-2021", self.talk)
        await cancel_session(db, facts.event, facts.session, "The speaker is ill.", now)

    async def restore(self, db: Db, now: datetime) -> None:
        planned = await planned_at(db, "wi-2021", self.talk)
        await draft_restoration(db, planned.facts.event, planned, now)
        await release_drafts(db, planned.facts.event, now, only=[planned.facts.session.id])

    async def undo(self, db: Db, now: datetime) -> None:
        event = await event_at(db, "wi-2021")
        await undo_release(db, event, await latest_release(db, event), now)

    async def add(self, db: Db, now: datetime) -> None:
        event = await event_at(db, "wi-2021")
        track, room = [await _found(db, event.id, *named) for named in (("track_id", "plenary"), ("room_id", "main-stage"))]
        plan = SessionPlan("Added", SessionType.keynote, room, event.starts_at, event.starts_at + 5 * MINUTE, track_id=track)
        await add_session(db, event, plan, [], now)


async def _found(db: Db, event_id: UUID, name: str, value: Any) -> Any:
    """Rooms and tracks by their slugs."""
    if name == "room_id":
        return (await db.exec(select(Room.id).where(Room.event_id == event_id, Room.slug == value))).one()
    if name == "track_id":
        return (await db.exec(select(Track.id).where(Track.event_id == event_id, Track.slug == value))).one()
    return value
