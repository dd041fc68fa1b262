"""Taking what is due out of a table, or only counting it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, func, update
from sqlmodel import col, delete, select

from conference.storage.database import Db
from conference.storage.row import Row


async def take_rows(
    db: Db, table: type[Row], due: ColumnElement[bool], *, sets: Mapping[str, Any] | None = None, dry_run: bool = False
) -> int:
    """How many rows; unless it is a dry run they are deleted, or emptied to `sets`."""
    if dry_run:
        return int((await db.exec(select(func.count(col(table.id))).where(due))).one())
    statement: Any = delete(table) if sets is None else update(table).values(**sets)
    return int((await db.exec(statement.where(due).execution_options(synchronize_session=False))).rowcount)
