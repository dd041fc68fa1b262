"""The schema, brought to the newest revision in one transaction: killed halfway, nothing has happened."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event, text

from conference.storage.database import driver_url, file_of

FOLDER = Path(__file__).parent / "migrations"
LOCK = 7_212_021  # PostgreSQL's advisory lock, so that two starting processes take turns


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database at `url` (sqlite:///file or postgresql://...) to `revision`; does nothing where it is there already.

    On SQLite foreign keys are off meanwhile, since a table that is rebuilt would take its children with it.
    """
    _with_connection(url, lambda connection: command.upgrade(config(connection), revision))


def current_revision(url: str) -> str | None:
    """The revision that the database is at; None for an empty one."""
    return _with_connection(url, lambda connection: MigrationContext.configure(connection).get_current_revision())  # type: ignore[no-any-return]


def newest_revision() -> str | None:
    return ScriptDirectory(str(FOLDER)).get_current_head()


def config(connection: Connection) -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.attributes["connection"] = connection
    return settings


def _with_connection(url: str, act: Any) -> Any:
    file = file_of(url)
    if file:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{file}" if file else driver_url(url))
    if file:
        event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as connection:
            if not file:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            return act(connection)
    finally:
        engine.dispose()
