"""Who is here, and may they? Views ask these helpers; nothing else decides on rights."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from conference.clock import Clock
from conference.errors import Forbidden, SignInNeeded
from conference.people.queries import has_role
from conference.people.rules import RECENT, SEEN_AGAIN, token_hash
from conference.people.tables import Person, Role, RoleKind, SignIn
from conference.storage.database import Database, Db
from conference.storage.gathering import Gathering
from conference.web.cookies import BROWSER_ZONE, SIGN_IN, ZONE, cookie
from conference.web.request import Visitor, house, known_zone, real_now, visitor

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
    return next(iter(await live_sign_ins(db, [token_hash(token)], real_now)), None)


async def live_sign_ins(db: Db, hashes: Collection[str], real_now: datetime) -> Sequence[tuple[SignIn, Person]]:
    alive = (col(SignIn.ended_at).is_(None), col(SignIn.expires_at) > real_now)
    return (await db.exec(select(SignIn, Person).join(Person).where(col(SignIn.token_hash).in_(hashes), *alive))).all()


@dataclass(frozen=True, slots=True)
class Found:
    """A live sign-in, and whose it is."""

    sign_in: SignIn
    person: Person
    manages: bool


class SignIns:
    """Who the cookies of requests belong to. Many that come at the same time are looked up together."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._clock = clock
        self._database = database
        self._found = Gathering(self._load)

    async def of(self, token: str) -> Found | None:
        return await self._found.find(token_hash(token))

    async def _load(self, hashes: Collection[str]) -> dict[str, Found]:
        async with self._database.reading() as db:
            rows = await live_sign_ins(db, hashes, self._clock.real_now())
            people = [person.id for _, person in rows]
            roles = select(Role.person_id).where(
                col(Role.person_id).in_(people), col(Role.kind).in_(MANAGING), col(Role.ended_at).is_(None)
            )
            managing = set((await db.exec(roles)).all())
        return {sign_in.token_hash: Found(sign_in, person, person.id in managing) for sign_in, person in rows}


async def _visitor(request: HTTPConnection) -> Visitor:
    chosen, told = known_zone(cookie(request, ZONE)), known_zone(request.cookies.get(BROWSER_ZONE, ""))
    token = cookie(request, SIGN_IN)
    sign_ins: SignIns = request.app.state.sign_ins
    found = await sign_ins.of(token) if token else None
    if not found:
        return Visitor(zone=chosen or told or None, zone_chosen=bool(chosen))
    if found.sign_in.seen_at is None or found.sign_in.seen_at < real_now(request) - SEEN_AGAIN:
        house(request).seen.add(found.sign_in.id)
    return Visitor(
        person_id=found.person.id,
        sign_in_id=found.sign_in.id,
        name=found.person.name,
        email=found.person.email,
        zone=chosen or found.person.zone or told or None,
        zone_chosen=bool(chosen or found.person.zone),
        manages=found.manages,
    )
