"""docs/protocol.md says what the code says: each example parses, and nothing is left out."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from conference.live.commands import Command, Heard, Ping
from conference.live.messages import PROTOCOL, Said, Told
from conference.live.resume import MAX_REPLAY
from conference.live.rules import MAX_REASON, MAX_TEXT
from conference.wire import codes
from conference.wire.limits import BURST, MAX_MESSAGE, PER_SECOND
from conference.wire.pulse import HEARTBEAT
from tests.live.cast import World

DOCS = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text()


def examples() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for block in re.findall(r"```json\n(.*?)```", DOCS, re.DOTALL):
        rest = block.strip()
        while rest:
            example, end = json.JSONDecoder().raw_decode(rest)
            found.append(example)
            rest = rest[end:].strip()
    return found


def type_of(model: type[BaseModel]) -> str:
    return str(model.model_fields["type"].default)


COMMANDS = {type_of(model) for model in (*get_args(Command), Ping)}
EVENTS = {type_of(model) for model in get_args(get_args(Told)[0])}


@pytest.mark.parametrize("example", examples(), ids=lambda example: example["type"])
def test_each_example_is_one_of_the_protocol_s_messages(example: dict[str, Any]) -> None:
    parser = Heard if example["type"] in COMMANDS else Said
    assert parser.validate_python(example).model_dump(mode="json", exclude_unset=True) == example
    with pytest.raises(ValidationError):
        parser.validate_python({**example, "surprise": 1})


def test_each_message_has_an_example() -> None:
    assert {example["type"] for example in examples()} == COMMANDS | EVENTS


def test_numbers_and_codes_are_the_ones_in_force() -> None:
    closes = {close.code for close in vars(codes).values() if isinstance(close, codes.Close)}
    assert closes - set(map(int, re.findall(r"\b(?:1|4)\d{3}\b", DOCS))) == set()
    for words in (
        f'"protocol": {PROTOCOL}',
        f"{MAX_MESSAGE // 1024} KiB",
        f"1 to {MAX_TEXT} characters",
        f"1 to {MAX_REASON} characters",
        f"more than {MAX_REPLAY} lines",
        f"{BURST} messages at once, {PER_SECOND:g} a second",
        f"every {HEARTBEAT} seconds",
    ):
        assert DOCS.count(words) > 0, words


async def test_a_silent_line_gets_a_heartbeat(world: World) -> None:
    async with world.ear() as ear:
        await ear.opened()
        for _ in range(HEARTBEAT):
            world.floor.pulse.beat(0)
        assert await ear.until("heartbeat") == {"type": "heartbeat"}
