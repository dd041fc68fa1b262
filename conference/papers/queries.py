"""Finding papers, invoices, and what stands on an event's papers."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from conference.errors import NotFound
from conference.papers.tables import Invoice, IssuedPaper, PaperHead, PaperKind
from conference.people.tables import Person
from conference.storage.database import Db

NO_PAPER = "There is no such paper."
NO_INVOICE = "There is no such invoice."


async def head_of(db: Db, event_id: UUID | None) -> PaperHead | None:
    return (await db.exec(select(PaperHead).where(PaperHead.event_id == event_id))).first() if event_id else None


async def paper_with_code(db: Db, code: str) -> IssuedPaper | None:
    return (await db.exec(select(IssuedPaper).where(IssuedPaper.code == code))).first() if code else None


async def live_paper(db: Db, kind: PaperKind, subject_id: UUID) -> IssuedPaper | None:
    """The paper of this kind about this subject that was not revoked."""
    live = (IssuedPaper.kind == kind, IssuedPaper.subject_id == subject_id, col(IssuedPaper.revoked_at).is_(None))
    return (await db.exec(select(IssuedPaper).where(*live))).first()


async def papers_of(db: Db, person_id: UUID) -> Sequence[IssuedPaper]:
    """A person's own, the newest first."""
    return (await db.exec(select(IssuedPaper).where(IssuedPaper.person_id == person_id).order_by(col(IssuedPaper.id).desc()))).all()


async def papers_at(db: Db, event_id: UUID) -> Sequence[tuple[IssuedPaper, Person]]:
    """An event's, the newest first."""
    theirs = select(IssuedPaper, Person).join(Person, col(Person.id) == col(IssuedPaper.person_id)).where(IssuedPaper.event_id == event_id)
    return (await db.exec(theirs.order_by(col(IssuedPaper.id).desc()))).all()


async def paper_at(db: Db, event_id: UUID, paper_id: UUID) -> IssuedPaper:
    """One of them. Raises NotFound."""
    paper = await db.get(IssuedPaper, paper_id)
    if paper is None or paper.event_id != event_id:
        raise NotFound(NO_PAPER)
    return paper


async def invoice_at(db: Db, event_id: UUID, invoice_id: UUID) -> Invoice:
    """One of an event's invoices. Raises NotFound."""
    invoice = await db.get(Invoice, invoice_id)
    if invoice is None or invoice.event_id != event_id:
        raise NotFound(NO_INVOICE)
    return invoice


async def invoices_at(db: Db, event_id: UUID) -> Sequence[tuple[Invoice, Person]]:
    """An event's, the newest first."""
    theirs = select(Invoice, Person).join(Person).where(Invoice.event_id == event_id)
    return (await db.exec(theirs.order_by(col(Invoice.number).desc()))).all()


async def invoice_of(db: Db, subject_id: UUID) -> Invoice | None:
    """The live invoice for this subject."""
    return (await db.exec(select(Invoice).where(Invoice.subject_id == subject_id, col(Invoice.void_at).is_(None)))).first()


async def invoice_for_change(db: Db, invoice_id: UUID) -> Invoice:
    """An invoice as it is now, for this transaction alone. Raises NotFound."""
    locked = select(Invoice).where(Invoice.id == invoice_id).with_for_update().execution_options(populate_existing=True)
    found = (await db.exec(locked)).first()
    if found is None:
        raise NotFound(NO_INVOICE)
    return found
