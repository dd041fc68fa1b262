"""WebSocket frames that are made once and written to any number of sockets (RFC 6455 5.2; what a server sends is not masked)."""

from websockets.frames import Frame, Opcode

PING = bytes(Frame(Opcode.PING, b"").serialize(mask=False))
_HEAD = {126: 4, 127: 10}  # bytes of a frame's head, by the length that its second byte tells


def text_frame(text: str) -> bytes:
    """The one frame of a text message."""
    return bytes(Frame(Opcode.TEXT, text.encode()).serialize(mask=False))


def text_of(frame: bytes) -> str:
    """What `text_frame` was given: for sockets that are spoken to by way of ASGI."""
    return frame[_HEAD.get(frame[1], 2) :].decode()
