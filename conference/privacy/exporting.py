"""All that is kept about somebody, as a file to take away: JSON for programs, CSV for spreadsheets, and what they uploaded."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from conference.live.spreadsheets import Cell, csv_of, file_name
from conference.speaking.shelf import place_of
from conference.storage.personal import Rows

IN_MEMORY = 4 * 1024 * 1024  # bytes; what is longer waits on the disk
CHUNK = 64 * 1024
README = """What is kept about you
======================

my-data.json   everything, for programs: tables by name, each a list of rows
tables/        the same as CSV, one file for each table, for a spreadsheet program
files/         what you uploaded

Instants are in UTC. Rows name each other by their ids. Not in here, since it would help whoever finds this file: the hashes of your
password, your sign-ins, your tokens and your calendar's address. What a stage's log repeats of your questions and messages is in
tables/question.csv and tables/chat_message.csv.
"""


def write_export(rows: Rows, files: Mapping[UUID, str], data: Path) -> IO[bytes]:
    """A zip, read from its beginning. `files`: what each is called, by its id. Call it in a thread."""
    written: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - whoever sends it closes it
    with ZipFile(written, "w", ZIP_DEFLATED) as made:
        made.writestr("README.txt", README)
        made.writestr("my-data.json", json.dumps(rows, ensure_ascii=False, indent=1))
        for table, lines in rows.items():
            made.writestr(f"tables/{table}.csv", _table(lines))
        for number, (file_id, name) in enumerate(files.items(), start=1):
            _put(made, place_of(data, file_id), number, name)
    written.seek(0)
    return written


def chunks_of(written: IO[bytes]) -> Iterator[bytes]:
    """To be sent piece by piece; then it is gone."""
    with written:
        while piece := written.read(CHUNK):
            yield piece


def _put(made: ZipFile, place: Path, number: int, name: str) -> None:
    """One that a crash lost is left out."""
    stem, _, ending = name.rpartition(".")
    if place.is_file():
        entry = ZipInfo(f"files/{file_name(str(number), stem, ending=ending)}")
        entry.compress_type = ZIP_STORED
        with place.open("rb") as source, made.open(entry, "w", force_zip64=True) as target:
            shutil.copyfileobj(source, target)


def _table(lines: Sequence[Mapping[str, Any]]) -> str:
    header = list(lines[0]) if lines else []
    return csv_of(header, [[_cell(line[name]) for name in header] for line in lines])


def _cell(value: Any) -> Cell:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
