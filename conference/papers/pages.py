"""One's own papers: letters, invoices and certificates; the certificate of an event; and the programme as a booklet."""

from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from conference.attendance.tickets import read_code
from conference.documents.render import pdf_of
from conference.errors import NotFound
from conference.papers.booklet import booklet_facts
from conference.papers.certificates import Earned, earned_by, issue_certificate
from conference.papers.door import PDF, PaperRow, pdf_answer, row_of, verify_address
from conference.papers.queries import NO_PAPER, live_paper, paper_with_code, papers_of
from conference.papers.setting import facts_today, file_name, set_paper
from conference.papers.shelf import Shelf
from conference.papers.tables import IssuedPaper, PaperKind
from conference.people.access import require_person
from conference.programme.queries import event_at
from conference.programme.tables import Event
from conference.times import short_date
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, writing, zone_for


@dataclass(frozen=True, slots=True)
class MyPapersPage:
    """templates/papers/mine.html"""

    rows: tuple[PaperRow, ...]


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """templates/papers/certificate.html"""

    event: Event
    earned: Earned
    noted: tuple[str, ...]  # the days or sessions that count
    paper: IssuedPaper | None  # the one that was made


async def my_papers(request: Request) -> Response:
    """GET /me/papers"""
    async with reading(request) as db:
        person = await require_person(db, request)
        rows = tuple(row_of(paper) for paper in await papers_of(db, person.id))
    return render(request, "papers/mine.html", MyPapersPage(rows), title="My papers")


async def my_paper(request: Request) -> Response:
    """GET /me/papers/{paper}.pdf: one's own; anybody else's is not found."""
    async with reading(request) as db:
        person = await require_person(db, request)
        paper = await paper_with_code(db, read_code(request.path_params["paper"]))
        if paper is None or paper.person_id != person.id:
            raise NotFound(NO_PAPER)
        facts = await facts_today(db, paper)
    return pdf_answer(await set_paper(paper, facts, verify_address(request, paper)), file_name(paper))


async def certificate(request: Request) -> Response:
    """GET, POST /events/{event}/certificate: what counts for mine; POST makes it, once."""
    slug = request.path_params["event"]
    if request.method == "POST":
        async with writing(request) as db:
            event = await event_at(db, slug)
            person = await require_person(db, request)
            await issue_certificate(db, event, person, now(request))
        return redirect(request, "papers:certificate", "Your certificate is ready.", event=slug)
    async with reading(request) as db:
        event = await event_at(db, slug)
        person = await require_person(db, request)
        earned = await earned_by(db, event, person, now(request))
        paper = await live_paper(db, PaperKind.certificate, earned.place.id) if earned.place else None
    page = CertificatePage(event, earned, noted_of(earned), paper)
    return render(request, "papers/certificate.html", page, title=f"Certificate · {event.title}", zone=event.zone)


async def booklet(request: Request) -> Response:
    """GET /events/{event}/programme.pdf?zone=: the published programme, per day and place."""
    async with reading(request) as db:
        event = await event_at(db, request.path_params["event"])
        zone = zone_for(request, event.zone)
        facts = await booklet_facts(db, event, zone)
    made = await _shelf(request).get((event.id, event.revision, zone), partial(pdf_of, "booklet.typ", facts, event.modified_at))
    return Response(
        made, media_type=PDF, headers={"Content-Disposition": f'inline; filename="{event.slug}.pdf"', "Cache-Control": "no-cache"}
    )


def noted_of(earned: Earned) -> tuple[str, ...]:
    if earned.days and earned.basis == "days":
        return tuple(map(short_date, earned.days))
    return tuple(facts.session.title for facts in earned.sessions) if earned.basis == "sessions" else ()


def _shelf(request: Request) -> Shelf:
    state = request.app.state
    if not hasattr(state, "booklets"):
        state.booklets = Shelf()
    shelf: Shelf = state.booklets
    return shelf
