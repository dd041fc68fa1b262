"""Who is here, and may they? Views ask these helpers; nothing else decides on rights."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from conference.errors import Forbidden, SignInNeeded
from conference.people.queries import has_role
from conference.people.rules import RECENT, SEEN_AGAIN, token_hash
from conference.people.tables import Person, Role, RoleKind, SignIn
from conference.storage.database import Db
from conference.web.cookies import BROWSER_ZONE, SIGN_IN, ZONE, cookie
from conference.web.request import Visitor, house, known_zone, reading, real_now, visitor

ANONYMOUS = ("/static/", "/calendar/", "/api/v1/")  # answered alike to everybody, cookies or not
MANAGING = (RoleKind.organiser, RoleKind.moderator)


class KnowsVisitor:
    """Middleware: finds out who makes a request (or opens a socket), once, and which zone they read times in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and not scope["path"].startswith(ANONYMOUS):
            scope["visitor"] = await _visitor(HTTPConnection(scope))
        await self.app(scope, receive, send)


async def require_person(db: Db, request: HTTPConnection) -> Person:
    """Whoever is signed in. Raises SignInNeeded."""
    who = visitor(request)
    person = await db.get(Person, who.person_id) if who.person_id else None
    if person is None or person.erased_at:
        raise SignInNeeded("Sign in first: we send a link to your e-mail address.")
    return person


async def is_recent(db: Db, request: HTTPConnection) -> bool:
    """Whether whoever makes this request signed in a short while ago: what can't be taken back asks for it."""
    here = await db.get(SignIn, visitor(request).sign_in_id) if visitor(request).sign_in_id else None
    return here is not None and here.ended_at is None and here.made_at > real_now(request) - RECENT


async def require_role(db: Db, request: HTTPConnection, event_id: UUID, *kinds: RoleKind) -> Person:
    """Whoever is signed in, with one of these roles at the event; organisers may do what moderators may. Raises SignInNeeded, Forbidden."""
    person = await require_person(db, request)
    allowed = (*kinds, RoleKind.organiser) if RoleKind.moderator in kinds else kinds
    if not await has_role(db, person.id, event_id, *allowed):
        raise Forbidden("This is for the organisers of the event.")
    return person


async def signed_in_person(db: Db, token: str, real_now: datetime) -> tuple[SignIn, Person] | None:
    """The live sign-in of a cookie's token, and its person."""
    live = (
        select(SignIn, Person)
        .join(Person)
        .where(SignIn.token_hash == token_hash(token), col(SignIn.ended_at).is_(None), col(SignIn.expires_at) > real_now)
    )
    return (await db.exec(live)).first()


async def _visitor(request: HTTPConnection) -> Visitor:
    chosen, told = known_zone(cookie(request, ZONE)), known_zone(request.cookies.get(BROWSER_ZONE, ""))
    token = cookie(request, SIGN_IN)
    if not token:
        return Visitor(zone=chosen or told or None, zone_chosen=bool(chosen))
    async with reading(request) as db:
        found = await signed_in_person(db, token, real_now(request))
        if not found:
            return Visitor(zone=chosen or told or None, zone_chosen=bool(chosen))
        session, person = found
        if session.seen_at is None or session.seen_at < real_now(request) - SEEN_AGAIN:
            house(request).seen.add(session.id)
        manages = select(Role.id).where(Role.person_id == person.id, col(Role.kind).in_(MANAGING), col(Role.ended_at).is_(None))
        return Visitor(
            person_id=person.id,
            sign_in_id=session.id,
            name=person.name,
            email=person.email,
            zone=chosen or person.zone or told or None,
            zone_chosen=bool(chosen or person.zone),
            manages=(await db.exec(manages)).first() is not None,
        )
