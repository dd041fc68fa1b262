"""The schema, brought to the newest revision in one transaction: killed halfway, nothing has happened."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, OperationalError

from conference.errors import BadSettings
from conference.storage.database import driver_url, file_of

FOLDER = Path(__file__).parent / "migrations"
LOCK = 7_212_021  # PostgreSQL's advisory lock, so that two starting processes take turns


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database at `url` (sqlite:///file or postgresql://...) to `revision`; does nothing where it is there already.

    On SQLite foreign keys are off meanwhile, since a table that is rebuilt would take its children with it.
    Raises BadSettings, and changes nothing, where the database can't be used or is not ours.
    """

    def upgrade(connection: Connection) -> None:
        _check_ours(connection, shown(url))
        command.upgrade(config(connection), revision)

    _with_connection(url, upgrade)


def current_revision(url: str) -> str | None:
    """The revision that the database is at; None for an empty one."""
    return _with_connection(url, lambda connection: MigrationContext.configure(connection).get_current_revision())  # type: ignore[no-any-return]


def newest_revision() -> str | None:
    return ScriptDirectory(str(FOLDER)).get_current_head()


def shown(url: str) -> str:
    """The address as it may be printed: without its password."""
    return make_url(url).render_as_string(hide_password=True)


def _check_ours(connection: Connection, where: str) -> None:
    """Refuse a file with somebody else's tables, and a schema that a newer release made."""
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:  # a PostgreSQL database may hold tables of its extensions
        if connection.dialect.name == "sqlite" and set(inspect(connection).get_table_names()) - {"alembic_version"}:
            raise BadSettings(f"The database {where} holds tables that are not ours. Set CONFERENCE_DATABASE_URL to another file.")
    elif revision not in {known.revision for known in ScriptDirectory(str(FOLDER)).walk_revisions()}:
        raise BadSettings(
            f"The database {where} is at revision {revision}, which this release does not know: a newer one made it. "
            "Run that release, or set CONFERENCE_DATABASE_URL."
        )


def config(connection: Connection) -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.attributes["connection"] = connection
    return settings


def _with_connection(url: str, act: Any) -> Any:
    """Act in one transaction. What keeps us from the database is said in a sentence; a statement of ours that is wrong stays a bug."""
    try:
        return _in_transaction(url, act)
    except DatabaseError as wrong:
        if type(wrong) not in (DatabaseError, OperationalError):
            raise
        why = (str(wrong.orig).strip().splitlines() or ["no reason given"])[0]
        said = f"The database {shown(url)} can't be used: {why.rstrip('.')}."
        raise BadSettings(f"{said} Look there, or set CONFERENCE_DATABASE_URL.") from wrong
    except ModuleNotFoundError as wrong:
        raise BadSettings(f"The database {shown(url)} needs a driver: install the extra, pip install '.[postgres]'.") from wrong
    except OSError as wrong:
        said = f"The folder of the database {shown(url)} can't be made ({wrong.strerror})."
        raise BadSettings(f"{said} Set CONFERENCE_DATABASE_URL to another.") from wrong


def _in_transaction(url: str, act: Any) -> Any:
    file = file_of(url)
    if file:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{file}" if file else driver_url(url), hide_parameters=True)
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
