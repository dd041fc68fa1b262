"""Tables for spreadsheet programs (pure): text stays text, whatever it begins with."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

BOM = "\ufeff"  # without it, some programs read UTF-8 as something else
# What makes a program take a cell for a formula, in ASCII and as the wide forms that some of them read alike.
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | int | None


def csv_of(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """RFC 4180, with a BOM, every text in quotes; None is an empty cell."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([harmless(each) for each in header])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return BOM + written.getvalue()


def harmless(cell: Cell) -> str | int:
    """Numbers are ours; words are people's."""
    if isinstance(cell, int):
        return cell
    text = cell or ""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(FORMULAS) else text


def file_name(*words: str, ending: str) -> str:
    """`questions-wi-2021-keynote.csv`: plain ASCII, for any system and for the header that it stands in."""
    plain = re.sub(r"[^a-z0-9]+", "-", "-".join(words).encode("ascii", "ignore").decode().lower()).strip("-")
    return f"{plain[:120]}.{ending}"
