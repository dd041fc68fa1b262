"""What every page of an event needs to know: the reader, the moment, who has what, and how one takes part now."""

from dataclasses import dataclass

from starlette.requests import Request

from conference.programme.rules import RegistrationWindow, registration_window
from conference.programme.tables import Event
from conference.registration.queries import pool_of_event, session_pools, standing_of, waiting_counts
from conference.registration.rules import has_free_place, state_of
from conference.registration.tables import RegistrationState
from conference.site.view import Frame
from conference.storage.database import Db
from conference.web.request import now, visitor, zone_for


@dataclass(frozen=True, slots=True)
class Way:
    """How one takes part, at this moment: the sentence, and the one main act."""

    words: str
    label: str = ""
    href: str = ""
    live: bool = False


async def frame_for(db: Db, request: Request, event: Event) -> Frame:
    """What rows of this event need to know about this visitor and this moment."""
    pools = await session_pools(db, event.id)
    return Frame(
        zone=zone_for(request, event.zone),
        now=now(request),
        standing=await standing_of(db, visitor(request).person_id, event.id),
        pools=pools,
        waiting=await waiting_counts(db, (pool.id for pool in pools.values())),
    )


async def way_in(db: Db, request: Request, event: Event) -> Way:
    """The event's one main act, whose words follow the state."""
    moment, register = now(request), f"/events/{event.slug}/registration"
    standing = state_of((await standing_of(db, visitor(request).person_id, event.id)).registration)
    window = registration_window(event, moment)
    over = moment >= event.ends_at
    if standing == RegistrationState.confirmed:
        words = "You were registered." if over else "You are registered."
        if window == RegistrationWindow.by_application:
            words = "You have a place."
        return (
            Way(words, "Your programme", f"/events/{event.slug}/programme")
            if not over
            else Way(words, "See the programme", f"/events/{event.slug}/programme")
        )
    if standing == RegistrationState.pending:
        return Way("Your place is held: open the link that we mailed to you.", "See your registration", register)
    if over:
        return Way("This event is over.", "See the programme", f"/events/{event.slug}/programme")
    if window == RegistrationWindow.by_application:
        return Way("Places are given by application.", "How places are given", f"/events/{event.slug}#take-part")
    if window == RegistrationWindow.not_yet:
        return Way("Registration is not open yet.", "When it opens", f"/events/{event.slug}#key-dates")
    if window == RegistrationWindow.closed:
        return Way("Registration is closed.", "See the programme", f"/events/{event.slug}/programme")
    if not has_free_place(await pool_of_event(db, event.id)):
        return Way("All places are taken.", "See the programme", f"/events/{event.slug}/programme")
    return Way("Registration is open. Taking part is free." if not event.fee_words else "Registration is open.", "Register", register)
