"""The organisers' side of what was sent: the list, entering on somebody's behalf, one with its versions, taking what came late."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from pydantic import Field
from sqlmodel import select
from starlette.requests import Request
from starlette.responses import Response

from conference.calls.answers import Shown, spoken_parts
from conference.calls.applying_door import moment_shown, partner_link
from conference.calls.applying_rules import STATE_WORDS, check_takes
from conference.calls.attached import Files, files_shown, panel_files_shown
from conference.calls.definition import Definition
from conference.calls.facts import Finding, deadline_day, findings
from conference.calls.partnering import partners_of
from conference.calls.queries import conflicted, member_of
from conference.calls.rights import nameable_call
from conference.calls.sending import let_late_count
from conference.calls.submission_queries import Listed, submission_numbers, submissions_listed
from conference.calls.submission_tables import Partner, Submission, SubmissionState, SubmissionVersion
from conference.calls.submitting import start_submission, versions_of
from conference.calls.tables import Call, CallVersion
from conference.calls.words import reference_of
from conference.errors import Conflict, Invalid, NotFound
from conference.people.actions import know_person
from conference.people.forms import NameAndEmailForm
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.storage.database import Db
from conference.times import TimeShown, zone_named
from conference.web.forms import Form, Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, real_now, writing


@dataclass(frozen=True, slots=True)
class SubmissionsPage:
    """templates/calls/submissions.html"""

    call: Call
    rows: tuple[tuple[Listed, str, str, TimeShown | None], ...]  # with reference, state, when it had arrived
    numbers: tuple[tuple[str, str, int], ...]  # state, its words, how many
    state: str  # which are shown; empty: all
    typed: Typed
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class VersionShown:
    """One version that was sent."""

    version: SubmissionVersion
    arrived: TimeShown
    by: str  # who sent it, where that was not the applicant
    counts: bool
    parts: Shown
    files: Files


@dataclass(frozen=True, slots=True)
class SubmissionDeskPage:
    """templates/calls/submission_desk.html"""

    call: Call
    submission: Submission
    reference: str
    state: str
    applicant: Person
    versions: tuple[VersionShown, ...]  # the newest first
    facts: tuple[Finding, ...]  # of the version that counts
    partners: tuple[Partner, ...]
    late_by: str  # who decided that a late one counts
    typed: Typed
    errors: Mapping[str, str]


class LateForm(Form):
    asks: ClassVar[dict[str, str]] = {"reason": "Say why it counts all the same: it stays on record, and the applicant reads it."}
    reason: str = Field(min_length=1, max_length=1000)


async def submissions(request: Request) -> Response:
    """GET, POST /manage/calls/{call}/submissions: the list; POST enters one for somebody who can't use the form."""
    if request.method != "POST":
        return await _list(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            call, organiser = await nameable_call(db, request)
            form = NameAndEmailForm.read(typed)
            check_takes(call, now(request))
            person = await know_person(db, form.email, form.name, now(request))
            if person.id == organiser.id:
                raise Invalid("email", "Enter your own application on the call’s own page.")
            submission = await _entered(db, call, person, organiser, request)
    except Invalid as wrong:
        return await _list(request, typed, wrong.fields)
    said = f"{reference_of(call, submission.number)} is begun for {person.name}. Type what they sent you, then send it."
    return redirect(request, "calls:own", said, call=call.slug, number=submission.number)


async def submission(request: Request) -> Response:
    """GET /manage/calls/{call}/submissions/{number:int}"""
    return await _one(request, {}, {})


async def late_acceptance(request: Request) -> Response:
    """POST .../submissions/{number:int}/versions/{version:uuid}/acceptance: what came late counts, and why."""
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            call, organiser = await nameable_call(db, request)
            found = await _submission(db, request, call, organiser)
            reason, version = LateForm.read(typed).reason, request.path_params["version"]
            link = partner_link(request, call)
            await let_late_count(db, call, found, version, reason, now(request), real_now(request), by=organiser.id, link=link)
    except Invalid as wrong:
        return await _one(request, typed, wrong.fields)
    said = "It counts from now on. The applicant is told, with your reason."
    return redirect(request, "calls:submission_desk", said, call=call.slug, number=found.number)


async def _entered(db: Db, call: Call, person: Person, organiser: Person, request: Request) -> Submission:
    try:
        return await start_submission(db, call, person, now(request), entered_by=organiser.id)
    except Conflict as no:
        raise Invalid("email", no.sentence) from no


async def _submission(db: Db, request: Request, call: Call, organiser: Person) -> Submission:
    """Raises NotFound, for an organiser who sits on the panel and has no part in it too."""
    numbered = select(Submission).where(Submission.call_id == call.id, Submission.number == request.path_params["number"])
    found = (await db.exec(numbered)).first()
    if not found or found.id in await conflicted(db, call.id, organiser.id):
        raise NotFound("There is no such submission, or you have no part in it.")
    return found


async def _list(request: Request, typed: Typed, errors: Mapping[str, str]) -> Response:
    wanted = request.query_params.get("state", "")
    state = SubmissionState(wanted) if wanted in set(SubmissionState) else None
    async with reading(request) as db:
        call, organiser = await nameable_call(db, request)
        rows = await submissions_listed(db, call, organiser.id, state)
        numbers = await submission_numbers(db, call)
    page = SubmissionsPage(
        call=call,
        rows=tuple(
            (row, reference_of(call, row.submission.number), STATE_WORDS[row.submission.state], _arrived(request, call, row))
            for row in rows
        ),
        numbers=tuple((each.value, STATE_WORDS[each], numbers[each]) for each in SubmissionState if numbers[each]),
        state=state.value if state else "",
        typed=typed,
        errors=errors,
    )
    title, status = f"Submissions · {call.title}", 422 if errors else 200
    return render(request, "calls/submissions.html", page, title=title, status=status, zone=call.zone)


def _arrived(request: Request, call: Call, row: Listed) -> TimeShown | None:
    at = row.submission.submitted_at
    return moment_shown(request, call, at) if at else None


async def _one(request: Request, typed: Typed, errors: Mapping[str, str]) -> Response:
    async with reading(request) as db:
        call, organiser = await nameable_call(db, request)
        found = await _submission(db, request, call, organiser)
        applicant = await db.get_one(Person, found.person_id)
        on_panel = await member_of(db, call.id, organiser.id) is not None
        versions = [await _shown(db, request, call, found, version, on_panel) for version in reversed(await versions_of(db, found))]
        page = SubmissionDeskPage(
            call=call,
            submission=found,
            reference=reference_of(call, found.number),
            state=STATE_WORDS[found.state],
            applicant=applicant,
            versions=tuple(versions),
            facts=await _facts(db, call, versions),
            partners=tuple(await partners_of(db, found)),
            late_by=(await db.get_one(Person, found.late_by_id)).name if found.late_by_id else "",
            typed=typed,
            errors=errors,
        )
    title, status = f"{page.reference} · {call.title}", 422 if errors else 200
    return render(request, "calls/submission_desk.html", page, title=title, status=status, zone=call.zone)


async def _shown(db: Db, request: Request, call: Call, found: Submission, version: SubmissionVersion, on_panel: bool) -> VersionShown:
    """An organiser who sits on the panel gets files as the panel does: of the version that counts."""
    asked = Definition.model_validate((await db.get_one(CallVersion, version.call_version_id)).definition)
    counts = version.id == found.counted_id
    shows = panel_files_shown if on_panel else files_shown
    by = await db.get(Person, version.by_id) if version.by_id and version.by_id != found.person_id else None
    return VersionShown(
        version=version,
        arrived=moment_shown(request, call, version.arrived_at),
        by=by.name if by else "",
        counts=counts,
        parts=spoken_parts(asked, version.answers),
        files=await shows(db, request, call, found, asked, version.answers) if counts or not on_panel else {},
    )


async def _facts(db: Db, call: Call, versions: list[VersionShown]) -> tuple[Finding, ...]:
    counted = next((each.version for each in versions if each.counts), None)
    if counted is None:
        return ()
    asked = await db.get_one(CallVersion, counted.call_version_id)
    event = await db.get(Event, call.event_id) if call.event_id else None
    first_day = event.starts_at.astimezone(zone_named(event.zone)).date() if event else None
    definition = Definition.model_validate(asked.definition)
    return findings(definition, counted.answers, deadline=deadline_day(call, counted.arrived_at), first_day=first_day)
