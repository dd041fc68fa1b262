"""An award, as its holder sees it: what was promised by when, and reporting on it."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.calls.award_forms import ReportForm
from conference.calls.award_lines import MilestoneLine, amount_of, lines_of, showcase_of
from conference.calls.award_queries import milestone_at, milestones_of, own_award
from conference.calls.award_tables import Award
from conference.calls.awards import report
from conference.calls.queries import call_at
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call
from conference.errors import Invalid
from conference.people.access import require_person
from conference.people.tables import Person
from conference.storage.database import Db
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, writing


@dataclass(frozen=True, slots=True)
class AwardPage:
    """templates/calls/award.html"""

    call: Call
    submission: Submission
    award: Award
    amount: str
    lines: tuple[MilestoneLine, ...]
    showcase: tuple[str, str, str] | None


@dataclass(frozen=True, slots=True)
class ReportPage:
    """templates/calls/milestone_report.html"""

    call: Call
    submission: Submission
    line: MilestoneLine
    typed: Typed
    errors: dict[str, str]


async def award(request: Request) -> Response:
    """GET /calls/{call}/submission/{number}/award"""
    async with reading(request) as db:
        call, held, submission, _ = await _own(db, request)
        milestones = (await milestones_of(db, [held.id]))[held.id]
        showcase = await showcase_of(db, submission)
    page = AwardPage(call, submission, held, amount_of(held), lines_of(call, held, milestones, now(request)), showcase)
    return render(request, "calls/award.html", page, title=f"Your award · {call.title}", zone=call.zone)


async def milestone(request: Request) -> Response:
    """GET, POST /calls/{call}/submission/{number}/award/milestones/{milestone}: report what was done."""
    if request.method != "POST":
        return await _report_page(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            call, held, submission, person = await _own(db, request)
            about = await milestone_at(db, held, request.path_params["milestone"])
            await report(db, held, about, ReportForm.read(typed).report, now(request), by=person)
    except Invalid as wrong:
        return await _report_page(request, typed, wrong.fields)
    return redirect(request, "calls:award", "The organisers have your report.", call=call.slug, number=submission.number)


async def _own(db: Db, request: Request) -> tuple[Call, Award, Submission, Person]:
    person = await require_person(db, request)
    call = await call_at(db, request.path_params["call"])
    held, submission = await own_award(db, call, request.path_params["number"], person)
    return call, held, submission, person


async def _report_page(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        call, held, submission, _ = await _own(db, request)
        about = await milestone_at(db, held, request.path_params["milestone"])
        (line,) = lines_of(call, held, [about], now(request))
    page = ReportPage(call, submission, line, typed or {"report": about.report}, errors)
    title, status = f"{about.title} · {call.title}", 422 if errors else 200
    return render(request, "calls/milestone_report.html", page, title=title, status=status, zone=call.zone)
