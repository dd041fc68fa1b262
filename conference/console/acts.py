"""One act for several people: first what it would do to each, then, on another press, done person by person, with a report that stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from conference.console.act_plans import Act, Line, Plan, cancel_plan, seat_plan
from conference.console.export_columns import COLUMNS
from conference.console.exporting import ExportPage
from conference.console.registrations import list_filter, organised
from conference.console.words import how_many
from conference.errors import Invalid, NotFound, Refusal
from conference.people.tables import Person
from conference.programme.queries import session_at
from conference.programme.tables import Event, Session
from conference.record.actions import note
from conference.record.tables import AuditEntry
from conference.registration.actions import cancel_registration
from conference.registration.giving import give_free_seat
from conference.registration.roll import roll_by_id, roll_of
from conference.storage.database import Db
from conference.times import spoken_moment
from conference.web.forms import Typed, repeated, typed_form
from conference.web.links import path_to, redirect_to
from conference.web.render import render
from conference.web.request import apart, now, reading, real_now, writing

MOST = 500  # people in one act: each is done by itself, and somebody waits for the answer
REPORT = "acted on many"  # in the audit trail
DONE_WORDS = {Act.cancel: "Places taken back", Act.seat: "Seats given"}
Outcome = tuple[str, str]  # a registration's id, and what happened


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """templates/console/act_preview.html"""

    event: Event
    plan: Plan
    label: str  # of the button
    marks: str  # which lines were read
    session: str  # its slug; empty: none


@dataclass(frozen=True, slots=True)
class ReportPage:
    """templates/console/act_report.html"""

    event: Event
    title: str
    words: str
    done: tuple[tuple[str, str, str], ...]  # id, name, what happened
    left: tuple[tuple[str, str, str], ...]


async def acts(request: Request) -> Response:
    """POST /manage/events/{event}/registrations/acts: what would happen, to whom, and to whom it can't. Nothing is done yet."""
    typed = await typed_form(request)
    ticked = await repeated(request, "who")
    async with reading(request) as db:
        event, _ = await organised(db, request)
        ids = await _chosen(db, event, typed, ticked)
        if not ids:
            return _back(request, typed, "Nobody was ticked, so nothing was done. Tick somebody in the list first.")
        if typed.get("act") not in (*Act, "export"):
            return _back(request, typed, "Choose what to do, and try again.")
        if typed.get("act") == "export":
            page = ExportPage(event, how_many(len(ids), "registration", "registrations"), COLUMNS, frozenset(), "", _hexes(ids), {})
            return render(request, "console/export.html", page, title=f"Export · {event.title}", zone=event.zone)
        if len(ids) > MOST:
            return _back(request, typed, f"That is {len(ids)} people: choose at most {MOST} at a time, by narrowing the list.")
        if typed.get("act") == Act.seat and not typed.get("session"):
            return _back(request, typed, "Choose the session in which to give seats, and try again.")
        plan = await _plan(db, request, event, typed, ids)
    marks = " ".join(line.mark for line in plan.lines)
    page_shown = PreviewPage(event, plan, _label(plan), marks, plan.session.slug if plan.session else "")
    return render(request, "console/act_preview.html", page_shown, title=f"Before it is done · {event.title}", zone=event.zone)


async def execution(request: Request) -> Response:
    """POST /manage/events/{event}/registrations/acts/execution: each person by themselves; what changed since is left alone."""
    typed = await typed_form(request)
    seen = dict(mark.partition(":")[::2] for mark in typed.get("marks", "").split())
    ids = _ids(seen)
    async with reading(request) as db:
        event, organiser = await organised(db, request)
        if not ids or len(ids) > MOST:
            raise Invalid("who", "This form came without the people it is about. Choose them in the list again.")
        plan = await _plan(db, request, event, typed, ids)
    done: list[Outcome] = []
    left: list[Outcome] = []
    for line in plan.lines:
        changed = line.mark != f"{line.row.id.hex}:{seen[line.row.id.hex]}"
        why_not = f"Changed since you looked: {_lower(line.words)}" if changed else "" if line.can else line.words
        why_not = why_not or await _carry_out(request, event, plan, line, organiser)
        (left if why_not else done).append((str(line.row.id), why_not or line.words))
    async with writing(request) as db:
        details = {"what": plan.act.value, "session": plan.session.title if plan.session else "", "done": done, "left": left}
        note(db, REPORT, f"event:{event.id}", real_now(request), person_id=organiser.id, event_id=event.id, **details)
        await db.flush()
        written = select(AuditEntry.id).where(AuditEntry.event_id == event.id, AuditEntry.act == REPORT)
        newest = written.where(AuditEntry.person_id == organiser.id).order_by(col(AuditEntry.id).desc()).limit(1)
        report_id = (await db.exec(newest)).one()
    return redirect_to(request, path_to(request, "console:act_report", event=event.slug, report=report_id))


