"""Houses that are born grown up: one process loads the house's code once, and each server that a test starts is a fork of it.

`python -m tests.nursery` reads an order a line and answers each with a number: {"start": arguments, "environment": ..., "log": file} with
the id of a new process, {"bury": id} with how a dead one ended. It ends with whoever ordered.
"""

import atexit
import gc
import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from conference.__main__ import main
from conference.web.render import environment

HERE = Path(__file__).parents[1]


class Born:
    """A server that was forked; as much of `subprocess.Popen` as tests need."""

    def __init__(self, nursery: "Nursery", pid: int) -> None:
        self.pid, self._nursery, self._handle = pid, nursery, os.pidfd_open(pid)
        self.returncode: int | None = None

    def poll(self) -> int | None:
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        ended = self._ended(timeout)
        if ended is None:
            raise subprocess.TimeoutExpired("conference", timeout or 0)
        return ended

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            signal.pidfd_send_signal(self._handle, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _ended(self, seconds: float | None) -> int | None:
        if self.returncode is None and select.select([self._handle], [], [], seconds)[0]:
            self.returncode = self._nursery.order(bury=self.pid)
            os.close(self._handle)
        return self.returncode


class Nursery:
    """The process with everything loaded, as whoever orders sees it."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.nursery"]
        self._process = subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._one_at_a_time = threading.Lock()

    def start(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> Born:
        return Born(self, self.order(start=list(arguments), environment=dict(environment), log=str(log)))

    def order(self, **order: Any) -> int:
        asked, answered = self._process.stdin, self._process.stdout
        assert asked
        assert answered
        with self._one_at_a_time:
            asked.write(json.dumps(order) + "\n")
            asked.flush()
            return int(answered.readline())

    def close(self) -> None:
        self._process.communicate()


@lru_cache
def nursery() -> Nursery:
    """This test process's own, from the first server on."""
    made = Nursery()
    atexit.register(made.close)
    return made


def _load() -> None:
    """All that a house reads before it serves, and every page's template."""
    templates = environment()
    for name in templates.list_templates(extensions=["html", "txt"]):
        templates.get_template(name)
    gc.collect()
    gc.freeze()


def _orders() -> dict[str, Any] | None:
    """Carry out what is ordered; in a new process: what it shall be."""
    living = set()
    while line := sys.stdin.readline():
        order = json.loads(line)
        if dead := order.get("bury"):
            living.discard(dead)
            answer = os.waitstatus_to_exitcode(os.waitpid(dead, 0)[1])
        elif answer := os.fork():
            living.add(answer)
        else:
            return order  # type: ignore[no-any-return]
        print(answer, flush=True)
    for pid in living:
        os.kill(pid, signal.SIGTERM)
    return None


def _become(order: dict[str, Any]) -> None:
    """The house, with nothing of the nursery's: as if `python -m conference` had just read its code."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for ours, theirs in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(ours, theirs)
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = ["conference", *order["start"]]


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who orders hears it, and ends us
    _load()
    if house := _orders():
        _become(house)
        main()
