"""One rule of retention, carried out on one table."""

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, cast, or_
from sqlmodel import col

from conference.storage.database import Db
from conference.storage.ids import first_id_at
from conference.storage.personal import Kept, Purge
from conference.storage.taking import take_rows


async def purge(db: Db, kept: Kept, rule: Purge, real_now: datetime, *, dry_run: bool = False) -> int:
    """How many rows this rule concerns; unless it is a dry run, they are taken or emptied."""
    return await take_rows(db, kept.table, _due(kept, rule, real_now), sets=rule.sets, dry_run=dry_run)


def _due(kept: Kept, rule: Purge, real_now: datetime) -> ColumnElement[bool]:
    before = real_now - timedelta(days=rule.days)
    old: ColumnElement[bool] = _column(kept, rule.since) < before if rule.since else col(kept.table.id) < first_id_at(before)
    if rule.sets is None:
        return old
    return old & or_(*(_differs(_column(kept, name), value) for name, value in rule.sets.items()))


def _differs(column: Any, value: Any) -> ColumnElement[bool]:
    """JSON can't be compared everywhere: its text can."""
    if isinstance(value, (dict, list)):
        return cast(column, String) != json.dumps(value)
    return column.is_not(None) if value is None else column != value  # type: ignore[no-any-return]


def _column(kept: Kept, name: str) -> Any:
    return col(getattr(kept.table, name))
