"""Several processes behind one port, on a real PostgreSQL and a real Valkey: they share the work, and replace who dies."""

import socket
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import psycopg
import pytest

from conference.clock import Clock
from conference.errors import BadSettings
from conference.house import need_sharing
from conference.record.actions import hold_lease
from conference.settings import Settings, read_settings
from conference.storage.database import Database
from conference.web.render import environment
from conference.web.request import House
from conference.worker import DUTY, LEASE, PAUSE, one_round
from tests.command.test_command import conference
from tests.servers import Process, Valkey, running
from tests.world import BEFORE, rehearse

POSTGRES, POST = "postgresql://user:word@host:5432/name", "redis://host:6379/0"
SET_DATABASE = "CONFERENCE_DATABASE_URL=postgresql://user:password@host:5432/name"
SET_POST = "CONFERENCE_BROKER_URL=redis://host:6379/0"
NEEDS = "--workers 2 needs a database and a post that all of them can share. Set "


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, f"{SET_DATABASE} and {SET_POST}"),
        ({"database_url": POSTGRES}, SET_POST),
        ({"broker_url": POST}, SET_DATABASE),
        ({"broker_url": POST, "database_url": "sqlite+aiosqlite:///var/conference.db"}, SET_DATABASE),
    ],
)
def test_several_processes_without_what_they_must_share_are_refused(given: dict[str, str], missing: str) -> None:
    settings = read_settings(demo=True, **given)
    need_sharing(settings, 1)
    with pytest.raises(BadSettings) as refused:
        need_sharing(settings, 2)
    assert str(refused.value) == f"{NEEDS}{missing}."


def test_the_command_refuses_before_anything_is_written(tmp_path: Path) -> None:
    answer = conference("serve", "--workers", "2", data=tmp_path / "var")
    assert (answer.returncode, answer.stderr, (tmp_path / "var").exists()) == (2, f"{NEEDS}{SET_DATABASE} and {SET_POST}.\n", False)


def test_two_processes_serve_one_that_is_killed_is_replaced_and_all_end_together(tmp_path: Path, postgres_url: str, valkey: Valkey) -> None:
    house = Process(tmp_path / "var", "serve", "--workers", "2", database_url=postgres_url, BROKER_URL=valkey.url)
    house.start()
    family = house.workers()
    try:
        until(lambda: f"Open {house.address}" in house.log())
        assert (len(family), house.log().count("Preparing the database"), house.log().count("Open http")) == (2, 1, 1)
        assert who_serves(house) == {worker.pid for worker in family}
        victim, other = family
        victim.kill()
        for _ in range(20):
            assert page(house.address) == 200
            time.sleep(0.05)
        until(lambda: len(house.workers()) == 2)
        family = house.workers()
        assert [worker.pid in (victim.pid, other.pid) for worker in family] in ([True, False], [False, True])
        assert who_serves(house) == {worker.pid for worker in family}
        assert house.stop() < 10
        assert [worker.is_running() for worker in family] == [False, False]
        assert (house.log().count("Open http"), "Traceback" in house.log()) == (1, False)
    finally:
        house.stop()


@pytest.mark.soak
def test_a_frozen_process_does_not_keep_the_house_from_stopping(tmp_path: Path, postgres_url: str, valkey: Valkey) -> None:
    with running(tmp_path / "var", "serve", "--workers", "2", database_url=postgres_url, BROKER_URL=valkey.url) as house:
        until(lambda: "Open http" in house.log())
        family = house.workers()
        family[0].suspend()
        assert house.stop() < 10
        assert [worker.is_running() for worker in family] == [False, False]


def test_nobody_serves_on_when_whoever_started_them_is_killed(tmp_path: Path, postgres_url: str, valkey: Valkey) -> None:
    house = Process(tmp_path / "var", "serve", "--workers", "2", database_url=postgres_url, BROKER_URL=valkey.url)
    house.start()
    until(lambda: "Open http" in house.log())
    family = house.workers()
    house.kill()
    _, left = psutil.wait_procs(family, timeout=10)
    assert left == []


