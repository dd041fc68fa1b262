"""Before the house opens, a real connection tries whether uvicorn hands its sockets over; otherwise they go the public way."""

import logging
from typing import Any

import pytest
import uvicorn

from conference.wire import trial
from conference.wire.direct import HandingOver
from conference.wire.line import Line
from conference.wire.trial import PUBLIC_WAY, websocket_class, why_not


async def test_the_installed_uvicorn_hands_its_sockets_over() -> None:
    assert await why_not() is None
    assert websocket_class() is HandingOver


class Changed(HandingOver):
    """As if a release of uvicorn had renamed what we use."""

    def hand_over(self, *_: Any, **__: Any) -> Line:
        raise AttributeError("'Changed' object has no attribute 'conn'")


class Silent(HandingOver):
    """As if it closed the socket at the end of the application."""

    async def run_asgi(self) -> None:
        await super().run_asgi()
        self.transport.abort()


@pytest.mark.parametrize(("protocol", "why"), [(Changed, "does not hand its sockets over"), (Silent, "does not hand its sockets over")])
async def test_what_would_not_work_is_found_out(protocol: type[HandingOver], why: str) -> None:
    assert why in (await why_not(protocol) or "")


async def test_another_release_is_not_even_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uvicorn, "__version__", "0.99.0")
    assert await why_not() == "uvicorn 0.99.0 is not one of 0.54.x, which this release was made for"


def test_then_the_house_says_so_and_goes_the_public_way(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(uvicorn, "__version__", "0.99.0")
    caplog.set_level(logging.WARNING)
    trial.websocket_class.cache_clear()
    try:
        assert websocket_class() == PUBLIC_WAY
    finally:
        trial.websocket_class.cache_clear()
    assert [record.getMessage().split(":")[0] for record in caplog.records] == [
        "Sockets go the public way, which is slower and promises the same"
    ]
