"""The question before a seat is taken that overlaps with one's own."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.people.access import require_person
from conference.programme.queries import session_at
from conference.programme.tables import Event, Session
from conference.registration.clashes import clash_sentence, clashing, mine_of
from conference.times import TimeShown, show
from conference.web.forms import Typed
from conference.web.links import own_path
from conference.web.render import FORM_AGAIN, render
from conference.web.request import reading, visitor


@dataclass(frozen=True, slots=True)
class ClashPage:
    """templates/registration/clash.html"""

    event: Event
    session: Session
    sentence: str
    times: tuple[tuple[str, TimeShown], ...]  # of the session asked for, then of what it overlaps with
    despite: str  # ids
    next: str  # the page to come back to


async def ask_despite(request: Request, typed: Typed) -> Response:
    """Says with what it overlaps, and carries along what the reader was told of. Call it after the transaction that would have booked."""
    async with reading(request) as db:
        person = await require_person(db, request)
        facts = await session_at(db, **request.path_params)
        overlapping = clashing(facts.session, await mine_of(db, person.id, seats_only=True))
    event, zone = facts.event, visitor(request).zone or facts.event.zone
    sessions = (facts.session, *(one.session for one in overlapping))
    times = tuple(
        (one.title, show(one.starts_at, one.ends_at, first=zone, second=event.zone, event_zone=event.zone, mine=zone)) for one in sessions
    )
    page = ClashPage(
        event=event,
        session=facts.session,
        sentence=clash_sentence(overlapping),
        times=times,
        despite=" ".join(one.session.id.hex for one in overlapping),
        next=own_path(typed["next"]) if typed.get("next") else "",
    )
    return render(request, "registration/clash.html", page, title="Book it anyway?", status=FORM_AGAIN, zone=event.zone)
