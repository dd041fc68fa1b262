"""Limits from the organisers' side: what each serves, what is held back, who waits, and the log of all that happened there."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Invalid
from conference.people.queries import people_by_id
from conference.programme.queries import programme_of
from conference.programme.tables import Event, Session, SessionType
from conference.registration.pool_forms import HeldBackForm, NewPoolForm, PoolForm
from conference.registration.pool_rows import PoolRow, ids_in, organised, row_of
from conference.registration.pooling import (
    change_pool,
    delete_pool,
    end_held_back,
    hold_back,
    make_pool,
    serve_sessions,
)
from conference.registration.queries import pool_at, pools_at, session_pools
from conference.registration.tables import CapacityPool, HeldBack, PoolServes, TurnState
from conference.registration.turn_rules import line_for_organisers, minutes_words, turn_state, until_words
from conference.registration.waiting import held_backs_of, lines_of, people_in_pool
from conference.storage.database import Db
from conference.times import clock_time, short_date, spoken_zone, zone_named
from conference.web.forms import Typed, repeated, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, real_now, writing

SERVES_WORDS = (
    (PoolServes.sessions.value, "Seats of sessions", "One limit for all the sessions chosen below."),
    (PoolServes.event.value, "Places at the event", "Everybody who registers takes one."),
    (PoolServes.tickets.value, "Kinds of tickets", "Chosen afterwards, with the kinds."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PoolsPage:
    """templates/registration/pools.html"""

    event: Event
    rows: tuple[PoolRow, ...]
    sessions: tuple[tuple[Session, bool], ...]  # those that can have seats, and whether another limit serves them
    has_event_pool: bool
    serves: tuple[tuple[str, str, str], ...]
    typed: Typed
    chosen: frozenset[str]  # session ids
    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class PoolPage:
    """templates/registration/pool.html"""

    event: Event
    row: PoolRow
    sessions: tuple[tuple[Session, bool], ...]  # and whether this limit serves them; empty where it is no limit of seats
    held: tuple[tuple[HeldBack, str], ...]  # with when they go to everybody
    line: tuple[tuple[str, str, str, str], ...]  # who waits: number or offer, name, e-mail, for what
    log: tuple[tuple[str, str], ...]  # the newest first
    offer_words: str
    zone_words: str
    code: str  # just made: shown this once
    typed: Typed
    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class DeletionPage:
    """templates/registration/pool_deletion.html"""

    event: Event
    row: PoolRow


async def pools(request: Request) -> Response:
    """GET, POST /manage/events/{event}/pools: every limit of the event; set one more."""
    if request.method != "POST":
        return await _pools_page(request, {}, frozenset(), {})
    typed, chosen = await typed_form(request), frozenset(await repeated(request, "sessions"))
    try:
        async with writing(request) as db:
            event, organiser = await organised(db, request)
            form = NewPoolForm.read(typed)
            moments = now(request), real_now(request)
            made = await make_pool(db, event, form.serves, form.plan(), *moments, sessions=ids_in(chosen), by=organiser.id)
    except Invalid as wrong:
        return await _pools_page(request, typed, chosen, wrong.fields)
    return redirect(request, "registration:pool", f"“{made.name}” has {made.capacity} places.", event=event.slug, pool=made.id)


async def pool(request: Request) -> Response:
    """GET, POST /manage/events/{event}/pools/{pool}: one limit, whole; change it, and what it serves."""
    if request.method != "POST":
        return await _pool_page(request, {}, {})
    typed, chosen = await typed_form(request), await repeated(request, "sessions")
    pool_id, moments = request.path_params["pool"], (now(request), real_now(request))
    try:
        async with writing(request) as db:
            event, organiser = await organised(db, request)
            form = PoolForm.read(typed)
            there = await pool_at(db, event.id, pool_id)
            if there.serves == PoolServes.sessions:
                await serve_sessions(db, event, pool_id, ids_in(chosen), *moments, by=organiser.id)
            await change_pool(db, event, pool_id, form.plan(), *moments, by=organiser.id)
    except Invalid as wrong:
        return await _pool_page(request, typed, wrong.fields)
    return redirect(request, "registration:pool", "Saved. Whoever got a place by this is told.", event=event.slug, pool=pool_id)


async def held_back(request: Request) -> Response:
    """POST /manage/events/{event}/pools/{pool}/held-back: keep some; a code for them is shown this once, so the answer is a page."""
    typed, pool_id = await typed_form(request), request.path_params["pool"]
    try:
        async with writing(request) as db:
            event, organiser = await organised(db, request)
            await pool_at(db, event.id, pool_id)
            form = HeldBackForm.read(typed)
            what = (db, event, pool_id, form.purpose, form.places, now(request), real_now(request))
            _, code = await hold_back(*what, ends_at=form.ends_at(event.zone), with_code=bool(form.code), by=organiser.id)
    except Invalid as wrong:
        return await _pool_page(request, typed, wrong.fields)
    if code:
        return await _pool_page(request, {}, {}, code=code)
    return redirect(request, "registration:pool", f"{form.places} places are held back for {form.purpose}.", event=event.slug, pool=pool_id)


async def held_back_ending(request: Request) -> Response:
    """POST /manage/events/{event}/pools/{pool}/held-back/{held}/ending: what is unspent goes to those who wait."""
    params, moments = request.path_params, (now(request), real_now(request))
    async with writing(request) as db:
        event, organiser = await organised(db, request)
        await pool_at(db, event.id, params["pool"])
        ended = await end_held_back(db, event, params["pool"], params["held"], *moments, by=organiser.id)
    said = f"What was held back for {ended.purpose} is for everybody now, those who wait first."
    return redirect(request, "registration:pool", said, event=event.slug, pool=params["pool"])


async def deletion(request: Request) -> Response:
    """GET, POST /manage/events/{event}/pools/{pool}/deletion: says what it does, then takes the limit away."""
    pool_id = request.path_params["pool"]
    if request.method != "POST":
        async with reading(request) as db:
            event, _ = await organised(db, request)
            row = await row_of(db, event, await pool_at(db, event.id, pool_id))
        page = DeletionPage(event, row)
        return render(request, "registration/pool_deletion.html", page, title=f"Take a limit away · {event.title}", zone=event.zone)
    async with writing(request) as db:
        event, organiser = await organised(db, request)
        name = (await pool_at(db, event.id, pool_id)).name
        got = await delete_pool(db, event, pool_id, now(request), real_now(request), by=organiser.id)
    told = f" {got} who waited got a place, and are told." if got else ""
    return redirect(request, "registration:pools", f"“{name or 'The limit'}” is gone.{told}", event=event.slug)


async def _pools_page(request: Request, typed: Typed, chosen: frozenset[str], errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        event, _ = await organised(db, request)
        rows = [await row_of(db, event, one) for one in await pools_at(db, event.id)]
        taken = await session_pools(db, event.id)
        sessions = tuple((session, session.id in taken) for session in await _bookable(db, event, now(request)))
    has_event_pool = any(row.pool.serves == PoolServes.event for row in rows)
    serves = tuple(words for words in SERVES_WORDS if not (has_event_pool and words[0] == PoolServes.event))
    filled = typed or {"serves": PoolServes.sessions.value, "waiting": "yes"}
    page = PoolsPage(event, tuple(rows), sessions, has_event_pool, serves, filled, chosen, errors)
    title, status = f"Limits and waiting lists · {event.title}", 422 if errors else 200
    return render(request, "registration/pools.html", page, title=title, status=status, zone=event.zone)


async def _pool_page(request: Request, typed: Typed, errors: dict[str, str], *, code: str = "") -> Response:
    moment = now(request)
    async with reading(request) as db:
        event, _ = await organised(db, request)
        pool = await pool_at(db, event.id, request.path_params["pool"])
        row, served = await row_of(db, event, pool), await session_pools(db, event.id)
        sessions = [(one, served.get(one.id) == pool) for one in await _bookable(db, event, moment)]
        page = PoolPage(
            event=event,
            row=row,
            sessions=tuple(sessions) if pool.serves == PoolServes.sessions else (),
            held=tuple((one, until_words(one.ends_at, moment, event.zone) if one.ends_at else "") for one in await held_backs_of(db, pool)),
            line=await _line(db, event, pool, moment),
            log=await _log(db, event, pool),
            offer_words=minutes_words(pool.offer_minutes) if pool.offer_minutes else "",
            zone_words=spoken_zone(moment, event.zone),
            code=code,
            typed=typed if "capacity" in typed else {**_as_typed(pool), **typed},
            errors=errors,
        )
    title, status = f"{row.name} · {event.title}", 422 if errors else 200
    return render(request, "registration/pool.html", page, title=title, status=status, zone=event.zone)


async def _bookable(db: Db, event: Event, moment: datetime) -> list[Session]:
    sessions = [one.session for one in await programme_of(db, event) if one.session.type is not SessionType.break_]
    return [session for session in sessions if not session.cancelled_at and moment < session.ends_at]


async def _line(db: Db, event: Event, pool: CapacityPool, moment: datetime) -> tuple[tuple[str, str, str, str], ...]:
    titles = {facts.session.id: facts.session.title for facts in await programme_of(db, event)}
    shown, number = [], 0
    for entry, person in await people_in_pool(db, pool.id):
        state = turn_state(entry, moment)
        number += state in (TurnState.waiting, TurnState.unconfirmed)
        where = str(number)
        if entry.offer_ends_at:
            where = f"Offered until {until_words(entry.offer_ends_at, moment, event.zone)}"
        elif state == TurnState.unconfirmed:
            where += " (not confirmed yet)"
        shown.append((where, person.name, person.email, titles.get(entry.session_id, "") if entry.session_id else "a place"))
    return tuple(shown)


async def _log(db: Db, event: Event, pool: CapacityPool) -> tuple[tuple[str, str], ...]:
    lines = await lines_of(db, pool.id)
    people = await people_by_id(db, {line.person_id for line in lines if line.person_id})
    names = {person_id: person.name for person_id, person in people.items()}
    told = [(line, line_for_organisers(line, names.get(line.person_id, "") if line.person_id else "")) for line in lines]
    return tuple((_moment(line.at, event.zone), words) for line, words in reversed(told))


def _as_typed(pool: CapacityPool) -> Typed:
    minutes = str(pool.offer_minutes) if pool.offer_minutes else ""
    return {"name": pool.name, "capacity": str(pool.capacity), "waiting": "yes" if pool.waiting else "", "offer_minutes": minutes}


def _moment(instant: datetime, zone: str) -> str:
    local = instant.astimezone(zone_named(zone))
    return f"{short_date(local.date())}, {clock_time(local)}:{local:%S}"
