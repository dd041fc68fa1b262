"""What each speaker of an event has answered and brought, and what is still missing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from conference.errors import Conflict, Refusal
from conference.live.green_room_tables import GreenRoomNote, Recording
from conference.live.rules import has_stage
from conference.mail.actions import queue_mail
from conference.people.queries import people_by_id
from conference.people.tables import Person
from conference.programme.planned import Planned, planned_programme
from conference.programme.queries import speakers_of
from conference.programme.tables import Event, Session, Speaker
from conference.speaking.actions import profile_for
from conference.speaking.queries import availability_of, invitations_of, profiles_of, resources_of, sessions_by_speaker
from conference.speaking.rules import InvitationState, check_may_mail, standing_of
from conference.speaking.tables import SpeakerInvitation, SpeakerProfile, TalkResource
from conference.storage.database import Db
from conference.times import TimeShown, city_of, show, spoken_moment, spoken_zone

STATE_WORDS = {
    InvitationState.not_invited: "Not invited",
    InvitationState.invited: "Invited",
    InvitationState.expired: "Invitation is over",
    InvitationState.declined: "Declined",
    InvitationState.accepted: "Accepted",
}


@dataclass(frozen=True, slots=True)
class SpeakerRow:
    """One speaker, as organisers see them."""

    speaker: Speaker
    state: InvitationState
    state_words: str
    since: str  # when that was, on the event's clock
    email: str  # of the account, or where the invitation went
    zone: str  # the account's own; empty: not known
    declined_word: str
    sessions: tuple[Session, ...]
    drafted: tuple[str, ...]  # titles of those in which they are to speak after the next release
    biography: bool
    photo: bool
    slides: int
    consent: str  # "yes", "no", "not_said"; empty where nothing of theirs is recorded
    times: tuple[TimeShown, ...]  # on the event's clock, beside it the speaker's own
    may_mail: bool
    clock_words: str

    @property
    def sessions_in_words(self) -> str:
        """`Welcome; What we take home (draft)`; empty: none."""
        return "; ".join([*(session.title for session in self.sessions), *(f"{title} (draft)" for title in self.drafted)])

    @property
    def missing(self) -> tuple[str, ...]:
        """In the words of a reminder."""
        wanted = (
            ("Your biography", self.biography),
            ("A photo of you", self.photo),
            ("Your slides, or a link to them", bool(self.slides) or not self.sessions),
            ("Whether you agree to be recorded (on your speaker’s page of the stage)", self.consent != "not_said"),
        )
        return tuple(words for words, there in wanted if not there)


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read of the event at once."""

    event: Event
    people: dict[UUID, Person]
    invitations: dict[UUID, SpeakerInvitation]
    profiles: dict[UUID, SpeakerProfile]
    sessions: dict[UUID, list[Session]]
    drafted: Mapping[UUID, list[str]]
    resources: Sequence[TalkResource]
    notes: dict[tuple[UUID, UUID], Recording]  # by session and person
    times: dict[UUID, tuple[tuple[datetime, datetime], ...]]


async def readiness(db: Db, event: Event, real_now: datetime) -> tuple[SpeakerRow, ...]:
    """Every speaker of the event by name, in a fixed number of queries."""
    speakers = await speakers_of(db, event)
    sessions = await sessions_by_speaker(db, event)
    ids = {session.id for each in sessions.values() for session in each}
    notes = await db.exec(select(GreenRoomNote).where(col(GreenRoomNote.session_id).in_(ids)))
    known = _Known(
        event=event,
        people=await people_by_id(db, (each.person_id for each in speakers if each.person_id)),
        invitations=await invitations_of(db, event),
        profiles=await profiles_of(db, [each.id for each in speakers]),
        sessions=defaultdict(list, sessions),
        drafted=_drafted(await planned_programme(db, event)),
        resources=await resources_of(db, ids),
        notes={(note.session_id, note.person_id): note.recording for note in notes},
        times=dict(await availability_of(db, event)),
    )
    return tuple(_row(speaker, known, real_now) for speaker in speakers)


