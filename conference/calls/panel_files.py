"""The copy of a file that a panel gets: made when it is asked for, and kept nowhere."""

import asyncio
from io import BytesIO
from pathlib import Path

from conference.calls.cleaning import Hide, cleaned_document
from conference.calls.file_tables import FileKind, SubmissionFile
from conference.documents.anew import Unreadable, set_anew
from conference.documents.render import Unset
from conference.errors import Conflict, Invalid, NotFound
from conference.speaking.shelf import place_of

GONE = "This file is not here any more. Tell the organisers."
NO_COPY = "No copy without its hidden details could be made of this file. Tell the organisers: they can ask for another one."


async def panel_copy(data: Path, file: SubmissionFile, title: str, hide: Hide | None) -> bytes:
    """Without what the file says of its maker beside its pages. `title`: what the copy calls itself; `hide`: of a blind panel.

    Raises NotFound, Conflict.
    """
    place = place_of(data, file.id)
    if not place.is_file():
        raise NotFound(GONE)
    try:
        if file.kind is FileKind.pdf:
            return await set_anew(place, title)
        whole = await asyncio.to_thread(place.read_bytes)
        if file.kind is FileKind.jpeg:  # painted anew when it came
            return whole
        return await asyncio.to_thread(cleaned_document, BytesIO(whole), hide)
    except (Unreadable, Unset, Invalid) as wrong:
        raise Conflict(NO_COPY) from wrong
