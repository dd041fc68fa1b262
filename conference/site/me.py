"""One's own page: what comes next, then places, seats, turns, clashes, the day, what to take away, news, calendars."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from conference.calendars.queries import own_shown
from conference.calendars.rules import OwnShown
from conference.mail.notices import unread_notices
from conference.mail.wishes import dead_addresses
from conference.people.access import require_person
from conference.people.queries import roles_of
from conference.people.tables import Person, Role, RoleKind
from conference.programme.queries import SessionFacts, events_by_id, programme_of, sessions_by_id, sessions_spoken_at
from conference.programme.tables import Event, RegistrationKind
from conference.registration.clashes import mine_of, pairs_at_once
from conference.registration.queries import registrations_of, takes_part
from conference.registration.rules import state_of
from conference.registration.stars import stars_of
from conference.registration.tables import Registration, RegistrationState
from conference.registration.waiting import events_waited_for
from conference.site.days import Day, Slot, days_of, slots_of
from conference.site.frame import frame_for
from conference.site.mine import Clash, Document, MyTurn, clash_of, is_today, next_of_mine, turns_of
from conference.site.my_calls import MyCalls, my_calls
from conference.site.notices import ShownNotice, Standing, shown_notices
from conference.site.view import Frame, Row, date_words, row_of
from conference.speaking.queries import resources_of
from conference.speaking.rules import is_shown
from conference.speaking.showing import resource_words
from conference.storage.database import Db
from conference.web.links import full_address, path_to
from conference.web.render import render
from conference.web.request import house, now, reading, zone_for


@dataclass(frozen=True, slots=True)
class MyEvent:
    """An event I am registered for, or wait for, with my sessions there."""

    event: Event
    date_words: str
    pending: bool
    waits: bool  # for a place
    given: bool  # by application: an organiser gave the place
    over: bool
    ticket: bool  # to be shown at a door
    seats: tuple[Row, ...]
    turns: tuple[MyTurn, ...]
    today: tuple[Day, ...]  # at most one: unfolded
    days: tuple[Day, ...]  # the others
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class MyPage:
    """templates/site/me.html"""

    person: Person
    next: Slot | None
    clashes: tuple[Clash, ...]
    notices: tuple[ShownNotice, ...]  # unread ones, the newest first
    events: tuple[MyEvent, ...]  # what is still to come before what is over
    doors: tuple[Event, ...]  # where I check people in
    needs: tuple[Event, ...]  # where I look after food or access
    speaking: tuple[Slot, ...]
    starred: tuple[Slot, ...]  # what is still to come
    calendar: OwnShown | None  # my own calendar; None: it has no address
    calls: MyCalls
    mail_returned: bool  # what we mailed to this address came back


Mine = tuple[SessionFacts, Frame]


async def me(request: Request) -> Response:
    """GET /me"""
    async with reading(request) as db:
        person = await require_person(db, request)
        registrations = {registration.event_id: registration for registration in await registrations_of(db, person.id)}
        roles = await roles_of(db, person.id)
        doors, needs = [await _events_as(db, roles, *kinds) for kinds in ((RoleKind.door,), (RoleKind.catering, RoleKind.access))]
        ids = {*registrations, *await events_waited_for(db, person.id)}
        events = sorted((await events_by_id(db, ids)).values(), key=lambda event: event.starts_at)
        starred = {star.session_id for star in await stars_of(db, person.id) if not star.ended_at}
        spoken = [(facts, await frame_for(db, request, facts.event)) for facts in await sessions_spoken_at(db, person.id)]
        mine = {event.id: await _mine_at(db, request, event, starred | {facts.session.id for facts, _ in spoken}) for event in events}
        cards = [await _my_event(db, request, event, registrations.get(event.id), *mine[event.id]) for event in events]
        stars = [(facts, await frame_for(db, request, facts.event)) for facts in await sessions_by_id(db, starred)]
        page = MyPage(
            person=person,
            next=_next(registrations, mine, [*spoken, *stars], {facts.session.id for facts, _ in spoken}),
            clashes=tuple(clash_of(*pair, zone_for(request)) for pair in pairs_at_once(await mine_of(db, person.id), now(request))),
            notices=shown_notices(await unread_notices(db, person.id), zone_for(request), _standing(cards)),
            events=tuple(sorted(cards, key=lambda card: card.over)),
            doors=doors,
            needs=needs,
            speaking=slots_of([row_of(*pair) for pair in spoken]),
            starred=slots_of([row_of(*pair) for pair in stars if now(request) < pair[0].session.ends_at]),
            calendar=await own_shown(db, house(request).settings.secret_key, person, partial(_feed_address, request), zone_for(request)),
            calls=await my_calls(db, request, person.id),
            mail_returned=bool(await dead_addresses(db, [person.email])),
        )
    return render(request, "site/me.html", page, title="My page")


def _standing(cards: Sequence[MyEvent]) -> Standing:
    places = {f"/events/{card.event.slug}" for card in cards if not card.pending and not card.waits}
    seats = {row.href for card in cards for row in card.seats}
    return Standing(places | seats, {turn.href for card in cards for turn in card.turns if turn.offered})


async def _events_as(db: Db, roles: Sequence[Role], *kinds: RoleKind) -> tuple[Event, ...]:
    """The events at which somebody has one of these roles."""
    found = await events_by_id(db, (role.event_id for role in roles if role.kind in kinds))
    return tuple(sorted(found.values(), key=lambda event: event.starts_at))


def _feed_address(request: Request, token: str) -> str:
    return full_address(request, "calendars:personal_feed", token=token)


async def _mine_at(db: Db, request: Request, event: Event, chosen: set[UUID]) -> tuple[Frame, list[SessionFacts]]:
    """All that is mine at an event: what is for everybody, seats and turns, what I speak at or gave a star."""
    frame = await frame_for(db, request, event)
    held = chosen | frame.standing.booked | frame.standing.ahead.keys()
    return frame, [facts for facts in await programme_of(db, event) if facts.session.for_everyone or facts.session.id in held]


def _next(
    registrations: dict[UUID, Registration], mine: dict[UUID, tuple[Frame, list[SessionFacts]]], more: Sequence[Mine], spoken: set[UUID]
) -> Slot | None:
    """Of the events where my place is confirmed, without what I only wait for; and of all that I speak at or gave a star."""
    confirmed = [mine[event_id] for event_id, row in registrations.items() if state_of(row) == RegistrationState.confirmed]
    sure = [(facts, frame) for frame, programme in confirmed for facts in programme if facts.session.id not in frame.standing.ahead]
    return next_of_mine([*sure, *more], spoken)


async def _my_event(
    db: Db, request: Request, event: Event, registration: Registration | None, frame: Frame, mine: Sequence[SessionFacts]
) -> MyEvent:
    over, pending = frame.now >= event.ends_at, state_of(registration) == RegistrationState.pending
    waits = registration is None
    days = () if over or pending or waits else days_of(event, mine, frame)
    today = tuple(day for day in days if is_today(day, event, frame))[:1]
    rows = [(facts.session.id, row_of(facts, frame)) for facts in mine]
    return MyEvent(
        event,
        date_words(event),
        pending=pending,
        waits=waits,
        given=event.registration == RegistrationKind.application,
        ticket=not over and registration is not None and await takes_part(db, registration.person_id, event.id),
        over=over,
        seats=tuple(row for id_, row in rows if id_ in frame.standing.booked),
        turns=turns_of(event, rows, frame),
        today=today,
        days=tuple(day for day in days if day not in today),
        documents=() if pending or waits else await _documents(db, request, mine, frame),
    )


async def _documents(db: Db, request: Request, mine: Sequence[SessionFacts], frame: Frame) -> tuple[Document, ...]:
    """Slides and resources of my sessions, as far as I may have them now."""
    sessions = {facts.session.id: facts for facts in mine}
    found = []
    for row in await resources_of(db, list(sessions)):
        facts = sessions[row.session_id]
        if is_shown(row, facts.session, frame.now, registered=True, insider=False):
            slugs = {"event": facts.event.slug, "session": facts.session.slug}
            href = row.url or path_to(request, "speaking:resource", resource=row.id, **slugs)
            found.append(Document(row.title, href, f"{facts.session.title}; {resource_words(row)}", bool(row.url)))
    return tuple(found)
