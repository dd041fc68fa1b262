"""Kinds of tickets from the organisers' side, and what limits each."""

from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Invalid
from conference.programme.tables import Event
from conference.registration.kind_planning import add_kind, set_kind_pool
from conference.registration.pool_forms import KindForm
from conference.registration.pool_rows import ids_in, organised, row_of
from conference.registration.queries import kind_at, kinds_at, pool_at, pools_at
from conference.registration.tables import PoolServes, TicketKind
from conference.storage.database import Db
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, real_now, writing


@dataclass(frozen=True, slots=True)
class KindsPage:
    """templates/registration/kinds.html"""

    event: Event
    kinds: tuple[tuple[TicketKind, str], ...]  # with the name of its limit
    pools: tuple[tuple[str, str], ...]  # id and name of those a kind can have
    typed: Typed
    errors: dict[str, str]


async def kinds(request: Request) -> Response:
    """GET, POST /manage/events/{event}/kinds: the kinds of tickets, and what limits each; one more."""
    if request.method != "POST":
        return await _kinds_page(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, organiser = await organised(db, request)
            form = KindForm.read(typed)
            pool_id = await _chosen_pool(db, event, form.pool)
            made = await add_kind(db, event, form.plan(), pool_id, now(request), real_now(request), by=organiser.id)
    except Invalid as wrong:
        return await _kinds_page(request, typed, wrong.fields)
    return redirect(request, "registration:kinds", f"“{made.name}” can be given now.", event=event.slug)


async def kind_limit(request: Request) -> Response:
    """POST /manage/events/{event}/kinds/{kind}/limit: another limit, or none."""
    typed = await typed_form(request)
    async with writing(request) as db:
        event, organiser = await organised(db, request)
        kind = await kind_at(db, event.id, request.path_params["kind"])
        pool_id = await _chosen_pool(db, event, typed.get("pool", ""))
        await set_kind_pool(db, event, kind, pool_id, now(request), real_now(request), by=organiser.id)
    return redirect(request, "registration:kinds", f"The limit of “{kind.name}” is changed.", event=event.slug)


async def _kinds_page(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        event, _ = await organised(db, request)
        rows = [await row_of(db, event, one) for one in await pools_at(db, event.id) if one.serves != PoolServes.sessions]
        names = {row.pool.id: row.name for row in rows}
        given = tuple((one, names.get(one.pool_id, "") if one.pool_id else "") for one in await kinds_at(db, event.id))
    page = KindsPage(event, given, tuple((str(key), name) for key, name in names.items()), typed or {"takes_part": "yes"}, errors)
    title, status = f"Kinds of tickets · {event.title}", 422 if errors else 200
    return render(request, "registration/kinds.html", page, title=title, status=status, zone=event.zone)


async def _chosen_pool(db: Db, event: Event, typed: str) -> UUID | None:
    """Raises Invalid, or NotFound for what is none of this event's."""
    found = ids_in([typed]) if typed else []
    return (await pool_at(db, event.id, found[0])).id if found else None
