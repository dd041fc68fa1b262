"""One session, and the people who speak."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from conference.errors import NotFound
from conference.live.kept import Kept, KeptQuestion, kept_of
from conference.live.rules import has_stage
from conference.live.speakers_cards import answered_words
from conference.meetings.queries import MeetingDoor, door_for
from conference.people.tables import Person
from conference.programme.queries import (
    event_at,
    programme_of,
    releases_of,
    session_at,
    speaker_at,
    speakers_shown,
)
from conference.programme.rules import DOOR_OPENS
from conference.programme.tables import Event, Session, Speaker, Venue
from conference.registration.rules import state_of
from conference.registration.stars import starred_at
from conference.registration.tables import RegistrationState
from conference.registration.turn_rules import why_words
from conference.site.days import Day, days_of
from conference.site.frame import frame_for, origin_of
from conference.site.linked import linked_session, linked_speaker, moves_of
from conference.site.showing import showing_event, showing_session
from conference.site.view import Row, paragraphs, row_of
from conference.speaking.queries import profile_of, profiles_of
from conference.speaking.rules import host_of
from conference.speaking.showing import resource_words, resources_for
from conference.speaking.tables import SpeakerProfile, TalkResource
from conference.times import clock_time, spoken_zone, zone_named
from conference.web.data_block import data_block
from conference.web.render import render
from conference.web.request import now, reading, visitor


@dataclass(frozen=True, slots=True)
class SessionPage:
    """templates/site/session.html"""

    event: Event
    session: Session
    row: Row
    in_person: bool
    abstract: tuple[str, ...]
    speakers: tuple[Speaker, ...]
    venue: Venue
    registered: bool
    over: bool
    has_stage: bool
    door_words: str  # when the stage's door opens; empty once it is open or gone
    kept: Kept  # what was on the stage, for good
    questions: tuple[tuple[KeptQuestion, str], ...]  # with when they were answered
    zone_words: str  # whose clock that is
    has_transcript: bool
    speaks: bool  # the reader, in this session
    profiles: Mapping[UUID, SpeakerProfile]  # by speaker
    resources: tuple[tuple[TalkResource, str], ...]  # what this reader may have now, each with what it is
    later_resources: str  # that there is more for others, or afterwards
    meeting: MeetingDoor
    starred: bool  # by the reader
    why: tuple[str, ...]  # where the reader's turn stands, and what it waits for; empty without one
    linked: Markup | None  # as machines read it; None for a break


@dataclass(frozen=True, slots=True)
class SpeakersPage:
    """templates/site/speakers.html"""

    event: Event
    speakers: tuple[Speaker, ...]
    profiles: Mapping[UUID, SpeakerProfile]  # by speaker


@dataclass(frozen=True, slots=True)
class SpeakerPage:
    """templates/site/speaker.html"""

    event: Event
    speaker: Speaker
    biography: tuple[str, ...]
    days: tuple[Day, ...]
    count: int
    profile: SpeakerProfile | None
    links: tuple[tuple[str, str], ...]  # address and host
    mine: bool  # the reader is this speaker
    linked: Markup  # as machines read it


async def session_page(request: Request) -> Response:
    """GET /events/{event}/sessions/{session}"""
    async with reading(request) as db:
        facts = await session_at(db, **request.path_params)
        frame = await frame_for(db, request, facts.event)
        kept = await kept_of(db, facts.session.id)
        person_id = visitor(request).person_id
        person = await db.get(Person, person_id) if person_id else None
        starred = await starred_at(db, person_id, facts.event.id)
        profiles = await profiles_of(db, [speaker.id for speaker in facts.speakers])
        shown = await resources_for(db, facts, person_id, now(request))
        meeting = await door_for(db, facts.session, facts.event, person, now(request), zone=frame.zone or facts.event.zone)
        linked = linked_session(facts, moves_of(await releases_of(db, facts.event)), origin_of(request))
        shows = await showing_session(db, facts, frame)
    row, session = row_of(facts, frame), facts.session
    zone = frame.zone or facts.event.zone
    turn = frame.standing.turns.get(session.id)
    staged = has_stage(facts.event, session) and not session.cancelled_at
    page = SessionPage(
        event=facts.event,
        session=session,
        row=row,
        in_person=not facts.venue.online,
        abstract=paragraphs(session.abstract),
        speakers=facts.speakers,
        venue=facts.venue,
        registered=state_of(frame.standing.registration) == RegistrationState.confirmed,
        over=now(request) >= session.ends_at,
        has_stage=staged,
        door_words=_door_words(session, zone) if staged and now(request) < session.starts_at - DOOR_OPENS else "",
        kept=kept,
        questions=tuple((each, answered_words(each.answered_at, each.written_at, zone)) for each in kept.questions),
        zone_words=spoken_zone(session.starts_at, zone),
        has_transcript=kept.has_captions and now(request) >= session.starts_at,
        speaks=person is not None and person.id in {speaker.person_id for speaker in facts.speakers},
        profiles=profiles,
        resources=tuple((each, resource_words(each)) for each in shown.now),
        later_resources=shown.words,
        meeting=meeting,
        starred=session.id in starred,
        why=why_words(turn, "seat", now(request), zone) if turn and row.booking else (),
        linked=data_block(linked) if linked else None,
    )
    return render(request, "site/session.html", page, title=session.title, zone=facts.event.zone, shows=shows)


async def speakers_page(request: Request) -> Response:
    """GET /events/{event}/speakers"""
    async with reading(request) as db:
        event = await event_at(db, request.path_params["event"])
        speakers = tuple(await speakers_shown(db, event))
        page = SpeakersPage(event, speakers, await profiles_of(db, [speaker.id for speaker in speakers]))
        shows = await showing_event(db, event, (), await frame_for(db, request, event))
    return render(request, "site/speakers.html", page, title=f"People · {event.title}", zone=event.zone, shows=shows)


async def speaker_page(request: Request) -> Response:
    """GET /events/{event}/speakers/{speaker}"""
    async with reading(request) as db:
        event = await event_at(db, request.path_params["event"])
        speaker = await speaker_at(db, event, request.path_params["speaker"])
        frame = await frame_for(db, request, event)
        theirs = [facts for facts in await programme_of(db, event) if speaker.id in {person.id for person in facts.speakers}]
        if not theirs:
            raise NotFound("There is no speaker at this address.")
        profile = await profile_of(db, speaker.id)
        linked = linked_speaker(event, speaker, theirs, moves_of(await releases_of(db, event)), origin_of(request))
        shows = await showing_event(db, event, theirs, frame)
    page = SpeakerPage(
        event=event,
        speaker=speaker,
        biography=paragraphs(speaker.biography),
        days=days_of(event, theirs, frame),
        count=len(theirs),
        profile=profile,
        links=tuple((url, host_of(url)) for url in (profile.links if profile else [])),
        mine=speaker.person_id is not None and speaker.person_id == visitor(request).person_id,
        linked=data_block(linked),
    )
    return render(request, "site/speaker.html", page, title=speaker.name, zone=event.zone, shows=shows)


def _door_words(session: Session, zone: str) -> str:
    opens = (session.starts_at - DOOR_OPENS).astimezone(zone_named(zone))
    return f"The stage opens 10 minutes before the start, at {clock_time(opens)}."
