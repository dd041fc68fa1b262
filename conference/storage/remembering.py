"""What a transaction has read once is not asked again while nothing has been written to the tables it came from.

For transactions that many acts share: each of them asks for the same event, the same locks, the same lists. What others commit
meanwhile in tables that are not locked is seen by the next transaction, as if each act had begun with this one.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import FrozenResult, Table, event
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.sql import visitors

from conference.storage.database import Db


@dataclass(frozen=True, slots=True)
class Known:
    """What a question was answered with."""

    tables: frozenset[str]
    locks: bool
    answer: FrozenResult[Any]


class Remembering:
    """Listens to one session. `wrote` is whether anything was written since somebody set it back."""

    def __init__(self, db: Db) -> None:
        self.wrote = False
        self._session = db.sync_session
        self._waits = db.get_bind().dialect.name != "sqlite"  # for a lock, while others commit
        self._locked: set[str] = set()  # tables: acts of one address lock the same rows, or (registrations) rows locked ahead
        self._known: dict[Any, Known] = {}
        event.listen(self._session, "do_orm_execute", self._asked)
        event.listen(self._session, "after_flush", self._flushed)

    def forget(self) -> None:
        """Something was taken back: rows are what they were, and locks taken since are gone."""
        self._known.clear()
        self._locked.clear()

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
        known = self._known.get(question) or self._ask(question, state)
        return known.answer()

    def _ask(self, question: Any, state: ORMExecuteState) -> "Known":
        """Who had to wait for a lock looks again at all that isn't locked; and a lock on nothing keeps nobody from making it."""
        locks = state.statement._for_update_arg is not None  # type: ignore[attr-defined]
        known = Known(frozenset(_tables(state.statement)), locks, state.invoke_statement().freeze())
        if locks and self._waits and not known.tables <= self._locked:
            self._locked |= known.tables
            self._known = {asked: told for asked, told in self._known.items() if told.locks}
        if not locks or known.answer.data:
            self._known[question] = known
        return known

    def _flushed(self, session: Any, _context: Any) -> None:
        changed = (*session.new, *session.dirty, *session.deleted)
        self._written({row.__table__.name for row in changed})

    def _written(self, tables: set[str]) -> None:
        self.wrote = True
        self._known = {question: known for question, known in self._known.items() if not known.tables & tables}


def _tables(statement: Any) -> set[str]:
    return {table.name for table in visitors.iterate(statement) if isinstance(table, Table)}


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
