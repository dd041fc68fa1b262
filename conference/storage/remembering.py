"""What a transaction has read once is not asked again, while nothing that its answer depends on has been written.

For transactions that many acts share: each of them asks for the same event, the same locks, the same lists; and what each asks about
one person is read for all who come (`foretell`). What others commit meanwhile in tables that are not locked is seen by the next
transaction, as if each act had begun with this one.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnClause, FrozenResult, IteratorResult, Table, event, inspect
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.sql import visitors
from sqlmodel.sql.expression import Select, SelectOfScalar

from conference.storage.database import Db
from conference.storage.together import Together

Question = Select[*tuple[Any, ...]] | SelectOfScalar[Any]
REMEMBERS = "what was read"  # in a transaction's `info`


@dataclass(slots=True, eq=False)
class Known:
    """What a question was answered with, and what that depends on."""

    tables: frozenset[str]
    columns: frozenset[tuple[str, str]]  # table and column: of what it looks for, not of the rows it gives
    locks: bool
    answer: FrozenResult[Any] | Sequence[tuple[Any, ...]]
    person_id: UUID | None = None  # it depends on rows of this person alone
    stale: bool = False

    def told(self) -> Any:
        if isinstance(self.answer, FrozenResult):
            return self.answer()
        return IteratorResult(SimpleResultMetaData(["row"]), iter(self.answer))


def foretell(db: Db, person_id: UUID | None, question: Question, rows: Sequence[Any], *, locked: bool = False) -> None:
    """The answer to a question (about this person's own rows), which the caller has read for many; `locked`: with the locks it takes.

    Nothing happens in a transaction of one act alone: it asks for itself.
    """
    remembering: Remembering | None = db.info.get(REMEMBERS)
    if remembering:
        remembering.foretell(person_id, question, [(row,) for row in rows], locked)


class Remembering:
    """Listens to one session."""

    def __init__(self, db: Db) -> None:
        assert isinstance(db.sync_session, Together)
        self._session = db.sync_session
        self._waits = db.get_bind().dialect.name != "sqlite"  # for a lock, while others commit
        self._locked: set[str] = set()  # tables: acts of one address lock the same rows, or (registrations) rows locked ahead
        self._known: dict[Any, Known] = {}
        self._of_table: defaultdict[str, list[Known]] = defaultdict(list)
        self._depends: dict[Any, tuple[frozenset[str], frozenset[tuple[str, str]]]] = {}  # by the shape of a question
        self._new: set[str] = set()  # tables with rows that are not in the database yet
        self._old: set[tuple[str, str]] = set()  # tables and columns with changes that are not
        db.info[REMEMBERS] = self
        event.listen(self._session, "do_orm_execute", self._asked)
        event.listen(self._session, "transient_to_pending", self._added)
        event.listen(self._session, "before_flush", lambda *_: self._changed(self._session.deleted))
        event.listen(self._session, "after_flush", self._flushed)
        event.listen(self._session, "after_soft_rollback", self._taken_back)

    def foretell(self, person_id: UUID | None, question: Question, rows: Sequence[tuple[Any, ...]], locked: bool) -> None:
        shape, asked = _question(question)
        self._keep(asked, Known(*self._depend(shape, question), locked, rows, person_id))

    def _asked(self, state: ORMExecuteState) -> Any:
        if not state.is_select:
            self._written(_tables(state.statement))
            return None
        if state.is_column_load or state.is_relationship_load:
            return None
        self._changed(self._session.deleted)
        shape, asked = _question(state.statement)
        known = self._known.get(asked)
        if known is None or known.stale:
            known = self._ask(shape, asked, state)
        return known.told()

    def _ask(self, shape: Any, asked: Any, state: ORMExecuteState) -> Known:
        """Who had to wait for a lock looks again at all that isn't locked; and a lock on nothing keeps nobody from making it."""
        locks = state.statement._for_update_arg is not None  # type: ignore[attr-defined]
        tables, columns = self._depend(shape, state.statement)
        if tables & (self._new | {row.__table__.name for row in self._session.dirty}) or self._session.deleted:
            self._session.write()
        known = Known(tables, columns, locks, state.invoke_statement().freeze())
        if locks and self._waits and not tables <= self._locked:
            self._locked |= tables
            self._known = {asked: told for asked, told in self._known.items() if told.locks}
        if not locks or known.answer.data:  # type: ignore[union-attr]
            self._keep(asked, known)
        return known

    def _keep(self, asked: Any, known: Known) -> None:
        self._known[asked] = known
        for table in known.tables:
            self._of_table[table].append(known)

    def _added(self, _session: Any, row: Any) -> None:
        """A question about other people's rows has the answer that it had."""
        table, whose = row.__table__.name, getattr(row, "person_id", None)
        self._new.add(table)
        for known in self._of_table.get(table, ()):
            known.stale = known.stale or known.person_id in (None, whose)

    def _changed(self, deleted: Iterable[Any] = ()) -> None:
        """Rows are the same objects for all: only what is looked for by what was changed in them would be found no more, or anew."""
        changed = {(row.__table__.name, name) for row in self._session.dirty for name in inspect(row).committed_state}
        self._forget({row.__table__.name for row in deleted})
        if not changed <= self._old:
            self._old |= changed
            for known in self._known.values():
                known.stale = known.stale or bool(known.columns & changed)

    def _flushed(self, *_: Any) -> None:
        self._new.clear()
        self._old.clear()

    def _taken_back(self, *_: Any) -> None:
        """To a savepoint: rows are what they were, and locks taken since are gone."""
        self._known.clear()
        self._locked.clear()

    def _written(self, tables: set[str]) -> None:
        self._session.write()
        self._session.writes += 1
        self._forget(tables)

    def _forget(self, tables: set[str]) -> None:
        for table in tables:
            for known in self._of_table.pop(table, ()):
                known.stale = True

    def _depend(self, shape: Any, statement: Any) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
        known = self._depends.get(shape)
        if known is None:
            parts = list(visitors.iterate(statement))
            tables = {part for part in parts if isinstance(part, Table)}
            named = [part for part in parts if isinstance(part, ColumnClause) and part.table is not None]
            columns = {(part.table.name, part.key) for part in named if isinstance(part.table, Table)}
            if len(tables) > 1:  # joined by what refers to another
                columns |= {(key.parent.table.name, key.parent.key) for table in tables for key in table.foreign_keys}
            if not all(isinstance(part.table, Table) for part in named):  # under another name
                columns |= {(table.name, column.key) for table in tables for column in table.columns}
            known = self._depends[shape] = frozenset(table.name for table in tables), frozenset(columns)
        return known


def _question(statement: Any) -> tuple[Any, Any]:
    """The shape of a question, and the question: the shape with its values."""
    asked = statement._generate_cache_key()  # as SQLAlchemy's own caching example does
    assert asked is not None
    return asked.key, (asked.key, tuple(_plain(bound.effective_value) for bound in asked.bindparams))


def _tables(statement: Any) -> set[str]:
    return {table.name for table in visitors.iterate(statement) if isinstance(table, Table)}


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list | set | frozenset) else value
