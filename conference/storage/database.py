"""The database: `reading()` sees one moment, `writing()` is one transaction that is on the disk when it returns.

SQLite: a single writer connection that begins IMMEDIATE (writers queue in order, in memory, instead of polling a busy file),
WAL so that readers never wait, synchronous=FULL so that an acknowledged write survives a power cut, secure_delete so that what was deleted
or changed is not left in the file's free space. PostgreSQL: rows that decide
(`locked`) are taken FOR UPDATE; readers get a repeatable-read snapshot.
"""

import logging
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import Session
from sqlmodel.ext.asyncio.session import AsyncSession

Db = AsyncSession
Hear = Callable[[Mapping[Any, Any]], None]  # what a transaction noted in `db.info`

logging.getLogger("aiosqlite").setLevel(logging.INFO)  # at DEBUG it writes down every value: names, addresses, hashes
T = TypeVar("T")
PART = 500  # values in one question
READERS = 8  # connections that read at the same time
WRITERS_PG = 8  # with the readers 16 for each process; a server takes 100 unless told otherwise
BUSY_MS = 10_000
LOCK_MS = 10_000
WAIT_SECONDS = 30  # for a connection, before the answer is a calm 503


class Database:
    """Where the house keeps what it knows. `url` is sqlite:///file or postgresql://..."""

    def __init__(self, url: str) -> None:
        self.url = driver_url(url)
        self.is_sqlite = self.url.startswith("sqlite")
        self._listeners: list[Hear] = []
        if self.is_sqlite:
            self.writer = _sqlite_engine(self.url, "BEGIN IMMEDIATE", size=1)
            self.reader = _sqlite_engine(self.url, "BEGIN", size=READERS)
        else:
            self.writer = _postgres_engine(self.url, WRITERS_PG)
            reader = _postgres_engine(self.url, READERS)
            self.reader = reader.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Db]:
        """One consistent moment of the database; nothing can be changed through it."""
        async with AsyncSession(self.reader, expire_on_commit=False) as db:
            yield db

    @asynccontextmanager
    async def writing(self, kind: type[Session] = Session) -> AsyncIterator[Db]:
        """One transaction: committed and synced when the block ends well, gone when it raises."""
        async with AsyncSession(self.writer, expire_on_commit=False, sync_session_class=kind) as db:
            async with db.begin():
                yield db
            for hear in self._listeners:
                hear(db.info)

    def listen(self, hear: Hear) -> None:
        """Call `hear` after each commit of this process, before anybody is answered. It must neither wait nor raise."""
        self._listeners.append(hear)

    async def is_sound(self) -> bool:
        """Whether the database holds together; asked once, at start."""
        if not self.is_sqlite:
            return await self.answers()
        async with self.reader.connect() as connection:
            whole: str = (await connection.execute(text("PRAGMA quick_check"))).scalar_one()
            return whole == "ok" and not (await connection.execute(text("PRAGMA foreign_key_check"))).first()

    async def drop_old_pages(self) -> None:
        """Bring SQLite's log into the file and empty it: what rows were before is in neither then. A server's tables it leaves alone.

        Not while somebody reads the log: then it happens with the next call, or the next time that nobody does.
        """
        if self.is_sqlite:
            async with self.writer.connect() as connection:
                raw = (await connection.get_raw_connection()).driver_connection
                assert raw
                await raw.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")

    async def answers(self) -> bool:
        """Whether the database can be asked anything at all."""
        try:
            async with self.reader.connect() as connection:
                one: int = (await connection.execute(text("SELECT 1"))).scalar_one()
                return one == 1
        except (SQLAlchemyError, OSError):
            return False

    async def close(self) -> None:
        await self.writer.dispose()
        await self.reader.dispose()


def driver_url(url: str) -> str:
    """The same address with the driver that we use: aiosqlite, or psycopg 3."""
    for plain, ours in (("sqlite://", "sqlite+aiosqlite://"), ("postgresql://", "postgresql+psycopg://")):
        if url.startswith(plain):
            return ours + url.removeprefix(plain)
    return url


def file_of(url: str) -> str | None:
    """The file of an SQLite address; None for a server's."""
    parts = make_url(driver_url(url))
    return parts.database if parts.get_backend_name() == "sqlite" else None


def _postgres_engine(url: str, size: int) -> AsyncEngine:
    """Values stay out of the log (`hide_parameters`); who waits too long for a row gets a calm 503."""
    patience = {"options": f"-c lock_timeout={LOCK_MS}"}
    return create_async_engine(
        url, pool_size=size, max_overflow=0, pool_timeout=WAIT_SECONDS, pool_pre_ping=True, hide_parameters=True, connect_args=patience
    )


def _sqlite_engine(url: str, begin: str, *, size: int) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=size, max_overflow=0, pool_timeout=WAIT_SECONDS, hide_parameters=True)

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", f"busy_timeout={BUSY_MS}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


def in_parts(values: Collection[T]) -> Iterator[list[T]]:
    """A database takes only so many values in one question."""
    whole = list(values)
    for start in range(0, len(whole), PART):
        yield whole[start : start + PART]
