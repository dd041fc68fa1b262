"""A file that just came: looked at, made harmless where it is a picture, and put on the shelf."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from conference.calls.cleaning import cleaned_document
from conference.calls.file_rules import LARGEST_PICTURE, TAKEN, TOO_BIG
from conference.calls.file_tables import FileKind
from conference.calls.sniffing import kind_of
from conference.documents.anew import Unreadable, set_anew
from conference.documents.render import Unset
from conference.errors import Invalid
from conference.speaking.photos import clean_photo
from conference.speaking.shelf import keeping, place_of
from conference.web.uploads import Upload

READERS = ThreadPoolExecutor(2, "call-files")  # each holds a whole file, and a processor
UNREADABLE_PDF = "This PDF can’t be opened, or has more than 200 pages. Print it to a new PDF and try again."
PICTURE = "This picture is damaged, too small, or has too many pixels. Send it as PDF, or as JPEG of some thousand pixels on a side."


@dataclass(frozen=True, slots=True)
class Kept:
    """What was put on the shelf."""

    id: UUID
    kind: FileKind
    size: int
    digest: str


@asynccontextmanager
async def looked_at(data: Path, upload: Upload | None) -> AsyncIterator[Kept]:
    """On the shelf, until what follows is refused: write the row inside. Raises Invalid with a sentence for the field `file`."""
    if upload is None:
        raise Invalid("file", "Choose a file.")
    if upload.too_big:
        raise Invalid("file", TOO_BIG)
    kind, content = await asyncio.get_running_loop().run_in_executor(READERS, _harmless, upload.file)
    async with keeping(data, BytesIO(content)) as file_id:
        if kind is FileKind.pdf:
            await _check_opens(place_of(data, file_id))
        yield Kept(file_id, kind, len(content), sha256(content).hexdigest())


def _harmless(file: BinaryIO) -> tuple[FileKind, bytes]:
    """What it is, and the bytes to keep: a picture is painted anew; a document stays as it came if a clean copy can be made of it."""
    kind = kind_of(file)
    file.seek(0)
    if kind is FileKind.jpeg:
        try:
            return kind, clean_photo(file, LARGEST_PICTURE)
        except Invalid as wrong:
            raise Invalid("file", f"{PICTURE} {TAKEN}") from wrong
    whole = file.read()
    if kind is not FileKind.pdf:
        cleaned_document(BytesIO(whole))
    return kind, whole


async def _check_opens(place: Path) -> None:
    """A panel will read it: whoever sends it is told now if that can't be. Where time runs out, it is taken."""
    try:
        await set_anew(place, "")
    except Unreadable as wrong:
        raise Invalid("file", UNREADABLE_PDF) from wrong
    except Unset:
        return
