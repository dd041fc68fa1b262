"""The page of one's own talk, put together: its words, what waits for review, slides, who comes, and the ways to the stage."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.live.green_room import notes_of
from conference.live.green_room_tables import Recording
from conference.live.rules import has_stage
from conference.people.access import require_person
from conference.people.forms import COUNTRIES
from conference.people.queries import people_by_id
from conference.people.tables import Person
from conference.programme.tables import Event, Session, Speaker
from conference.registration.queries import people_booked, pool_of_session, registrations_at
from conference.registration.waiting import waiting_counts
from conference.speaking.actions import text_version
from conference.speaking.queries import Talk, own_talk, profiles_of, proposals_of, resources_of
from conference.speaking.rules import MAX_ABSTRACT, MAX_FILE, MAX_RESOURCES, host_of, size_words
from conference.speaking.tables import ProposalKind, SpeakerProfile, TalkProposal, TalkResource
from conference.storage.database import Db
from conference.times import TimeShown, show, spoken_moment
from conference.web.forms import Typed
from conference.web.render import render
from conference.web.request import now, reading, zone_for

FEW = 3  # of fewer people no country is named: a number must not be a name
RECORDING = {
    Recording.yes: "You agree to be recorded.",
    Recording.no: "You do not want to be recorded.",
    Recording.not_said: "Not said yet.",
}


@dataclass(frozen=True, slots=True)
class CoSpeaker:
    speaker: Speaker
    profile: SpeakerProfile | None
    has_account: bool


@dataclass(frozen=True, slots=True)
class Comers:
    """Who will be there, in numbers."""

    registered: int
    booked: int | None  # None: no seats are booked in this session
    capacity: int
    waiting: int
    countries: tuple[tuple[str, int], ...]
    others: int  # from countries with few


@dataclass(frozen=True, slots=True)
class OwnResource:
    resource: TalkResource
    size_words: str
    host: str


@dataclass(frozen=True, slots=True)
class PastProposal:
    proposal: TalkProposal
    words: str


@dataclass(frozen=True, slots=True)
class TalkPage:
    """templates/speaking/talk.html"""

    event: Event
    session: Session
    is_published: bool
    over: bool
    time: TimeShown
    me: Speaker
    others: tuple[CoSpeaker, ...]
    typed: Typed
    errors: Mapping[str, str]
    stale: str  # the sentence, where a co-speaker saved meanwhile
    waiting: TalkProposal | None
    waiting_words: str
    past: tuple[PastProposal, ...]
    proposed: tuple[TalkProposal, ...]  # co-speakers that wait
    resources: tuple[OwnResource, ...]
    has_stage: bool
    recording: str
    comers: Comers
    max_abstract: int = MAX_ABSTRACT
    max_file: int = MAX_FILE
    max_file_words: str = size_words(MAX_FILE)
    may_add: bool = True


async def talk_page(
    request: Request, typed: Typed | None = None, errors: Mapping[str, str] | None = None, *, stale: str = "", status: int = 422
) -> Response:
    """The page, or the page again with what was typed and a sentence beside each field."""
    async with reading(request) as db:
        person = await require_person(db, request)
        talk = await own_talk(db, person=person, **_address(request))
        page = await _page(db, request, talk, person, typed or {}, errors or {}, stale)
    again = bool(errors or stale)
    title = f"{'Error: ' if errors else ''}My talk · {talk.session.title}"
    return render(request, "speaking/talk.html", page, title=title, status=status if again else 200, zone=talk.event.zone)


def _address(request: Request) -> dict[str, str]:
    return {name: request.path_params[name] for name in ("event", "session")}


async def _page(db: Db, request: Request, talk: Talk, person: Person, typed: Typed, errors: Mapping[str, str], stale: str) -> TalkPage:
    session, event = talk.session, talk.event
    zone = zone_for(request, event.zone)
    proposals = await proposals_of(db, session.id)
    open_ones = [each for each in proposals if not each.decided_at and not each.withdrawn_at]
    waiting = next((each for each in open_ones if each.kind is ProposalKind.text), None)
    seen = text_version(session, waiting) if talk.is_published else talk.planned.version
    text = waiting or session
    note = next((each for each in await notes_of(db, session.id) if each.person_id == person.id), None)
    resources = await resources_of(db, [session.id])
    return TalkPage(
        event=event,
        session=session,
        is_published=talk.is_published,
        over=now(request) >= session.ends_at,
        time=show(session.starts_at, session.ends_at, first=zone, second=event.zone, event_zone=event.zone, mine=zone),
        me=talk.me,
        others=await _others(db, talk),
        typed={
            "title": text.title,
            "abstract": text.abstract.strip(),
            "audience": "public",
            "shown_from": "at_once",
            **typed,
            "seen": seen,
        },
        errors=errors,
        stale=stale,
        waiting=waiting,
        waiting_words=await _waiting_words(db, waiting, person, zone),
        past=tuple(PastProposal(each, _past_words(each, zone)) for each in proposals if each.decided_at),
        proposed=tuple(each for each in open_ones if each.kind is ProposalKind.co_speaker),
        resources=tuple(OwnResource(each, size_words(each.size), host_of(each.url)) for each in resources),
        has_stage=has_stage(event, session) and talk.is_published,
        recording=RECORDING[note.recording if note else Recording.not_said],
        comers=await _comers(db, event, session),
        may_add=len(resources) < MAX_RESOURCES,
    )


async def _others(db: Db, talk: Talk) -> tuple[CoSpeaker, ...]:
    others = [speaker for speaker in talk.speakers if speaker.id != talk.me.id]
    profiles = await profiles_of(db, [speaker.id for speaker in others])
    return tuple(CoSpeaker(speaker, profiles.get(speaker.id), speaker.person_id is not None) for speaker in others)


async def _waiting_words(db: Db, waiting: TalkProposal | None, person: Person, zone: str) -> str:
    if waiting is None:
        return ""
    by = (await people_by_id(db, [waiting.person_id])).get(waiting.person_id) if waiting.person_id else None
    who = "You" if by is None or by.id == person.id else by.name
    return f"{who} proposed it at {spoken_moment(waiting.modified_at, zone)}."


def _past_words(proposal: TalkProposal, zone: str) -> str:
    what = f"{proposal.name} as a speaker" if proposal.kind is ProposalKind.co_speaker else f"“{proposal.title}”"
    assert proposal.decided_at
    return f"{what}: {'accepted' if proposal.accepted else 'declined'} at {spoken_moment(proposal.decided_at, zone)}"


async def _comers(db: Db, event: Event, session: Session) -> Comers:
    """Those with a seat where seats are booked, else those who are registered; pending registrations don't count."""
    pool = await pool_of_session(db, session.id)
    registered = [person for place, person in await registrations_at(db, event.id) if place.confirmed_at]
    booked = [person for _, person in await people_booked(db, session.id)] if pool else None
    waiting = (await waiting_counts(db, [pool.id])).get(pool.id, 0) if pool else 0
    countries, others = counted_countries([person.country or "" for person in (registered if booked is None else booked)])
    return Comers(len(registered), None if booked is None else len(booked), pool.capacity if pool else 0, waiting, countries, others)


def counted_countries(codes: list[str]) -> tuple[tuple[tuple[str, int], ...], int]:
    """Countries with their numbers, the largest first; and how many come from where only a few do, or have not said."""
    names, counted = dict(COUNTRIES), Counter(codes)
    shown = [(names[code], count) for code, count in counted.items() if code in names and count >= FEW]
    return tuple(sorted(shown, key=lambda pair: (-pair[1], pair[0]))), len(codes) - sum(count for _, count in shown)
