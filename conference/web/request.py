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

HOUSE_ZONE = "Europe/London"  # for a visitor whose zone nobody knows, on a page without an event


@dataclass(slots=True)
class House:
    """What one running process has. Lives in `app.state.house`."""

    settings: Settings
    database: Database
    clock: Clock
    templates: Environment
    mail_waits: Signal = field(default_factory=Signal)  # set after a commit that may have queued mail
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
    return house(request).database.reading()


def writing(request: HTTPConnection) -> AbstractAsyncContextManager[Db]:
    return house(request).database.writing()


def now(request: HTTPConnection) -> datetime:
    """What the domain's clock says: a rehearsal moves it."""
    return house(request).clock.now()


def real_now(request: HTTPConnection) -> datetime:
    return house(request).clock.real_now()


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
