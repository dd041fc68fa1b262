"""One's own page: places, seats, turns, what one speaks at."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from conference.calendars.queries import own_shown
from conference.calendars.rules import OwnShown
from conference.mail.notices import unread_notices
from conference.mail.wishes import dead_addresses
from conference.people.access import require_person
from conference.people.tables import Person
from conference.programme.queries import events_by_id, programme_of, sessions_by_id, sessions_spoken_at
from conference.programme.tables import Event, RegistrationKind
from conference.registration.queries import registrations_of
from conference.registration.rules import state_of
from conference.registration.stars import stars_of
from conference.registration.tables import Registration, RegistrationState
from conference.site.days import Day, Slot, days_of, slots_of
from conference.site.frame import frame_for
from conference.site.notices import ShownNotice, shown_notices
from conference.site.view import Row, date_words, row_of
from conference.storage.database import Db
from conference.web.links import full_address
from conference.web.render import render
from conference.web.request import house, now, reading, zone_for


@dataclass(frozen=True, slots=True)
class MyEvent:
    """An event I am registered for, with my sessions there."""

    event: Event
    date_words: str
    pending: bool
    given: bool  # by application: an organiser gave the place
    over: bool
    rows: tuple[Row, ...]  # seats and turns
    days: tuple[Day, ...]  # all that is mine: what is for everybody, and those


@dataclass(frozen=True, slots=True)
class MyPage:
    """templates/site/me.html"""

    person: Person
    notices: tuple[ShownNotice, ...]  # unread ones, the newest first
    events: tuple[MyEvent, ...]
    speaking: tuple[Slot, ...]
    starred: tuple[Slot, ...]  # what is still to come
    calendar: OwnShown | None  # my own calendar; None: it has no address
    mail_returned: bool  # what we mailed to this address came back


async def me(request: Request) -> Response:
    """GET /me"""
    async with reading(request) as db:
        person = await require_person(db, request)
        registrations = {registration.event_id: registration for registration in await registrations_of(db, person.id)}
        mine = sorted((await events_by_id(db, registrations)).values(), key=lambda event: event.starts_at)
        cards = [await _my_event(db, request, event, registrations[event.id]) for event in mine]
        speaking = [row_of(facts, await frame_for(db, request, facts.event)) for facts in await sessions_spoken_at(db, person.id)]
        notices = shown_notices(await unread_notices(db, person.id), zone_for(request))
        stars = await sessions_by_id(db, (star.session_id for star in await stars_of(db, person.id) if not star.ended_at))
        ahead = [row_of(facts, await frame_for(db, request, facts.event)) for facts in stars if now(request) < facts.session.ends_at]
        returned = bool(await dead_addresses(db, [person.email]))
        calendar = await own_shown(db, house(request).settings.secret_key, person, partial(_feed_address, request), zone_for(request))
    page = MyPage(person, notices, _nearest_first(cards), slots_of(speaking), slots_of(ahead), calendar, returned)
    return render(request, "site/me.html", page, title="My page")


def _feed_address(request: Request, token: str) -> str:
    return full_address(request, "calendars:personal_feed", token=token)


async def _my_event(db: Db, request: Request, event: Event, registration: Registration) -> MyEvent:
    frame = await frame_for(db, request, event)
    programme = await programme_of(db, event)
    held = {*frame.standing.booked, *frame.standing.ahead}
    mine = [facts for facts in programme if facts.session.for_everyone or facts.session.id in held]
    return MyEvent(
        event,
        date_words(event),
        pending=state_of(registration) == RegistrationState.pending,
        given=event.registration == RegistrationKind.application,
        over=frame.now >= event.ends_at,
        rows=tuple(row_of(facts, frame) for facts in programme if facts.session.id in held),
        days=days_of(event, mine, frame),
    )


def _nearest_first(cards: Sequence[MyEvent]) -> tuple[MyEvent, ...]:
    """What is still to come before what is over."""
    return tuple(sorted(cards, key=lambda card: card.over))
