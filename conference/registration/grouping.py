"""An institution's places: one person takes several at once and names people later; each confirms, and what has nobody goes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from conference.errors import Conflict
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.record.actions import note
from conference.registration.handing_rules import (
    InvitationState,
    check_group,
    check_group_waits,
    names_end,
    read_names,
    state_of_invitation,
)
from conference.registration.handing_tables import GroupRegistration, PlaceInvitation
from conference.registration.invitations import OPEN, Link, invitations_of, invite, write_invitation
from conference.registration.kinds import kinds_at
from conference.registration.letters import write_to
from conference.registration.pools import lock_event_pool, lock_kind_pool, lock_pool
from conference.registration.questions import choices_for
from conference.registration.rules import check_registration_is_open, places_left
from conference.registration.tables import CapacityPool, HeldBack, PoolAct
from conference.registration.turns import release, settle
from conference.registration.waitlog import write_line
from conference.storage.database import Db
from conference.times import spoken_moment


@dataclass(frozen=True, slots=True)
class GroupStanding:
    """Where a group's places stand. `room`: how many have nobody."""

    group: GroupRegistration
    rows: tuple[tuple[PlaceInvitation, InvitationState], ...]  # `withdrawn` also for a place that was given up again
    confirmed: int
    room: int


async def take_places(
    db: Db, event: Event, person: Person, institution: str, places: int, now: datetime, real_now: datetime
) -> GroupRegistration:
    """Take several places at once, all or none. Raises Conflict, and Invalid above the event's limit."""
    kind = next((kind for kind in await kinds_at(db, event.id) if kind.takes_part), None)
    check_registration_is_open(event, now, kind)
    pool = await lock_kind_pool(db, event.id, kind)
    choices = await choices_for(db, event.id)
    check_group(event, choices, places, now)
    if await group_of(db, event.id, person.id):
        raise Conflict("You have taken places for a group already. Give those back first, or name people for them.")
    if pool:
        await settle(db, event, pool, now, real_now)
        _check_room(event, pool, places)
    group = GroupRegistration(
        event_id=event.id,
        contact_id=person.id,
        institution=institution,
        places=places,
        kind_id=kind.id if kind else None,
        names_by=names_end(event, choices),
        made_at=now,
    )
    if pool:
        held_back = HeldBack(pool_id=pool.id, purpose=f"Group: {institution}"[:120], places=places, ends_at=group.names_by, made_at=now)
        db.add(held_back)
        await db.flush()
        pool.held += places
        group.held_back_id = held_back.id
        write_line(db, pool, PoolAct.held_back, now, by=person.id, after=places, words=held_back.purpose)
    db.add(group)
    await db.flush()
    until = spoken_moment(group.names_by, person.zone or event.zone)
    await write_to(db, person, "group_taken", event, real_now, places=places, institution=institution, until=until)
    note(db, "group places taken", f"group:{group.id}", real_now, person_id=person.id, event_id=event.id, places=places)
    return group


async def name_people(db: Db, event: Event, person: Person, typed: str, now: datetime, real_now: datetime, *, link: Link) -> int:
    """Name people for places that have nobody; each gets a link. How many. Raises Conflict and Invalid; then nobody is written to."""
    group = await _mine(db, event, person, now)
    standing = await standing_of_group(db, group, now)
    live = {row.email_key for row, state in standing.rows if state in (InvitationState.waiting, InvitationState.accepted)}
    named = read_names(typed, live, standing.room)
    for one in named:
        invitation = await invite(db, event, person, one.name, one.email, now, real_now, expires_at=group.names_by, group_id=group.id)
        await write_invitation(db, event, invitation, person.name, group.institution, real_now, link=link)
    note(db, "group places named", f"group:{group.id}", real_now, person_id=person.id, event_id=event.id, people=len(named))
    return len(named)


async def take_name_back(db: Db, event: Event, person: Person, invitation_id: UUID, now: datetime) -> None:
    """Name nobody for this place for now. Raises Conflict where they have accepted or declined it."""
    group = await _mine(db, event, person, now)
    theirs = (col(PlaceInvitation.id) == invitation_id, col(PlaceInvitation.group_id) == group.id, *OPEN)
    if not (await db.exec(update(PlaceInvitation).where(*theirs).values(withdrawn_at=now))).rowcount:
        raise Conflict("This place was answered already, or is not one of yours.")


