"""The short way for programs that poll: past what is there for people's browsers (sign-ins, cookies, forms, pages for errors)."""

import re
from collections.abc import Sequence

from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

Head = list[tuple[bytes, bytes]]
_GZIP = re.compile(r"(?:^|,)\s*(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[\d.]+\s*)?(?:,|$)")


class Straight:
    """Paths with this ending go straight to these routes, which answer every fault themselves; what fits none goes to the app."""

    def __init__(self, app: ASGIApp, ending: str, routes: Sequence[Route]) -> None:
        self.app, self.ending, self.routes = app, ending, routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].endswith(self.ending):
            for route in self.routes:
                fits, more = route.matches(scope)
                if fits is Match.FULL:
                    scope.update(more, app=self.app)
                    scope["route"] = route
                    await route.app(scope, receive, send)
                    return
        await self.app(scope, receive, send)


class Ready(Response):
    """An answer whose headers are bytes already, lower case."""

    def __init__(self, status: int, head: Head, body: bytes = b"") -> None:
        self.status_code, self.body, self.background = status, body, None
        self.raw_headers = [*head, (b"content-length", b"%d" % len(body))] if status == 200 else head


def takes_gzip(accepted: str) -> bool:
    """What an Accept-Encoding says (RFC 9110, 12.5.3)."""
    return _GZIP.search(accepted.lower()) is not None
