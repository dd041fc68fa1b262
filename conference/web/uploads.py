"""Forms with a file in them: read from the stream, and never more of the file kept than its field takes.

The route that takes one names `max_body_size=UPLOAD_BODY`; all others keep the house's own limit. Ask whether this person may send
anything at all before reading: a body is read for nobody else.
"""

from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import BinaryIO

from starlette.datastructures import FormData, Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from conference.web.forms import MAX_FIELDS, MAX_PART, Typed, plain, typed_form
from conference.web.middleware import MAX_FORM

MEGABYTE = 1024 * 1024
UPLOAD_BODY = 64 * MEGABYTE  # read so far, so that what is too big is said beside its field; more is cut off


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent. Which type the sender says it has is not kept."""

    file: BinaryIO
    size: int  # bytes, as sent
    too_big: bool  # then `file` holds only its beginning
    name: str = ""  # what the sender calls it: their words, for no path and no header


@asynccontextmanager
async def typed_upload(request: Request, name: str, limit: int) -> AsyncIterator[tuple[Typed, Upload | None]]:
    """What was typed, and the file of the field `name` (None: no file was chosen). The file is gone when the block ends.

    Raises HTTPException 400 for what can't be read, 413 for too much text.
    """
    async with typed_uploads(request, (name,), limit) as (typed, uploads):
        yield typed, uploads.get(name)


@asynccontextmanager
async def typed_uploads(request: Request, names: Collection[str], limit: int) -> AsyncIterator[tuple[Typed, dict[str, Upload]]]:
    """The same for a form with several fields for files, each at most `limit` bytes."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        yield await typed_form(request), {}
        return
    async with aclosing(request.stream()) as stream:
        reader = _Reader(request.headers, stream, limit, len(names))
        try:
            form = await reader.parse()
        except MultiPartException as wrong:
            raise HTTPException(400) from wrong
    try:
        yield {key: plain(value) for key, value in form.items() if isinstance(value, str)}, _uploads(form, names, reader)
    finally:
        await form.close()


def _uploads(form: FormData, names: Collection[str], reader: "_Reader") -> dict[str, Upload]:
    found = {name: sent for name in names if isinstance(sent := form.get(name), UploadFile) and reader.sent[name]}
    return {
        name: Upload(sent.file, reader.sent[name], reader.sent[name] > reader.limit, plain(sent.filename or ""))
        for name, sent in found.items()
    }


class _Reader(MultiPartParser):
    """Counts what comes: text beyond the house's limit ends the reading, a file beyond `limit` is read on and thrown away."""

    def __init__(self, headers: Headers, stream: AsyncGenerator[bytes, None], limit: int, files: int) -> None:
        super().__init__(headers, stream, max_files=files, max_fields=MAX_FIELDS, max_part_size=MAX_PART)
        self.limit = limit
        self.sent: Counter[str] = Counter()  # bytes of each file
        self.text = 0

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._current_part.file is None:
            self.text += end - start
            if self.text > MAX_FORM:
                raise HTTPException(413)
        else:
            self.sent[self._current_part.field_name] += end - start
            if self.sent[self._current_part.field_name] > self.limit:
                return
        super().on_part_data(data, start, end)