async def give_rest_back(db: Db, event: Event, person: Person, now: datetime, real_now: datetime) -> None:
    """Keep no place without a person: those who confirmed keep theirs, and open invitations end."""
    group = await _mine(db, event, person, now)
    await _end(db, event, group, now, real_now, by=person.id)


async def end_group_of(db: Db, event: Event, person: Person, now: datetime, real_now: datetime, *, by: UUID | None = None) -> None:
    """Whoever took places for others goes away: what has nobody goes back, even once its day has come. The event is locked."""
    if group := await group_of(db, event.id, person.id):
        await db.refresh(group, with_for_update={"key_share": True})
        await _end(db, event, group, now, real_now, by=by or person.id)


async def end_due_groups(db: Db, now: datetime, real_now: datetime) -> int:
    """Groups whose day has come keep what has a person; their contacts are told. How many groups."""
    due = await due_groups(db, now)
    for group, event in sorted(due, key=lambda pair: pair[1].id):
        await lock_event_pool(db, event.id)
        await db.refresh(group, with_for_update={"key_share": True})
        if group.ended_at:
            continue
        before = await standing_of_group(db, group, now)
        await _end(db, event, group, now, real_now)
        contact = await db.get_one(Person, group.contact_id)
        facts: dict[str, Any] = {"institution": group.institution, "places": group.places, "confirmed": before.confirmed}
        await write_to(db, contact, "group_ended", event, real_now, dedupe_key=f"group:{group.id}", **facts)
    return len(due)


async def due_groups(db: Db, now: datetime) -> Sequence[tuple[GroupRegistration, Event]]:
    over = (col(GroupRegistration.ended_at).is_(None), GroupRegistration.names_by <= now)
    return (await db.exec(select(GroupRegistration, Event).join(Event).where(*over))).all()


async def group_of(db: Db, event_id: UUID, person_id: UUID) -> GroupRegistration | None:
    """The places that this person took for others, while some may still wait for people."""
    mine = select(GroupRegistration).where(GroupRegistration.event_id == event_id, GroupRegistration.contact_id == person_id)
    return (await db.exec(mine.where(col(GroupRegistration.ended_at).is_(None)))).first()


async def standing_of_group(db: Db, group: GroupRegistration, now: datetime) -> GroupStanding:
    rows = []
    for row, got in await invitations_of(db, group.id):
        gone = got is not None and got.cancelled_at is not None
        rows.append((row, InvitationState.withdrawn if gone else state_of_invitation(row, now)))
    states = [state for _, state in rows]
    confirmed = states.count(InvitationState.accepted)
    return GroupStanding(group, tuple(rows), confirmed, group.places - confirmed - states.count(InvitationState.waiting))


async def _mine(db: Db, event: Event, person: Person, now: datetime) -> GroupRegistration:
    """My group, with the event and the group locked. Raises Conflict where there is none, and once its day has come."""
    await lock_event_pool(db, event.id)
    group = await group_of(db, event.id, person.id)
    if group is None:
        raise Conflict("You have no places for a group.")
    await db.refresh(group, with_for_update={"key_share": True})
    check_group_waits(group, event, now)
    return group


async def _end(db: Db, event: Event, group: GroupRegistration, now: datetime, real_now: datetime, *, by: UUID | None = None) -> None:
    group.ended_at = now
    await db.exec(update(PlaceInvitation).where(col(PlaceInvitation.group_id) == group.id, *OPEN).values(withdrawn_at=now))
    held_back = await db.get(HeldBack, group.held_back_id) if group.held_back_id else None
    pool = await lock_pool(db, held_back.pool_id) if held_back else None
    if held_back and pool:
        await db.refresh(held_back)
        if not held_back.closed_at:
            release(db, pool, held_back, now, by=by)
        await settle(db, event, pool, now, real_now)
    note(db, "group ended", f"group:{group.id}", real_now, person_id=by, event_id=event.id)


def _check_room(event: Event, pool: CapacityPool, places: int) -> None:
    if (left := places_left(pool)) < places:
        few = "no place is left" if not left else f"only {left} {'place is' if left == 1 else 'places are'} left"
        raise Conflict(f"There are not {places} places at {event.title}: {few}. Nothing was taken.")
