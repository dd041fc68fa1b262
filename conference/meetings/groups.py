"""Breakout groups: made and drawn by those who lead, chosen by those without one, opened, and called back to the plenary."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, delete, select

from conference.errors import Conflict, NotFound
from conference.meetings.actions import remove_groups
from conference.meetings.queries import GroupRoom, group_of, groups_of, lock_meeting, people_to_draw
from conference.meetings.rules import check_groups_are_closed, check_groups_are_open, check_they_fit, clean_group_names, deal
from conference.meetings.tables import GroupMember, Meeting, MeetingGroup
from conference.people.tables import Person
from conference.programme.tables import Event, Session
from conference.record.actions import note
from conference.storage.database import Db

SUFFIX_BYTES = 4  # of chance, after the plenary's own room


async def make_groups(
    db: Db, event: Event, session: Session, names: str, capacity: int | None, now: datetime, real_now: datetime, *, by: UUID
) -> list[MeetingGroup]:
    """Groups by these names, one a line, instead of those there were; nobody is in them yet. `capacity` is how many fit in each."""
    wanted = clean_group_names(names)
    meeting = await _locked(db, session)
    check_groups_are_closed(meeting, now)
    await remove_groups(db, meeting)
    made = [
        MeetingGroup(
            meeting_id=meeting.id, position=place, name=name, room=f"{meeting.room}-{secrets.token_hex(SUFFIX_BYTES)}", capacity=capacity
        )
        for place, name in enumerate(wanted, start=1)
    ]
    meeting.groups_opened_at = meeting.groups_end_at = None
    db.add_all(made)
    note(db, "groups made", f"session:{session.id}", real_now, person_id=by, event_id=event.id, groups=len(made))
    await db.flush()
    return made


async def draw_groups(
    db: Db,
    event: Event,
    session: Session,
    now: datetime,
    real_now: datetime,
    *,
    by: UUID,
    present: Collection[UUID] | None = None,
) -> int:
    """Draw everybody anew, evenly: all who have a seat or a place, or of them only those who are `present`. How many were drawn.

    Raises Conflict where there are no groups, where more people would be in one than fit, or while groups are open.
    """
    meeting = await _locked(db, session)
    check_groups_are_closed(meeting, now)
    rooms = await _some_groups(db, meeting)
    people = [person.id for person in await people_to_draw(db, session, event) if present is None or person.id in present]
    check_they_fit(len(people), [room.group.capacity for room in rooms])
    secrets.SystemRandom().shuffle(people)
    await db.exec(delete(GroupMember).where(col(GroupMember.meeting_id) == meeting.id))
    for room, members in zip(rooms, deal(people, len(rooms)), strict=True):
        db.add_all(GroupMember(meeting_id=meeting.id, group_id=room.group.id, person_id=member, joined_at=now) for member in members)
    note(db, "groups drawn", f"session:{session.id}", real_now, person_id=by, event_id=event.id, people=len(people), groups=len(rooms))
    await db.flush()
    return len(people)


async def move_person(
    db: Db, event: Event, session: Session, person_id: UUID, group_id: UUID | None, now: datetime, real_now: datetime, *, by: UUID
) -> tuple[Person, MeetingGroup | None]:
    """Put somebody into a group by hand, or into none; whoever leads may fill a group beyond what fits. Raises NotFound."""
    meeting = await _locked(db, session)
    person = next((person for person in await people_to_draw(db, session, event) if person.id == person_id), None)
    if person is None:
        raise NotFound("This person has no place in this session.")
    group = await _group(db, meeting, group_id) if group_id else None
    await _put(db, meeting, person.id, group, now)
    told = group.name if group else ""
    note(db, "moved to group", f"session:{session.id}", real_now, person_id=by, event_id=event.id, moved=str(person.id), group=told)
    return person, group


async def choose_group(
    db: Db, event: Event, session: Session, person: Person, group_id: UUID, now: datetime, real_now: datetime
) -> MeetingGroup:
    """Take a place in an open group. The caller has looked that the session's door is open to this person.

    Raises Conflict where it is full, closed, or the person has one already.
    """
    meeting = await _locked(db, session)
    check_groups_are_open(meeting, now)
    group = await _group(db, meeting, group_id)
    mine = await group_of(db, meeting.id, person.id)
    if mine:
        raise Conflict(f"You are in the group “{mine.name}” already. Who leads the session can move you.")
    if next(room.free for room in await groups_of(db, meeting.id) if room.group.id == group.id) == 0:
        raise Conflict(f"The group “{group.name}” is full. Choose another, or stay in the plenary.")
    await _put(db, meeting, person.id, group, now)
    note(db, "group chosen", f"session:{session.id}", real_now, person_id=person.id, event_id=event.id, group=group.name)
    return group


async def open_groups(db: Db, event: Event, session: Session, now: datetime, real_now: datetime, *, by: UUID) -> None:
    """From now on everybody's door leads to their group."""
    meeting = await _locked(db, session)
    check_groups_are_closed(meeting, now)
    await _some_groups(db, meeting)
    meeting.groups_opened_at, meeting.groups_end_at = now, None
    note(db, "groups opened", f"session:{session.id}", real_now, person_id=by, event_id=event.id)
    await db.flush()


async def close_groups(
    db: Db, event: Event, session: Session, after: timedelta, now: datetime, real_now: datetime, *, by: UUID
) -> datetime:
    """Call everybody back to the plenary, at once or after a while; the moment at which doors lead there again."""
    meeting = await _locked(db, session)
    check_groups_are_open(meeting, now)
    meeting.groups_end_at = now + after
    note(db, "groups closed", f"session:{session.id}", real_now, person_id=by, event_id=event.id, seconds=int(after.total_seconds()))
    await db.flush()
    return meeting.groups_end_at


async def _locked(db: Db, session: Session) -> Meeting:
    meeting = await lock_meeting(db, session.id)
    if meeting is None:
        raise Conflict(f"“{session.title}” does not meet on the event’s service, so it has no groups.")
    return meeting


async def _some_groups(db: Db, meeting: Meeting) -> list[GroupRoom]:
    rooms = await groups_of(db, meeting.id)
    if not rooms:
        raise Conflict("There are no groups yet. Make some first.")
    return rooms


async def _group(db: Db, meeting: Meeting, group_id: UUID) -> MeetingGroup:
    """One of this meeting's own: an id from a form proves nothing."""
    found = select(MeetingGroup).where(MeetingGroup.id == group_id, MeetingGroup.meeting_id == meeting.id)
    group = (await db.exec(found)).first()
    if group is None:
        raise NotFound("There is no such group any more.")
    return group


async def _put(db: Db, meeting: Meeting, person_id: UUID, group: MeetingGroup | None, now: datetime) -> None:
    """Call it with the meeting locked."""
    here = (col(GroupMember.meeting_id) == meeting.id, col(GroupMember.person_id) == person_id)
    if group is None:
        await db.exec(delete(GroupMember).where(*here))
        return
    moved = await db.exec(update(GroupMember).where(*here).values(group_id=group.id, joined_at=now))
    if not moved.rowcount:
        db.add(GroupMember(meeting_id=meeting.id, group_id=group.id, person_id=person_id, joined_at=now))
        await db.flush()
