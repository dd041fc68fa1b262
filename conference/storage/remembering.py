"""What a transaction has read once is not asked again while nothing has been written to the tables it came from.

For transactions that many acts share: each of them asks for the same event, the same locks, the same lists. What others commit
meanwhile in tables that are not locked is seen by the next transaction, as if each act had begun with this one.
"""

from typing import Any

from sqlalchemy import Table, event
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.sql import visitors

from conference.storage.database import Db


class Remembering:
    """Listens to one session. `wrote` is whether anything was written since somebody set it back."""

    def __init__(self, db: Db) -> None:
        self.wrote = False
        self._session = db.sync_session
        self._known: dict[Any, tuple[frozenset[str], Any]] = {}  # question: its tables, its answer
        event.listen(self._session, "do_orm_execute", self._asked)
        event.listen(self._session, "after_flush", self._flushed)

    def forget(self) -> None:
        """Something was taken back: rows are what they were, and locks taken since are gone."""
        self._known.clear()

    def _asked(self, state: ORMExecuteState) -> Any:
        if not state.is_select:
            self._written(_tables(state.statement))
            return None
        if state.is_column_load or state.is_relationship_load:
            return None
        if self._session.new or self._session.dirty or self._session.deleted:
            self._session.flush()
        asked = state.statement._generate_cache_key()  # type: ignore[attr-defined]  # as SQLAlchemy's own caching example does
        if asked is None:
            return None
        question = (asked.key, tuple(_plain(bound.effective_value) for bound in asked.bindparams))
        if question not in self._known:
            tables = frozenset(_tables(state.statement))
            self._known[question] = (tables, state.invoke_statement().freeze())
        return self._known[question][1]()

    def _flushed(self, session: Any, _context: Any) -> None:
        changed = (*session.new, *session.dirty, *session.deleted)
        self._written({row.__table__.name for row in changed})

    def _written(self, tables: set[str]) -> None:
        self.wrote = True
        self._known = {question: known for question, known in self._known.items() if not known[0] & tables}


def _tables(statement: Any) -> set[str]:
    return {table.name for table in visitors.iterate(statement) if isinstance(table, Table)}


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
