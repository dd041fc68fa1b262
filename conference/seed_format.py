"""Reads a folder of seed files, or says what is wrong with each in sentences that whoever wrote them can act on."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from conference.errors import BadSettings
from conference.seed_check import Fault, check_seed, nearest
from conference.seed_models import Seed, SeedDemo, SeedEvent, SeedTable, SeedVenues

Table = TypeVar("Table", bound=SeedTable)

REPLACED = "\ufffd"  # stands for a character that can't be shown
VENUES, DEMO = "venues.toml", "demo.toml"  # every other .toml of the folder is an event

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


def read_seed(folder: Path) -> Seed:
    """Everything that the files of this folder say. Raises BadSettings with one line per fault, over all files."""
    if not _is_file(folder / VENUES):
        raise BadSettings(f"{folder}: there is no {VENUES} here. Name a folder with seed files, such as seed_data.")
    faults: list[Fault] = []
    names = sorted(path.name for path in folder.glob("*.toml"))
    venues = _table(folder / VENUES, SeedVenues, faults)
    demo = _table(folder / DEMO, SeedDemo, faults) if DEMO in names else SeedDemo()
    events = [_event(folder / name, faults) for name in names if name not in (VENUES, DEMO)]
    if venues and demo and not faults:
        in_order = sorted(filter(None, events), key=lambda event: event.starts)
        seed = Seed(venues=venues.venues, events=tuple(in_order), demo=demo)
        faults = check_seed(seed)
        if not faults:
            return seed
    raise BadSettings("\n".join(f"{folder.name}/{fault}" for fault in faults))


def _event(path: Path, faults: list[Fault]) -> SeedEvent | None:
    event = _table(path, SeedEvent, faults)
    if event and event.slug != path.stem:
        faults.append(
            Fault(path.name, "slug", f"“{event.slug}” is not this file's name. Call the file {event.slug}.toml, or change the slug.")
        )
    return event


def _is_file(path: Path) -> bool:
    """Whether this is a file, or a link to one; reading a pipe would wait for ever."""
    try:
        return path.is_file()
    except OSError:
        return False


def _table(path: Path, shape: type[Table], faults: list[Fault]) -> Table | None:
    """The file as this model; or None, and what is wrong with it added to `faults`."""
    if not _is_file(path):
        faults.append(Fault(path.name, "", "this is not a file, nor a link to one. Take it away, or name it without .toml."))
        return None
    try:
        return shape.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except UnicodeDecodeError:
        faults.append(Fault(path.name, "", "this is not UTF-8 text. Save it as UTF-8."))
    except tomllib.TOMLDecodeError as error:
        faults.append(_syntax(path, str(error)))
    except ValidationError as error:
        faults += (Fault(path.name, _dotted(one["loc"]), _sentence(one, shape)) for one in error.errors())
    except OSError as error:
        faults.append(Fault(path.name, "", f"this can't be read ({error.strerror}). Change who may read it, or take it away."))
    except RecursionError:
        faults.append(Fault(path.name, "", "this is nested too deeply. Seed files hold tables in lists, and nothing deeper."))
    except ValueError:  # what the TOML reader leaves to Python: a number of thousands of digits
        faults.append(Fault(path.name, "", "this holds a number that is too long to be read."))
    return None


def _syntax(path: Path, said: str) -> Fault:
    """tomllib says "Invalid value (at line 3, column 5)"; before Python 3.14 the place is only in these words."""
    found = re.fullmatch(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", said, re.DOTALL)
    what = found["what"] if found else said
    place = f"line {found['line']}, column {found['column']}" if found and found["line"] else "at its end"
    return Fault(
        path.name, place, f"this is not TOML: {what[:1].lower()}{what[1:]}. Look at this line and the one before it; text needs quotes."
    )


def _dotted(path: Sequence[str | int]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _sentence(error: ErrorDetails, shape: type[BaseModel]) -> str:
    kind, key = error["type"], str(error["loc"][-1]) if error["loc"] else ""
    if kind == "missing":
        return f"this key is missing. Add it{f', such as {key} = {_EXAMPLES[key]}' if key in _EXAMPLES else ''}."
    if kind == "extra_forbidden":
        return f"`{key}` is not a key that is known here; {nearest(key, _keys_at(shape, error['loc'][:-1]))}"
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
