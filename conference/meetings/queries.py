"""Reading meetings: where a session meets, who may enter, through which door, and who is in which group."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from conference.errors import NotFound
from conference.meetings.rules import DoorState, Part, door_state, door_words, groups_are_open, groups_words
from conference.meetings.tables import GroupMember, Meeting, MeetingGroup, MeetingSecret, MeetingService
from conference.people.queries import has_role
from conference.people.tables import Person, Role, RoleKind
from conference.programme.tables import Event, Session, SessionSpeaker, Speaker
from conference.registration.queries import booking_of, people_booked, pool_of_session, registrations_at, takes_part
from conference.storage.database import Db

LEADING = (RoleKind.organiser, RoleKind.moderator)


@dataclass(frozen=True, slots=True)
class AtDoor:
    """Where somebody stands, before words are found for it."""

    state: DoorState
    part: Part = field(default_factory=Part)
    service: MeetingService | None = None
    meeting: Meeting | None = None
    group: MeetingGroup | None = None  # theirs, while groups are open


@dataclass(frozen=True, slots=True)
class GroupRoom:
    """A group and how many are in it."""

    group: MeetingGroup
    taken: int

    @property
    def free(self) -> int | None:
        """How many more fit; None where that isn't limited."""
        return None if self.group.capacity is None else max(self.group.capacity - self.taken, 0)


@dataclass(frozen=True, slots=True)
class MeetingDoor:
    """A session's door as one person sees it on a page (templates/parts/meeting_door.html). Never a link into the meeting itself."""

    state: DoorState
    words: str
    href: str = ""  # into the meeting where it is open; otherwise the next step, if there is one
    group: str = ""  # the group that the door leads to now
    choices: tuple[GroupRoom, ...] = ()  # groups with space, for whoever has none
    choose_href: str = ""


@dataclass(frozen=True, slots=True)
class Entrance:
    """All that a link is made of, but the person."""

    service: MeetingService
    secret: str = field(repr=False)
    session: Session
    room: str
    name: str
    plenary: str  # the plenary's room, where this one is a group's


async def door_for(db: Db, session: Session, event: Event, person: Person | None, now: datetime, *, zone: str = "") -> MeetingDoor:
    """The door of this session's meeting for a page. `zone`: what the person reads times in; otherwise their own, or the event's."""
    at, zone = await at_door(db, session, event, person, now), zone or (person.zone if person else None) or event.zone
    words, here = door_words(at.state, event, session, zone), f"/events/{event.slug}/sessions/{session.slug}/meeting"
    if at.state == DoorState.sign_in:
        return MeetingDoor(at.state, words, f"/sign-in?next={quote(here)}")
    if at.state == DoorState.not_registered:
        return MeetingDoor(at.state, words, f"/events/{event.slug}/registration")
    if at.state != DoorState.open or at.meeting is None:
        return MeetingDoor(at.state, words)
    group = at.group.name if at.group else ""
    about = groups_words(at.meeting, group, zone, now, leads=at.part.leads)
    chooses = groups_are_open(at.meeting, now) and not at.group and not at.part.leads
    rooms = [room for room in await groups_of(db, at.meeting.id) if room.free != 0] if chooses else []
    return MeetingDoor(at.state, about or words, here, group, tuple(rooms), f"{here}/group" if chooses else "")


async def at_door(db: Db, session: Session, event: Event, person: Person | None, now: datetime) -> AtDoor:
    found = await meeting_of(db, session.id)
    if not found:
        return AtDoor(DoorState.none)
    meeting, service = found
    part = await part_of(db, session, event, person) if person else Part()
    group = await group_of(db, meeting.id, person.id) if person and groups_are_open(meeting, now) else None
    return AtDoor(door_state(session, part, now), part, service, meeting, group)


async def part_of(db: Db, session: Session, event: Event, person: Person) -> Part:
    speaks = select(SessionSpeaker.id).join(Speaker).where(SessionSpeaker.session_id == session.id, Speaker.person_id == person.id)
    leads = (await db.exec(speaks)).first() is not None or await has_role(db, person.id, event.id, *LEADING)
    seated = await pool_of_session(db, session.id) is None or await booking_of(db, person.id, session.id) is not None
    return Part(signed_in=True, leads=leads, registered=await takes_part(db, person.id, event.id), seated=seated)


