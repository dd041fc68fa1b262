"""The answer to a reader that may have it already: the bytes, or 304."""

from collections.abc import Mapping
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from conference.calendars.freshness import has_it, http_date


def fresh_answer(request: Request, body: bytes, etag: str, modified_at: datetime, media_type: str, keep: Mapping[str, str]) -> Response:
    """`keep`: the headers about keeping it, the same on both."""
    asked = request.headers
    headers = {"ETag": etag, "Last-Modified": http_date(modified_at), **keep}
    if has_it(etag, modified_at, if_none_match=asked.get("if-none-match"), if_modified_since=asked.get("if-modified-since")):
        return Response(status_code=304, headers=headers | {"Vary": "Accept-Encoding"})
    return Response(body, headers=headers | {"Content-Type": media_type})
