"""Excel workbooks (pure): the first sheet's cells as text, and a table as a workbook. The container is unpacked with care first."""

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from xml.parsers import expat

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from conference.programme.importing import MAX_SESSIONS, printable, refused
from conference.programme.importing_columns import MAX_COLUMNS, Row

MAX_UNPACKED = 16 * 1024 * 1024  # bytes of all parts together
MAX_PARTS = 500
MAX_ROWS = 4 * MAX_SESSIONS  # with empty ones
LONG = {"Title": 44, "Abstract": 60, "Speakers": 36, "ID": 38}  # widths of columns, in characters
NOT_A_WORKBOOK = "This file can’t be opened as an Excel workbook (.xlsx). Save it again from your spreadsheet program, or as CSV."

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    OSError,
    NotImplementedError,
)


def rows_of_xlsx(data: bytes) -> Iterator[Row]:
    """The rows of the first sheet, formulas as their text. Raises Invalid for what is broken or unpacks to too much."""
    safe = _repacked(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about parts of a workbook that we don't use
            book = load_workbook(safe, read_only=True, data_only=False, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what a file says of its own size proves nothing
            rows = list(sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS, values_only=True))
    except (*_BROKEN, SyntaxError, RecursionError):  # SyntaxError: what ElementTree calls broken XML
        raise refused(NOT_A_WORKBOOK) from None
    if len(rows) > MAX_ROWS:
        raise refused(f"The first sheet has more than {MAX_ROWS} rows: import it in parts.")
    yield from ((f"Row {number}", [_text(cell) for cell in cells]) for number, cells in enumerate(rows, start=1))


def xlsx_of(title: str, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook with one sheet. Every cell is text, whatever it begins with."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for place, name in enumerate(heading):
        sheet.column_dimensions[chr(ord("A") + place)].width = LONG.get(name, 16)
    sheet.append([_cell(sheet, name, bold=True) for name in heading])
    for row in rows:
        sheet.append([_cell(sheet, text) for text in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _cell(sheet: object, text: str, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, None)
    cell.value = None
    cell._value, cell.data_type = printable(text), "s"  # a plain assignment would make a formula of what begins with =
    cell.quotePrefix = True
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell


def _repacked(data: bytes) -> io.BytesIO:
    """The same container with parts that were really unpacked and counted, and whose XML declares nothing."""
    packed = io.BytesIO()
    left = MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(packed, "w") as taken:
            parts = given.infolist()
            if len(parts) > MAX_PARTS:
                raise refused(NOT_A_WORKBOOK)
            for part in parts:
                with given.open(part) as opened:
                    body = opened.read(left + 1)
                left -= len(body)
                if left < 0:
                    raise refused("This workbook unpacks to far more than a programme needs, so it was not read.")
                _check_declares_nothing(part.filename, body)
                taken.writestr(part.filename, body)
    except (*_BROKEN, RuntimeError):  # RuntimeError: an encrypted part
        raise refused(NOT_A_WORKBOOK) from None
    packed.seek(0)
    return packed


def _check_declares_nothing(name: str, body: bytes) -> None:
    """No part of a workbook has a DTD; one that has is not from a spreadsheet program."""
    if not name.endswith((".xml", ".rels")):
        return

    def refuse(*_: object) -> None:
        raise refused(NOT_A_WORKBOOK)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(body, True)
    except expat.ExpatError:
        raise refused(NOT_A_WORKBOOK) from None


def _text(cell: object) -> str:
    """A cell as one would type it."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return f"{_nearest(timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second, microseconds=cell.microsecond))}"
    if isinstance(cell, timedelta):
        return _nearest(cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def _nearest(span: timedelta) -> str:
    """Times in sheets are fractions of a day, so that they miss their minute by a hair."""
    hours, minutes = divmod(round(span.total_seconds() / 60), 60)
    return f"{hours % 24:02}:{minutes:02}"