async def remind_missing(db: Db, event: Event, speaker: Speaker, talks_path: str, now: datetime, real_now: datetime) -> None:
    """A mail with what an accepted speaker has not brought yet. Raises Conflict where that is nothing, TooMany within a day."""
    row = next(row for row in await readiness(db, event, real_now) if row.speaker.id == speaker.id)
    if not row.missing:
        raise Conflict(f"{speaker.name} has brought everything: there is nothing to remind of.")
    profile = await profile_for(db, speaker)
    check_may_mail(profile, real_now)
    profile.mailed_at = real_now
    ahead = [session for session in row.sessions if not session.cancelled_at and session.ends_at > now]
    facts: dict[str, Any] = {
        "event": event.title,
        "event_zone": event.zone,
        "online": event.format == "online",
        "missing": list(row.missing),
        "sessions": [{"title": each.title, "starts_at": each.starts_at.isoformat(), "ends_at": each.ends_at.isoformat()} for each in ahead],
        "talks_path": talks_path,
    }
    person = (await people_by_id(db, [speaker.person_id] if speaker.person_id else []))[speaker.person_id or event.id]
    zone = person.zone or event.zone
    await queue_mail(
        db, "speaker_missing", person.email, real_now, to_name=person.name, person_id=person.id, event_id=event.id, zone=zone, **facts
    )


def _row(speaker: Speaker, known: _Known, real_now: datetime) -> SpeakerRow:
    event, newest, profile = known.event, known.invitations.get(speaker.id), known.profiles.get(speaker.id)
    person = known.people.get(speaker.person_id) if speaker.person_id else None
    state = standing_of(speaker, newest, real_now)
    sessions = tuple(session for session in known.sessions.get(speaker.id, []) if not session.cancelled_at)
    theirs = {session.id for session in sessions}
    return SpeakerRow(
        speaker=speaker,
        state=state,
        state_words=STATE_WORDS[state],
        since=_since(state, newest, event.zone),
        email=person.email if person else newest.email if newest and state is not InvitationState.not_invited else "",
        zone=(person and person.zone) or "",
        declined_word=newest.declined_word if newest and state is InvitationState.declined else "",
        sessions=sessions,
        drafted=tuple(known.drafted.get(speaker.id, ())),
        biography=bool(speaker.biography.strip()),
        photo=bool(profile and profile.photo_id),
        slides=sum(resource.session_id in theirs for resource in known.resources),
        consent=_consent(speaker, sessions, known),
        times=tuple(_time(span, event, person) for span in known.times.get(speaker.id, ())),
        may_mail=_may_mail(profile, real_now),
        clock_words=f"{city_of(event.zone)}’s clock ({spoken_zone(event.starts_at, event.zone)})",
    )


def _drafted(planned: Iterable[Planned]) -> Mapping[UUID, list[str]]:
    """Titles of sessions by who is to speak there and does not yet."""
    titles: dict[UUID, list[str]] = defaultdict(list)
    for one in planned:
        speaks = {speaker.id for speaker in one.published.speakers} if one.published else set()
        for speaker in () if one.facts.session.cancelled_at else one.facts.speakers:
            if speaker.id not in speaks:
                titles[speaker.id].append(one.facts.session.title)
    return titles


def _since(state: InvitationState, newest: SpeakerInvitation | None, zone: str) -> str:
    if newest is None:
        return ""
    moments = {
        InvitationState.invited: newest.invited_at,
        InvitationState.expired: newest.expires_at,
        InvitationState.declined: newest.declined_at,
        InvitationState.accepted: newest.accepted_at,
    }
    moment = moments.get(state)
    return spoken_moment(moment, zone) if moment else ""


def _consent(speaker: Speaker, sessions: Sequence[Session], known: _Known) -> str:
    """What they said of being recorded, of all their sessions with a stage: a single no is a no."""
    staged = [session for session in sessions if has_stage(known.event, session)]
    if not staged:
        return ""
    said = {
        known.notes.get((session.id, speaker.person_id), Recording.not_said) if speaker.person_id else Recording.not_said
        for session in staged
    }
    return next(answer.value for answer in (Recording.no, Recording.not_said, Recording.yes) if answer in said)


def _time(span: tuple[datetime, datetime], event: Event, person: Person | None) -> TimeShown:
    second = (person and person.zone) or event.zone
    return show(*span, first=event.zone, second=second, event_zone=event.zone, mine=event.zone)


def _may_mail(profile: SpeakerProfile | None, real_now: datetime) -> bool:
    try:
        check_may_mail(profile, real_now)
    except Refusal:
        return False
    return True
