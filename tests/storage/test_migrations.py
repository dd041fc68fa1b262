"""The schema's history: forwards on both databases, twice without harm, and the same as what the code says."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlmodel import SQLModel

from conference.storage.database import driver_url, file_of
from conference.storage.migrate import current_revision, migrate, newest_revision

AT, END = "'2021-06-01 09:00:00.000000'", "'2021-06-02 09:00:00.000000'"
EVENT, ONE, TWO, VENUE, ROOM, SESSION, POOL, ALL = (f"'{number:032x}'" for number in range(1, 9))


def _row(table: str, **values: str) -> str:
    return f'INSERT INTO "{table}" ({", ".join(values)}) VALUES ({", ".join(values.values())})'


def _person(id_: str, name: str) -> str:
    return _row(
        "person",
        id=id_,
        email=f"'{name}@example.org'",
        email_key=f"'{name}@example.org'",
        name=f"'{name}'",
        language="'en'",
        organisation="''",
        made_at=AT,
    )


BEFORE_0012 = (
    _row(
        "event",
        **dict.fromkeys(("slug", "title", "summary", "about", "who_for", "take_part", "fee_words"), "'x'"),
        **dict.fromkeys(("made_at", "modified_at", "starts_at"), AT),
        id=EVENT, format="'online'", zone="'UTC'", ends_at=END, registration="'open'", registration_illustrative="false", revision="1",
    ),
    _row("venue", id=VENUE, zone="'UTC'", online="true", **dict.fromkeys(("slug", "name", "address", "source"), "'x'")),
    _row("room", id=ROOM, event_id=EVENT, venue_id=VENUE, slug="'x'", name="'x'"),
    _row(
        "session",
        **dict.fromkeys(("slug", "title", "abstract", "join_url", "stream_url", "captions_url", "illustrative"), "'x'"),
        **dict.fromkeys(("published_words", "our_reading", "cancel_reason"), "'x'"),
        **dict.fromkeys(("made_at", "modified_at", "starts_at"), AT),
        id=SESSION, event_id=EVENT, room_id=ROOM, type="'workshop'", ends_at=END, for_everyone="false", sequence="0",
    ),
    _person(ONE, "one"),
    _person(TWO, "two"),
    _row("capacity_pool", id=POOL, event_id=EVENT, session_id=SESSION, capacity="1", taken="1", last_turn="1"),
    _row("capacity_pool", id=ALL, event_id=EVENT, capacity="23", taken="2", last_turn="0"),
    _row("registration", id=ONE, event_id=EVENT, person_id=ONE, name="'one'", made_at=AT, confirmed_at=AT, lapsed="false"),
    _row("registration", id=TWO, event_id=EVENT, person_id=TWO, name="'two'", made_at=AT, confirmed_at=AT, lapsed="false"),
    _row("booking", id=ONE, pool_id=POOL, session_id=SESSION, person_id=ONE, booked_at=AT),
    _row("waitlist_entry", id=TWO, pool_id=POOL, session_id=SESSION, person_id=TWO, turn="1", joined_at=AT),
)  # fmt: skip
KEPT = (
    ("registration", f"pool_id = {ALL}"),
    ("booking", f"pool_id = {POOL} AND given_up_at IS NULL"),
    ("waitlist_entry", "accepted_at IS NULL AND left_at IS NULL AND closed_at IS NULL"),
)


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


def test_who_has_a_seat_or_a_turn_keeps_it_when_pools_come_to_serve_more(database_url: str) -> None:
    """Revision 0012 with rows: a session's pool becomes one that serves it, an event's counts its registrations."""
    migrate(database_url, "0011")
    file = file_of(database_url)
    engine = create_engine(f"sqlite:///{file}" if file else driver_url(database_url))
    with engine.begin() as connection:
        for statement in BEFORE_0012:
            connection.exec_driver_sql(statement)
    migrate(database_url)
    with engine.connect() as connection:
        pools = connection.exec_driver_sql("SELECT serves, capacity, taken, held FROM capacity_pool ORDER BY capacity").all()
        served = connection.exec_driver_sql("SELECT pool_id FROM pool_session").all()
        kept = [connection.exec_driver_sql(f"SELECT count(*) FROM {table} WHERE {what}").scalar_one() for table, what in KEPT]
    engine.dispose()
    assert [tuple(pool) for pool in pools] == [("sessions", 1, 1, 0), ("event", 23, 2, 0)]
    assert len(served) == 1  # under the name that the pool always had
    assert kept == [2, 1, 1]
