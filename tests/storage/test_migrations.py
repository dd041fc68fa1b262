"""The schema's history: forwards on both databases, twice without harm, and the same as what the code says."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlmodel import SQLModel

from conference.storage.database import driver_url, file_of
from conference.storage.migrate import current_revision, migrate, newest_revision


def test_an_empty_database_comes_to_the_newest_schema_and_stays_there(database_url: str) -> None:
    assert current_revision(database_url) is None
    migrate(database_url)
    migrate(database_url)
    assert current_revision(database_url) == newest_revision()


def test_the_migrated_schema_is_the_one_that_the_tables_describe(database_url: str) -> None:
    migrate(database_url)
    file = file_of(database_url)
    engine = create_engine(f"sqlite:///{file}" if file else driver_url(database_url))
    try:
        with engine.connect() as connection:
            differences = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": False}), SQLModel.metadata)
    finally:
        engine.dispose()
    assert differences == []
