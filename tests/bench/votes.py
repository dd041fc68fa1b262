"""Votes: a storm of them, and everybody sees the total."""

import asyncio
import json
from collections import defaultdict
from contextlib import AsyncExitStack
from dataclasses import dataclass
from time import monotonic
from typing import Any

from tests.bench.children import child
from tests.bench.fanout import join
from tests.bench.machine import Cores
from tests.bench.report import Judged, Part, middle

RATE = 200.0  # votes a second
LISTENERS = 1000
PATIENCE = 20.0  # seconds for the rest to be counted and told
LOOK_EVERY = 0.2
TURNS = 3  # of each design, in turn
TARGET = 1 / 20
COLUMNS = ("design", "listeners", "votes sent", "counted", "CPU ms/vote", "seconds", "votes/s")


@dataclass(frozen=True, slots=True)
class Storm:
    cost: float  # CPU seconds a vote
    counted: int
    seconds: float
    everybody_knows: bool  # the true total


async def votes(cores: Cores, seconds: float, listeners: int = LISTENERS) -> Part:
    part = Part(f"Votes: {RATE:.0f} a second for {seconds:.0f} s, totals told to {listeners} listeners", COLUMNS)
    count = int(RATE * seconds)
    designs: dict[str, tuple[str, dict[str, Any]]] = {
        "Starlette, each vote fanned out": ("stock", {}),
        "ours, the wire alone": ("ours", {}),
        "ours, the whole house (SQLite, FULL)": ("house", {"voters": listeners}),
    }
    costs = defaultdict(list)
    for turn in range(TURNS):
        for name, (design, options) in designs.items():
            if design == "house" and turn:
                continue  # it is told for information
            storm = await _storm(cores, design, options, listeners, count)
            costs[design].append(storm.cost)
            figures = (f"{storm.cost * 1e3:.3f}", f"{storm.seconds:.1f}", f"{storm.counted / storm.seconds:.0f}")
            part.rows.append((name, listeners, count, storm.counted, *figures))
            if design != "stock" and not (storm.counted == count and storm.everybody_knows):
                part.faults.append(f"{name}: {storm.counted} of {count} votes counted, everybody told the total: {storm.everybody_knows}")
    ratio = middle(costs["ours"]) / middle(costs["stock"])
    part.judged.append(Judged(f"CPU per vote, ours on the wire / Starlette, medians of {TURNS} turns", ratio, TARGET))
    part.notes.append(
        f"Starlette does {1 / ratio:.0f} x the work for a vote; its votes count until it found time to answer how many they are."
    )
    return part


async def _storm(cores: Cores, design: str, options: dict[str, Any], listeners: int, count: int) -> Storm:
    async with AsyncExitStack() as stack:
        crowd = await stack.enter_async_context(child("crowd", cores.load))
        server = await stack.enter_async_context(child(design, cores.server, **options))
        await join(server, crowd, listeners)
        question = server.facts.get("question", "question")
        vote = json.dumps({"type": "upvote", "client_id": "vote-1", "question_id": question})
        before, began = await server.ask("usage"), monotonic()
        await crowd.ask("vote", rate=RATE, count=count, message=vote)
        if design == "stock":  # it is still busy with what came in: what it did so far is what counts
            after = await server.ask("usage")
            return Storm((after["cpu"] - before["cpu"]) / after["votes"], after["votes"], monotonic() - began, everybody_knows=False)
        told: dict[str, Any] = {}
        for _ in range(int(PATIENCE / LOOK_EVERY)):
            told = await crowd.ask("told")
            if told["totals"] == [[count, listeners]] and told["acknowledged"] == count:
                break
            await asyncio.sleep(LOOK_EVERY)
        seconds = monotonic() - began
        spent = (await server.ask("usage"))["cpu"] - before["cpu"]
        counted = told["acknowledged"]
        return Storm(spent / max(counted, 1), counted, seconds, everybody_knows=told["totals"] == [[count, listeners]])
