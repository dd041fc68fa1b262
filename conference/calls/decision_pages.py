"""Deciding on one submission, or on all that are still open by the scores; and the minutes."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.calls.deciding import decide, move_up_the_list, undo_decision
from conference.calls.deciding_rest import Rest, decide_rest, rest_of
from conference.calls.decision_tables import Decision, Verdict
from conference.calls.meeting_door import Seat, discussed, leading_seat_at, seat_at
from conference.calls.meeting_forms import MAX_RESERVES, RestForm, plan_of
from conference.calls.meeting_room import rooms_of
from conference.calls.minute_words import Line, lines_of
from conference.calls.minutes import minutes_of
from conference.calls.queries import definition_of
from conference.calls.standings import no_part_in, standing_decisions
from conference.calls.submission_tables import Submission
from conference.calls.words import pounds, reference_of
from conference.errors import Conflict, Invalid
from conference.people.queries import people_by_id
from conference.storage.database import Db
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import FORM_AGAIN, render
from conference.web.request import after_commit, now, reading, writing

VERDICTS = {Verdict.accepted: "Yes", Verdict.reserve: "On the reserve list", Verdict.rejected: "No"}


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """templates/calls/decision.html"""

    seat: Seat
    number: int
    reference: str
    standing: Decision | None
    standing_words: str
    with_money: bool
    with_feedback: bool
    typed: Typed
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RestPage:
    """templates/calls/rest.html"""

    seat: Seat
    rest: Rest
    form: RestForm
    errors: Mapping[str, str]
    stale: str

    def references(self, which: str) -> tuple[str, ...]:
        return tuple(
            f"{reference_of(self.seat.call, row.scored.number)} ({row.percent or 'not scored'})" for row in getattr(self.rest, which)
        )


@dataclass(frozen=True, slots=True)
class MinutesPage:
    """templates/calls/minutes.html"""

    seat: Seat
    lines: tuple[Line, ...]
    some_hidden: bool


async def decision(request: Request) -> Response:
    """GET, POST /panel/{call}/meeting/submissions/{number}/decision"""
    if request.method != "POST":
        return await _decision_page(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            seat, submission = await _led(db, request)
            plan = plan_of(typed)
            await decide(db, seat.call, submission, plan, now(request), by=seat.person)
    except Invalid as wrong:
        return await _decision_page(request, typed, wrong.fields)
    except Conflict as no:
        return await _decision_page(request, typed, {"verdict": no.sentence}, no.status)
    return await _back(request, f"Decided, and not told to anybody yet: {VERDICTS[plan.verdict].lower()}.")


async def undoing(request: Request) -> Response:
    """POST .../decision/undoing"""
    async with writing(request) as db:
        seat, submission = await _led(db, request)
        await undo_decision(db, seat.call, submission, now(request), by=seat.person)
    return await _back(request, "It is open again.")


async def earlier(request: Request) -> Response:
    """POST .../decision/earlier: one step up the reserve list."""
    async with writing(request) as db:
        seat, submission = await _led(db, request)
        await move_up_the_list(db, seat.call, submission, now(request), by=seat.person)
    return await _back(request, "Moved up the reserve list.")


async def rest(request: Request) -> Response:
    """GET, POST /panel/{call}/meeting/rest?reserves=: what is open, by the scores."""
    if request.method != "POST":
        return await _rest_page(request, dict(request.query_params), {})
    typed = await typed_form(request)
    try:
        form = _rest_form(typed)
        async with writing(request) as db:
            seat = await leading_seat_at(db, request)
            reasons = {verdict: getattr(form, verdict.value) for verdict in Verdict}
            done = await decide_rest(db, seat.call, form.reserves, reasons, form.seen, now(request), by=seat.person)
    except Invalid as wrong:
        return await _rest_page(request, typed, wrong.fields)
    except Conflict as no:
        return await _rest_page(request, typed, {}, no.sentence)
    counts = ", ".join(f"{count} × {VERDICTS[verdict].lower()}" for verdict, count in done.items())
    return await _back(request, f"Decided, and not told to anybody yet: {counts}.")


async def minutes(request: Request) -> Response:
    """GET /panel/{call}/minutes"""
    async with reading(request) as db:
        seat = await seat_at(db, request)
        hidden = await no_part_in(db, seat.call, seat.person.id)
        rows = await minutes_of(db, seat.call.id, hidden)
        people = await people_by_id(db, {each for row in rows for each in (row.by_id, row.person_id) if each})
        numbers = {row.submission_id: await db.get(Submission, row.submission_id) for row in rows if row.submission_id}
        decisions = {row.decision_id: await db.get(Decision, row.decision_id) for row in rows if row.decision_id}
    lines = lines_of(seat.call, rows, people, numbers, decisions, whole=not hidden)
    page = MinutesPage(seat, lines, bool(hidden))
    return render(request, "calls/minutes.html", page, title=f"Minutes · {seat.call.title}", zone=seat.call.zone)


async def _led(db: Db, request: Request) -> tuple[Seat, Submission]:
    seat = await leading_seat_at(db, request)
    return seat, await discussed(db, seat, request.path_params["number"])


async def _back(request: Request, said: str) -> Response:
    await after_commit(request, rooms_of(request).changed)
    return redirect(request, "calls:meeting", said, call=request.path_params["call"])


async def _decision_page(request: Request, typed: Typed, errors: Mapping[str, str], status: int = FORM_AGAIN) -> Response:
    async with reading(request) as db:
        seat, submission = await _led(db, request)
        definition = await definition_of(db, seat.call)
        standing = (await standing_decisions(db, seat.call.id)).get(submission.id)
    number = submission.number
    page = DecisionPage(
        seat=seat,
        number=number,
        reference=reference_of(seat.call, number),
        standing=standing,
        standing_words=f"{VERDICTS[standing.verdict]}: {standing.reason}" if standing else "",
        with_money=seat.call.budget_pence is not None or definition.award is not None,
        with_feedback=definition.feedback,
        typed=typed or _typed_of(standing),
        errors=errors,
    )
    title = f"{'Error: ' if errors else ''}Decide on {page.reference}"
    return render(request, "calls/decision.html", page, title=title, status=status if errors else 200, zone=seat.call.zone)


def _typed_of(standing: Decision | None) -> Typed:
    if standing is None:
        return {}
    amount = pounds(standing.amount_pence).removeprefix("£") if standing.amount_pence else ""
    return {"verdict": standing.verdict.value, "reason": standing.reason, "feedback": standing.feedback, "amount": amount}


async def _rest_page(request: Request, typed: Typed, errors: Mapping[str, str], stale: str = "") -> Response:
    try:
        form = _rest_form(typed)
    except Invalid as wrong:
        form, errors = RestForm(), wrong.fields
    async with reading(request) as db:
        seat = await leading_seat_at(db, request)
        found = await rest_of(db, seat.call, form.reserves, by=seat.person)
    status = 409 if stale else FORM_AGAIN if errors else 200
    page = RestPage(seat, found, form, errors, stale)
    title = f"{'Error: ' if errors else ''}Decide by the scores"
    return render(request, "calls/rest.html", page, title=title, status=status, zone=seat.call.zone)


def _rest_form(typed: Typed) -> RestForm:
    form = RestForm.read(typed)
    if not 0 <= form.reserves <= MAX_RESERVES:
        raise Invalid("reserves", RestForm.asks["reserves"])
    return form
