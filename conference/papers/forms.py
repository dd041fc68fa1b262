"""What organisers type about papers and invoices."""

import re
from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field, field_validator

from conference.papers.tables import CertificateBasis
from conference.web.forms import Form

_AMOUNT = re.compile(r"£?\s*([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,8})(?:\.([0-9]{2}))?")


class HeadForm(Form):
    """What stands on an event's papers."""

    asks: ClassVar[dict[str, str]] = {"basis": "Choose what the certificate goes by.", "least": "Enter a number from 1, or leave it empty."}
    issuer: str = Field(default="", max_length=200)
    address: str = Field(default="", max_length=500)
    vat_number: str = Field(default="", max_length=40)
    pay_words: str = Field(default="", max_length=2000)
    signed_by: str = Field(default="", max_length=200)
    signed_as: str = Field(default="", max_length=200)
    basis: CertificateBasis
    least: int | None = Field(default=None, ge=1, le=500)


class InvoiceForm(Form):
    """A new invoice, by hand."""

    asks: ClassVar[dict[str, str]] = {
        "place": "Choose whom the invoice is for.",
        "words": "Say what the invoice is for.",
        "total": "Enter an amount in pounds, such as 2300 or 2300.00.",
        "vat_percent": "Enter a number from 0 to 100.",
        "due_on": "Enter a date, or leave it empty.",
    }
    place: UUID
    words: str = Field(min_length=1, max_length=300)
    total: int  # pence
    vat_percent: int = Field(ge=0, le=100)
    bill_to: str = Field(default="", max_length=1000)
    due_on: date | None = None

    @field_validator("total", mode="before")
    @classmethod
    def _pounds(cls, typed: object) -> object:
        """`£2,300.00` as pence."""
        found = _AMOUNT.fullmatch(str(typed).strip())
        if not found:
            raise ValueError("Enter an amount in pounds, such as 2300 or 2300.00.")
        return int(found[1].replace(",", "")) * 100 + int(found[2] or 0)
