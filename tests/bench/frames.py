"""WebSocket frames (RFC 6455 5.2), as few as a load needs: what both sides of a benchmark say to each other."""

from collections.abc import Iterator

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
FIN = 0x80
MASK = 0x80
MESSAGE = 300  # bytes of one message
AT = 24  # characters of an instant in a stamped message
SHORT, LONG = 126, 127  # lengths that announce two or eight bytes of length
KEY = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"


def numbered(number: int, size: int = MESSAGE) -> str:
    """The message of one round; the number tells it from all others."""
    return f'{{"type":"round","number":{number:08d},"words":"'.ljust(size - 2, "-") + '"}'


def stamped(at: float, size: int) -> str:
    """A message that carries the instant of its sending, for `stamp_of`."""
    return f'{{"at":{at:{AT}.9f},"words":"'.ljust(size - 2, "-") + '"}'


def stamp_of(frame: bytes) -> float:
    """When a whole frame of 126 to 65,535 bytes was sent; its message is a `stamped` one."""
    return float(frame[10 : 10 + AT])


def text_frame(text: str) -> bytes:
    """A whole text message as a server sends it."""
    payload = text.encode()
    return _head(TEXT, len(payload), 0) + payload


def masked(payload: bytes, opcode: int = TEXT) -> bytes:
    """As a client sends it: masked with zeros, which changes nothing and is legal."""
    return _head(opcode, len(payload), MASK) + bytes(4) + payload


def walk(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """The whole frames at the start of `data`: opcode, the frame with its head, where its payload begins in it."""
    at = 0
    while len(data) - at >= 2:
        length, head = data[at + 1] & 0x7F, 2
        if length >= SHORT:
            head = 4 if length == SHORT else 10
            if len(data) - at < head:
                return
            length = int.from_bytes(data[at + 2 : at + head], "big")
        if len(data) - at < head + length:
            return
        yield data[at] & 0x0F, data[at : at + head + length], head
        at += head + length


def upgrade(port: int, path: str, cookie: str, *, deflate: bool) -> bytes:
    """The handshake of a page of ours."""
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Origin: http://127.0.0.1:{port}", "Connection: Upgrade"]
    lines += ["Upgrade: websocket", "Sec-WebSocket-Version: 13"]
    lines += [f"Cookie: {cookie}"] if cookie else []
    lines += ["Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"] if deflate else []
    return "\r\n".join(lines).encode() + b"\r\n" + KEY + b"\r\n"


def _head(opcode: int, length: int, mask: int) -> bytes:
    if length < SHORT:
        return bytes((FIN | opcode, mask | length))
    if length < 1 << 16:
        return bytes((FIN | opcode, mask | SHORT)) + length.to_bytes(2, "big")
    return bytes((FIN | opcode, mask | LONG)) + length.to_bytes(8, "big")
