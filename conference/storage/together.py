"""The session of a transaction that many acts share: what they add and change is written down together, in a few statements.

`flush` waits: for somebody who asks about the same tables (remembering.py calls `write`), or for the transaction's end. Until then an
act can be taken back in memory, and the acts beside it stay.
"""

from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import SessionTransaction
from sqlalchemy.orm.base import NO_VALUE
from sqlmodel import Session


class Together(Session):
    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.writes = 0  # times that anything went to the database
        self._added: list[Any] = []  # by the act that is under way
        self._before: dict[int, dict[str, Any]] = {}  # rows that other acts had changed, as this one found them
        self._mark = 0
        event.listen(self, "transient_to_pending", lambda _, row: self._added.append(row))

    def flush(self, objects: Any = None) -> None:
        """It will be written; ids are made in Python, so nobody has to wait for them. What is tried in a savepoint is tried now."""
        if self.in_nested_transaction():
            self.write()

    def begin_nested(self) -> SessionTransaction:
        self.write()
        return super().begin_nested()

    def write(self) -> None:
        """Now. Rows that refer to others come after them."""
        if self._is_clean():
            return
        self.writes += 1
        added, later = self._added, self._later()
        while later:
            for row in later:
                self.expunge(row)
            super().flush()
            self.add_all(later)
            later = self._later()
        super().flush()
        self._added = added

    def begin_act(self) -> None:
        self._added, self._mark = [], self.writes
        self._before = {id(row): self._values(row) for row in self.dirty}

    def take_back(self) -> bool:
        """Undo what the act did in memory. False where some of it is in the database already."""
        if self._mark != self.writes or self.deleted:
            return False
        for row in self._added:
            if row in self.new:
                self.expunge(row)
        return all(self._put_back(row) for row in self.dirty)

    def _put_back(self, row: Any) -> bool:
        """False where nobody knows what it was."""
        old = self._before.get(id(row)) or dict(inspect(row).committed_state)
        for name, value in old.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
        return NO_VALUE not in old.values()

    def _later(self) -> list[Any]:
        """New rows of tables that refer to tables with new rows."""
        rows = list(self.new)
        tables = {row.__table__ for row in rows}
        last = {table for table in tables if any(key.column.table in tables - {table} for key in table.foreign_keys)}
        return [row for row in rows if row.__table__ in last] if last != tables else []

    def _values(self, row: Any) -> dict[str, Any]:
        return {name: value for name, value in inspect(row).dict.items() if name in inspect(row).mapper.column_attrs}
