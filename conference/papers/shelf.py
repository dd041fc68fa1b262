"""Booklets that were made, kept in this process until the programme changes: setting one takes a processor, and anybody may ask."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable

KEPT = 24  # booklets


class Shelf:
    """One maker at a time; the booklet that was not asked for the longest is forgotten first."""

    def __init__(self, places: int = KEPT) -> None:
        self._places = places
        self._made: OrderedDict[Hashable, bytes] = OrderedDict()
        self._making = asyncio.Lock()

    async def get(self, key: Hashable, make: Callable[[], Awaitable[bytes]]) -> bytes:
        if key not in self._made:
            async with self._making:
                if key not in self._made:  # nobody made it meanwhile
                    self._made[key] = await make()
                    while len(self._made) > self._places:
                        self._made.popitem(last=False)
        self._made.move_to_end(key)
        return self._made[key]
