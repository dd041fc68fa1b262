"""Papers that were issued to people, and invoices, as they are exported and erased."""

from conference.papers.tables import Invoice, InvoiceBook, IssuedPaper, PaperHead
from conference.storage.database import Db
from conference.storage.personal import Erasing, Kept, Purge, Purpose, Rows, Whom, empty_rows, rows_about

SEVEN_YEARS = 7 * 365  # days: as long as accounts may be asked for
KEPT = (
    Kept(
        table=IssuedPaper,
        what="Letters, invoices and certificates that they got",
        purpose=Purpose.taking_part,
        seen_by="They, and organisers of the event; whoever has its code sees as much as verifying needs",
        words=("facts", "revoked_reason"),
        plain=("code",),
        stays="As long as somebody may want to verify it",
        erased={"facts": {}},
    ),
    Kept(
        table=Invoice,
        what="Invoices made out to them",
        purpose=Purpose.taking_part,
        seen_by="They, and organisers of the event",
        words=("bill_to", "paid_words", "void_reason"),
        plain=("words",),
        purges=(Purge(days=SEVEN_YEARS, sets={"bill_to": "", "paid_words": ""}, what="Whom it was made out to"),),
        stays="The amounts, so that no number is missing; whom it was made out to for as long as accounts must be kept",
        by_hand=True,  # an erased person's invoices stay as they were made, until they are purged
    ),
)
NOBODYS: dict[type, tuple[str, ...]] = {
    PaperHead: ("issuer", "address", "vat_number", "pay_words", "signed_by", "signed_as"),
    InvoiceBook: ("series",),
}


async def everything_about(db: Db, whom: Whom) -> Rows:
    return await rows_about(db, KEPT, whom)


async def forget(db: Db, whom: Whom, erasing: Erasing) -> None:
    await empty_rows(db, KEPT, whom)
