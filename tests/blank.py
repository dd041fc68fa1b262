"""Databases that are migrated already: made once, and copied for each test."""

import atexit
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from conference.storage.database import file_of
from conference.storage.migrate import migrate

TEMPLATE = "blank"


def make_blank(url: str) -> None:
    """A migrated database at `url`, where there is none yet, or an empty one of PostgreSQL's."""
    if file := file_of(url):
        shutil.copy(_blank_file(), file)
    else:
        _copy_on_server(url)


@lru_cache
def _blank_file() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="conference-blank-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    migrate(f"sqlite:///{folder / 'conference.db'}")
    return folder / "conference.db"


def _copy_on_server(url: str) -> None:
    name = make_url(url).database
    with psycopg.connect(_server_with_template(_with_database(url, "postgres")), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}" STRATEGY FILE_COPY')


@lru_cache
def _server_with_template(server: str) -> str:
    """The server's own database, after its template was made."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{TEMPLATE}"')
    migrate(_with_database(server, TEMPLATE))
    return server


def _with_database(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)
