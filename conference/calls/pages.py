"""What anybody may read of calls, and asking to be told when one opens."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.calls.definition import Definition, Funded
from conference.calls.interest import leave_interest, waits_for, withdraw_interest
from conference.calls.listing import calls_shown, find_call, own_submissions, summaries_of
from conference.calls.queries import call_at, newest_version
from conference.calls.rights import organised_events, runs
from conference.calls.rules import Standing, standing_of, takes_interest
from conference.calls.showing import (
    AskedPart,
    CallCard,
    Moment,
    ScaleShown,
    card_of,
    given_words,
    moments_of,
    panel_words,
    paragraphs,
    parts_of,
    scales_of,
)
from conference.calls.tables import Call, CallKind, CallState
from conference.errors import NotFound
from conference.people.access import require_person
from conference.programme.queries import events_by_id, programme_of
from conference.programme.tables import Event
from conference.storage.database import Db
from conference.times import long_date
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, visitor, writing, zone_for

OPEN_FIRST = (Standing.open, Standing.not_yet)


@dataclass(frozen=True, slots=True)
class CallsPage:
    """templates/calls/calls.html"""

    open: tuple[CallCard, ...]  # and those that will be
    over: tuple[CallCard, ...]


@dataclass(frozen=True, slots=True)
class FundedShown:
    funded: Funded
    href: str  # its session; empty: none


@dataclass(frozen=True, slots=True)
class CallPage:
    """templates/calls/call.html"""

    card: CallCard
    asked: Definition
    event: Event | None
    moments: tuple[Moment, ...]
    results: str
    given: tuple[tuple[str, str], ...]
    purpose: tuple[str, ...]
    who_may: tuple[str, ...]
    who_may_why: tuple[str, ...]
    other_way: tuple[str, ...]
    terms: tuple[str, ...]
    version: int
    parts: tuple[AskedPart, ...]
    scales: tuple[ScaleShown, ...]
    panel: tuple[str, ...]
    funded: tuple[FundedShown, ...]
    apply: str  # what the one main act is called; empty: there is none
    mine: bool  # I have begun something
    takes_interest: bool
    waits: bool  # I am to be told
    signed_in: bool
    runs: bool  # I run it


async def calls(request: Request) -> Response:
    """GET /calls: what can be applied for, now and later; and what was."""
    moment, zone = now(request), visitor(request).zone
    async with reading(request) as db:
        shown = await calls_shown(db)
        summaries = await summaries_of(db, shown)
    cards = [card_of(call, summaries[call.id], moment, zone) for call in shown]
    ahead = sorted((card for card in cards if card.standing in OPEN_FIRST), key=lambda card: OPEN_FIRST.index(card.standing))
    page = CallsPage(tuple(ahead), tuple(card for card in cards if card.standing not in OPEN_FIRST))
    return render(request, "calls/calls.html", page, title="Calls")


async def call(request: Request) -> Response:
    """GET /calls/{call}: all that a call says; its organisers see a draft as others will."""
    async with reading(request) as db:
        found, organised = await _readable(db, request)
        version = await newest_version(db, found)
        asked = Definition.model_validate(version.definition)
        event = (await events_by_id(db, [found.event_id])).get(found.event_id) if found.event_id else None
        page = await _page(db, request, found, asked, event, version.number, organised)
    return render(request, "calls/call.html", page, title=found.title, zone=found.zone)


async def interest(request: Request) -> Response:
    """POST /calls/{call}/interest: tell me when it opens."""
    async with writing(request) as db:
        person = await require_person(db, request)
        found = await call_at(db, request.path_params["call"])
        await leave_interest(db, found, person, now(request))
    return redirect(request, "calls:call", "We write to you once, when it opens.", **request.path_params)


async def interest_withdrawal(request: Request) -> Response:
    """POST /calls/{call}/interest/withdrawal"""
    async with writing(request) as db:
        person = await require_person(db, request)
        found = await call_at(db, request.path_params["call"])
        await withdraw_interest(db, found, person, now(request))
    return redirect(request, "calls:call", "We shall not write to you about it.", **request.path_params)


async def _readable(db: Db, request: Request) -> tuple[Call, bool]:
    """The call of this address, and whether the visitor runs it. Raises NotFound for a draft of somebody else's."""
    found, person_id = await find_call(db, request.path_params["call"]), visitor(request).person_id
    mine = person_id is not None and runs(found, await organised_events(db, person_id))
    if found.state == CallState.draft and not mine:
        raise NotFound("There is no such call.")
    return found, mine


async def _page(db: Db, request: Request, call: Call, asked: Definition, event: Event | None, version: int, organised: bool) -> CallPage:
    moment, me = now(request), visitor(request).person_id
    zone = zone_for(request, call.zone)
    standing = standing_of(call, moment)
    mine = bool(me and await own_submissions(db, call, me))
    return CallPage(
        card=card_of(call, asked.summary, moment, zone),
        asked=asked,
        event=event,
        moments=moments_of(call, moment, zone) if standing not in (Standing.suspended, Standing.archived) else (),
        results=long_date(call.results_by) if call.results_by else "",
        given=given_words(call, asked),
        purpose=paragraphs(asked.purpose),
        who_may=paragraphs(asked.who_may),
        who_may_why=paragraphs(asked.who_may_why),
        other_way=paragraphs(asked.other_way),
        terms=paragraphs(asked.terms),
        version=version,
        parts=parts_of(asked),
        scales=scales_of(asked),
        panel=panel_words(asked) if asked.criteria else (),
        funded=await _funded(db, asked.funded, event),
        apply=_act(call, mine) if mine or standing == Standing.open else "",
        mine=mine,
        takes_interest=takes_interest(standing),
        waits=bool(me and await waits_for(db, call, me)),
        signed_in=me is not None,
        runs=organised,
    )


def _act(call: Call, mine: bool) -> str:
    if call.kind == CallKind.proposal:
        return "My proposal" if mine else "Propose a session"
    return "My application" if mine else "Apply"


async def _funded(db: Db, funded: Sequence[Funded], event: Event | None) -> tuple[FundedShown, ...]:
    slugs = {facts.session.slug for facts in await programme_of(db, event)} if event and any(one.session for one in funded) else set()
    return tuple(
        FundedShown(one, f"/events/{event.slug}/sessions/{one.session}" if event and one.session in slugs else "") for one in funded
    )
