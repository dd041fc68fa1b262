"""Invoices, for organisers: a new one by hand, what is paid, what is void."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Invalid
from conference.papers.door import ReasonPage, organised, render_reason
from conference.papers.forms import InvoiceForm
from conference.papers.invoices import Bill, issue_invoice, take_payment, take_payment_back, void_invoice
from conference.papers.queries import invoice_at, invoices_at, papers_at
from conference.papers.rules import STATES, day_of, invoice_number, money
from conference.papers.setting import ZONE
from conference.papers.tables import Invoice, InvoiceState, IssuedPaper, PaperKind
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.registration.queries import registration_at, registrations_at
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, writing


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """One line of the list."""

    invoice: Invoice
    paper: IssuedPaper | None
    person: Person
    number: str
    total: str
    issued: str
    state: str


@dataclass(frozen=True, slots=True)
class InvoicesPage:
    """templates/papers/invoices.html"""

    event: Event
    rows: tuple[InvoiceRow, ...]
    owed: str
    paid: str
    places: tuple[tuple[str, str], ...]  # whom a new one may be for
    typed: Typed
    errors: dict[str, str]


async def invoices(request: Request) -> Response:
    """GET, POST /manage/events/{event}/invoices: all of them; POST makes one by hand, for somebody with a place."""
    if request.method != "POST":
        return await _page(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, organiser = await organised(db, request)
            form = InvoiceForm.read(typed)
            _, person = await registration_at(db, event.id, form.place)
            bill = Bill(form.words, form.total, form.vat_percent, form.bill_to, form.due_on)
            invoice = await issue_invoice(db, person, event, bill, now(request), by=organiser.id)
    except Invalid as wrong:
        return await _page(request, typed, wrong.fields)
    return redirect(request, "papers:invoices", f"{invoice_number(invoice.number)} is made.", event=event.slug)


async def payment(request: Request) -> Response:
    """POST /manage/events/{event}/invoices/{invoice}/payment: `words`, how it was paid; `back`: it was not."""
    typed = await typed_form(request)
    async with writing(request) as db:
        event, organiser = await organised(db, request)
        invoice = await invoice_at(db, event.id, request.path_params["invoice"])
        if typed.get("back"):
            await take_payment_back(db, invoice.id, now(request), by=organiser.id)
        else:
            await take_payment(db, invoice.id, typed.get("words", ""), now(request), by=organiser.id)
    said = "is unpaid again" if typed.get("back") else "is paid"
    return redirect(request, "papers:invoices", f"{invoice_number(invoice.number)} {said}.", event=event.slug)


async def voiding(request: Request) -> Response:
    """GET, POST /manage/events/{event}/invoices/{invoice}/voiding: asks for the reason; POST makes it void."""
    typed = await typed_form(request) if request.method == "POST" else {}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            async with writing(request) as db:
                event, organiser = await organised(db, request)
                invoice = await invoice_at(db, event.id, request.path_params["invoice"])
                await void_invoice(db, invoice.id, typed.get("reason", ""), now(request), by=organiser.id)
            said = f"{invoice_number(invoice.number)} is void. It keeps its number."
            return redirect(request, "papers:invoices", said, event=event.slug)
        except Invalid as wrong:
            errors = wrong.fields
    async with reading(request) as db:
        event, _ = await organised(db, request)
        invoice = await invoice_at(db, event.id, request.path_params["invoice"])
    words = "Nobody owes it any more. It keeps its number, so that none is missing; make another one where it was wrong."
    title = f"Make {invoice_number(invoice.number)} void"
    return render_reason(request, ReasonPage(event, "papers:invoices", "Invoices", title, words, "Make it void", typed, errors))


async def _page(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        event, _ = await organised(db, request)
        found = await invoices_at(db, event.id)
        papers = {paper.subject_id: paper for paper, _ in await papers_at(db, event.id) if paper.kind == PaperKind.invoice}
        places = await registrations_at(db, event.id)
    page = InvoicesPage(
        event=event,
        rows=tuple(_row(invoice, papers.get(invoice.id), person) for invoice, person in found),
        owed=_sum(found, InvoiceState.unpaid),
        paid=_sum(found, InvoiceState.paid),
        places=tuple(sorted(((str(place.id), person.name) for place, person in places if place.confirmed_at), key=lambda pair: pair[1])),
        typed=typed or {"vat_percent": "20"},
        errors=errors,
    )
    return render(request, "papers/invoices.html", page, title=f"Invoices · {event.title}", status=422 if errors else 200, zone=event.zone)


def _row(invoice: Invoice, paper: IssuedPaper | None, person: Person) -> InvoiceRow:
    number, issued = invoice_number(invoice.number), day_of(invoice.issued_at, ZONE)
    return InvoiceRow(invoice, paper, person, number, money(invoice.total_pence), issued, STATES[invoice.state])


def _sum(found: Sequence[tuple[Invoice, Person]], state: InvoiceState) -> str:
    return money(sum(invoice.total_pence for invoice, _ in found if invoice.state == state))
