"""One question to the database for all who ask it at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")
MOST = 200  # keys in one question


class Gathering(Generic[K, V]):
    """`load` finds what there is for these keys. Who asks while it is under way shares the next: no answer is older than its question."""

    def __init__(self, load: Callable[[Collection[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._load = load
        self._waiting: dict[K, asyncio.Future[V | None]] = {}
        self._work: asyncio.Task[None] | None = None

    async def find(self, key: K) -> V | None:
        answer = self._waiting.get(key)
        if answer is None:
            answer = self._waiting[key] = asyncio.get_running_loop().create_future()
        if self._work is None:
            self._work = asyncio.create_task(self._find_all())
        return await asyncio.shield(answer)

    async def _find_all(self) -> None:
        while self._waiting:
            some = {key: self._waiting.pop(key) for key in list(self._waiting)[:MOST]}
            try:
                found = await self._load(some)
            except Exception as wrong:
                for answer in some.values():
                    answer.set_exception(wrong)
                    answer.exception()  # nobody may be left to hear it
            else:
                for key, answer in some.items():
                    answer.set_result(found.get(key))
        self._work = None
