"""Sleepers: some listeners stop reading. What it costs the others, and how long they are kept."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from time import monotonic
from typing import Any

from tests.bench.children import Child, child
from tests.bench.fanout import join
from tests.bench.frames import stamped, text_frame
from tests.bench.machine import Cores
from tests.bench.report import Judged, Part, middle

LISTENERS = 1000
SLEEPERS = 10
SIZE = 2000  # bytes of a message
RATE = 20.0  # messages a second
PATIENCE = 35.0  # seconds until all must be cut
LOOK_EVERY = 0.25
SETTLE = 0.5
COLUMNS = ("run", "others' p50 ms", "others' p99 ms", "with / without")


@dataclass(frozen=True, slots=True)
class Run:
    p50: float
    p99: float
    fault: str | None


async def sleepers(cores: Cores, pairs: int, seconds: float, listeners: int = LISTENERS) -> Part:
    title = f"Sleepers: {SLEEPERS} of {listeners} listeners stop reading; {SIZE} bytes, {RATE:.0f} a second"
    part, ratios = Part(title, COLUMNS), []
    for number in range(pairs):
        order = (0, SLEEPERS) if number % 2 == 0 else (SLEEPERS, 0)  # neither always comes first
        runs = {asleep: await _run(cores, listeners, asleep, seconds) for asleep in order}
        ratios.append(runs[SLEEPERS].p99 / runs[0].p99)
        for asleep, name in ((0, "without"), (SLEEPERS, "with")):
            ratio = f"{ratios[-1]:.2f}" if asleep else ""
            part.rows.append((f"{number + 1} {name}", f"{runs[asleep].p50 * 1e3:.2f}", f"{runs[asleep].p99 * 1e3:.2f}", ratio))
        part.faults += [run.fault for run in runs.values() if run.fault]
    part.judged.append(Judged(f"p99 of the others, with / without sleepers, median of {pairs} pairs", middle(ratios), 1.25))
    await _watch(cores, listeners, part)
    return part


async def _run(cores: Cores, listeners: int, asleep: int, seconds: float) -> Run:
    async with AsyncExitStack() as stack:
        server, crowd = await _open(stack, cores, listeners, asleep)
        await server.ask("stream", rate=RATE, seconds=seconds, size=SIZE)
        said = await server.ask("streamed")
        await asyncio.sleep(SETTLE)
        found = await crowd.ask("measured")
        lost = f"{found['heard']} of {said * listeners} messages came, {found['closed']} of the others were cut"
        return Run(found["p50"], found["p99"], None if found["heard"] == said * listeners else lost)


async def _watch(cores: Cores, listeners: int, part: Part) -> None:
    """How long the sleepers are kept, and what the server holds for them meanwhile."""
    async with AsyncExitStack() as stack:
        server, crowd = await _open(stack, cores, listeners, SLEEPERS)
        await server.ask("tidied")
        before, began, peak, cut = (await server.ask("usage"))["memory"], monotonic(), 0, PATIENCE
        await server.ask("stream", rate=RATE, seconds=PATIENCE, size=SIZE)
        while monotonic() - began < PATIENCE:
            now = await server.ask("usage")
            peak = max(peak, now["memory"])
            if now["members"] == listeners:
                cut = monotonic() - began
                break
            await asyncio.sleep(LOOK_EVERY)
        still = (await server.ask("usage"))["members"] - listeners
        closed = (await crowd.ask("measured"))["closed"]
        if closed:
            part.faults.append(f"{closed} listeners were cut who read everything")
        if still:
            part.notes.append(f"{still} sleepers were still kept after {PATIENCE:.0f} s")
        part.judged.append(Judged("seconds until the sleepers were cut", cut, 30.0, "s"))
        part.notes.append(f"memory grew by {(peak - before) / 1e6:.1f} MB at most meanwhile, for all {SLEEPERS}")


async def _open(stack: AsyncExitStack, cores: Cores, listeners: int, asleep: int) -> tuple[Child, Child]:
    crowd = await stack.enter_async_context(child("crowd", cores.load))
    server = await stack.enter_async_context(child("ours", cores.server))
    given: dict[str, Any] = {"sleepers": True} if asleep else {}
    await join(server, crowd, asleep, **given)
    await join(server, crowd, listeners)
    await crowd.ask("measure", size=len(text_frame(stamped(0.0, SIZE))))
    return server, crowd
