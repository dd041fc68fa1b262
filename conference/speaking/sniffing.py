"""What a file is by its own bytes (pure), whatever it is called: slides and their like, or nothing that we take."""

import struct
from typing import BinaryIO
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo, is_zipfile

from conference.errors import Invalid
from conference.speaking.tables import ResourceKind

HEAD, TAIL = 8, 1024  # bytes
ENTRIES = 4000
UNPACKED = 400 * 1024 * 1024  # bytes: slides with films in them stay below
RATIO = 100  # how many times bigger it may get when it is unpacked
ODP = b"application/vnd.oasis.opendocument.presentation"
TAKEN = "Choose a PDF, an ODP or PPTX presentation, or a ZIP file."
MACROS = "These slides hold macros. Save them without (as .pptx or PDF) and try again."
BOMB = "This archive unpacks to far more than it is. Send its parts one by one."
BROKEN = (BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, IndexError, struct.error)  # what ZipFile raises
DAMAGED = "This file is damaged, or is not what its name says. " + TAKEN


def kind_of(file: BinaryIO) -> ResourceKind:
    """Raises Invalid with a sentence for everything else."""
    file.seek(0)
    head = file.read(HEAD)
    if head.startswith(b"%PDF-"):
        return _pdf(file)
    if head.startswith(b"PK\x03\x04"):
        return _packed(file)
    raise Invalid("file", "This is not a kind of file that we take. " + TAKEN)


def _pdf(file: BinaryIO) -> ResourceKind:
    if not is_whole_pdf(file):
        raise Invalid("file", DAMAGED)
    return ResourceKind.pdf


def is_whole_pdf(file: BinaryIO) -> bool:
    """What begins as a PDF: whether it is one to its last byte, and nothing else hides behind it."""
    file.seek(0, 2)
    file.seek(max(0, file.tell() - TAIL))
    whole = b"%%EOF" in file.read()
    file.seek(0)
    return whole and not is_zipfile(file)


def _packed(file: BinaryIO) -> ResourceKind:
    try:
        with ZipFile(file) as archive:
            entries = archive.infolist()
            check_entries(archive, entries)
            names = {entry.filename for entry in entries}
            if entries[0].filename == "mimetype":
                return _open_document(archive)
    except BROKEN as wrong:
        raise Invalid("file", DAMAGED) from wrong
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Invalid("file", MACROS)
    return ResourceKind.pptx if {"[Content_Types].xml", "ppt/presentation.xml"} <= names else ResourceKind.zip


def _open_document(archive: ZipFile) -> ResourceKind:
    """ODF 1.2 part 3, 3.3: an entry `mimetype` comes first, and is not packed."""
    first = archive.infolist()[0]
    if first.compress_type != ZIP_STORED or first.file_size != len(ODP) or archive.read(first) != ODP:
        raise Invalid("file", "This is an OpenDocument file, but not a presentation. " + TAKEN)
    return ResourceKind.odp


def check_entries(archive: ZipFile, entries: list[ZipInfo], most: int = UNPACKED) -> None:
    """Raises Invalid, or ValueError where it can't be a sound archive. Nothing is ever unpacked here."""
    if not entries or len(entries) > ENTRIES or min(entry.header_offset for entry in entries) or archive.comment:
        raise ValueError("not a plain archive")
    if any(entry.filename.startswith(("/", "\\")) or ".." in entry.filename.replace("\\", "/").split("/") for entry in entries):
        raise Invalid("file", "This archive would write outside its own folder when it is unpacked. Pack it anew.")
    unpacked, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    if unpacked > most or unpacked > RATIO * max(packed, 1024):
        raise Invalid("file", BOMB)
