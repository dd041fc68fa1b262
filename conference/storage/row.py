"""What every table has in common: an id, and names for constraints that are the same in every database."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Enum
from sqlmodel import Field, SQLModel

from conference.storage.ids import new_id

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """A table's row; its id is made in Python and sorts by time."""

    id: UUID = Field(default_factory=new_id, primary_key=True)


def one_of(kind: type[StrEnum], name: str) -> Column[Any]:
    """A column that holds one word of `kind`, and the database refuses any other."""
    words = Enum(
        kind, name=name, native_enum=False, create_constraint=True, length=32, values_callable=lambda all_: [word.value for word in all_]
    )
    return Column(words, nullable=False)


def json_column() -> Column[Any]:
    return Column(JSON, nullable=False)
