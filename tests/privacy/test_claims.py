"""Every column that could hold a person's data is claimed by a domain: a table that nobody claimed is found here, not by its subjects."""

import importlib
import pkgutil
from collections import Counter
from types import ModuleType
from typing import Any

from sqlalchemy import JSON, Column, Enum, Integer, LargeBinary, MetaData, String, Table, TypeDecorator
from sqlalchemy import Uuid as UuidType
from sqlmodel import AutoString, SQLModel

import conference
from conference.privacy.gathering import DOMAINS, KEPT


def could_be_personal(column: Column[object]) -> bool:
    """Words of any kind, bytes, JSON, and ids of people."""
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type  # SQLModel's strings are decorated ones
    if isinstance(kind, (String, JSON, LargeBinary)) and not isinstance(kind, Enum):
        return True
    to_person = any(key.column.table.name == "person" for key in column.foreign_keys)
    named = column.name in ("by_id", "moderator_id", "held_id", "robot_of") or column.name.endswith(("person_id", "_by_id"))
    return isinstance(column.type, UuidType) and (to_person or named)


def claims() -> dict[str, set[str]]:
    claimed = {kept.name: kept.claimed for kept in KEPT}
    for domain in DOMAINS:
        claimed |= {_table(table).name: set(columns) for table, columns in domain.NOBODYS.items()}
    return claimed


def _table(model: type) -> Table:
    table = model.__table__  # type: ignore[attr-defined]
    assert isinstance(table, Table)
    return table


def _modules() -> list[ModuleType]:
    names = [found.name for found in pkgutil.walk_packages(conference.__path__, "conference.")]
    return [importlib.import_module(name) for name in names if name.endswith(("tables", ".personal"))]


def test_every_column_that_could_hold_a_persons_data_is_claimed_by_a_domain() -> None:
    _modules()
    claimed = claims()
    missing = {
        f"{table.name}.{column.name}"
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if could_be_personal(column) and column.name not in claimed.get(table.name, set())
    }
    assert missing == set(), "say in the domain's personal.py what these hold of people (KEPT), or that they hold nothing (NOBODYS)"
    assert set(claimed) == set(SQLModel.metadata.tables)


def test_every_domain_that_says_what_it_keeps_is_gathered() -> None:
    there = {module.__name__ for module in _modules() if module.__name__.endswith(".personal")}
    gathered = {domain.__name__ for domain in DOMAINS}  # type: ignore[attr-defined]
    assert gathered == there - {"conference.storage.personal"}


def test_no_table_is_claimed_twice_and_no_column_is_in_two_lists() -> None:
    tables = [kept.table for kept in KEPT] + [table for domain in DOMAINS for table in domain.NOBODYS]
    assert [table for table, times in Counter(tables).items() if times > 1] == []
    for kept in KEPT:
        lists = (kept.whose, kept.via, kept.others, kept.addresses, kept.names, kept.words, kept.secret, kept.plain)
        assert sum(len(each) for each in lists) == len(kept.claimed), kept.name
        assert kept.claimed <= set(_table(kept.table).columns.keys()), kept.name


def test_everything_personal_has_a_date_or_a_reason_and_is_emptied_by_values_that_its_table_takes() -> None:
    for kept in KEPT:
        assert kept.what
        assert kept.seen_by
        for values in (kept.erased or {}, *(rule.sets or {} for rule in kept.purges)):
            assert set(values) <= set(_table(kept.table).columns.keys()), kept.name
        for rule in kept.purges:
            assert rule.days > 0
            assert not rule.since or rule.since in _table(kept.table).columns


def test_a_table_that_nobody_claimed_would_be_found() -> None:
    words: list[Column[Any]] = [Column("words", String()), Column("title", AutoString(length=80))]
    diary = Table("diary", MetaData(), *words, Column("about_person_id", UuidType()), Column("pages", Integer()))
    assert [column.name for column in diary.columns if could_be_personal(column)] == ["words", "title", "about_person_id"]
    assert "diary" not in claims()
