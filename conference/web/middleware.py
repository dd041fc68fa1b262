"""Headers that every answer carries, errors included; and a reference for each request in the log."""

import logging
import time
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from conference.storage.ids import new_id

MAX_FORM = 1024 * 1024  # bytes of one form: more is answered with a page, unread
MAX_BODY = 4 * MAX_FORM  # bytes of any request: more is cut off
log = logging.getLogger("conference.requests")


class Frame:
    """The outermost layer: a reference per request, safe headers on every answer, one log line without secrets."""

    def __init__(self, app: ASGIApp, base_url: str) -> None:
        self.app = app
        self.headers = security_headers(base_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["reference"] = reference = new_id().hex[-12:]
        began, status = time.perf_counter(), 0

        async def framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in self.headers:
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, framed)
        finally:
            # The route's pattern, never the path: some paths are secrets.
            route = getattr(scope.get("route"), "path", "-")
            log.info("%s %s %s %s %.1fms", reference, scope["method"], route, status, (time.perf_counter() - began) * 1000)


def security_headers(base_url: str) -> list[tuple[str, str]]:
    parts = urlsplit(base_url)
    socket = f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}"
    policy = (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self' {socket}; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
    )
    headers = [
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ]
    if parts.scheme == "https":
        headers.append(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))
    return headers
