"""CSV as people's programs write it (pure): comma, semicolon or tab, whatever the encoding."""

import csv
import io
from collections.abc import Iterator

from conference.programme.importing import refused
from conference.programme.importing_columns import Row, headings_known
from conference.programme.importing_text import decoded

DELIMITERS = (",", ";", "\t")
MAX_CELL = 131_072  # characters; the csv module's own limit


def rows_of_csv(data: bytes) -> Iterator[Row]:
    """Each row with the line that it begins on. Raises Invalid for what is no table at all."""
    text = decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    begins, skipped = text.lstrip("\ufeff"), 0
    if begins[:4].casefold() == "sep=":  # what Excel writes for itself
        begins, skipped = begins.partition("\n")[2], 1
    reader = csv.reader(io.StringIO(begins), delimiter=_delimiter(begins))
    line = skipped + 1
    try:
        for cells in reader:
            yield f"Line {line}", cells
            line = skipped + reader.line_num + 1
    except csv.Error:
        raise refused(f"Line {line} can’t be read as a row of a table. Is this a CSV file, with its quotes closed?") from None


def _delimiter(text: str) -> str:
    """The one by which the first row has most columns that we know."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    return max(DELIMITERS, key=lambda sign: (headings_known(next(csv.reader([first], delimiter=sign), [])), first.count(sign)))
