"""All of an application before it is sent; sending it; and reading what was sent."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import select
from starlette.requests import Request
from starlette.responses import Response

from conference.calls.answers import Shown, field_name, spoken_parts
from conference.calls.applying_door import Mine, deadline_shown, moment_shown, own_submission, partner_link
from conference.calls.applying_rules import check_can_change, is_late, why_not
from conference.calls.attached import Files, files_shown
from conference.calls.checking import Progress, progress, wrong_in
from conference.calls.definition import Definition
from conference.calls.facts import Finding, deadline_day, findings
from conference.calls.sending import send, terms_field
from conference.calls.submission_tables import SubmissionVersion
from conference.calls.tables import CallVersion
from conference.errors import Invalid, NotFound
from conference.programme.tables import Event
from conference.storage.database import Db
from conference.times import TimeShown, spoken_moment, zone_named
from conference.web.forms import Typed, checked, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import arrived_at, now, reading, real_now, writing, zone_for


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """templates/calls/preview.html"""

    mine: Mine
    parts: Shown
    deadline: TimeShown | None
    late: bool
    why_not: str
    facts: tuple[Finding, ...]
    terms_field: str
    errors: Mapping[str, str]
    files: Files
    wrong: Mapping[str, str]  # by field: what can't be right
    open: tuple[Progress, ...]  # parts that keep it from being sent


@dataclass(frozen=True, slots=True)
class VersionPage:
    """templates/calls/version.html"""

    mine: Mine
    version: SubmissionVersion
    counts: bool
    arrived: TimeShown
    parts: Shown
    files: Files


async def preview(request: Request) -> Response:
    """GET /calls/{call}/submission/{number:int}/preview"""
    return await _preview(request, {})


async def sending(request: Request) -> Response:
    """POST /calls/{call}/submission/{number:int}/sending: what had arrived whole before the deadline counts."""
    typed = await typed_form(request)
    arrived = arrived_at(request)
    try:
        async with writing(request) as db:
            mine = await own_submission(db, request)
            version = await send(
                db,
                mine.call,
                mine.submission,
                mine.applicant,
                arrived,
                now(request),
                real_now(request),
                by=mine.person.id,
                accepted=_ticked(typed),
                link=partner_link(request, mine.call),
            )
    except Invalid as wrong:
        return await _preview(request, {name: said for name, said in wrong.fields.items() if name.startswith("terms-")})
    return redirect(request, "calls:own", _sent_words(request, mine, version), call=mine.call.slug, number=mine.submission.number)


async def version(request: Request) -> Response:
    """GET .../versions/{version:int}: what was sent, as it was sent."""
    async with reading(request) as db:
        mine = await own_submission(db, request)
        wanted = (SubmissionVersion.submission_id == mine.submission.id, SubmissionVersion.number == request.path_params["version"])
        found = (await db.exec(select(SubmissionVersion).where(*wanted))).first()
        if not found:
            raise NotFound("There is no such version.")
        asked = Definition.model_validate((await db.get_one(CallVersion, found.call_version_id)).definition)
        files = await files_shown(db, request, mine.call, mine.submission, asked, found.answers)
    page = VersionPage(
        mine=mine,
        version=found,
        counts=found.id == mine.submission.counted_id,
        arrived=moment_shown(request, mine.call, found.arrived_at),
        parts=spoken_parts(asked, found.answers),
        files=files,
    )
    title = f"Version {found.number} · {mine.reference}"
    return render(request, "calls/version.html", page, title=title, zone=mine.call.zone)


async def _preview(request: Request, errors: Mapping[str, str]) -> Response:
    async with reading(request) as db:
        mine = await own_submission(db, request)
        facts = await findings_of(db, mine)
        files = await files_shown(db, request, mine.call, mine.submission, mine.definition, mine.submission.draft)
    check_can_change(mine.submission)
    draft = mine.submission.draft
    names = {question.key: field_name(question) for question in mine.definition.questions}
    ways = [progress(part, draft) for part in mine.definition.parts]
    page = PreviewPage(
        mine=mine,
        parts=spoken_parts(mine.definition, draft),
        files=files,
        deadline=deadline_shown(request, mine.call),
        late=is_late(mine.call, now(request), now(request)),
        why_not=why_not(mine.call, now(request)),
        facts=facts,
        terms_field=terms_field(mine.asked) if mine.definition.terms else "",
        errors=errors,
        wrong={names[key]: said for part in mine.definition.parts for key, said in wrong_in(part, draft).items()},
        open=tuple(way for way in ways if not way.is_whole),
    )
    status = 422 if request.method == "POST" else 200
    return render(request, "calls/preview.html", page, title=f"Preview · {mine.call.title}", status=status, zone=mine.call.zone)


async def findings_of(db: Db, mine: Mine) -> tuple[Finding, ...]:
    """What the draft says about who may apply."""
    event = await db.get(Event, mine.call.event_id) if mine.call.event_id else None
    first_day = event.starts_at.astimezone(zone_named(event.zone)).date() if event else None
    day = deadline_day(mine.call, mine.submission.made_at)
    return findings(mine.definition, mine.submission.draft, deadline=day, first_day=first_day)


def _ticked(typed: Typed) -> str:
    """The terms that were accepted: the newest of the boxes that the page had."""
    return next((name for name, value in typed.items() if name.startswith("terms-") and checked(value)), "")


def _sent_words(request: Request, mine: Mine, version: SubmissionVersion) -> str:
    when = spoken_moment(version.arrived_at, zone_for(request, mine.call.zone))
    if version.late:
        return f"This arrived at {when}, after the deadline. It is kept: the organisers may decide to take it. A mail says more."
    return f"Sent. It arrived at {when}: version {version.number} counts. A copy is on its way by mail."
