"""A week of which people have papers; and what a PDF says of itself."""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from httpx2 import AsyncClient

from conference.web.request import House
from tests.attendance.cast import Week, act, send

DAYS = [f"2025-07-{day:02}" for day in (9, 10, 11, 14, 15, 16)]
OVER = datetime(2025, 7, 16, 17, 0, tzinfo=UTC)
CERTIFICATE, MANAGE = "/events/week/certificate", "/manage/events/week"


@dataclass
class PapersWeek:
    week: Week
    house: House

    def browser(self, who: str) -> AsyncClient:
        return self.week.browsers[who]

    async def was_there(self, who: str, days: list[str]) -> None:
        """At the door, on each of these days."""
        acts = [act(self.week.code(who), occasion=f"day:{day}") for day in days]
        assert await send(self.browser("helper"), *acts) == ["checked_in"] * len(days)

    def is_over(self) -> None:
        self.house.clock.offset = OVER - datetime.now(UTC)

    async def certificate(self, who: str) -> tuple[str, bytes]:
        """Make it as its holder does: the code, and the PDF."""
        made = await self.browser(who).post(CERTIFICATE)
        assert made.status_code == 303, made.text
        page = (await self.browser(who).get(CERTIFICATE)).text
        code = re.findall(r"/me/papers/([0-9A-Z-]{19})\.pdf", page)[0]
        return code, (await self.browser(who).get(f"/me/papers/{code}.pdf")).content


def words(pdf: bytes) -> str:
    """All that is written in it."""
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)).split())


def claims_ua(pdf: bytes) -> bool:
    """Whether it says of itself that it is PDF/UA-1, and is tagged."""
    document = pypdfium2.PdfDocument(pdf)
    return bool(pdfium.FPDFCatalog_IsTagged(document)) and re.search(rb"pdfuaid:part>1<|pdfuaid:part=.1.", pdf) is not None


def tags(pdf: bytes) -> list[tuple[str, str]]:
    """The structure's elements in reading order, each with its alternative text."""
    found: list[tuple[str, str]] = []
    for page in pypdfium2.PdfDocument(pdf):
        tree = pdfium.FPDF_StructTree_GetForPage(page)
        for number in range(pdfium.FPDF_StructTree_CountChildren(tree)):
            found += _tags(pdfium.FPDF_StructTree_GetChildAtIndex(tree, number))
        pdfium.FPDF_StructTree_Close(tree)
    return found


def _tags(element: Any) -> Iterator[tuple[str, str]]:
    yield _text(pdfium.FPDF_StructElement_GetType, element), _text(pdfium.FPDF_StructElement_GetAltText, element)
    for number in range(max(pdfium.FPDF_StructElement_CountChildren(element), 0)):
        if child := pdfium.FPDF_StructElement_GetChildAtIndex(element, number):
            yield from _tags(child)


def _text(read: Any, element: Any) -> str:
    length = read(element, None, 0)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length)
    read(element, buffer, length)
    return buffer.raw.decode("utf-16-le").rstrip("\0")
