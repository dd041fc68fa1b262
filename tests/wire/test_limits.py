"""How much one socket may say, and from where it may be opened."""

import logging

import pytest

from conference.wire.limits import BURST, STRIKES, Bucket
from conference.wire.origin import is_ours
from conference.wire.quiet import OneLine, quieten


def test_a_burst_is_fine_then_the_long_run_counts() -> None:
    bucket = Bucket(now=100.0, burst=3, per_second=2.0)
    assert [bucket.take(100.0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(100.5), bucket.take(100.5)] == [True, False]
    assert [bucket.take(1000.0) for _ in range(4)] == [True, True, True, False]  # a long silence saves up no more than a burst


def test_a_flooder_is_overdrawn_after_so_many_refusals_and_a_pause_forgives() -> None:
    bucket = Bucket(now=0.0)
    for _ in range(BURST + STRIKES - 1):
        bucket.take(0.0)
    assert not bucket.overdrawn
    assert bucket.take(60.0)  # a minute later
    assert [bucket.take(60.0) for _ in range(BURST + STRIKES - 2)].count(False) == STRIKES - 1
    assert not bucket.overdrawn
    bucket.take(60.0)
    assert bucket.overdrawn


@pytest.mark.parametrize(
    ("origin", "host", "ours"),
    [
        ("https://events.example.org", "10.0.0.7:8000", True),  # the house's own address, behind a proxy
        ("http://127.0.0.1:8000", "127.0.0.1:8000", True),  # the host that was asked for
        ("HTTP://LocalHost:8000", "localhost:8000", True),
        ("https://evil.example", "127.0.0.1:8000", False),
        ("https://events.example.org.evil.example", "127.0.0.1:8000", False),
        ("https://events.example.org:444", "127.0.0.1:8000", False),
        ("http://events.example.org", "127.0.0.1:8000", False),  # not by TLS
        ("http://127.0.0.1:8001", "127.0.0.1:8000", False),
        ("http://evil.example@127.0.0.1:8000", "127.0.0.1:8000", False),
        ("file://127.0.0.1:8000", "127.0.0.1:8000", False),
        ("null", "127.0.0.1:8000", False),
        ("", "127.0.0.1:8000", False),
        ("http://", "", False),
    ],
)
def test_only_our_own_pages_may_open_a_socket(origin: str, host: str, ours: bool) -> None:
    assert is_ours(origin, host, "https://events.example.org") is ours


def test_what_a_stranger_can_bring_about_is_one_line_in_the_log() -> None:
    quieten()
    quieten()
    server = logging.getLogger("uvicorn.error")
    assert len([known for known in server.filters if isinstance(known, OneLine)]) == 1
    try:
        b"\xff".decode()
    except UnicodeDecodeError as wrong:
        record = logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, "Invalid", (), (type(wrong), wrong, wrong.__traceback__))
    assert OneLine().filter(record)
    assert (record.exc_info, record.levelname) == (None, "INFO")