async def entrance_for(db: Db, at: AtDoor, session: Session, now: datetime, *, group_id: UUID | None = None) -> Entrance:
    """Through an open door: to one's own group while groups are open, else to the plenary.

    `group_id`: the group that somebody who leads the session looks into. Raises NotFound for anybody else's, or once groups are closed.
    """
    assert at.service
    assert at.meeting
    group = at.group
    if group_id and (group is None or group.id != group_id):
        group = await db.get(MeetingGroup, group_id) if at.part.leads and groups_are_open(at.meeting, now) else None
        if group is None or group.meeting_id != at.meeting.id:
            raise NotFound("There is no such group, or it is closed.")
    secret = (await db.exec(select(MeetingSecret.secret).where(MeetingSecret.service_id == at.service.id))).one()
    if group is None:
        return Entrance(at.service, secret, session, at.meeting.room, session.title, "")
    return Entrance(at.service, secret, session, group.room, f"{group.name} · {session.title}", at.meeting.room)


async def service_of(db: Db, event_id: UUID) -> MeetingService | None:
    return (await db.exec(select(MeetingService).where(MeetingService.event_id == event_id))).first()


async def meeting_of(db: Db, session_id: UUID) -> tuple[Meeting, MeetingService] | None:
    """None where the session meets elsewhere, or the event has no service any more."""
    here = select(Meeting, MeetingService).join(Session, col(Session.id) == Meeting.session_id)
    here = here.join(MeetingService, col(MeetingService.event_id) == Session.event_id)
    return (await db.exec(here.where(Meeting.session_id == session_id))).first()


async def meeting_sessions(db: Db, event_id: UUID) -> set[UUID]:
    """The sessions of an event that meet on its service."""
    return set(await db.exec(select(Meeting.session_id).join(Session).where(Session.event_id == event_id)))


async def lock_meeting(db: Db, session_id: UUID) -> Meeting | None:
    """A session's meeting as it is now, for this transaction alone: whoever changes its groups takes turns."""
    await db.flush()
    found = select(Meeting).where(Meeting.session_id == session_id).with_for_update(key_share=True)
    return (await db.exec(found.execution_options(populate_existing=True))).first()


async def groups_of(db: Db, meeting_id: UUID) -> list[GroupRoom]:
    """In their order."""
    counted = select(GroupMember.group_id, func.count()).where(GroupMember.meeting_id == meeting_id).group_by(col(GroupMember.group_id))
    taken = dict((await db.exec(counted)).all())
    groups = await db.exec(select(MeetingGroup).where(MeetingGroup.meeting_id == meeting_id).order_by(col(MeetingGroup.position)))
    return [GroupRoom(group, taken.get(group.id, 0)) for group in groups]


async def group_of(db: Db, meeting_id: UUID, person_id: UUID) -> MeetingGroup | None:
    """The group that a person is in."""
    mine = select(MeetingGroup).join(GroupMember, col(GroupMember.group_id) == MeetingGroup.id)
    return (await db.exec(mine.where(GroupMember.meeting_id == meeting_id, GroupMember.person_id == person_id))).first()


async def members_of(db: Db, meeting_id: UUID) -> Sequence[tuple[GroupMember, Person]]:
    """Everybody in any group, by name."""
    members = select(GroupMember, Person).join(Person).where(GroupMember.meeting_id == meeting_id)
    return (await db.exec(members.order_by(col(Person.name), col(Person.id)))).all()


async def people_to_draw(db: Db, session: Session, event: Event) -> list[Person]:
    """Who may be in a group, by name: all with a seat, or with a place at the event where seats aren't limited; not those who lead."""
    if await pool_of_session(db, session.id):
        people = [person for _, person in await people_booked(db, session.id)]
    else:
        people = [person for place, person in await registrations_at(db, event.id) if place.confirmed_at]
    moderating = select(Role.person_id).where(Role.event_id == event.id, col(Role.kind).in_(LEADING), col(Role.ended_at).is_(None))
    speaking = select(Speaker.person_id).join(SessionSpeaker).where(SessionSpeaker.session_id == session.id)
    leading = set(await db.exec(moderating)) | set(await db.exec(speaking))
    return sorted((person for person in people if person.id not in leading), key=lambda person: (person.name, person.id))
