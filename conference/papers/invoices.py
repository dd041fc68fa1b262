"""Invoices: numbered without gaps, unpaid until they are paid, void where they were wrong. None is ever deleted or changed."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import select

from conference.errors import Conflict, Invalid
from conference.papers.issuing import issue_paper, revoke_paper
from conference.papers.queries import head_of, invoice_for_change, invoice_of, live_paper
from conference.papers.rules import invoice_facts, lines_of, money, without_vat
from conference.papers.tables import Invoice, InvoiceBook, InvoiceState, PaperKind
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.record.actions import note
from conference.storage.database import Db
from conference.storage.ids import new_id

SERIES = "INV"
MOST_PENCE = 10_000_000_00


@dataclass(frozen=True, slots=True)
class Bill:
    """What an invoice asks for."""

    words: str  # what for
    total_pence: int  # including VAT
    vat_percent: int
    bill_to: str = ""  # lines; empty: name and organisation
    due_on: date | None = None


async def issue_invoice(
    db: Db,
    person: Person,
    event: Event | None,
    bill: Bill,
    now: datetime,
    *,
    subject_id: UUID | None = None,
    by: UUID | None = None,
) -> Invoice:
    """The next number, and the invoice's paper. For one subject there is one live invoice: asked for again, it is the same one.

    The book is locked last of all rows, and held until the transaction ends: one that comes to nothing takes no number.
    """
    if not 0 < bill.total_pence <= MOST_PENCE:
        raise Invalid("total", f"Enter an amount of more than nothing, and at most {money(MOST_PENCE)}.")
    await db.flush()
    book = await _locked_book(db)
    if subject_id and (known := await invoice_of(db, subject_id)):
        return known
    book.last_number += 1
    net = without_vat(bill.total_pence, bill.vat_percent)
    invoice = Invoice(
        number=book.last_number,
        state=InvoiceState.unpaid,
        person_id=person.id,
        event_id=event.id if event else None,
        subject_id=subject_id,
        bill_to=bill.bill_to.strip() or "\n".join(words for words in (person.name, person.organisation) if words),
        words=bill.words,
        net_pence=net,
        vat_percent=bill.vat_percent,
        vat_pence=bill.total_pence - net,
        total_pence=bill.total_pence,
        issued_at=now,
        due_on=bill.due_on,
    )
    db.add(invoice)
    await db.flush()
    await _issue_its_paper(db, invoice, person, event, now, by)
    note(db, "invoice made", f"invoice:{invoice.id}", now, person_id=by, event_id=invoice.event_id, number=invoice.number)
    return invoice


async def take_payment(db: Db, invoice_id: UUID, words: str, now: datetime, *, by: UUID | None = None) -> Invoice:
    """Raises Conflict for one that is void; for one that is paid nothing changes."""
    invoice = await invoice_for_change(db, invoice_id)
    if invoice.state == InvoiceState.void:
        raise Conflict("This invoice is void: nobody owes it.")
    if invoice.state == InvoiceState.unpaid:
        invoice.state, invoice.paid_at, invoice.paid_words = InvoiceState.paid, now, words.strip()[:300]
        note(db, "invoice paid", f"invoice:{invoice.id}", now, person_id=by, event_id=invoice.event_id)
        await db.flush()
    return invoice


async def take_payment_back(db: Db, invoice_id: UUID, now: datetime, *, by: UUID | None = None) -> Invoice:
    """It was noted by mistake, or the money went back. Raises Conflict for one that is not paid."""
    invoice = await invoice_for_change(db, invoice_id)
    if invoice.state != InvoiceState.paid:
        raise Conflict("This invoice is not paid.")
    invoice.state, invoice.paid_at, invoice.paid_words = InvoiceState.unpaid, None, ""
    note(db, "invoice payment taken back", f"invoice:{invoice.id}", now, person_id=by, event_id=invoice.event_id)
    await db.flush()
    return invoice


async def void_invoice(db: Db, invoice_id: UUID, reason: str, now: datetime, *, by: UUID | None = None) -> Invoice:
    """Nobody owes it any more; it keeps its number. Raises Invalid without a reason, Conflict for one that is paid or void."""
    invoice = await invoice_for_change(db, invoice_id)
    if not reason.strip():
        raise Invalid("reason", "Say why this invoice is void.")
    if invoice.state == InvoiceState.paid:
        raise Conflict("This invoice is paid. Take the payment back first.")
    if invoice.state == InvoiceState.void:
        raise Conflict("This invoice is void already.")
    invoice.state, invoice.void_at, invoice.void_reason = InvoiceState.void, now, reason.strip()[:500]
    note(db, "invoice void", f"invoice:{invoice.id}", now, person_id=by, event_id=invoice.event_id)
    if paper := await live_paper(db, PaperKind.invoice, invoice.id):
        await revoke_paper(db, paper, "The invoice is void.", now, by=by)
    await db.flush()
    return invoice


async def _locked_book(db: Db) -> InvoiceBook:
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    book = {"id": new_id(), "series": SERIES, "last_number": 0}
    await db.exec(insert(InvoiceBook).on_conflict_do_nothing(index_elements=["series"]), params=book)
    locked = select(InvoiceBook).where(InvoiceBook.series == SERIES).with_for_update().execution_options(populate_existing=True)
    return (await db.exec(locked)).one()


async def _issue_its_paper(db: Db, invoice: Invoice, person: Person, event: Event | None, now: datetime, by: UUID | None) -> None:
    head = await head_of(db, event.id if event else None)
    paid = {"vat_number": head.vat_number if head else "", "pay": lines_of(head.pay_words) if head else []}
    facts = invoice_facts(invoice) | paid
    await issue_paper(db, PaperKind.invoice, person, event, invoice.id, facts, now, by=by)
