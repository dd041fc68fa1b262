"""A host of streams: the tiny one of tests/fixtures on an origin of its own, whole, growing as a live one does, or silent."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.async_api import Page

from conference.programme.tables import Session
from tests.live.cast import World

FOLDER = Path(__file__).parents[1] / "fixtures" / "stream"
SEGMENT = 2.0  # seconds
BEGUN = 2  # segments that are there when a live stream is first asked for

PATIENCE = 20.0  # seconds that a test waits for a stream to move
VIDEO_FACTS = """({ paused, videoWidth, duration, currentTime, readyState, textTracks }) => ({
  paused, duration, width: videoWidth, at: currentTime, ready: readyState,
  cues: [...textTracks].flatMap((track) => [...track.activeCues ?? []].map((cue) => cue.text)),
})"""


class StreamHost(ThreadingHTTPServer):
    """`asked` is what was asked for, in order; while `is_silent` every answer is 503."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), partial(_Handler, directory=str(FOLDER)))
        self.asked: list[str] = []
        self.is_silent = False
        self.live_since: float | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def go_live(self) -> None:
        """From now on playlists grow by a segment every two seconds, and have an end only when all is there."""
        self.live_since = time.monotonic()

    def playlist(self, name: str) -> str:
        text = (FOLDER / name).read_text()
        if self.live_since is None or "#EXTINF" not in text:
            return text
        head, *segments = text.replace("PLAYLIST-TYPE:VOD", "PLAYLIST-TYPE:EVENT").replace("#EXT-X-ENDLIST\n", "").split("#EXTINF")
        there = BEGUN + int((time.monotonic() - self.live_since) / SEGMENT)
        end = "#EXT-X-ENDLIST\n" if there >= len(segments) else ""
        return "#EXTINF".join([head, *segments[:there]]) + end


class _Handler(SimpleHTTPRequestHandler):
    server: StreamHost

    def do_GET(self) -> None:
        name = self.path.split("?")[0].lstrip("/")
        self.server.asked.append(name)
        if self.server.is_silent:
            self.send_error(503)
        elif name.endswith(".m3u8"):
            body = self.server.playlist(name).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/vnd.apple.mpegurl")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        else:
            super().do_GET()

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def stream_host() -> Iterator[StreamHost]:
    with StreamHost() as host:
        thread = Thread(target=host.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield host
        finally:
            host.shutdown()
            thread.join()


async def give_stream(house: World, stream_url: str, captions_url: str = "") -> None:
    async with house.house.database.writing() as db:
        session = await db.get(Session, house.cast.session.id)
        assert session
        session.stream_url, session.captions_url = stream_url, captions_url


async def is_playing(page: Page, after: float = 0.5) -> dict[str, Any]:
    """Wait until it moves; what the video then is."""
    async with asyncio.timeout(PATIENCE):
        while (found := await video_of(page))["at"] <= after:  # noqa: ASYNC110 - nothing says when
            await asyncio.sleep(0.1)
    return found


async def video_of(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = await page.locator("video").evaluate(VIDEO_FACTS)
    return found
