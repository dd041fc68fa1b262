"""Tables as Excel workbooks (pure): every word is a cell of text, whatever it begins with."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from conference.live.spreadsheets import FORMULAS, Cell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 32_767  # characters in a cell, as the format has it
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a workbook."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def xlsx_of(title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet, its head in bold and always on screen."""
    book = Workbook(write_only=True)
    _add(book, title, header, rows)
    return _saved(book)


def book_of(sheets: Iterable[Sheet]) -> bytes:
    """Several sheets, in their order."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _add(book, sheet.title, sheet.header, sheet.rows)
    return _saved(book)


def _add(book: Workbook, title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\']", " ", title)[:31].strip() or "Sheet")
    sheet.freeze_panes = "A2"
    for number, words in enumerate(header, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = max(14, min(40, len(words) + 4))
    sheet.append([_cell(sheet, words, bold=True) for words in header])
    for row in rows:
        sheet.append([_cell(sheet, cell) for cell in row])


def _saved(book: Workbook) -> bytes:
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _cell(sheet: object, value: Cell, *, bold: bool = False) -> WriteOnlyCell:
    if isinstance(value, int):
        return WriteOnlyCell(sheet, value)
    text = _NOT_IN_XML.sub("", value or "")[:LONGEST]
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # never a formula, a date or an error
    if text.startswith(FORMULAS):
        cell.quotePrefix = True  # stays text when somebody edits the cell
    if bold:
        cell.font = Font(bold=True)
    return cell
