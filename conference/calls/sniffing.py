"""What a file is by its own bytes (pure), whatever it is called: a document or a picture that calls take, or a sentence why not."""

import re
import zlib
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile

from conference.calls.file_rules import MEGABYTE, TAKEN, TYPES
from conference.calls.file_tables import FileKind
from conference.errors import Invalid
from conference.speaking.photos import HEADS
from conference.speaking.sniffing import BROKEN, check_entries, is_whole_pdf

HEAD = 12  # bytes
UNPACKED = 40 * MEGABYTE  # of a document
INFLATED = 20 * MEGABYTE  # of a PDF's packed objects, looked through for programs
DAMAGED = "This file is damaged, or is not what its name says. " + TAKEN
OTHER = "This is not a kind of file that we take. " + TAKEN
MACROS = "This document holds macros. Save it without (as .docx or PDF) and try again."
EMBEDDED = "This document holds another file or a program inside. Save it as PDF and try again."
ALIVE = "This PDF holds a program or another file inside. Print it to a new PDF and try again."
LOCKED = "This PDF is locked, so that we can’t look into it. Save it without protection, or print it to a new PDF, and try again."
# A name in a PDF may be written with hexadecimal signs (ISO 32000-1, 7.3.5): they are read before this looks.
# No short ones: by chance they stand in any long file's packed bytes.
PROGRAMS = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia)\b|/XFA\s*[\[0-9]")
PACKED_MOST = 2000  # of a PDF's packed streams of objects
_ODT = TYPES[FileKind.odt].encode()
_STREAM = re.compile(rb"/ObjStm.{0,400}?stream\r?\n", re.DOTALL)
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")


def kind_of(file: BinaryIO) -> FileKind:
    """Raises Invalid with a sentence for everything else. It reads the whole file: call it in a thread."""
    file.seek(0)
    head = file.read(HEAD)
    if head.startswith(b"%PDF-"):
        return _pdf(file)
    if head.startswith(b"PK\x03\x04"):
        return _packed(file)
    if head.startswith(HEADS):
        return FileKind.jpeg
    raise Invalid("file", OTHER)


def _pdf(file: BinaryIO) -> FileKind:
    if not is_whole_pdf(file):
        raise Invalid("file", DAMAGED)
    file.seek(0)
    whole = file.read()
    if re.search(rb"/Encrypt\b", whole):
        raise Invalid("file", LOCKED)
    if any(PROGRAMS.search(_HEX.sub(lambda found: bytes([int(found[1], 16)]), piece)) for piece in (whole, *_packed_objects(whole))):
        raise Invalid("file", ALIVE)
    return FileKind.pdf


def _packed_objects(whole: bytes) -> list[bytes]:
    """Objects that a PDF keeps in packed streams (ISO 32000-1, 7.5.7), as far as they are packed by Flate."""
    if whole.count(b"/ObjStm") > PACKED_MOST:
        raise Invalid("file", DAMAGED)
    found: list[bytes] = []
    left = INFLATED
    for start in _STREAM.finditer(whole):
        end = whole.find(b"endstream", start.end())
        try:
            piece = zlib.decompressobj().decompress(whole[start.end() : end], left)
        except zlib.error:
            piece = b""
        found.append(piece)
        left -= len(piece)
        if left <= 0:
            raise Invalid("file", DAMAGED)
    return found


def _packed(file: BinaryIO) -> FileKind:
    try:
        with ZipFile(file) as archive:
            entries = archive.infolist()
            check_entries(archive, entries, UNPACKED)
            first, names = entries[0], {entry.filename for entry in entries}
            odt = first.filename == "mimetype" and first.compress_type == ZIP_STORED and first.file_size == len(_ODT)
            is_odt = odt and archive.read(first) == _ODT and "content.xml" in names
    except BROKEN as wrong:
        raise Invalid("file", DAMAGED) from wrong
    _check_names({name.lower() for name in names})
    if is_odt:
        return FileKind.odt
    if {"[Content_Types].xml", "word/document.xml"} <= names:
        return FileKind.docx
    raise Invalid("file", OTHER)


def _check_names(names: set[str]) -> None:
    if any(name.endswith("vbaproject.bin") or name.startswith(("basic/", "scripts/")) for name in names):
        raise Invalid("file", MACROS)
    if any("/activex/" in name or ("/embeddings/" in name and name.endswith(".bin")) or name.startswith("object ") for name in names):
        raise Invalid("file", EMBEDDED)
