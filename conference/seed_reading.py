"""Reads one TOML file, or text, as a model; what is wrong with it is said in sentences that whoever wrote it can act on."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from conference.seed_check import Fault, nearest

Table = TypeVar("Table", bound=BaseModel)

REPLACED = "\ufffd"  # stands for a character that can't be shown

# What a value of this pydantic error type must be; `ctx` of the error fills the holes.
_MUST_BE = {
    "string_type": "text in quotes",
    "int_type": "a whole number without quotes",
    "float_type": "a number without quotes",
    "bool_type": "true or false, without quotes",
    "datetime_type": "a date-time without quotes, such as 2021-06-25T10:00:00",
    "timezone_naive": "a time on the event's own clock, without an offset, such as 2021-06-25T10:00:00",
    "date_type": "a whole day without quotes, such as 2025-03-28",
    "tuple_type": "a list",
    "model_type": "a table of keys",
    "enum": "one of {expected}",
    "literal_error": "one of {expected}",
    "greater_than_equal": "{ge} or more",
    "less_than_equal": "{le} or less",
    "string_too_long": "at most {max_length} characters long",
    "string_pattern_mismatch": "small letters, digits and underscores that begin with a letter",
    "int_parsing": "a whole number without quotes",
    "int_from_float": "a whole number",
    "bool_parsing": "true or false, without quotes",
    "date_from_datetime_inexact": "a whole day without quotes, such as 2025-03-28",
    "greater_than": "more than {gt}",
    "too_short": "a list with something in it",
    "value_error": "{error}",
}

# What to write for a key that is missing; other keys explain themselves.
_EXAMPLES = {
    "starts": "2021-06-25T10:00:00",
    "ends": "2021-06-25T17:00:00",
    "zone": '"Europe/London"',
    "format": '"online"',
    "kind": '"open"',
    "type": '"workshop"',
    "room": '"main-stage"',
    "slug": '"main-stage"',
}


def read_table(path: Path, shape: type[Table], faults: list[Fault]) -> Table | None:
    """The file as this model; or None, and what is wrong with it added to `faults`."""
    if not is_file(path):
        faults.append(Fault(path.name, "", "this is not a file, nor a link to one. Take it away, or name it without .toml."))
        return None
    try:
        return read_text(path.read_text(encoding="utf-8"), path.name, shape, faults)
    except UnicodeDecodeError:
        faults.append(Fault(path.name, "", "this is not UTF-8 text. Save it as UTF-8."))
    except OSError as error:
        faults.append(Fault(path.name, "", f"this can't be read ({error.strerror}). Change who may read it, or take it away."))
    return None


def read_text(text: str, name: str, shape: type[Table], faults: list[Fault]) -> Table | None:
    """TOML as this model; `name` is what faults call it."""
    try:
        return shape.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        faults.append(_syntax(name, str(error)))
    except ValidationError as error:
        faults += (Fault(name, _dotted(one["loc"]), _sentence(one, shape)) for one in _told(error.errors()))
    except RecursionError:
        faults.append(Fault(name, "", "this is nested too deeply. Seed files hold tables in lists, and nothing deeper."))
    except ValueError:  # what the TOML reader leaves to Python: a number of thousands of digits
        faults.append(Fault(name, "", "this holds a number that is too long to be read."))
    return None


def is_file(path: Path) -> bool:
    """Whether this is a file, or a link to one; reading a pipe would wait for ever."""
    try:
        return path.is_file()
    except OSError:
        return False


def _told(errors: Sequence[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Without the lists that are too short because what stands in them is wrong."""
    for error in errors:
        inner = (other["loc"] for other in errors if other is not error)
        if error["type"] != "too_short" or not any(loc[: len(error["loc"])] == error["loc"] for loc in inner):
            yield error


def _syntax(name: str, said: str) -> Fault:
    """tomllib says "Invalid value (at line 3, column 5)"; before Python 3.14 the place is only in these words."""
    found = re.fullmatch(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", said, re.DOTALL)
    what = found["what"] if found else said
    place = f"line {found['line']}, column {found['column']}" if found and found["line"] else "at its end"
    return Fault(
        name, place, f"this is not TOML: {what[:1].lower()}{what[1:]}. Look at this line and the one before it; text needs quotes."
    )


def _dotted(path: Sequence[str | int]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _sentence(error: ErrorDetails, shape: type[BaseModel]) -> str:
    kind, key = error["type"], str(error["loc"][-1]) if error["loc"] else ""
    if kind == "missing":
        return f"this key is missing. Add it{f', such as {key} = {_EXAMPLES[key]}' if key in _EXAMPLES else ''}."
    if kind == "extra_forbidden":
        return f"`{key}` is not a key that is known here; {nearest(key, _keys_at(shape, error['loc'][:-1]))}"
    if kind == "value_error" and isinstance(error["input"], (dict, BaseModel)):  # a rule about a whole table says it all
        return str(error["ctx"]["error"]).rstrip(".") + "."
    context: Mapping[str, Any] = error.get("ctx", {})
    must_be = _MUST_BE[kind].format_map(context) if kind in _MUST_BE else error["msg"]
    return f"{_shown(error['input'])} can't be used: it must be {must_be}."


def _shown(value: object) -> str:
    if isinstance(value, str):
        return f"“{''.join(sign if sign.isprintable() else REPLACED for sign in value[:60])}”"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (dict, list)):
        return "a table" if isinstance(value, dict) else "a list"
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _keys_at(shape: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """The keys known in the table at this path of the file."""
    for part in (part for part in path if isinstance(part, str)):
        shape = next(_models_in(shape.model_fields[part].annotation))
    return list(shape.model_fields)


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)
