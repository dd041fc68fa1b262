"""Setting a paper: its facts, where it can be verified, and how things stand with it today, as a PDF."""

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import segno

from conference.documents.render import pdf_of
from conference.errors import NotFound
from conference.papers.issuing import head_facts
from conference.papers.rules import STATES, day_of, invoice_facts, invoice_number
from conference.papers.tables import Invoice, InvoiceState, IssuedPaper, PaperKind
from conference.programme.tables import Event
from conference.storage.database import Db

TEMPLATES = {
    PaperKind.offer_letter: "letter.typ",
    PaperKind.award_letter: "letter.typ",
    PaperKind.invitation_letter: "letter.typ",
    PaperKind.invoice: "invoice.typ",
    PaperKind.certificate: "certificate.typ",
}
ZONE = "Europe/London"


async def facts_today(db: Db, paper: IssuedPaper) -> dict[str, Any]:
    """What is set. A revoked paper is set no more; a void invoice is, and says so. Raises NotFound."""
    if paper.kind == PaperKind.invoice and paper.subject_id:
        invoice = await db.get_one(Invoice, paper.subject_id)
        event = await db.get(Event, paper.event_id) if paper.event_id else None
        head = {"vat_number": "", "pay": []} | (paper.facts or await head_facts(db, event, paper.issued_at))
        return head | invoice_facts(invoice) | _state_of(invoice)  # accounts are kept when the person is erased
    if paper.revoked_at:
        raise NotFound("This paper was revoked. The organisers can tell you more.")
    if not paper.facts:
        raise NotFound("What stood on this paper was erased, as its holder asked.")
    return paper.facts


async def set_paper(paper: IssuedPaper, facts: Mapping[str, Any], address: str) -> bytes:
    """`facts`: those of `facts_today`, and what is secret (a passport’s number among an invitation’s details), which is nowhere kept.
    `address`: of the page on which it is verified."""
    verify = {"code": paper.code, "address": address, "picture": _picture(address)}
    return await pdf_of(TEMPLATES[paper.kind], {**facts, "verify": verify}, paper.issued_at)


def file_name(paper: IssuedPaper) -> str:
    return f"{paper.facts.get('number') or f'{paper.kind.value}-{paper.code[:4]}'}.pdf".replace("_", "-").lower()


def _state_of(invoice: Invoice) -> dict[str, str]:
    at: datetime | None = invoice.paid_at or invoice.void_at
    if invoice.state == InvoiceState.unpaid or at is None:
        return {"state": "", "state_words": ""}
    said = day_of(at, ZONE)
    words = f"on {said}" if invoice.state == InvoiceState.paid else f"since {said}: {invoice_number(invoice.number)} is not to be paid"
    return {"state": STATES[invoice.state].upper(), "state_words": words}


def _picture(address: str) -> str:
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="svg", xmldecl=False, omitsize=True, nl=False)
    return drawn.getvalue().decode()
