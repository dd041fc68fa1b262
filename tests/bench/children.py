"""The processes of a benchmark, seen from the one that conducts it: each takes commands on its input, a JSON line each, and answers."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

LINE = 1 << 24  # bytes
PATIENCE = 120.0  # seconds for one answer
GOODBYE = 5.0  # seconds to leave


class Lost(Exception):
    """A process of the benchmark failed, or did not answer in time."""


class Child:
    """A server or a crowd, on one core."""

    def __init__(self, role: str, process: Process) -> None:
        self.role = role
        self.facts: dict[str, Any] = {}
        self._process = process
        self._turn = asyncio.Lock()

    async def ask(self, command: str, /, **given: Any) -> Any:
        """What the process answers to this command. Raises Lost."""
        async with self._turn:
            assert self._process.stdin
            with suppress(ConnectionError):  # it says below why it is gone
                self._process.stdin.write(json.dumps([command, given]).encode() + b"\n")
                await self._process.stdin.drain()
            return await self.answer(command)

    async def answer(self, command: str) -> Any:
        assert self._process.stdout
        try:
            async with asyncio.timeout(PATIENCE):
                line = await self._process.stdout.readline()
        except TimeoutError:
            raise Lost(f"{self.role} did not answer to {command} within {PATIENCE:.0f} s") from None
        if not line:
            raise Lost(f"{self.role} ended while it should {command}")
        answer = json.loads(line)
        if "wrong" in answer:
            raise Lost(f"{self.role} could not {command}: {answer['wrong']}")
        return answer["said"]

    async def leave(self) -> None:
        """End of input is the end of the process; one that doesn't listen is killed."""
        assert self._process.stdin
        self._process.stdin.close()
        try:
            async with asyncio.timeout(GOODBYE):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def child(role: str, core: int | None, **options: Any) -> AsyncIterator[Child]:
    """A process in this role; gone when the block is left, or when we are gone. An interrupt reaches it through us."""
    arguments = ["-m", "tests.bench.child", role, json.dumps(core), json.dumps(options)]
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdin=PIPE, stdout=PIPE, limit=LINE, start_new_session=True)
    made = Child(role, process)
    try:
        made.facts = await made.answer("open")
        yield made
    finally:
        await made.leave()
