"""What the organisers' pages about mail share: who may, how a mail looks before it goes, and a test of it."""

from collections.abc import Sequence

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from conference.correspondence.examples import Example
from conference.mail.actions import queue_mail
from conference.mail.compose import html_of, written
from conference.mail.tables import QueuedMail
from conference.people.access import require_role
from conference.people.tables import Person, RoleKind
from conference.programme.queries import event_at, programme_of
from conference.programme.tables import Event, Session
from conference.registration.queries import session_pools
from conference.storage.database import Db
from conference.web.request import house, real_now, writing

ONLY_STYLES = "default-src 'none'; style-src 'unsafe-inline'; sandbox; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"


async def organised(db: Db, request: Request) -> tuple[Event, Person]:
    event = await event_at(db, request.path_params["event"])
    return event, await require_role(db, request, event.id, RoleKind.organiser)


def html_part(request: Request, mail: QueuedMail) -> Response:
    here, environment = house(request), example_templates(request)
    subject, text = written(mail, here.settings, environment)
    part = html_of(subject, text, here.settings, environment)
    return HTMLResponse(part, headers={"Content-Security-Policy": ONLY_STYLES, "Cache-Control": "no-store"})


async def send_test(request: Request, mail: QueuedMail) -> None:
    async with writing(request) as db:
        await queue_mail(
            db,
            mail.template,
            mail.to_address,
            real_now(request),
            to_name=mail.to_name,
            person_id=mail.person_id,
            event_id=mail.event_id,
            zone=mail.zone,
            language=mail.language,
            purpose=mail.purpose,
            is_test=True,
            **mail.facts,
        )


def example_templates(request: Request) -> Environment:
    """The house's, but for facts that no example is known of."""
    return house(request).templates.overlay(undefined=Example)


async def seat_session(db: Db, event: Event) -> Session | None:
    """A session with limited seats, for what previews say; else the first that there is."""
    programme, pools = await programme_of(db, event), await session_pools(db, event.id)
    sessions = [facts.session for facts in programme if not facts.session.cancelled_at]
    return next((session for session in sessions if session.id in pools), sessions[0] if sessions else None)


def sessions_with_seats(sessions: Sequence[Session]) -> tuple[tuple[str, str], ...]:
    """The audiences that a session makes, for a form."""
    return tuple(
        pair
        for session in sessions
        for pair in ((f"session:{session.id}", f"Seat in “{session.title}”"), (f"waiting:{session.id}", f"Waiting for “{session.title}”"))
    )
