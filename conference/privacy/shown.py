"""What an erasure would take and leave, shown before it happens: to the person, and to an organiser whom they asked."""

from dataclasses import dataclass
from datetime import datetime

from conference.errors import Refusal
from conference.people.tables import Person
from conference.privacy.erasing import check_may_go
from conference.privacy.gathering import KEPT, whom
from conference.privacy.requests import events_of
from conference.privacy.words import KeptLine, lines_by_purpose
from conference.programme.personal import credits_of
from conference.registration.queries import bookings_of, registrations_of
from conference.storage.database import Db
from conference.storage.personal import Purpose
from conference.web.forms import Typed

Errors = dict[str, str]


@dataclass(frozen=True, slots=True)
class ErasurePage:
    """templates/privacy/erasure.html: what goes, what stays and why, before it happens."""

    person: Person
    places: tuple[str, ...]  # titles of events
    seats: int
    credits: tuple[str, ...]  # names in published programmes
    kept: dict[Purpose, list[KeptLine]]
    in_the_way: str  # why it is not possible now
    typed: Typed
    errors: Errors


async def erasure_shown(db: Db, person: Person, now: datetime, typed: Typed, errors: Errors) -> ErasurePage:
    """What would go and what would stay."""
    held = {row.event_id for row in await registrations_of(db, person.id)}
    places = [event.title for event in await events_of(db, person) if event.id in held and now < event.ends_at]
    seats = [row for row in await bookings_of(db, person.id) if not row.given_up_at]
    named = await credits_of(db, await whom(db, person))
    try:
        await check_may_go(db, person)
        in_the_way = ""
    except Refusal as no:
        in_the_way = no.sentence
    return ErasurePage(
        person, tuple(places), len(seats), tuple(each.name for each in named), lines_by_purpose(KEPT), in_the_way, typed, errors
    )
