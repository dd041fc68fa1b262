"""The panel's own pages: what each member reads, their scores, and what they have no part in."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from conference.calls.access import panel_here, readable_submission, readable_submissions
from conference.calls.definition import Definition
from conference.calls.panel_actions import declarations_of, declare_conflict
from conference.calls.panel_page import reading_page, said_in
from conference.calls.panel_queries import assignments_of, panels_of, reviews_of
from conference.calls.panel_rules import panel_may_begin, reviews_due_at
from conference.calls.panel_tables import ConflictKind, Review
from conference.calls.queries import conflicted, definition_of
from conference.calls.reviewing import SavedElsewhere, save_review, send_review
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call
from conference.calls.words import reference_of
from conference.errors import Invalid, Refusal
from conference.people.access import require_person
from conference.people.tables import Person
from conference.storage.database import Db
from conference.times import spoken_moment
from conference.web.forms import typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, writing, zone_for

MAX_REASON = 1000


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One submission in a member's list."""

    number: int
    reference: str
    state: str  # in, begun, to read, to look at
    words: str
    newer: bool  # it was sent again since they began


@dataclass(frozen=True, slots=True)
class MyPanel:
    call: Call
    total: int
    done: int
    begins: str  # empty: it has begun
    due: str


@dataclass(frozen=True, slots=True)
class PanelsPage:
    """templates/calls/panels.html"""

    panels: tuple[MyPanel, ...]


@dataclass(frozen=True, slots=True)
class PanelPage:
    """templates/calls/panel.html"""

    call: Call
    mine: MyPanel
    definition: Definition
    rows: tuple[PanelRow, ...]
    others: tuple[PanelRow, ...]  # that they may read, and need not review
    declared: tuple[tuple[str, str], ...]  # what they said themselves: reference, words
    set_aside: int  # by organisers, or since it is their own: which ones is not said


async def panels(request: Request) -> Response:
    """GET /panel: the panels on which I sit."""
    async with reading(request) as db:
        person = await require_person(db, request)
        page = PanelsPage(tuple([await _my_panel(db, request, call, person) for _, call in await panels_of(db, person.id)]))
    return render(request, "calls/panels.html", page, title="My panels")


async def panel(request: Request) -> Response:
    """GET /panel/{call}: what I read for this panel, and how far I am."""
    async with reading(request) as db:
        call, person = await panel_here(db, request)
        page = await _panel_page(db, request, call, person)
    return render(request, "calls/panel.html", page, title=f"Panel · {call.title}", zone=call.zone)


async def submission(request: Request) -> Response:
    """GET, POST /panel/{call}/{number:int}: read one submission; save what I say of it, or send it in."""
    if request.method != "POST":
        return await reading_page(request)
    typed = await typed_form(request)
    sends = typed.get("act") == "send"
    try:
        async with writing(request) as db:
            call, review = await _save(db, request, typed)
            if sends:
                await send_review(db, call, review, now(request))
    except Invalid as wrong:
        return await reading_page(request, typed, wrong.fields)
    except SavedElsewhere as late:
        return await reading_page(request, typed, stale=late.sentence, status=late.status)
    number = request.path_params["number"]
    reference = reference_of(call, number)
    if sends:
        return redirect(request, "calls:panel", f"Your review of {reference} is in.", call=call.slug)
    return redirect(request, "calls:panel_submission", f"Saved. Your review of {reference} is not in yet.", call=call.slug, number=number)


async def draft(request: Request) -> Response:
    """POST /panel/{call}/{number:int}/draft: the same form, as it is typed; the answer is JSON."""
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            call, review = await _save(db, request, typed)
            zone = zone_for(request, call.zone)
    except Refusal as no:
        return JSONResponse({"said": no.sentence}, no.status, {"Cache-Control": "no-store"})
    said = f"Saved at {spoken_moment(review.saved_at, zone)}."
    return JSONResponse({"stamp": review.stamp, "said": said}, headers={"Cache-Control": "no-store"})


async def conflict(request: Request) -> Response:
    """POST /panel/{call}/{number:int}/conflict: I should have no part in this one."""
    typed = await typed_form(request)
    words = typed.get("words", "").strip()
    if not words or len(words) > MAX_REASON:
        sentence = "Say in a few words why." if not words else f"Use at most {MAX_REASON} characters."
        return await reading_page(request, None, {"words": sentence})
    async with writing(request) as db:
        call, person = await panel_here(db, request)
        found = await readable_submission(db, request, call, request.path_params["number"])
        await declare_conflict(db, call, found, person.id, ConflictKind.declared, words, now(request), by=person.id)
    said = f"{reference_of(call, found.number)} is not among what you read any more. The organisers know, and give it to somebody else."
    return redirect(request, "calls:panel", said, call=call.slug)


async def _save(db: Db, request: Request, typed: dict[str, str]) -> tuple[Call, Review]:
    call, person = await panel_here(db, request)
    found = await readable_submission(db, request, call, request.path_params["number"])
    said = said_in(typed, await definition_of(db, call))
    return call, await save_review(db, call, found, person, said, now(request))


async def _my_panel(db: Db, request: Request, call: Call, person: Person) -> MyPanel:
    mine = {each.submission_id for each in await assignments_of(db, call.id) if each.person_id == person.id}
    readable = {each.id for each in await readable_submissions(db, request, call, person.id)}
    done = {each.submission_id for each in await reviews_of(db, call.id, person.id) if each.submitted_at}
    zone, due = zone_for(request, call.zone), reviews_due_at(call, (await definition_of(db, call)).panel)
    waits = call.deadline_at is not None and not panel_may_begin(call, now(request))
    return MyPanel(
        call=call,
        total=len(mine & readable),
        done=len(mine & readable & done),
        begins=spoken_moment(call.deadline_at, zone) if waits and call.deadline_at else "",
        due=spoken_moment(due, zone) if due else "",
    )


async def _panel_page(db: Db, request: Request, call: Call, person: Person) -> PanelPage:
    mine = {each.submission_id for each in await assignments_of(db, call.id) if each.person_id == person.id}
    reviews = {each.submission_id: each for each in await reviews_of(db, call.id, person.id)}
    rows = [(each, _row(call, each, reviews.get(each.id))) for each in await readable_submissions(db, request, call, person.id)]
    own = [(each, where) for each, where, who in await declarations_of(db, call.id) if who.id == person.id and each.ended_at is None]
    said = [(reference_of(call, where.number), each.words) for each, where in own if each.by_id == person.id]
    return PanelPage(
        call=call,
        mine=await _my_panel(db, request, call, person),
        definition=await definition_of(db, call),
        rows=tuple(row for each, row in rows if each.id in mine),
        others=tuple(row for each, row in rows if each.id not in mine),
        declared=tuple(said),
        set_aside=len(await conflicted(db, call.id, person.id)) - len(said),
    )


def _row(call: Call, submission: Submission, review: Review | None) -> PanelRow:
    state, words = ("in", "In") if review and review.submitted_at else ("begun", "Begun") if review else ("new", "To read")
    newer = review is not None and review.version_id != submission.counted_id
    return PanelRow(submission.number, reference_of(call, submission.number), state, words, newer)
