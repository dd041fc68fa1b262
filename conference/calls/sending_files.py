"""A file on its way out: only ever a download, under a name of ours, which no browser opens as a page."""

from pathlib import Path

from starlette.responses import FileResponse, Response

from conference.calls.file_rules import TYPES, download_name
from conference.calls.file_tables import SubmissionFile
from conference.calls.tables import Call
from conference.errors import NotFound

CLOSED = "default-src 'none'; sandbox"  # should a browser show a download after all, it runs nothing
HEADERS = {"Cache-Control": "private, no-store", "Content-Security-Policy": CLOSED}
GONE = "This file is not here any more. Write to the organisers."


def as_download(place: Path, call: Call, number: int, file: SubmissionFile) -> Response:
    """As it is on the shelf. Raises NotFound where a crash or a fault lost the bytes."""
    if not place.is_file():
        raise NotFound(GONE)
    name = download_name(call, number, file)
    return FileResponse(place, media_type=TYPES[file.kind], filename=name, content_disposition_type="attachment", headers=HEADERS)


def as_bytes(content: bytes, media_type: str, name: str) -> Response:
    """What was made for whoever asks, and is kept nowhere. `name`: plain ASCII, of ours."""
    return Response(content, media_type=media_type, headers={**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'})
