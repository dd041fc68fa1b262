"""A definition as the TOML that organisers edit (pure): what `call_file` reads, written."""

import json
from typing import Any

from conference.calls.definition import Definition


def toml_of(definition: Definition) -> str:
    return "\n".join(_table(definition.as_json(), ())).strip() + "\n"


def _table(table: dict[str, Any], path: tuple[str, ...]) -> list[str]:
    """Plain keys first: in TOML whatever follows a table's head belongs to it."""
    lines = [f"{key} = {_value(value)}" for key, value in table.items() if not _is_table(value) and not _are_tables(value)]
    for key, value in table.items():
        name = ".".join((*path, key))
        if _is_table(value):
            lines += ["", f"[{name}]", *_table(value, (*path, key))]
        elif _are_tables(value):
            for row in value:
                lines += ["", f"[[{name}]]", *_table(row, (*path, key))]
    return lines


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def _are_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        lines = [_text(one) for one in value]
        short = f"[{', '.join(lines)}]"
        return short if len(short) <= 100 else "[\n" + "".join(f"  {line},\n" for line in lines) + "]"
    return json.dumps(value)


def _text(text: str) -> str:
    """JSON's escapes are TOML's too; lines stay lines."""
    if "\n" not in text:
        return _escaped(text)
    inner = "\n".join(_escaped(line)[1:-1] for line in text.split("\n"))
    return f'"""\n{inner}"""'


def _escaped(line: str) -> str:
    return json.dumps(line, ensure_ascii=False)
