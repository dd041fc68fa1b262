"""Fan-out: what one message to N listeners costs, and when the last of them has it."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from tests.bench.children import Child, Lost, child
from tests.bench.frames import MESSAGE, numbered
from tests.bench.machine import Cores, most_sockets
from tests.bench.report import Judged, Part, middle, part_of

DESIGNS = {"raw": "raw transport.write", "stock": "Starlette, for ws: send_text", "ours": "ours"}
MANY = 5000  # listeners, from which on the targets hold
WARM_UP = 5  # rounds that don't count
EMPTY = 20  # rounds without a message: what measuring costs
PAUSE = 0.005  # seconds between rounds
PATIENCE = 20.0  # seconds until a message counts as lost
STRAYS = 0.3  # seconds in which a message could still come twice
COLUMNS = ("design", "listeners", "rounds", "CPU us/message", "x raw", "last p50 ms", "last p99 ms", "p99 x raw")


@dataclass
class Side:
    """A design with its crowd."""

    server: Child
    crowd: Child
    cpu: list[float] = field(default_factory=list)  # seconds a round
    last: list[float] = field(default_factory=list)  # seconds to the last receipt
    overhead: float = 0.0  # seconds of CPU a round, for being asked


async def fanout(cores: Cores, sizes: list[int], rounds: int) -> Part:
    part = Part(f"Fan-out: one message of {MESSAGE} bytes to N listeners", COLUMNS)
    for listeners in sizes:
        if listeners > most_sockets():
            part.notes.append(f"{listeners} listeners: skipped, this machine lets a process hold {most_sockets()} sockets")
            continue
        try:
            async with AsyncExitStack() as stack:
                sides = {design: await _open(stack, design, cores, listeners) for design in DESIGNS}
                await _measure(sides, part, rounds if listeners <= MANY else rounds // 2)
                _write_down(sides, part, listeners)
        except Lost as lost:
            part.faults.append(f"{listeners} listeners: {lost}")
    return part


async def _open(stack: AsyncExitStack, design: str, cores: Cores, listeners: int) -> Side:
    crowd = await stack.enter_async_context(child("crowd", cores.load))
    server = await stack.enter_async_context(child(design, cores.server))
    await join(server, crowd, listeners)
    return Side(server, crowd)


async def join(server: Child, crowd: Child, count: int, **more: bool) -> None:
    """So many listeners, all known to the server. Raises Lost."""
    facts = {name: server.facts[name] for name in ("port", "path", "cookies") if name in server.facts}
    before = (await server.ask("usage"))["members"]
    await crowd.ask("join", count=count, **facts, **more)
    for _ in range(100):
        if (await server.ask("usage"))["members"] == before + count:
            return
        await asyncio.sleep(0.1)
    raise Lost(f"{server.role} does not know all of its {count} listeners")


async def _measure(sides: dict[str, Side], part: Part, rounds: int) -> None:
    """All designs in turn, round by round, so that what the machine does meanwhile happens to all."""
    for side in sides.values():
        side.overhead = middle([await _empty_round(side) for _ in range(EMPTY)])
    for number in range(WARM_UP + rounds):
        for side in _turned(list(sides.values()), number):
            cpu, last = await _round(side, number)
            if number >= WARM_UP:
                side.cpu.append(cpu - side.overhead)
                side.last.append(last)
            await asyncio.sleep(PAUSE)
    await asyncio.sleep(STRAYS)
    for design, side in sides.items():
        tally = await side.crowd.ask("tally")
        if not tally["exact"]:
            part.faults.append(f"{design}: not everybody had every message exactly once: {tally}")


def _turned(sides: list[Side], number: int) -> list[Side]:
    """Each comes first, and after each of the others, equally often."""
    first = number % len(sides)
    return sides[first:] + sides[:first]


async def _round(side: Side, number: int) -> tuple[float, float]:
    await side.crowd.ask("expect", number=number)
    said = await side.server.ask("publish", text=numbered(number))
    got = await side.crowd.ask("received", patience=PATIENCE)
    spent = (await side.server.ask("usage"))["cpu"] - said["cpu"]
    if got["missing"]:
        raise Lost(f"{side.server.role}: message {number} did not reach {got['missing']} listeners within {PATIENCE:.0f} s")
    return spent, got["at"] - said["began"]


async def _empty_round(side: Side) -> float:
    said = await side.server.ask("publish", text=None)
    await asyncio.sleep(PAUSE)
    return float((await side.server.ask("usage"))["cpu"] - said["cpu"])


def _write_down(sides: dict[str, Side], part: Part, listeners: int) -> None:
    floor = sides["raw"]
    for design, side in sides.items():
        cpu = middle(side.cpu) / listeners * 1e6
        ratio = middle(side.cpu) / middle(floor.cpu)
        p50, p99 = middle(side.last) * 1e3, part_of(side.last, 0.99) * 1e3
        late = part_of(side.last, 0.99) / part_of(floor.last, 0.99)
        figures = (f"{cpu:.2f}", f"{ratio:.2f}", f"{p50:.1f}", f"{p99:.1f}", f"{late:.2f}")
        part.rows.append((DESIGNS[design], listeners, len(side.cpu), *figures))
    ours = sides["ours"]
    if not ours.server.facts["direct"]:
        part.notes.append("Ours goes the public way here, by ASGI: uvicorn did not hand its sockets over.")
    if listeners >= MANY:
        part.judged.append(Judged(f"CPU per message, {listeners} listeners, ours / raw", middle(ours.cpu) / middle(floor.cpu), 1.3))
    if listeners == MANY:
        late = part_of(ours.last, 0.99) / part_of(floor.last, 0.99)
        part.judged.append(Judged(f"last receipt p99, {listeners} listeners, ours / raw", late, 1.5))
