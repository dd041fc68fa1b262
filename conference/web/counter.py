"""Marks the views that many people come to in the same second: what they write goes over the counter (storage/counter.py)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from conference.storage.database import Db

Ahead = Callable[[Db, Mapping[str, Any], Sequence[UUID]], Awaitable[None]]
View = TypeVar("View", bound=Callable[..., Any])


def at_counter(ahead: Ahead) -> Callable[[View], View]:
    """`ahead(db, path_params, person_ids)` locks what these people's acts lock, in the order that holds everywhere.

    In one transaction are only acts that came to the same address. Such a view opens one `writing` and waits for nothing else in it.
    """

    def mark(view: View) -> View:
        view.ahead = ahead  # type: ignore[attr-defined]
        return view

    return mark


def ahead_of(view: object) -> Ahead | None:
    return getattr(view, "ahead", None)
