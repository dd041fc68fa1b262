"""One's own page: places, seats, turns, what one speaks at."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.calendars.queries import own_token
from conference.calendars.rules import Subscription, subscription
from conference.people.access import require_person
from conference.people.tables import Person
from conference.programme.queries import (
    SessionFacts,
    events_by_id,
    programme_of,
    sessions_by_id,
    sessions_spoken_at,
)
from conference.programme.tables import Event, RegistrationKind
from conference.registration.queries import bookings_of, registrations_of, waiting_of
from conference.registration.rules import state_of
from conference.site.frame import frame_for
from conference.site.view import Row, date_words, row_of
from conference.storage.database import Db
from conference.web.links import full_address
from conference.web.render import render
from conference.web.request import house, reading


@dataclass(frozen=True, slots=True)
class MyEvent:
    """An event I am registered for, with my sessions there."""

    event: Event
    date_words: str
    pending: bool
    given: bool  # by application: an organiser gave the place
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class MyPage:
    """templates/site/me.html"""

    person: Person
    events: tuple[MyEvent, ...]
    speaking: tuple[Row, ...]
    feed: Subscription | None  # my own calendar's address; None: not asked for yet


async def me(request: Request) -> Response:
    """GET /me"""
    async with reading(request) as db:
        person = await require_person(db, request)
        registrations = {registration.event_id: registration for registration in await registrations_of(db, person.id)}
        mine = await events_by_id(db, registrations)
        cards = []
        for event in sorted(mine.values(), key=lambda event: event.starts_at):
            registration = registrations[event.id]
            rows = await _my_rows(db, request, person, event)
            cards.append(
                MyEvent(
                    event,
                    date_words(event),
                    pending=state_of(registration) == "pending",
                    given=event.registration == RegistrationKind.application,
                    rows=rows,
                )
            )
        speaking = [row_of(facts, await frame_for(db, request, facts.event)) for facts in await sessions_spoken_at(db, person.id)]
        token = await own_token(db, house(request).settings.secret_key, person)
    feed = subscription(full_address(request, "calendars:personal_feed", token=token)) if token else None
    return render(request, "site/me.html", MyPage(person, tuple(cards), tuple(speaking), feed), title="My page")


async def _my_rows(db: Db, request: Request, person: Person, event: Event) -> tuple[Row, ...]:
    """Seats and turns; where places are given by application, the whole week."""
    frame = await frame_for(db, request, event)
    chosen: list[SessionFacts]
    if event.registration == RegistrationKind.application:
        chosen = [facts for facts in await programme_of(db, event) if facts.session.for_everyone]
    else:
        held = [booking.session_id for booking in await bookings_of(db, person.id) if not booking.given_up_at]
        turns = [entry.session_id for entry in await waiting_of(db, person.id)]
        chosen = [facts for facts in await sessions_by_id(db, [*held, *turns]) if facts.event.id == event.id]
    return tuple(row_of(facts, frame) for facts in chosen)
