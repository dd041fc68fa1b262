"""Small servers of each protocol, on real sockets, as strict as the real ones: what they refuse, they say why."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from tests.servers import free_port

APPLICATION = "library-conferences"
SECRET = "the-secret-that-both-sides-share-0123456789"
OTHER_SECRET = "another-secret-of-another-service-9876543210"
CREATE_PARAMETERS = {"name", "meetingID", "duration", "logoutURL", "meta_plenary", "checksum"}
JOIN_PARAMETERS = {"fullName", "meetingID", "role", "createTime", "userID", "checksum"}


@dataclass
class Entered:
    """Somebody who got in."""

    room: str
    user_id: str
    name: str
    moderates: bool


@dataclass
class Jitsi:
    """Takes whoever has a token for the very room: `token_verification`, with the checks that it makes."""

    host: str = "127.0.0.1"
    entered: list[Entered] = field(default_factory=list)

    def why_not(self, room: str, token: str) -> str:
        """Empty for a sound token."""
        try:
            head, body, signature = token.split(".")
            header, claims = json.loads(_from_base64(head)), json.loads(_from_base64(body))
            signed = _from_base64(signature)
        except ValueError:
            return "no token"
        mac = hmac.new(SECRET.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
        moment = time.time()
        checks = [
            (header.get("alg") == "HS256", "algorithm"),
            (hmac.compare_digest(mac, signed), "signature"),
            (claims.get("iss") == APPLICATION, "iss"),
            (claims.get("aud") == "jitsi", "aud"),
            (claims.get("sub") == self.host, "sub"),
            (room == room.lower() == claims.get("room"), "room"),
            (claims.get("nbf", moment + 1) <= moment, "nbf"),
            (claims.get("exp", 0) > moment, "exp"),
            (all(isinstance(value, str) for value in claims.get("context", {}).get("user", {0: 0}).values()), "context.user"),
        ]
        return next((why for sound, why in checks if not sound), "")

    async def enter(self, request: Request) -> Response:
        room, token = request.path_params["room"], request.query_params.get("jwt", "")
        if why := self.why_not(room, token):
            return PlainTextResponse(f"not allowed: {why}", 403)
        user = claims_of(token)["context"]["user"]
        self.entered.append(Entered(room, user["id"], user["name"], user["affiliation"] == "owner"))
        return PlainTextResponse(f"{user['name']} is in {room}")

    @property
    def app(self) -> ASGIApp:
        return Starlette(routes=[Route("/{room}", self.enter)])


@dataclass
class BigBlueButton:
    """Knows `create` and `join`; a meeting is there from its creation on, and `create` is idempotent for the same parameters."""

    meetings: dict[str, dict[str, str]] = field(default_factory=dict)
    entered: list[Entered] = field(default_factory=list)
    creations: int = 0

    async def create(self, request: Request) -> Response:
        given = _checked(request, "create", CREATE_PARAMETERS)
        if isinstance(given, str):
            return _failed(given)
        if not {"name", "meetingID"} <= given.keys() or not 2 <= len(given["name"]) <= 64:
            return _failed("missingParam")
        self.creations += 1
        known = self.meetings.get(given["meetingID"])
        if known and {**known, "createTime": ""} != {**given, "createTime": ""}:
            return _failed("idNotUnique")
        made = self.meetings.setdefault(given["meetingID"], given | {"createTime": str(time.time_ns() // 1_000_000)})
        warning = "<messageKey>duplicateWarning</messageKey>" if known else ""
        return _xml(f"<returncode>SUCCESS</returncode><meetingID/><createTime>{made['createTime']}</createTime>{warning}")

    async def join(self, request: Request) -> Response:
        given = _checked(request, "join", JOIN_PARAMETERS)
        if isinstance(given, str):
            return _failed(given)
        meeting = self.meetings.get(given.get("meetingID", ""))
        if meeting is None:
            return _failed("invalidMeetingIdentifier")
        if given.get("createTime") != meeting["createTime"]:
            return _failed("mismatchCreateTimeParam")
        if given.get("role") not in ("MODERATOR", "VIEWER") or not given.get("fullName"):
            return _failed("missingParam")
        self.entered.append(Entered(given["meetingID"], given["userID"], given["fullName"], given["role"] == "MODERATOR"))
        return PlainTextResponse(f"{given['fullName']} is in {meeting['name']}")

    @property
    def app(self) -> ASGIApp:
        api = "/bigbluebutton/api"
        return Starlette(routes=[Route(f"{api}/create", self.create), Route(f"{api}/join", self.join)])


@asynccontextmanager
async def listening(app: ASGIApp) -> AsyncIterator[str]:
    """The app behind a real server; its address."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", access_log=False, ws="none", lifespan="off"))
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server._serve())
    while not server.started:
        if task.done():
            task.result()
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


def claims_of(token: str) -> dict[str, Any]:
    """What a token says, unchecked."""
    claims: dict[str, Any] = json.loads(_from_base64(token.split(".")[1]))
    return claims


def signed(claims: dict[str, Any], secret: str = SECRET) -> str:
    """A token as anybody with the secret could make it."""
    head = _to_base64(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    body = _to_base64(json.dumps(claims).encode())
    return f"{head}.{body}.{_to_base64(hmac.new(secret.encode(), f'{head}.{body}'.encode(), hashlib.sha256).digest())}"


def _checked(request: Request, call: str, known: set[str]) -> dict[str, str] | str:
    """The parameters, or the key of what is wrong with them."""
    query, _, checksum = request.url.query.rpartition("&checksum=")
    if hashlib.sha256(f"{call}{query}{SECRET}".encode()).hexdigest() != checksum:
        return "checksumError"
    given = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=True))
    return given if given.keys() <= known else "unknownParameter"


def _failed(key: str) -> Response:
    return _xml(f"<returncode>FAILED</returncode><messageKey>{key}</messageKey>")


def _xml(inside: str) -> Response:
    return Response(f"<response>{inside}</response>", media_type="text/xml")


def _from_base64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _to_base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