def test_the_mail_goes_out_though_the_process_that_sent_it_is_killed(tmp_path: Path, postgres_url: str, valkey: Valkey) -> None:
    both = [Process(tmp_path / name, "serve", anew=True, database_url=postgres_url, BROKER_URL=valkey.url) for name in ("one", "two")]
    try:
        for house in both:
            house.start()
        holder = next(house for house in both if house.running and house.running.pid == pid_on_duty(postgres_url))
        other = both[1 - both.index(holder)]
        ask_for_a_link(other, "first@delegates.example")
        until(lambda: mails(holder) == 1, PAUSE + 2)
        holder.kill()
        ask_for_a_link(other, "second@delegates.example")
        until(lambda: mails(other) == 1, LEASE.total_seconds() + PAUSE + 2)
        assert (mails(holder), mails(other)) == (1, 1)
    finally:
        for house in both:
            house.stop()


async def test_a_jump_of_the_rehearsal_s_clock_reaches_every_process(sqlite: Database, settings: Settings) -> None:
    houses = [House(settings, sqlite, Clock(), environment()) for _ in range(2)]
    for number, house in enumerate(houses):
        await one_round(house, f"process {number}")
    assert [house.clock.rehearsing for house in houses] == [False, False]
    await rehearse(sqlite, BEFORE)
    for number, house in enumerate(houses):
        await one_round(house, f"process {number}")
    assert all(abs(house.clock.now() - BEFORE) < timedelta(seconds=5) for house in houses)


async def test_a_duty_is_taken_over_when_its_lease_is_over_and_not_before(sqlite: Database) -> None:
    now = datetime.now(UTC)
    moments = [("one", 0.0), ("two", 1.0), ("one", 6.0), ("two", 13.9), ("two", 14.0), ("one", 15.0)]
    taken = []
    for holder, seconds in moments:
        async with sqlite.writing() as db:
            taken.append(await hold_lease(db, DUTY, holder, LEASE, now + timedelta(seconds=seconds)))
    assert taken == [True, False, True, False, True, False]


def who_serves(house: Process) -> set[int]:
    """Which processes take a connection, of many: as soon as two did."""
    seen, lines = set[int](), list[socket.socket]()
    try:
        until(lambda: len(house.workers()) == 2)
        for _ in range(300):
            line = socket.create_connection(("127.0.0.1", house.port), timeout=5)
            lines.append(line)
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert line.recv(100).startswith(b"HTTP/1.1 200 ")
            here = line.getsockname()[1]
            for worker in house.workers():
                if any(end.raddr and end.raddr.port == here for end in worker.net_connections("tcp")):
                    seen.add(worker.pid)
            if len(seen) == 2:
                break
    finally:
        for line in lines:
            line.close()
    return seen


def page(address: str) -> int:
    """The status of a page; a connection that the killed process had taken is tried again, as browsers do."""
    for _ in range(3):
        try:
            with urllib.request.urlopen(address + "/readyz", timeout=5) as answer:
                return int(answer.status)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    return 0


def pid_on_duty(url: str) -> int:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT holder FROM lease").fetchone()
    assert found
    return int(found[0].split(":")[1])


def ask_for_a_link(house: Process, email: str) -> None:
    data = urllib.parse.urlencode({"email": email}).encode()
    with urllib.request.urlopen(house.address + "/sign-in", data=data, timeout=5) as answer:
        assert answer.status == 200


def mails(house: Process) -> int:
    return len(list((house.data / "mail").glob("*.eml")))


def until(holds: Callable[[], bool], within: float = 10) -> None:
    ends = time.monotonic() + within
    while not holds():
        assert time.monotonic() < ends, "it did not come about in time"
        time.sleep(0.05)
