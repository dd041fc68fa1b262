"""Feedback for a no, on both sides: asked for by the applicant, written by an organiser."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.calls.feedback import answer_feedback, ask_feedback, asked_at, feedback_of, panels_words, told_no
from conference.calls.offer_forms import FeedbackForm
from conference.calls.offer_page import paragraphs
from conference.calls.queries import call_at
from conference.calls.rights import check_has_part, managed_call
from conference.calls.tables import Call
from conference.calls.words import reference_of
from conference.errors import Invalid
from conference.people.access import require_person
from conference.times import spoken_moment
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, real_now, writing, zone_for


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    """templates/calls/feedback.html"""

    call: Call
    number: int
    reference: str
    asked: bool
    answer: tuple[str, ...]  # in paragraphs; empty: not yet


@dataclass(frozen=True, slots=True)
class FeedbackDesk:
    """templates/calls/manage_feedback.html"""

    call: Call
    number: int
    reference: str
    name: str
    asked: str  # when
    answer: tuple[str, ...]
    panel: tuple[str, ...]  # what members wrote for the applicant, without their names
    typed: Typed
    errors: Mapping[str, str]


async def feedback(request: Request) -> Response:
    """GET, POST /calls/{call}/feedback/{number}: ask why it was a no."""
    number: int = request.path_params["number"]
    if request.method == "POST":
        async with writing(request) as db:
            person = await require_person(db, request)
            call = await call_at(db, request.path_params["call"])
            submission, _ = await told_no(db, call, number, person)
            await ask_feedback(db, call, submission, now(request))
        return redirect(request, "calls:feedback", "The organisers read your question, and answer by mail.", call=call.slug, number=number)
    async with reading(request) as db:
        person = await require_person(db, request)
        call = await call_at(db, request.path_params["call"])
        submission, decision = await told_no(db, call, number, person)
        asked = await feedback_of(db, submission)
    answer = (asked and asked.answer) or decision.feedback
    page = FeedbackPage(call, number, reference_of(call, number), asked is not None, paragraphs(answer))
    return render(request, "calls/feedback.html", page, title=f"Feedback · {call.title}", zone=call.zone)


async def answering(request: Request) -> Response:
    """GET, POST /manage/calls/{call}/feedback/{number}: write it."""
    if request.method != "POST":
        return await _desk(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            call, organiser = await managed_call(db, request)
            answer = FeedbackForm.read(typed).answer
            await check_has_part(db, call, (await asked_at(db, call, request.path_params["number"]))[1].id, organiser)
            await answer_feedback(db, call, request.path_params["number"], answer, now(request), real_now(request), by=organiser.id)
    except Invalid as wrong:
        return await _desk(request, typed, wrong.fields)
    return redirect(request, "calls:offers", "The feedback is on its way.", call=call.slug)


async def _desk(request: Request, typed: Typed, errors: Mapping[str, str]) -> Response:
    async with reading(request) as db:
        call, organiser = await managed_call(db, request)
        asked, submission, person = await asked_at(db, call, request.path_params["number"])
        await check_has_part(db, call, submission.id, organiser)
        panel = tuple(await panels_words(db, submission))
    page = FeedbackDesk(
        call=call,
        number=submission.number,
        reference=reference_of(call, submission.number),
        name=person.name,
        asked=spoken_moment(asked.asked_at, zone_for(request, call.zone)),
        answer=paragraphs(asked.answer),
        panel=panel,
        typed=typed,
        errors=errors,
    )
    title = f"Feedback for {page.reference} · {call.title}"
    return render(request, "calls/manage_feedback.html", page, title=title, status=422 if errors else 200, zone=call.zone)