async def report(request: Request) -> Response:
    """GET /manage/events/{event}/registrations/acts/{report}: what was done, and what was not."""
    async with reading(request) as db:
        event, _ = await organised(db, request)
        entry = await db.get(AuditEntry, request.path_params["report"])
        if not entry or entry.event_id != event.id or entry.act != REPORT:
            raise NotFound("There is no such report.")
        outcomes: Sequence[Outcome] = [*entry.details["done"], *entry.details["left"]]
        names = {str(row.id): row.name for row in await roll_by_id(db, event, [UUID(id_) for id_, _ in outcomes])}
        by = await db.get(Person, entry.person_id)
    done, left = (
        tuple((id_, names.get(id_, "Somebody who is gone"), words) for id_, words in entry.details[kind]) for kind in ("done", "left")
    )
    title = DONE_WORDS[Act(entry.details["what"])]
    if entry.details["session"]:
        title += f" in “{entry.details['session']}”"
    who = f" by {by.name}" if by else ""
    page = ReportPage(event, title, f"At {spoken_moment(entry.at, event.zone)}{who}.", done, left)
    return render(request, "console/act_report.html", page, title=f"{title} · {event.title}", zone=event.zone)


async def _plan(db: Db, request: Request, event: Event, typed: Typed, ids: Sequence[UUID]) -> Plan:
    """Raises Invalid for an act that there is not, NotFound for a session that is gone."""
    match typed.get("act"):
        case Act.cancel:
            return await cancel_plan(db, event, ids)
        case Act.seat:
            facts = await session_at(db, event.slug, typed.get("session", ""))
            return await seat_plan(db, event, facts.session, ids, now(request))
    raise Invalid("act", "Choose in the list what to do.")


async def _carry_out(request: Request, event: Event, plan: Plan, line: Line, organiser: Person) -> str:
    """Do it for one person, whatever becomes of the next; why it could not be done, or nothing."""
    moments = now(request), real_now(request)
    try:
        async with apart(request) as db:
            person = await db.get_one(Person, line.row.person_id)
            if plan.act is Act.cancel:
                await cancel_registration(db, event, person, *moments, by=organiser.id)
            else:
                assert plan.session
                session = await db.get_one(Session, plan.session.id)
                await give_free_seat(db, event, session, person, *moments, by=organiser.id)
    except Refusal as refused:
        return f"Changed since you looked: {_lower(refused.sentence)}"
    return ""


async def _chosen(db: Db, event: Event, typed: Typed, ticked: Sequence[str]) -> list[UUID]:
    """Those ticked, or all that fit the list's own filter at this moment."""
    if typed.get("whom") != "all":
        return _ids(ticked)
    wanted = await list_filter(db, event, typed.get("query", ""))
    return [row.id for row in await roll_of(db, event, wanted)]


def _ids(written: Sequence[str] | dict[str, str]) -> list[UUID]:
    """Of what a form carries, what can be an id at all, each once."""
    found = []
    for word in written:
        try:
            found.append(UUID(word))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _hexes(ids: Sequence[UUID]) -> str:
    return " ".join(id_.hex for id_ in ids)


def _label(plan: Plan) -> str:
    count = len(plan.doable)
    if plan.act is Act.cancel:
        return f"Take back {how_many(count, 'place', 'places')}"
    return f"Give {how_many(count, 'seat', 'seats')}"


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _back(request: Request, typed: Typed, said: str) -> Response:
    here = path_to(request, "registration:registrations", event=request.path_params["event"])
    again = urlencode(parse_qsl(typed.get("query", "")))
    return redirect_to(request, f"{here}?{again}" if again else here, said)
