"""Papers (pure): codes, money in words, how VAT is taken out of a price, what a certificate asks for."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from conference.attendance.tickets import GROUP, LENGTH, SIGNS
from conference.papers.tables import CertificateBasis, Invoice, InvoiceState, IssuedPaper, PaperHead, PaperKind
from conference.programme.tables import Event, EventFormat
from conference.times import DASH, long_date, zone_named

CODE_BITS = 80
NAMES = {
    PaperKind.offer_letter: "Offer of a place",
    PaperKind.award_letter: "Award letter",
    PaperKind.invitation_letter: "Invitation letter",
    PaperKind.invoice: "Invoice",
    PaperKind.certificate: "Certificate",
}
STATES = {InvoiceState.unpaid: "Unpaid", InvoiceState.paid: "Paid", InvoiceState.void: "Void"}
NOT_ACCREDITED = "It confirms attendance and nothing more: it comes with no accreditation, and is not a qualification."


def code_of(number: int) -> str:
    """`7K2M-0QXV-9TCD-34HJ` of 80 random bits, in the letters of tickets; `attendance.tickets.read_code` reads it."""
    signs = "".join(SIGNS[(number >> shift) & 31] for shift in range(CODE_BITS - 5, -1, -5))
    return "-".join(signs[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def money(pence: int) -> str:
    """`£1,916.67`"""
    return f"£{pence // 100:,}.{pence % 100:02}"


def without_vat(total_pence: int, vat_percent: int) -> int:
    """What is left of a price that includes VAT, to the nearest penny (half a penny up): 230000 at 20 is 191667, so that VAT is 38333."""
    whole = 100 + vat_percent
    return (total_pence * 200 + whole) // (2 * whole)


def invoice_number(number: int) -> str:
    return f"INV-{number:06}"


def invoice_facts(invoice: Invoice) -> dict[str, Any]:
    """What an invoice itself says on its paper."""
    percent, net, vat, total = f"{invoice.vat_percent} %", money(invoice.net_pence), money(invoice.vat_pence), money(invoice.total_pence)
    return {
        "number": invoice_number(invoice.number),
        "to": lines_of(invoice.bill_to),
        "due": long_date(invoice.due_on) if invoice.due_on else "",
        "items": [{"words": invoice.words, "net": net, "vat_percent": percent, "vat": vat, "total": total}],
        "net": net,
        "vat": vat,
        "total": total,
    }


def lines_of(words: str) -> list[str]:
    """Those with something on them."""
    return [line.strip() for line in words.splitlines() if line.strip()]


def paragraphs_of(text: str, **values: str) -> list[str]:
    """Paragraphs (an empty line parts them) with `{name}` and the like filled in. A value is never read for braces itself."""
    return [filled(" ".join(block.split()), values) for block in text.split("\n\n") if block.strip()]


def filled(text: str, values: Mapping[str, str]) -> str:
    """What has no value stays as it stands."""
    parts = text.split("{")
    made = parts[0]
    for part in parts[1:]:
        name, closed, rest = part.partition("}")
        made += values[name] + rest if closed and name in values else "{" + part
    return made


def shown_of(paper: IssuedPaper) -> list[tuple[str, str]]:
    """What whoever verifies a paper is told: enough to compare it with the one in hand, and no more."""
    if not paper.facts:
        return [("Details", "Erased, as the holder asked")]
    facts = {name: str(paper.facts.get(name, "")) for name in ("title", "name", "number", "total", "event", "date", "issuer")}
    if paper.kind == PaperKind.invoice:
        pairs = [("Invoice", facts["number"]), ("Total with VAT", facts["total"])]
    else:
        pairs = [("Paper", facts["title"] or NAMES[paper.kind]), ("Name", facts["name"])]
    pairs += [("Event", facts["event"]), ("Issued by", facts["issuer"]), ("Issued on", facts["date"])]
    return [(term, words) for term, words in pairs if words]


def basis_of(head: PaperHead | None, event: Event) -> CertificateBasis:
    """What an organiser said; else days where people meet, sessions online."""
    if head:
        return head.basis
    return CertificateBasis.days if event.format == EventFormat.in_person else CertificateBasis.sessions


def least_of(head: PaperHead | None, basis: CertificateBasis, days: Sequence[date]) -> int:
    """How many days or sessions it takes: every day, or one session, where nothing was said. Never more days than there are."""
    if basis == CertificateBasis.days:
        return min(head.least, len(days)) if head and head.least else len(days)
    return head.least if head and head.least else 1


def counted(number: int, one: str) -> str:
    """`1 day`, `6 days`"""
    return f"{number} {one}{'' if number == 1 else 's'}"


def time_in_words(time: timedelta) -> str:
    """`4 hours and 30 minutes`"""
    hours, minutes = divmod(int(time.total_seconds()) // 60, 60)
    parts = [counted(number, word) for number, word in ((hours, "hour"), (minutes, "minute")) if number]
    return " and ".join(parts) or "less than a minute"


def dates_of(event: Event) -> str:
    """`Wednesday 9 July – Wednesday 16 July 2025`, on the event's own clock."""
    last = (event.ends_at - timedelta(microseconds=1)).astimezone(zone_named(event.zone)).date()
    first = event.starts_at.astimezone(zone_named(event.zone)).date()
    return long_date(first) if first == last else f"{long_date(first)} {DASH} {long_date(last)}"


def day_of(instant: datetime, zone: str) -> str:
    return long_date(instant.astimezone(zone_named(zone)).date())
