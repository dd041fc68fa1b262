"""Copying an edition to new dates: what would become of it first, then the copy, and what is left to decide."""

import re
from dataclasses import dataclass
from typing import ClassVar

from pydantic import Field, field_validator
from starlette.requests import Request
from starlette.responses import Response

from conference.console.plan import organised
from conference.errors import Invalid
from conference.people.access import require_role
from conference.people.actions import grant_role
from conference.people.tables import RoleKind
from conference.programme.copying import DayMoved, Decision, Edition, Wish, days_moved, decisions_of
from conference.programme.copying_edition import copy_edition
from conference.programme.forms import Day
from conference.programme.queries import event_at, key_dates_of, programme_of, speakers_of
from conference.programme.tables import Event
from conference.registration.queries import pool_of_event, session_pools
from conference.registration.tables import CapacityPool
from conference.storage.database import Db
from conference.times import zone_named
from conference.web.forms import Form, Typed, checked, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, real_now, writing


class CopyForm(Form):
    asks: ClassVar[dict[str, str]] = {
        "slug": "Enter the word for its address, such as wi-2022.",
        "title": "Enter a title.",
        "first_day": "Enter the first day.",
    }
    slug: str
    title: str = Field(min_length=1, max_length=200)
    first_day: Day
    speakers: str = ""

    @field_validator("slug")
    @classmethod
    def _is_a_word(cls, typed: str) -> str:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", typed) or len(typed) > 80:
            raise ValueError("Use small letters, digits and single hyphens, such as wi-2022.")
        return typed

    def wish(self) -> Wish:
        return Wish(self.slug, " ".join(self.title.split()), self.first_day, checked(self.speakers))


COPIED = "Every session in it is a draft; its page and its key dates can be seen already. Nobody is registered."


@dataclass(frozen=True, slots=True)
class Preview:
    days: tuple[DayMoved, ...]
    decisions: tuple[Decision, ...]
    sessions: int


@dataclass(frozen=True, slots=True)
class CopyPage:
    """templates/console/copy.html"""

    event: Event
    typed: Typed
    errors: dict[str, str]
    preview: Preview | None


@dataclass(frozen=True, slots=True)
class CopiedPage:
    """templates/console/copied.html"""

    event: Event
    source: Event
    preview: Preview


async def copy(request: Request) -> Response:
    """GET, POST /manage/events/{event}/copy: with its fields in the address, what would become of it; sent, the copy."""
    if request.method != "POST":
        return await _page(request, {name: request.query_params[name] for name in CopyForm.model_fields if name in request.query_params})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            source, person = await organised(db, request)
            wish, edition = CopyForm.read(typed).wish(), await _edition(db, source)
            event = await copy_edition(db, edition, wish, now(request), by=person.id)
            await grant_role(db, person, event.id, RoleKind.organiser, real_now(request), by=person.id)
            if edition.places is not None:
                db.add(CapacityPool(event_id=event.id, capacity=edition.places))
    except Invalid as wrong:
        return await _page(request, typed, wrong.fields)
    said = f"“{event.title}” is copied. {COPIED}"
    return redirect(request, "console:copied", said, event=event.slug, source=source.slug)


async def copied(request: Request) -> Response:
    """GET /manage/events/{event}/copied/{source}: what is left to decide about a copy."""
    async with reading(request) as db:
        event, _ = await organised(db, request)
        source = await event_at(db, request.path_params["source"])
        await require_role(db, request, source.id, RoleKind.organiser)
        first = event.starts_at.astimezone(zone_named(event.zone)).date()
        wish = Wish(event.slug, event.title, first, with_speakers=bool(await speakers_of(db, event)))
        page = CopiedPage(event, source, _preview(await _edition(db, source), wish, request))
    return render(request, "console/copied.html", page, title=f"Copied · {event.title}", zone=event.zone)


async def _page(request: Request, typed: Typed, errors: dict[str, str] | None = None) -> Response:
    async with reading(request) as db:
        event, _ = await organised(db, request)
        edition = await _edition(db, event)
    preview, errors = None, dict(errors or {})
    if typed and not errors:
        try:
            preview = _preview(edition, CopyForm.read(typed).wish(), request)
        except Invalid as wrong:
            errors = wrong.fields
    page = CopyPage(event, typed or {"title": event.title}, errors, preview)
    return render(request, "console/copy.html", page, title=f"Copy · {event.title}", status=422 if errors else 200, zone=event.zone)


def _preview(edition: Edition, wish: Wish, request: Request) -> Preview:
    return Preview(days_moved(edition, wish), decisions_of(edition, wish, now(request)), len(edition.sessions))


async def _edition(db: Db, event: Event) -> Edition:
    sessions = [facts for facts in await programme_of(db, event) if not facts.session.cancelled_at]
    pool, pools = await pool_of_event(db, event.id), await session_pools(db, event.id)
    limited = [facts.session.title for facts in sessions if facts.session.id in pools]
    return Edition(event, sessions, await key_dates_of(db, event), pool.capacity if pool else None, limited)
