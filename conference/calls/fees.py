"""The fee of what was accepted: asked for by an invoice, and where that stands."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from sqlmodel import col, select

from conference.calls.definition import Definition
from conference.calls.offer_rules import FeeStanding, end_of
from conference.calls.offer_tables import Offer
from conference.calls.tables import Call
from conference.errors import Conflict
from conference.papers.invoices import Bill, issue_invoice, void_invoice
from conference.papers.queries import invoice_of
from conference.papers.tables import Invoice, InvoiceState, IssuedPaper, PaperKind
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.record.actions import note
from conference.storage.database import Db
from conference.times import zone_named

PAY_WITHIN = timedelta(days=30)


async def ask_fee(db: Db, call: Call, definition: Definition, offer: Offer, person: Person, now: datetime) -> None:
    """The invoice for an offer that was just accepted, in the same transaction: the last row that it locks is the invoices' book."""
    if offer.fee_pence is None or offer.vat_percent is None:
        return
    event = await db.get(Event, call.event_id) if call.event_id else None
    due = (now + PAY_WITHIN).astimezone(zone_named(call.zone)).date()
    bill = Bill(f"Fee: {call.title}", offer.fee_pence, offer.vat_percent, due_on=due)
    await issue_invoice(db, person, event, bill, now, subject_id=offer.id)


async def drop_fee(db: Db, offer: Offer, now: datetime, *, by: UUID | None) -> None:
    """The offer is over: nobody owes an invoice that is not paid. A paid one is for people to settle."""
    invoice = await invoice_of(db, offer.id)
    if not invoice or invoice.state != InvoiceState.unpaid:
        return
    try:
        await void_invoice(db, invoice.id, "The place was given back.", now, by=by)
    except Conflict as settled:  # paid, or void, at this very moment
        note(db, "invoice left as it is", f"invoice:{invoice.id}", now, person_id=by, why=settled.sentence)


async def fees_of(db: Db, call: Call, offers: Sequence[Offer]) -> dict[UUID, FeeStanding]:
    """By offer; those without an invoice are missing."""
    ids = [offer.id for offer in offers]
    live = (col(Invoice.subject_id).in_(ids), Invoice.state != InvoiceState.void)
    paper = (col(IssuedPaper.subject_id) == Invoice.id, IssuedPaper.kind == PaperKind.invoice)
    rows = (await db.exec(select(Invoice, IssuedPaper).join(IssuedPaper, paper[0] & paper[1]).where(*live))).all()
    return {invoice.subject_id: _standing(invoice, its, call) for invoice, its in rows if invoice.subject_id}


def _standing(invoice: Invoice, paper: IssuedPaper, call: Call) -> FeeStanding:
    due = end_of(invoice.due_on, call.zone) if invoice.due_on else datetime.combine(invoice.issued_at.date(), time(), UTC)
    return FeeStanding(invoice.issued_at, due, invoice.paid_at, f"/me/papers/{paper.code}.pdf")
