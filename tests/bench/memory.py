"""Memory: what a listener costs while nothing happens."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

from tests.bench.children import child
from tests.bench.fanout import join
from tests.bench.frames import numbered
from tests.bench.machine import Cores
from tests.bench.report import Judged, Part

DESIGNS: dict[str, tuple[str, dict[str, Any]]] = {
    "raw transports": ("raw", {}),
    "Starlette, uvicorn's defaults (deflate)": ("stock", {"deflate": True}),
    "Starlette, without deflate": ("stock", {}),
    "ours, the wire alone": ("ours", {}),
    "ours, the whole house": ("house", {}),
}
EARLIER = 4  # of so many listeners one comes before anything is measured: what is loaded or reserved once is nobody's
MESSAGES = 3  # that everybody was told before idling
SETTLE = 1.0  # seconds
TARGET = 8.0  # kB
COLUMNS = ("design", "listeners", "kB/listener", "server before, MB", "server after, MB")


async def memory(cores: Cores, listeners: int) -> Part:
    part = Part(f"Memory of an idle listener (each was told {MESSAGES} messages; the house's listeners their snapshot)", COLUMNS)
    for name, (design, options) in DESIGNS.items():
        before, after = await _grown(cores, design, options, listeners)
        each = (after - before) / listeners / 1000
        part.rows.append((name, listeners, f"{each:.1f}", f"{before / 1e6:.1f}", f"{after / 1e6:.1f}"))
        if design in ("ours", "house"):
            part.judged.append(Judged(f"memory per idle listener, {name}", each, TARGET, "kB"))
    return part


async def _grown(cores: Cores, design: str, options: dict[str, Any], listeners: int) -> tuple[int, int]:
    """Bytes of a fresh server before so many listeners came, and with them."""
    async with AsyncExitStack() as stack:
        crowd = await stack.enter_async_context(child("crowd", cores.load))
        server = await stack.enter_async_context(child(design, cores.server, **options))
        held = []
        for count in (listeners // EARLIER, listeners):
            await join(server, crowd, count, deflate=bool(options))
            for number in range(MESSAGES if design != "house" else 0):
                await server.ask("publish", text=numbered(number))
            await asyncio.sleep(SETTLE)
            held.append((await server.ask("tidied"))["memory"])
        return held[0], held[1]
