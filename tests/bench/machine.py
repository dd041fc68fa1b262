"""What this machine is, and what it can hold."""

import gc
import os
import platform
import resource
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

SPARE = 200  # file descriptors for everything that isn't a listener
PAGE = resource.getpagesize()


@dataclass(frozen=True, slots=True)
class Cores:
    """Server and load, each on a core of its own where there are two."""

    server: int | None
    load: int | None


def cores() -> Cores:
    if not hasattr(os, "sched_getaffinity"):
        return Cores(None, None)
    ours = sorted(os.sched_getaffinity(0))
    return Cores(ours[0], ours[-1])


def stay_on(core: int | None) -> None:
    if core is not None and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})


def most_sockets() -> int:
    """Listeners that one process can hold, after the limit was raised as far as it goes."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return (1 << 20 if hard == resource.RLIM_INFINITY else hard) - SPARE


def resident() -> int:
    """Bytes of this process in memory."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * PAGE


def spent_by(parent: int | None) -> float:
    """CPU seconds of a server that has a process for each connection: its own, and those of its processes, ended ones too."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat") if parent else ():
        with suppress(OSError):
            parts = stat.read_text().rpartition(")")[2].split()
            if int(stat.parent.name) == parent:
                ticks += sum(map(int, parts[11:15]))
            elif int(parts[1]) == parent:
                ticks += sum(map(int, parts[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def tidy() -> None:
    for _ in range(3):
        gc.collect()


def described() -> dict[str, object]:
    """The machine and what runs on it, for the record."""
    packages = {name: version(name) for name in ("uvicorn", "uvloop", "starlette", "websockets")}
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "machine": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        **packages,
    }
