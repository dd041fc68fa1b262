"""The fee of what was accepted: asked for by an invoice, and where that stands."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, select

from conference.calls.definition import Definition
from conference.calls.offer_rules import FeeStanding, end_of
from conference.calls.offer_tables import Offer
from conference.calls.tables import Call
from conference.papers.invoices import Bill, issue_invoice, void_invoice
from conference.papers.queries import invoice_for_change, invoice_of
from conference.papers.tables import Invoice, InvoiceState
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.storage.database import Db
from conference.times import zone_named

PAY_WITHIN = timedelta(days=30)  # of the invoice
PAPERS = "/me/papers"


async def ask_fee(db: Db, call: Call, definition: Definition, offer: Offer, person: Person, now: datetime) -> None:
    """The invoice for an offer that was just accepted, in the same transaction."""
    if offer.fee_pence is None or offer.vat_percent is None:
        return
    event = await db.get(Event, call.event_id) if call.event_id else None
    due_on = (now.astimezone(zone_named(call.zone)) + PAY_WITHIN).date()
    bill = Bill(words=f"Fee: {call.title}", total_pence=offer.fee_pence, vat_percent=offer.vat_percent, due_on=due_on)
    await issue_invoice(db, person, event, bill, now, subject_id=offer.id)


async def drop_fee(db: Db, offer: Offer, now: datetime, *, by: UUID | None) -> None:
    """The offer is over: nobody owes an invoice that is not paid. A paid one is for people to settle."""
    known = await invoice_of(db, offer.id)
    if known and (await invoice_for_change(db, known.id)).state == InvoiceState.unpaid:
        await void_invoice(db, known.id, "The offer is over.", now, by=by)


async def fees_of(db: Db, call: Call, offers: Sequence[Offer]) -> dict[UUID, FeeStanding]:
    """By offer; those without an invoice are missing."""
    live = select(Invoice).where(col(Invoice.subject_id).in_([offer.id for offer in offers]), col(Invoice.void_at).is_(None))
    return {row.subject_id: _standing(call, row) for row in await db.exec(live) if row.subject_id}


def _standing(call: Call, invoice: Invoice) -> FeeStanding:
    due_on = invoice.due_on or (invoice.issued_at + PAY_WITHIN).astimezone(zone_named(call.zone)).date()
    return FeeStanding(invoice.issued_at, end_of(due_on, call.zone), invoice.paid_at, PAPERS)
