"""Awards and sessions of a call, as those who run it see them: reports accepted or given back, talks planned, showcases named."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.calls.award_forms import ShowcaseForm, TalkForm, WordForm
from conference.calls.award_lines import MilestoneLine, amount_of, lines_of
from conference.calls.award_queries import agreed_submission, award_of, awards_of, milestone_at, milestones_of, session_of
from conference.calls.award_tables import Award
from conference.calls.awards import accept_report, give_back
from conference.calls.queries import counted_version
from conference.calls.rights import check_has_part, managed_call
from conference.calls.sessions import name_showcase, plan_talk
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call, CallKind
from conference.errors import Invalid, NotFound
from conference.people.tables import Person
from conference.programme.planned import Planned, planned_programme
from conference.programme.queries import rooms_of
from conference.programme.rules import TYPE_WORDS
from conference.programme.tables import Event
from conference.storage.database import Db
from conference.times import short_date, zone_named
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, writing

NO_EVENT = "This call belongs to no event, so nothing of it is in a programme."


@dataclass(frozen=True, slots=True)
class AwardRow:
    award: Award
    submission: Submission
    holder: Person
    amount: str
    lines: tuple[MilestoneLine, ...]


@dataclass(frozen=True, slots=True)
class AwardsPage:
    """templates/calls/awards.html"""

    call: Call
    rows: tuple[AwardRow, ...]


@dataclass(frozen=True, slots=True)
class MilestonePage:
    """templates/calls/milestone.html"""

    call: Call
    submission: Submission
    holder: Person
    line: MilestoneLine
    typed: Typed
    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class SessionPage:
    """templates/calls/submission_session.html"""

    call: Call
    event: Event
    submission: Submission
    person: Person
    title: str
    is_proposal: bool
    planned: Planned | None
    rooms: tuple[tuple[str, str], ...]
    types: tuple[tuple[str, str], ...]
    sessions: tuple[tuple[str, str], ...]
    typed: Typed
    errors: dict[str, str]


async def awards(request: Request) -> Response:
    """GET /manage/calls/{call}/awards: everything that was awarded, what was promised, and what waits to be read."""
    async with reading(request) as db:
        call, _ = await managed_call(db, request)
        found = await awards_of(db, call)
        milestones = await milestones_of(db, [held.id for held, _, _ in found])
    rows = [AwardRow(one, sent, who, amount_of(one), lines_of(call, one, milestones[one.id], now(request))) for one, sent, who in found]
    return render(request, "calls/awards.html", AwardsPage(call, tuple(rows)), title=f"Awards · {call.title}", zone=call.zone)


async def milestone(request: Request) -> Response:
    """GET /manage/calls/{call}/awards/{number}/milestones/{milestone}: a report, to be accepted or given back."""
    return await _milestone_page(request, {}, {})


async def milestone_acceptance(request: Request) -> Response:
    """POST /manage/calls/{call}/awards/{number}/milestones/{milestone}/acceptance"""
    async with writing(request) as db:
        call, organiser = await managed_call(db, request)
        held, submission = await award_of(db, call, request.path_params["number"])
        await check_has_part(db, call, submission.id, organiser)
        about = await milestone_at(db, held, request.path_params["milestone"])
        await accept_report(db, about, now(request), by=organiser)
    return redirect(request, "calls:awards", f"“{about.title}” is accepted.", call=call.slug)


async def milestone_return(request: Request) -> Response:
    """POST /manage/calls/{call}/awards/{number}/milestones/{milestone}/return: ask for another report."""
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            call, organiser = await managed_call(db, request)
            held, submission = await award_of(db, call, request.path_params["number"])
            await check_has_part(db, call, submission.id, organiser)
            about = await milestone_at(db, held, request.path_params["milestone"])
            await give_back(db, about, WordForm.read(typed).word, now(request), by=organiser)
    except Invalid as wrong:
        return await _milestone_page(request, typed, wrong.fields)
    return redirect(request, "calls:awards", "They see your words, and can report again.", call=call.slug)


async def submission_session(request: Request) -> Response:
    """GET, POST /manage/calls/{call}/submissions/{number}/session: plan the talk that was proposed, or name a project's showcase."""
    if request.method != "POST":
        return await _session_page(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            call, organiser = await managed_call(db, request)
            event = await _event_of(db, call)
            submission, person = await agreed_submission(db, call, request.path_params["number"])
            if call.kind == CallKind.proposal:
                version = await counted_version(db, submission)
                when = TalkForm.read(typed).when(event)
                answers = version.answers if version else {}
                await plan_talk(db, event, submission, answers, person, when, now(request), by=organiser)
                said = "It is planned: the next release of the programme publishes it."
            else:
                await name_showcase(db, event, submission, ShowcaseForm.read(typed).session, now(request), by=organiser)
                said = "The project and its session know each other."
    except Invalid as wrong:
        return await _session_page(request, typed, wrong.fields)
    path = {"call": call.slug, "number": submission.number}
    return redirect(request, "calls:submission_session", said, **path)


async def _milestone_page(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        call, _ = await managed_call(db, request)
        held, submission = await award_of(db, call, request.path_params["number"])
        about = await milestone_at(db, held, request.path_params["milestone"])
        person = await db.get_one(Person, held.person_id)
        (line,) = lines_of(call, held, [about], now(request))
    page = MilestonePage(call, submission, person, line, typed, errors)
    title, status = f"{about.title} · {call.title}", 422 if errors else 200
    return render(request, "calls/milestone.html", page, title=title, status=status, zone=call.zone)


async def _session_page(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        call, _ = await managed_call(db, request)
        event = await _event_of(db, call)
        submission, person = await agreed_submission(db, call, request.path_params["number"])
        version, there = await counted_version(db, submission), await session_of(db, submission.id)
        programme = await planned_programme(db, event)
        rooms = tuple((str(room.id), room.name) for room in await rooms_of(db, event))
    title = str((version.answers if version else {}).get("title", "")) or person.name
    planned = next((each for each in programme if there and each.facts.session.id == there.session_id), None)
    page = SessionPage(
        call=call,
        event=event,
        submission=submission,
        person=person,
        title=title,
        is_proposal=call.kind == CallKind.proposal,
        planned=planned,
        rooms=rooms,
        types=tuple((kind.value, words) for kind, words in TYPE_WORDS.items()),
        sessions=_choices(programme, event),
        typed=typed or _as_it_is(planned, event),
        errors=errors,
    )
    status = 422 if errors else 200
    return render(request, "calls/submission_session.html", page, title=f"Session · {call.title}", status=status, zone=event.zone)


async def _event_of(db: Db, call: Call) -> Event:
    """Raises NotFound where the call has none."""
    if not call.event_id:
        raise NotFound(NO_EVENT)
    return await db.get_one(Event, call.event_id)


def _choices(programme: Sequence[Planned], event: Event) -> tuple[tuple[str, str], ...]:
    sessions = [each.facts.session for each in programme if not each.facts.session.cancelled_at]
    zone = zone_named(event.zone)
    return tuple((str(each.id), f"{short_date(each.starts_at.astimezone(zone).date())}: {each.title}") for each in sessions)


def _as_it_is(planned: Planned | None, event: Event) -> Typed:
    """The form, filled: with what is there, or with the event's first day."""
    if planned:
        return {"session": str(planned.facts.session.id)}
    return {"day": event.starts_at.astimezone(zone_named(event.zone)).date().isoformat()}
