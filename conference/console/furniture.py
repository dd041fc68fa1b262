"""Rooms, tracks, speakers and venues of an event: lists, forms, removal. What a change publishes is said before it is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import shorten
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from conference.console.date_doubts import doubts_by_field
from conference.console.furniture_forms import Asked
from conference.console.furniture_kinds import KINDS, Kind
from conference.console.plan import organised
from conference.console.words import how_many
from conference.dates import Doubt
from conference.errors import Conflict, Forbidden, Invalid, NotFound
from conference.people.queries import has_role
from conference.people.tables import Person, RoleKind
from conference.programme.choices import choices_of
from conference.programme.furniture import Furnishing, add_piece, all_venues, change_piece, remove_piece, uses_of
from conference.programme.release_words import news_of
from conference.programme.tables import Event, ScheduleRelease, Venue
from conference.storage.database import Db
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, writing

SAID = 280  # characters of the sentence after an act


@dataclass(frozen=True, slots=True)
class PieceRow:
    slug: str
    name: str
    words: str
    uses: str


@dataclass(frozen=True, slots=True)
class PiecesPage:
    """templates/console/furniture.html: all of a kind, and the form for one more."""

    event: Event
    kind: Kind
    kinds: tuple[Kind, ...]
    rows: tuple[PieceRow, ...]
    fields: tuple[Asked, ...]
    typed: Typed
    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class PiecePage:
    """templates/console/furniture_piece.html: one of them."""

    event: Event
    kind: Kind
    piece: Furnishing
    fields: tuple[Asked, ...]
    typed: Typed
    errors: dict[str, str]
    uses: str
    used: bool
    elsewhere: tuple[str, ...]  # other events that it is shown at
    may: bool
    doubts: Mapping[str, Sequence[Doubt]] = field(default_factory=dict)


async def pieces(kind: Kind, request: Request) -> Response:
    """GET, POST /manage/events/{event}/rooms (tracks, speakers, venues): all of them; add one."""
    if request.method != "POST":
        return await _list(kind, request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, person = await organised(db, request)
            form = kind.form.read(typed)
            made = kind.make(event, kind.values(form, await _venues(db)))
            await add_piece(db, event, made, now(request), by=person.id)
    except Invalid as wrong:
        return await _list(kind, request, typed, wrong.fields)
    return redirect(request, f"console:{kind.plural}", f"“{made.name}” is added.", event=event.slug)


async def piece(kind: Kind, request: Request) -> Response:
    """GET, POST /manage/events/{event}/rooms/{piece}: change it."""
    if request.method != "POST":
        return await _form(kind, request)
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, person = await organised(db, request)
            found = await _piece_at(db, kind, event, request.path_params["piece"])
            shown_at = await kind.shown_at(db, event, found)
            await _check_may(db, shown_at, person)
            values = kind.values(kind.form.read(typed), await _venues(db))
            released = await change_piece(db, shown_at, found, values, now(request), by=person.id)
            said = await _said(db, event, released)
    except Invalid as wrong:
        return await _form(kind, request, typed, wrong.fields)
    return redirect(request, f"console:{kind.word}", said, event=event.slug, piece=found.slug)


async def removal(kind: Kind, request: Request) -> Response:
    """POST /manage/events/{event}/rooms/{piece}/removal: refused with a sentence while it is used."""
    try:
        async with writing(request) as db:
            event, person = await organised(db, request)
            found = await _piece_at(db, kind, event, request.path_params["piece"])
            await remove_piece(db, event, found, now(request), by=person.id)
            said = f"“{found.name}” is removed."
    except Conflict as refusal:
        return redirect(request, f"console:{kind.word}", refusal.sentence, **request.path_params)
    return redirect(request, f"console:{kind.plural}", said, event=event.slug)


async def _list(kind: Kind, request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        event, _ = await organised(db, request)
        venues = await _venues(db)
        rows = [
            PieceRow(one.slug, one.name, kind.words(one, venues), _uses(kind, await uses_of(db, event, one)))
            for one in await kind.pieces(db, event)
        ]
        fields = await kind.fields(db)
    typed = typed or ({"zone": event.zone} if kind.row is Venue else {})
    page = PiecesPage(event, kind, KINDS, tuple(rows), fields, typed, errors)
    title, status = f"{kind.plural.capitalize()} · {event.title}", 422 if errors else 200
    return render(request, "console/furniture.html", page, title=title, status=status, zone=event.zone)


async def _form(kind: Kind, request: Request, typed: Typed | None = None, errors: dict[str, str] | None = None) -> Response:
    async with reading(request) as db:
        event, person = await organised(db, request)
        found = await _piece_at(db, kind, event, request.path_params["piece"])
        shown_at, venues, uses = await kind.shown_at(db, event, found), await _venues(db), await uses_of(db, event, found)
        fields = await kind.fields(db)
        may = await _may(db, shown_at, person)
    typed = typed or kind.typed(found, venues)
    page = PiecePage(
        event=event,
        kind=kind,
        piece=found,
        fields=fields,
        typed=typed,
        errors=errors or {},
        uses=_uses(kind, uses),
        used=uses > 0,
        elsewhere=tuple(other.title for other in shown_at if other.id != event.id),
        may=may,
        doubts=doubts_by_field(typed, event),
    )
    return render(request, "console/furniture_piece.html", page, title=found.name, status=422 if errors else 200, zone=event.zone)


async def _piece_at(db: Db, kind: Kind, event: Event, slug: str) -> Furnishing:
    found = next((one for one in await kind.pieces(db, event) if one.slug == slug), None)
    if found is None:
        raise NotFound(f"There is no {kind.word} at this address.")
    return found


async def _check_may(db: Db, events: Sequence[Event], person: Person) -> None:
    if not await _may(db, events, person):
        raise Forbidden("Another event, which you do not organise, has rooms there too. Ask its organisers, or add a venue of your own.")


async def _may(db: Db, events: Sequence[Event], person: Person) -> bool:
    """A venue belongs to everybody who has rooms there."""
    return all([await has_role(db, person.id, event.id, RoleKind.organiser) for event in events])


async def _venues(db: Db) -> dict[UUID, Venue]:
    return {venue.id: venue for venue in await all_venues(db)}


async def _said(db: Db, event: Event, released: Sequence[ScheduleRelease]) -> str:
    own: Any = next((release for release in released if release.event_id == event.id), None)
    if own is None:
        return "Saved. Nothing that calendars say changed by it." if not released else "Saved, and released at the events that show it."
    words = "; ".join(dict.fromkeys(news.words for news in news_of(own.changes, event.zone, (await choices_of(db, event)).names())))
    sessions = how_many(len(own.changes), "session", "sessions")
    return shorten(f"Saved, and released as version {own.number} for {sessions}: {words}.", SAID, placeholder=" …")


def _uses(kind: Kind, count: int) -> str:
    if not count:
        return "Not used"
    return how_many(count, "room", "rooms") if kind.row is Venue else how_many(count, "session", "sessions")
