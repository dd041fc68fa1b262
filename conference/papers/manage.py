"""Papers, for organisers: what stands on them, which were issued, certificates for those who earned one."""

from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from conference.attendance.showing import PersonRow, whole_of
from conference.documents.coverage import without_font
from conference.errors import Invalid
from conference.papers.certificates import earned_by, issue_certificate
from conference.papers.door import PaperRow, ReasonPage, organised, pdf_answer, render_reason, row_of, verify_address
from conference.papers.forms import HeadForm
from conference.papers.heading import save_head
from conference.papers.issuing import revoke_paper
from conference.papers.queries import head_of, paper_at, papers_at
from conference.papers.rules import basis_of, counted, least_of
from conference.papers.setting import facts_today, file_name, set_paper
from conference.papers.tables import CertificateBasis, PaperHead, PaperKind
from conference.people.queries import people_by_id
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.storage.database import Db
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, writing

AT_ONCE = 100  # certificates made by one press
BASES = (
    (CertificateBasis.days.value, "Days: who was checked in"),
    (CertificateBasis.sessions.value, "Sessions: which somebody joined"),
    (CertificateBasis.none.value, "No certificate"),
)


@dataclass(frozen=True, slots=True)
class PapersPage:
    """templates/papers/manage.html"""

    event: Event
    rows: tuple[tuple[PaperRow, Person], ...]
    typed: Typed
    errors: dict[str, str]
    bases: tuple[tuple[str, str], ...] = BASES


@dataclass(frozen=True, slots=True)
class CertificatesPage:
    """templates/papers/certificates.html"""

    event: Event
    over: bool
    none: bool  # this event has no certificate
    by_days: bool
    asks: str
    earned: tuple[PersonRow, ...]
    made: frozenset[UUID]  # registrations with a certificate
    others: tuple[PersonRow, ...]
    boxes: tuple[str, ...]  # names that no font here can set

    @property
    def waiting(self) -> int:
        return sum(row.place_id not in self.made for row in self.earned)


async def papers(request: Request) -> Response:
    """GET, POST /manage/events/{event}/papers: those issued; POST: what stands on the next ones."""
    if request.method != "POST":
        return await _page(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, organiser = await organised(db, request)
            form = HeadForm.read(typed)
            await save_head(db, event, form.model_dump(), now(request), by=organiser.id)
    except Invalid as wrong:
        return await _page(request, typed, wrong.fields)
    return redirect(request, "papers:manage", "Saved. It stands on what is issued from now on.", event=event.slug)


async def revocation(request: Request) -> Response:
    """GET, POST /manage/events/{event}/papers/{paper}/revocation: asks for the reason; POST revokes it."""
    typed = await typed_form(request) if request.method == "POST" else {}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            async with writing(request) as db:
                event, organiser = await organised(db, request)
                paper = await paper_at(db, event.id, request.path_params["paper"])
                await revoke_paper(db, paper, typed.get("reason", ""), now(request), by=organiser.id)
            return redirect(request, "papers:manage", "Revoked. Whoever verifies it is told so from now on.", event=event.slug)
        except Invalid as wrong:
            errors = wrong.fields
    async with reading(request) as db:
        event, _ = await organised(db, request)
        paper = await paper_at(db, event.id, request.path_params["paper"])
    words = "It stays in the list, it can't be fetched any more, and whoever verifies it reads that it was revoked, and when."
    page = ReasonPage(event, "papers:manage", "Papers", f"Revoke {paper.code}", words, "Revoke it", typed, errors)
    return render_reason(request, page)


async def paper_pdf(request: Request) -> Response:
    """GET /manage/events/{event}/papers/{paper}.pdf"""
    async with reading(request) as db:
        event, _ = await organised(db, request)
        paper = await paper_at(db, event.id, request.path_params["paper"])
        facts = await facts_today(db, paper)
    return pdf_answer(await set_paper(paper, facts, verify_address(request, paper)), file_name(paper))


async def certificates(request: Request) -> Response:
    """GET, POST /manage/events/{event}/certificates: who earned one; POST makes the next of them."""
    if request.method == "POST":
        async with writing(request) as db:
            event, organiser = await organised(db, request)
            page = await _certificates(db, request, event)
            waiting = [row.person for row in page.earned if row.place_id not in page.made][:AT_ONCE]
            made = 0
            for person in waiting:
                if not (await earned_by(db, event, person, now(request))).missing:
                    await issue_certificate(db, event, person, now(request), by=organiser.id)
                    made += 1
        return redirect(request, "papers:certificates", f"{counted(made, 'certificate')} made.", event=event.slug)
    async with reading(request) as db:
        event, _ = await organised(db, request)
        page = await _certificates(db, request, event)
    return render(request, "papers/certificates.html", page, title=f"Certificates · {event.title}", zone=event.zone)


async def _certificates(db: Db, request: Request, event: Event) -> CertificatesPage:
    head, whole = await head_of(db, event.id), await whole_of(db, event, now(request))
    basis = basis_of(head, event)
    least = least_of(head, basis, whole.days)
    earned = tuple(row for row in whole.people if _number(row, basis) >= least) if basis != CertificateBasis.none else ()
    made = {paper.subject_id for paper, _ in await papers_at(db, event.id) if paper.kind == PaperKind.certificate and not paper.revoked_at}
    return CertificatesPage(
        event=event,
        over=whole.over,
        none=basis == CertificateBasis.none,
        by_days=basis == CertificateBasis.days,
        asks=counted(least, "day" if basis == CertificateBasis.days else "session"),
        earned=earned,
        made=frozenset(row.place_id for row in whole.people if row.place_id in made),
        others=tuple(row for row in whole.people if row not in earned),
        boxes=tuple(without_font(row.person.name for row in earned)),
    )


def _number(row: PersonRow, basis: CertificateBasis) -> int:
    return sum(bool(cell.at) for cell in row.cells) if basis == CertificateBasis.days else row.sessions


async def _page(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        event, _ = await organised(db, request)
        head = await head_of(db, event.id)
        issued = await papers_at(db, event.id)
        people = await people_by_id(db, {person.id for _, person in issued})
    rows = tuple((row_of(paper), people[person.id]) for paper, person in issued)
    page = PapersPage(event, rows, typed or _typed_of(head, event), errors)
    return render(request, "papers/manage.html", page, title=f"Papers · {event.title}", status=422 if errors else 200, zone=event.zone)


def _typed_of(head: PaperHead | None, event: Event) -> Typed:
    if head is None:
        return {"basis": basis_of(None, event).value, "issuer": event.title}
    typed = {name: str(value) for name, value in head.model_dump(include=set(HeadForm.model_fields)).items() if value is not None}
    return typed | {"basis": head.basis.value}
