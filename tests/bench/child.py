"""One process of a benchmark: `python -m tests.bench.child ROLE CORE OPTIONS`, conducted by children.py."""

import asyncio
import gc
import json
import os
import sys
from importlib import import_module
from typing import Any

import uvloop

from tests.bench.children import LINE
from tests.bench.crowd import Crowd
from tests.bench.machine import most_sockets, stay_on
from tests.bench.serving import Commands

# Only the one that is wanted is imported: what the others load would be in its memory.
SERVERS = {
    "raw": "raw.Raw",
    "stock": "stock.Stock",
    "ours": "ours.Ours",
    "house": "whole_house.WholeHouse",
    "stock_page": "page_servers.StockPage",
    "house_page": "page_servers.HousePage",
    "feed_house": "feed_servers.FeedHouse",
    "feed_floor": "feed_servers.FeedFloor",
    "place_house": "place_servers.PlaceHouse",
    "place_floor": "place_servers.PlaceFloor",
}


async def main(role: str, core: int | None, options: dict[str, Any]) -> None:
    """Open, say so, and obey until the input ends."""
    stay_on(core)
    most_sockets()
    obeys: Any
    if role == "crowd":
        gc.disable()  # the load's own pauses are nobody's latency
        obeys, facts = Crowd(), {}
    else:
        module, _, name = SERVERS[role].partition(".")
        server = getattr(import_module(f"tests.bench.{module}"), name)(**options)
        obeys, facts = Commands(server), await server.open()
    _say({"said": facts})
    orders = asyncio.StreamReader(limit=LINE)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while line := await orders.readline():
        command, given = json.loads(line)
        try:
            _say({"said": await getattr(obeys, command)(**given)})
        except Exception as wrong:
            _say({"wrong": repr(wrong)})


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3])))
        os._exit(0)  # thousands of open sockets need no goodbye
