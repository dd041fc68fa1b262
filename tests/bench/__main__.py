"""`make bench`: what the wire, pages, feeds and places cost beside their floors and beside Starlette as people write it, in one run."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable

from tests.bench import report
from tests.bench.children import Lost
from tests.bench.fanout import fanout
from tests.bench.feeds import feeds
from tests.bench.machine import cores, described, most_sockets, stay_on
from tests.bench.memory import memory
from tests.bench.pages import pages
from tests.bench.places import places
from tests.bench.report import Part
from tests.bench.sleepers import sleepers
from tests.bench.votes import votes

LISTENERS = "500,5000,10000"
IDLE = 2000  # listeners whose memory is measured
ROUNDS = 200
Measure = Callable[[], Awaitable[Part]]


def main() -> int:
    """The exit status: 1 when messages were lost, doubled or out of order; a missed target is printed, no more."""
    options, here, machine = _options(), cores(), described()
    most_sockets()
    print("  ".join(f"{name} {value}" for name, value in machine.items()), flush=True)
    if here.server == here.load:
        print("Server and load share one core here: the times to the last receipt say little.")
    if options.quick:
        print("Quick: this shows that it runs; figures and verdicts say nothing.")
    stay_on(here.load)
    quick: bool = options.quick
    sizes = [500] if quick else [int(size) for size in options.listeners.split(",")]
    measures: dict[str, Measure] = {
        "fanout": lambda: fanout(here, sizes, 10 if quick else ROUNDS),
        "memory": lambda: memory(here, 500 if quick else IDLE),
        "votes": lambda: votes(here, 1.0, 200) if quick else votes(here, 5.0),
        "sleepers": lambda: sleepers(here, 1, 2.0, 200) if quick else sleepers(here, 5, 6.0),
        "feeds": lambda: feeds(here, 200, 1) if quick else feeds(here),
        "pages": lambda: pages(here, 2, 400) if quick else pages(here, 5, 4000),
        "places": lambda: places(here, 100, 100) if quick else places(here),
    }
    parts = asyncio.run(_measure({name: measure for name, measure in measures.items() if options.only in (None, name)}))
    report.write(machine, parts)
    print(f"\nWritten to {report.FILE}")
    return 1 if any(part.faults for part in parts.values()) else 0


async def _measure(measures: dict[str, Measure]) -> dict[str, Part]:
    parts = {}
    for name, measure in measures.items():
        print(f"\nMeasuring: {name} ...", flush=True)
        try:
            parts[name] = await measure()
        except Lost as lost:
            parts[name] = Part(name, (), faults=[str(lost)])
        parts[name].show()
    return parts


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--listeners", default=LISTENERS, help=f"for fan-out, with commas ({LISTENERS})")
    parser.add_argument("--quick", action="store_true", help="small rooms and few rounds: whether it runs")
    parser.add_argument("--only", choices=("fanout", "memory", "votes", "sleepers", "feeds", "pages", "places"), help="one part")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
