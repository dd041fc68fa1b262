"""What every view asks of its request: a transaction, the time, who is here."""

from asyncio import Event as Signal
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from jinja2 import Environment
from starlette.requests import HTTPConnection

from conference.clock import Clock
from conference.errors import Invalid
from conference.settings import Settings
from conference.storage.database import Database, Db
from conference.times import zone_named
from conference.web.act import Act, Then, reading_of, writing_of

HOUSE_ZONE = "Europe/London"  # for a visitor whose zone nobody knows, on a page without an event


@dataclass(slots=True)
class House:
    """What one running process has. Lives in `app.state.house`."""

    settings: Settings
    database: Database
    clock: Clock
    templates: Environment
    mail_waits: Signal = field(default_factory=Signal)  # set after a commit that queued mail (app.py)
    seen: set[UUID] = field(default_factory=set)  # sign-ins that were here today: the worker notes them together


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who makes this request, as far as the page's frame needs to know; rights are asked of the database."""

    person_id: UUID | None = None
    sign_in_id: UUID | None = None
    name: str = ""
    email: str = ""
    zone: str | None = None  # the zone to show times in; None: nobody knows yet
    zone_chosen: bool = False  # chosen by the person, rather than told by the browser
    manages: bool = False


def house(request: HTTPConnection) -> House:
    here: House = request.app.state.house
    return here


def reading(request: HTTPConnection) -> AbstractAsyncContextManager[Db]:
    """One moment of the database; after a form's `writing`, what that has written."""
    return reading_of(_act(request), house(request).database)


def writing(request: HTTPConnection) -> AbstractAsyncContextManager[Db]:
    """The form's transaction: committed with the answer that the view returns, before anybody gets it (web/act.py)."""
    return writing_of(_act(request), house(request).database)


def apart(request: HTTPConnection) -> AbstractAsyncContextManager[Db]:
    """A transaction that stays, whatever becomes of the form: what counts tries. Not while the form's own is open: it would wait for it."""
    act = _act(request)
    assert act is None or act.db is None
    return house(request).database.writing()


async def after_commit(request: HTTPConnection, step: Then) -> None:
    """What must not come before the commit: it is done after it, or now, where nothing waits for one."""
    act = _act(request)
    if act and act.db:
        act.then(step)
        return
    waits = step()
    if waits is not None:
        await waits


def _act(request: HTTPConnection) -> Act | None:
    act: Act | None = request.scope.get("act")
    return act


def now(request: HTTPConnection) -> datetime:
    """What the domain's clock says: a rehearsal moves it."""
    return house(request).clock.now()


def real_now(request: HTTPConnection) -> datetime:
    return house(request).clock.real_now()


def arrived_at(request: HTTPConnection) -> datetime:
    """When this form had arrived whole, on the domain's clock; a view that reads a form by itself asks for it after that."""
    arrived: datetime | None = request.scope.get("arrived_at")
    return arrived or now(request)


def visitor(request: HTTPConnection) -> Visitor:
    found = request.scope.get("visitor")
    return found if isinstance(found, Visitor) else Visitor()


def zone_for(request: HTTPConnection, otherwise: str = HOUSE_ZONE) -> str:
    """The zone in which this visitor reads times: asked for in the address, chosen, or told by the browser."""
    return known_zone(request.query_params.get("zone", "")) or visitor(request).zone or otherwise


def known_zone(name: str) -> str:
    """Today's name of this zone; empty where there is none of the name."""
    try:
        return zone_named(name).key
    except Invalid:
        return ""
