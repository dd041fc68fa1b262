"""Reading what speakers bring, and what waits for whom."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, or_, select

from conference.errors import Forbidden, NotFound
from conference.people.tables import Person
from conference.programme.planned import Planned, drafts_of, planned_at, planned_programme
from conference.programme.queries import event_at, sessions_spoken_at, speaker_at
from conference.programme.tables import Event, Session, SessionSpeaker, Speaker
from conference.speaking.tables import ProposalKind, SpeakerInvitation, SpeakerProfile, SpeakerTime, TalkProposal, TalkResource
from conference.storage.database import Db

SPEAKERS_ONLY = "This page is for the session's own speakers."
OWN_PROFILE = "This page is for this speaker alone."
WAITING = (col(TalkProposal.decided_at).is_(None), col(TalkProposal.withdrawn_at).is_(None))


@dataclass(frozen=True, slots=True)
class Talk:
    """One session of one's own: as it is published, or planned where it isn't yet."""

    event: Event
    session: Session
    speakers: tuple[Speaker, ...]
    me: Speaker
    planned: Planned  # what organisers have drafted of it: never for a speaker's eyes, once it is published
    is_published: bool


async def own_talk(db: Db, event: str, session: str, person: Person) -> Talk:
    """Raises NotFound, and Forbidden for whoever does not speak in this session (any more)."""
    planned = await planned_at(db, event, session)
    talk = _talk(planned, person.id)
    if talk is None:
        raise NotFound("There is no session at this address.") if not planned.published else Forbidden(SPEAKERS_ONLY)
    return talk


async def talks_of(db: Db, person: Person) -> list[Talk]:
    """Everything that this person speaks at, published or planned, in order of time."""
    published = {facts.session.id: facts.event for facts in await sessions_spoken_at(db, person.id)}
    events = {event.id: event for event in published.values()} | await _events_of_speaker(db, person.id)
    found: list[Talk] = []
    for event in events.values():
        if any(event.id == one.id for one in published.values()) or await drafts_of(db, event):
            found += filter(None, (_talk(planned, person.id) for planned in await planned_programme(db, event)))
    return sorted(found, key=lambda talk: (talk.session.starts_at, talk.session.title))


async def own_speaker(db: Db, event: str, speaker: str, person: Person) -> tuple[Event, Speaker]:
    """The speaker of this address, who is this person. Raises NotFound, Forbidden."""
    owner = await event_at(db, event)
    row = await speaker_at(db, owner, speaker)
    if row.person_id != person.id:
        raise Forbidden(OWN_PROFILE)
    return owner, row


async def speaker_rows_of(db: Db, person_id: UUID) -> Sequence[tuple[Speaker, Event]]:
    """Each event at which this person is a speaker, the latest first."""
    rows = select(Speaker, Event).join(Event).where(Speaker.person_id == person_id)
    return (await db.exec(rows.order_by(col(Event.starts_at).desc(), col(Speaker.id)))).all()


async def profile_of(db: Db, speaker_id: UUID) -> SpeakerProfile | None:
    return (await db.exec(select(SpeakerProfile).where(SpeakerProfile.speaker_id == speaker_id))).first()


async def profiles_of(db: Db, speaker_ids: Collection[UUID]) -> dict[UUID, SpeakerProfile]:
    """By speaker; those who have shown nothing are missing."""
    rows = await db.exec(select(SpeakerProfile).where(col(SpeakerProfile.speaker_id).in_(speaker_ids)))
    return {row.speaker_id: row for row in rows}


async def photo_at(db: Db, event: str, speaker: str, photo_id: UUID) -> SpeakerProfile:
    """The profile whose photo this is. Raises NotFound, also for one that was replaced."""
    owner = await event_at(db, event)
    profile = await profile_of(db, (await speaker_at(db, owner, speaker)).id)
    if not profile or profile.photo_id != photo_id:
        raise NotFound("There is no photo at this address.")
    return profile


async def invitations_of(db: Db, event: Event) -> dict[UUID, SpeakerInvitation]:
    """The newest of each speaker."""
    rows = await db.exec(select(SpeakerInvitation).where(SpeakerInvitation.event_id == event.id).order_by(col(SpeakerInvitation.id)))
    return {row.speaker_id: row for row in rows}


async def times_of(db: Db, speaker_id: UUID) -> Sequence[SpeakerTime]:
    return (await db.exec(select(SpeakerTime).where(SpeakerTime.speaker_id == speaker_id).order_by(col(SpeakerTime.starts_at)))).all()


async def availability_of(db: Db, event: Event) -> Mapping[UUID, tuple[tuple[datetime, datetime], ...]]:
    """When each speaker of the event can speak: spans (from, until) in order, by speaker id. Who has said nothing is missing."""
    rows = await db.exec(
        select(SpeakerTime).join(Speaker).where(Speaker.event_id == event.id).order_by(col(SpeakerTime.starts_at), col(SpeakerTime.id))
    )
    spans: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
    for row in rows:
        spans[row.speaker_id].append((row.starts_at, row.ends_at))
    return {speaker_id: tuple(each) for speaker_id, each in spans.items()}


async def resources_of(db: Db, session_ids: Collection[UUID]) -> Sequence[TalkResource]:
    """In the order in which they were added."""
    return (await db.exec(select(TalkResource).where(col(TalkResource.session_id).in_(session_ids)).order_by(col(TalkResource.id)))).all()


async def resource_at(db: Db, session: Session, resource_id: UUID) -> TalkResource:
    """Raises NotFound where this session has no such resource."""
    found = (await db.exec(select(TalkResource).where(TalkResource.id == resource_id, TalkResource.session_id == session.id))).first()
    if not found:
        raise NotFound("There is nothing at this address, or it was removed.")
    return found


async def proposals_of(db: Db, session_id: UUID) -> Sequence[TalkProposal]:
    """All about one session, the newest first."""
    return (await db.exec(select(TalkProposal).where(TalkProposal.session_id == session_id).order_by(col(TalkProposal.id).desc()))).all()


async def waiting_text(db: Db, session_id: UUID) -> TalkProposal | None:
    """The text that waits for a decision, as it is now; for this transaction alone."""
    one = select(TalkProposal).where(TalkProposal.session_id == session_id, TalkProposal.kind == ProposalKind.text, *WAITING)
    return (await db.exec(one.with_for_update().execution_options(populate_existing=True))).first()


async def review_queue(db: Db, event: Event) -> Sequence[tuple[TalkProposal, Session, Person | None]]:
    """What waits for the organisers, the oldest first."""
    rows = select(TalkProposal, Session, Person).join(Session).outerjoin(Person, col(Person.id) == TalkProposal.person_id)
    return (await db.exec(rows.where(TalkProposal.event_id == event.id, *WAITING).order_by(col(TalkProposal.id)))).all()


async def review_count(db: Db, event: Event) -> int:
    waiting = select(func.count()).select_from(TalkProposal).where(TalkProposal.event_id == event.id, *WAITING)
    return (await db.exec(waiting)).one()


async def proposal_at(db: Db, event: Event, proposal_id: UUID, *, lock: bool = False) -> TalkProposal:
    """Of this event; `lock`: for this transaction alone. Raises NotFound."""
    one = select(TalkProposal).where(TalkProposal.id == proposal_id, TalkProposal.event_id == event.id)
    found = (await db.exec(one.with_for_update() if lock else one)).first()
    if not found:
        raise NotFound("There is no such proposal.")
    return found


async def sessions_by_speaker(db: Db, event: Event) -> dict[UUID, list[Session]]:
    """Published sessions of each speaker, in order of time."""
    pairs = select(SessionSpeaker.speaker_id, Session).join(Session).where(Session.event_id == event.id)
    spoken: dict[UUID, list[Session]] = defaultdict(list)
    for speaker_id, session in await db.exec(pairs.order_by(col(Session.starts_at))):
        spoken[speaker_id].append(session)
    return spoken


async def everything_about(db: Db, person: Person) -> dict[str, list[dict[str, Any]]]:
    """All that is kept here about a person, as JSON can hold it; of files what they are."""
    speakers = [row for row, _ in await speaker_rows_of(db, person.id)]
    ids = [row.id for row in speakers]
    times = select(SpeakerTime).where(col(SpeakerTime.speaker_id).in_(ids))
    mine = or_(col(SpeakerInvitation.person_id) == person.id, func.lower(col(SpeakerInvitation.email)) == person.email_key)
    kept: dict[str, Any] = {
        "speakers": speakers,
        "profiles": (await profiles_of(db, ids)).values(),
        "times": await db.exec(times),
        "invitations": await db.exec(select(SpeakerInvitation).where(mine)),
        "proposals": await db.exec(
            select(TalkProposal).where(or_(TalkProposal.person_id == person.id, TalkProposal.email == person.email_key))
        ),
        "resources": await db.exec(select(TalkResource).where(TalkResource.person_id == person.id)),
    }
    return {name: [row.model_dump(mode="json") for row in rows] for name, rows in kept.items()}


async def _events_of_speaker(db: Db, person_id: UUID) -> dict[UUID, Event]:
    return {event.id: event for _, event in await speaker_rows_of(db, person_id)}


def _talk(planned: Planned, person_id: UUID) -> Talk | None:
    """What is published decides who speaks; of a session that isn't yet, what is planned."""
    facts = planned.published or planned.facts
    me = next((speaker for speaker in facts.speakers if speaker.person_id == person_id), None)
    return Talk(facts.event, facts.session, facts.speakers, me, planned, planned.published is not None) if me else None
