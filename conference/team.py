"""One process or several behind a port: uvicorn's server and supervisor, which say where to click and end in time."""

import gc
import multiprocessing
import os
import signal
import threading
import time
from multiprocessing.process import BaseProcess
from socket import socket

import uvicorn
from uvicorn.supervisors import Multiprocess

STOP_SECONDS = 7  # for what is under way when the house is told to stop
TIDY_SECONDS = 1.5  # for what a process closes and gives back after that


def settle() -> None:
    """What a process has loaded stays for good: collections need not walk through it again while people wait."""
    gc.collect()
    gc.freeze()


class Announcing(uvicorn.Server):
    """A server that says where to click, once it can be clicked."""

    def __init__(self, config: uvicorn.Config, words: str) -> None:
        super().__init__(config)
        self.words = words

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started:
            print(self.words, flush=True)


class Team(Multiprocess):
    """Several processes on one port; who dies is replaced. Says where to click once all are ready."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket], words: str) -> None:
        super().__init__(config, sockets)
        self.words: str | None = words

    def keep_subprocess_alive(self) -> None:
        """uvicorn's waits for each one's sign of life, and a stop would wait with it: so only where somebody died."""
        if not all(worker.process.is_alive() for worker in self.processes):
            super().keep_subprocess_alive()
        elif self.words and all(worker.is_ready(timeout=1) for worker in self.processes):
            print(self.words, flush=True)
            self.words = None

    def join_all(self) -> None:
        """Who is frozen must not keep the others from ending."""
        until = time.monotonic() + STOP_SECONDS + TIDY_SECONDS
        for worker in self.processes:
            worker.process.join(max(until - time.monotonic(), 0))
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()


def end_with_parent() -> None:
    """In a worker: be told to stop when whoever would stop us is no more (kill -9), or nobody could use the port again."""
    parent = multiprocessing.parent_process()
    if parent:
        threading.Thread(target=_outlive, args=(parent,), daemon=True).start()


def _outlive(parent: BaseProcess) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
