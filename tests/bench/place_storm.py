"""People who all press the same button in the same second, each on a connection of their own, until each has a final answer."""

import asyncio
import re
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.bench.place_people import token_of

CONNECT_AT_ONCE = 200
PATIENCE = 110.0  # seconds for an answer


@dataclass
class Told:
    """What became of a storm."""

    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)  # from the press to the final answer, of each
    waited: int = 0  # how many saw the waiting page meanwhile
    wall: float = 0.0


async def storm(port: int, path: str, people: int, *, at_once: bool = True) -> Told:
    """All connect, then all press; or each once the one before has their answer."""
    told, gate = Told(), asyncio.Semaphore(CONNECT_AT_ONCE)

    async def connected() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        async with gate:
            return await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)

    lines = await asyncio.gather(*(connected() for _ in range(people)))
    began = time.monotonic()
    if at_once:
        await asyncio.gather(*(_one(number, *line, port, path, told, began) for number, line in enumerate(lines)))
    else:
        for number, line in enumerate(lines):
            await _one(number, *line, port, path, told, time.monotonic())
    told.wall = time.monotonic() - began
    return told


async def _one(
    number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, path: str, told: Told, began: float
) -> None:
    who = f"Host: 127.0.0.1:{port}\r\nCookie: sign_in={token_of(number)}\r\n"
    form = f"next=%2Fme&once=key-of-the-benchmark-{number:06}"
    head = f"Origin: http://127.0.0.1:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n"
    try:
        async with asyncio.timeout(PATIENCE):
            status, headers, body = await _ask(reader, writer, f"POST {path} HTTP/1.1\r\n{who}{head}\r\n{form}")
            told.waited += status == 202
            while status == 202:
                seconds, _, address = headers["refresh"].partition("; url=")
                await asyncio.sleep(float(seconds))
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
                status, headers, body = await _ask(reader, writer, f"GET {address} HTTP/1.1\r\n{who}\r\n")
        told.answers[_clear(status, headers, body)] += 1
        told.seconds.append(time.monotonic() - began)
    except (OSError, EOFError, TimeoutError, asyncio.IncompleteReadError) as wrong:
        told.answers[type(wrong).__name__] += 1
    finally:
        writer.close()


def _clear(status: int, headers: dict[str, str], body: str) -> str:
    """What the person is told."""
    if status == 303:
        said = re.search(r"flash=([^;]*)", headers.get("set-cookie", ""))
        return said[1].replace("%20", " ") if said else "303"
    said = re.search(r'class="lead"[^>]*>([^<]*)<', body)
    return f"{status} {said[1] if said else body[:60]}"


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: str) -> tuple[int, dict[str, str], str]:
    writer.write(request.encode())
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return int(lines[0].split(" ", 2)[1]), headers, body.decode("utf-8", "replace")
