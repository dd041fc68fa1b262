"""Headers that every answer carries, errors included; and a reference for each request in the log."""

import logging
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from conference.storage.ids import new_id

MAX_FORM = 1024 * 1024  # bytes of one form: more is answered with a page, unread
MAX_BODY = 4 * MAX_FORM  # bytes of any request: more is cut off
POLICY = "Content-Security-Policy"
Sources = Mapping[str, tuple[str, ...]]  # by directive, such as {"frame-src": ("https://player.example",)}
log = logging.getLogger("conference.requests")


class Frame:
    """The outermost layer: a reference per request, safe headers on every answer, one log line without secrets."""

    def __init__(self, app: ASGIApp, base_url: str, enter: ASGIApp | None = None) -> None:
        """`enter`: what stands before the app and hands on to it."""
        self.app, self.enter = app, enter or app
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in security_headers(base_url)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.enter(scope, receive, send)
            return
        scope["reference"] = reference = new_id().hex[-12:]
        began, status = time.perf_counter(), 0

        async def framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in self.headers if pair[0] not in given)]
                if also := scope.get("also_from"):
                    headers = MutableHeaders(scope=message)
                    headers[POLICY] = widened(headers[POLICY], also)
            await send(message)

        try:
            await self.enter(scope, receive, framed)
        finally:
            # The route's pattern, never the path: some paths are secrets.
            route = getattr(scope.get("route"), "path", "-")
            log.info("%s %s %s %s %.1fms", reference, scope["method"], route, status, (time.perf_counter() - began) * 1000)


def also_from(request: HTTPConnection, sources: Sources) -> None:
    """Let the page that answers this one request load from these too. Whoever calls it has made sure that they are bare origins."""
    request.scope["also_from"] = sources


def widened(policy: str, sources: Sources) -> str:
    """The policy with these sources added to their directives; a directive that is not there yet begins with them."""
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    for directive, added in sources.items():
        parts[directive] = " ".join([parts[directive], *added] if directive in parts else added)
    return "; ".join(f"{directive} {words}" for directive, words in parts.items())


def security_headers(base_url: str) -> list[tuple[str, str]]:
    parts = urlsplit(base_url)
    socket = f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}"
    policy = (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self' {socket}; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
    )
    headers = [
        (POLICY, policy),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ]
    if parts.scheme == "https":
        headers.append(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))
    return headers
