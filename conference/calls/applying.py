"""Beginning an application, and seeing where it stands: parts, versions, partners; withdrawing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.calls.applying_door import Mine, deadline_shown, moment_shown, own_submission, own_submissions
from conference.calls.applying_rules import BEFORE_DECISION, MAY_WITHDRAW, STATE_WORDS, is_late, why_not
from conference.calls.checking import Progress, progress
from conference.calls.definition import Definition
from conference.calls.partnering import ASK_AGAIN, partners_of
from conference.calls.queries import call_at, definition_of
from conference.calls.submission_letters import tell_withdrawn
from conference.calls.submission_tables import Partner, Submission, SubmissionState, SubmissionVersion
from conference.calls.submitting import start_submission, versions_of, withdraw
from conference.calls.tables import Call
from conference.calls.words import reference_of
from conference.errors import Conflict, Invalid
from conference.mail.actions import queue_mail, strangers_may_write
from conference.people.access import require_person
from conference.people.actions import know_person, make_link
from conference.people.door import SentPage
from conference.people.forms import NameAndEmailForm
from conference.people.rules import LINK_LASTS
from conference.people.tables import LinkPurpose
from conference.times import TimeShown
from conference.web.forms import Typed, typed_form
from conference.web.links import full_address, path_to, redirect
from conference.web.render import render
from conference.web.request import arrived_at, house, now, reading, real_now, visitor, writing


@dataclass(frozen=True, slots=True)
class StartPage:
    """templates/calls/start.html"""

    call: Call
    definition: Definition
    deadline: TimeShown | None
    late: bool
    why_not: str
    signed_in: bool
    mine: Sequence[tuple[Submission, str, str]]  # with reference and state
    may_begin: bool
    typed: Typed
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SubmissionPage:
    """templates/calls/submission.html"""

    mine: Mine
    state: str
    deadline: TimeShown | None
    late: bool  # what is sent now comes too late
    parts: tuple[Progress, ...]
    may_change: bool
    may_withdraw: bool
    changed: bool  # the draft says something else than what counts
    versions: tuple[tuple[SubmissionVersion, TimeShown], ...]  # the newest first
    partners: tuple[tuple[Partner, bool], ...]  # whether they may be asked again

    @property
    def is_whole(self) -> bool:
        return all(part.is_whole for part in self.parts)

    @property
    def has_late(self) -> bool:
        """Something came late and does not count."""
        return any(version.late and version.id != self.mine.submission.counted_id for version, _ in self.versions)


async def start(request: Request) -> Response:
    """GET, POST /calls/{call}/submission: begin, or go on; strangers are mailed a link first."""
    if request.method != "POST":
        return await _start_page(request, {}, {})
    if not visitor(request).person_id:
        return await _mail_beginner(request)
    async with writing(request) as db:
        call, person = await call_at(db, request.path_params["call"]), await require_person(db, request)
        if why := why_not(call, arrived_at(request)):
            raise Conflict(why)
        submission = await start_submission(db, call, person, now(request))
    return redirect(request, "calls:own", call=call.slug, number=submission.number)


async def own(request: Request) -> Response:
    """GET /calls/{call}/submission/{number:int}: where it stands."""
    async with reading(request) as db:
        mine = await own_submission(db, request)
        versions, partners = await versions_of(db, mine.submission), await partners_of(db, mine.submission)
    submission, call = mine.submission, mine.call
    counted = next((version for version in versions if version.id == submission.counted_id), None)
    may_change = submission.state in BEFORE_DECISION and not why_not(call, now(request))
    page = SubmissionPage(
        mine=mine,
        state=STATE_WORDS[submission.state],
        deadline=deadline_shown(request, call),
        late=is_late(call, now(request), now(request)),
        parts=tuple(progress(part, submission.draft) for part in mine.definition.parts),
        may_change=may_change,
        may_withdraw=submission.state in MAY_WITHDRAW,
        changed=counted is not None and counted.answers != submission.draft,
        versions=tuple((version, moment_shown(request, call, version.arrived_at)) for version in reversed(versions)),
        partners=tuple((partner, may_change and _may_ask(partner, request)) for partner in partners),
    )
    return render(request, "calls/submission.html", page, title=f"My application · {call.title}", zone=call.zone)


async def withdrawal(request: Request) -> Response:
    """POST /calls/{call}/submission/{number:int}/withdrawal"""
    async with writing(request) as db:
        mine = await own_submission(db, request)
        await withdraw(db, mine.call, mine.submission, now(request), by=mine.person.id)
        await tell_withdrawn(db, mine.call, mine.submission, mine.applicant, real_now(request))
    said = f"{mine.reference} is withdrawn. Nobody will decide on it."
    return redirect(request, "calls:submission", said, call=mine.call.slug)


def _may_ask(partner: Partner, request: Request) -> bool:
    if partner.confirmed_at or partner.declined_at:
        return False
    return partner.asked_at is None or real_now(request) >= partner.asked_at + ASK_AGAIN


async def _start_page(request: Request, typed: Typed, errors: Mapping[str, str]) -> Response:
    signed_in = visitor(request).person_id is not None
    async with reading(request) as db:
        call = await call_at(db, request.path_params["call"])
        definition = await definition_of(db, call)
        mine = await own_submissions(db, call, await require_person(db, request)) if signed_in else []
    live = [each for each in mine if each.state not in (SubmissionState.withdrawn, SubmissionState.cancelled)]
    if len(live) == definition.several_each == 1:
        return redirect(request, "calls:own", call=call.slug, number=live[0].number)
    page = StartPage(
        call=call,
        definition=definition,
        deadline=deadline_shown(request, call),
        late=is_late(call, now(request), now(request)),
        why_not=why_not(call, now(request)),
        signed_in=signed_in,
        mine=tuple((each, reference_of(call, each.number), STATE_WORDS[each.state]) for each in mine),
        may_begin=len(live) < definition.several_each,
        typed=typed,
        errors=errors,
    )
    return render(request, "calls/start.html", page, title=f"Apply · {call.title}", status=422 if errors else 200, zone=call.zone)


async def _mail_beginner(request: Request) -> Response:
    """The same answer whether or not anybody has this address."""
    typed = await typed_form(request)
    try:
        form = NameAndEmailForm.read(typed)
    except Invalid as wrong:
        return await _start_page(request, typed, wrong.fields)
    moment, minutes = real_now(request), int(LINK_LASTS.total_seconds() // 60)
    async with writing(request) as db:
        call = await call_at(db, request.path_params["call"])
        if why := why_not(call, arrived_at(request)):
            raise Conflict(why)
        if await strangers_may_write(db, form.email, moment):
            person = await know_person(db, form.email, form.name, now(request))
            next_path = path_to(request, "calls:submission", call=call.slug)
            token = await make_link(db, house(request).settings.secret_key, person, LinkPurpose.sign_in, moment, next_path=next_path)
            await queue_mail(
                db,
                "call_begin",
                person.email,
                moment,
                to_name=person.name,
                person_id=person.id,
                call=call.title,
                link=full_address(request, "people:link", token=token),
                minutes=minutes,
            )
    return render(request, "people/sent.html", SentPage(form.email, minutes), title="Look at your mail")
