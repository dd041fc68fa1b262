"""A form as it was sent, and its answer as it goes out: both can be given again."""

import json
import re
import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from typing import Self

from starlette.types import Message, Receive, Scope, Send

from conference.web.middleware import MAX_FORM

ORDINARY = b"application/x-www-form-urlencoded"
_KEY = re.compile(rb"(?:^|&)once=([\w-]{16,64})(?=&|$)")


@dataclass(frozen=True, slots=True)
class Sent:
    """The bytes of a form; its key, where it carries one."""

    body: bytes
    key: bytes

    def again(self, receive: Receive) -> Receive:
        """What an application is given to read: the form once more, then whatever comes."""
        told = False

        async def give() -> Message:
            nonlocal told
            if told:
                return await receive()
            told = True
            return {"type": "http.request", "body": self.body, "more_body": False}

        return give


async def sent_form(scope: Scope, receive: Receive) -> Sent | None:
    """The ordinary form that this request sends, read whole; None where it sends none, or one too long, or its sender went away.

    Forms with files are not read here: they are long, and their views take them in pieces. Nor is one whose length isn't said.
    """
    if scope["type"] != "http" or scope["method"] != "POST":
        return None
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"")
    if not headers.get(b"content-type", b"").startswith(ORDINARY) or not length.isdigit() or int(length) > MAX_FORM:
        return None
    parts = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            break
    body = b"".join(parts)
    found = _KEY.search(body)
    return Sent(body, found[1] if found else b"")


@dataclass(slots=True)
class Answer:
    """An answer held back. It takes the place of `send`, and can be kept as bytes."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    parts: list[bytes] = field(default_factory=list)

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            self.parts.append(message.get("body", b""))

    @property
    def size(self) -> int:
        return sum(len(part) for part in self.parts)

    async def give(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": list(self.headers)})
        await send({"type": "http.response.body", "body": b"".join(self.parts)})

    def packed(self) -> bytes:
        head = [[name.decode("latin-1"), value.decode("latin-1")] for name, value in self.headers]
        body = b64encode(b"".join(self.parts)).decode()
        return zlib.compress(json.dumps([self.status, head, body], separators=(",", ":")).encode(), 1)

    @classmethod
    def unpacked(cls, kept: bytes) -> Self:
        status, head, body = json.loads(zlib.decompress(kept))
        return cls(status, [(name.encode("latin-1"), value.encode("latin-1")) for name, value in head], [b64decode(body)])
