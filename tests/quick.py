"""What makes many tests in one process quick, and changes nothing of what they see."""

import gc
import os
from functools import lru_cache, partial
from typing import Any

import httpcore2
import hypothesis
from sqlalchemy.dialects.postgresql.psycopg import PGDialectAsync_psycopg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.ext.asyncio import create_async_engine

from conference.storage import database

COMPILED: dict[Any, Any] = {}
OBJECTS = 200_000  # made between two looks for garbage; Python's 700 is for small programs


def share_compiled_statements() -> None:
    """A statement is compiled once in this process, not once more for each test's database.

    SQLAlchemy's cache is kept for each engine, and its keys hold the dialect: all dialects of one kind count as the same here.
    """
    for kind in (SQLiteDialect_aiosqlite, PGDialectAsync_psycopg):
        kind.__eq__ = _same_kind  # type: ignore[method-assign]
        kind.__hash__ = _hash_of_kind  # type: ignore[method-assign,assignment]
    database.create_async_engine = partial(create_async_engine, execution_options={"compiled_cache": COMPILED})  # type: ignore[attr-defined]


def examples(brief: int) -> int:
    """How many random examples are tried: `make soak` tries ten times as many."""
    return brief * 10 if os.environ.get("THOROUGH") else brief


def try_a_few_examples() -> None:
    """Where a test doesn't say how many: enough to stumble over what is often wrong, in every run anew."""
    hypothesis.settings.register_profile("brief", hypothesis.settings(), max_examples=examples(30))
    hypothesis.settings.load_profile("brief")


def look_for_garbage_less() -> None:
    gc.set_threshold(OBJECTS, 20, 20)


def read_trusted_certificates_once() -> None:
    """Each client read all of them anew, which takes longer than many a test; what is on loopback speaks no TLS anyway."""
    httpcore2.default_ssl_context = lru_cache(httpcore2.default_ssl_context)


def _same_kind(one: object, other: object) -> bool:
    return type(one) is type(other)


def _hash_of_kind(one: object) -> int:
    return hash(type(one))
