"""Those who run calls: all of them, one with its numbers and next steps, its moments and limits, its state."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.calls.changing import change_call, move_call
from conference.calls.forms import SettingsForm, StateForm, typed_settings
from conference.calls.listing import CallCounts, all_calls, counts_of, summaries_of
from conference.calls.next_steps import Step, next_steps
from conference.calls.queries import definition_of
from conference.calls.rights import managed_call, require_any_organiser, runs
from conference.calls.rules import STATE_WORDS, Standing, moves_of, standing_of
from conference.calls.showing import CallCard, card_of
from conference.calls.tables import Call, CallState
from conference.errors import Invalid
from conference.programme.queries import events_by_id
from conference.programme.tables import Event
from conference.times import city_of
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, writing, zone_for

AT_WORK = (
    Standing.open,
    Standing.closed,
    Standing.draft,
    Standing.not_yet,
    Standing.decided,
)  # in this order in the list; what rests comes last
MOVE_WORDS = {
    CallState.open: ("Open it", "It opens at its opening time and closes at its deadline, by the clock."),
    CallState.closed: ("Close it now", "Nothing can be sent from now on, before its deadline. What has arrived counts."),
    CallState.suspended: ("Suspend it", "It is shown as closed, nothing can be sent, and people may ask to be told when it opens again."),
    CallState.archived: ("Put it away", "It is in no list any more. Its page stays."),
}


@dataclass(frozen=True, slots=True)
class CallRow:
    card: CallCard
    event: Event | None
    counts: CallCounts


@dataclass(frozen=True, slots=True)
class ManagePage:
    """templates/calls/manage.html"""

    rows: tuple[CallRow, ...]


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """templates/calls/overview.html"""

    call: Call
    card: CallCard
    event: Event | None
    counts: CallCounts
    steps: tuple[Step, ...]
    moves: tuple[tuple[str, str, str], ...]  # state, button, what it does
    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """templates/calls/settings.html"""

    call: Call
    clock: str  # whose
    typed: Typed
    errors: dict[str, str]


async def calls(request: Request) -> Response:
    """GET /manage/calls: those that I run, drafts too."""
    async with reading(request) as db:
        _, organised = await require_any_organiser(db, request)
        mine = [call for call in await all_calls(db) if runs(call, organised)]
        events = await events_by_id(db, (call.event_id for call in mine if call.event_id))
        summaries = await summaries_of(db, mine)
        rows = [
            CallRow(
                card_of(call, summaries[call.id], now(request), zone_for(request, call.zone)),
                events.get(call.event_id) if call.event_id else None,
                await counts_of(db, call),
            )
            for call in mine
        ]
    rows.sort(key=lambda row: AT_WORK.index(row.card.standing) if row.card.standing in AT_WORK else len(AT_WORK))
    return render(request, "calls/manage.html", ManagePage(tuple(rows)), title="Calls")


async def overview(request: Request) -> Response:
    """GET /manage/calls/{call}: where it stands, and what comes next."""
    return await _overview(request)


async def state(request: Request) -> Response:
    """POST /manage/calls/{call}/state: open, close, suspend it, or put it away."""
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            call, person = await managed_call(db, request)
            to = StateForm.read(typed).to
            await move_call(db, call, to, now(request), by=person)
            said = STATE_WORDS[standing_of(call, now(request))].lower()
    except Invalid as wrong:
        return await _overview(request, wrong.fields)
    return redirect(request, "calls:overview", f"“{call.title}” is now {said}.", call=call.slug)


async def settings(request: Request) -> Response:
    """GET, POST /manage/calls/{call}/settings: its title, moments and limits."""
    if request.method != "POST":
        return await _settings(request, None)
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            call, person = await managed_call(db, request)
            changed = await change_call(db, call, SettingsForm.read(typed).change(call.zone), now(request), by=person)
    except Invalid as wrong:
        return await _settings(request, typed, wrong.fields)
    return redirect(request, "calls:settings", "Saved, and shown at once." if changed else "Nothing was changed.", call=call.slug)


async def _overview(request: Request, errors: dict[str, str] | None = None) -> Response:
    async with reading(request) as db:
        call, _ = await managed_call(db, request)
        asked, counts = await definition_of(db, call), await counts_of(db, call)
        events = await events_by_id(db, [call.event_id] if call.event_id else ())
    zone = zone_for(request, call.zone)
    page = OverviewPage(
        call=call,
        card=card_of(call, asked.summary, now(request), zone),
        event=events.get(call.event_id) if call.event_id else None,
        counts=counts,
        steps=tuple(next_steps(call, asked, counts, now(request), zone)),
        moves=tuple((to.value, *MOVE_WORDS[to]) for to in moves_of(call, now(request))),
        errors=errors or {},
    )
    status = 422 if errors else 200
    return render(request, "calls/overview.html", page, title=f"Run · {call.title}", status=status, zone=call.zone)


async def _settings(request: Request, typed: Typed | None, errors: dict[str, str] | None = None) -> Response:
    """`typed` None: what is saved."""
    async with reading(request) as db:
        call, _ = await managed_call(db, request)
    page = SettingsPage(call, f"the clock in {city_of(call.zone)}", typed_settings(call) if typed is None else typed, errors or {})
    status = 422 if errors else 200
    return render(request, "calls/settings.html", page, title=f"Dates and limits · {call.title}", status=status, zone=call.zone)
