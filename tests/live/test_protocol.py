"""docs/protocol.md says what the code says: each example parses, and nothing is left out."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from conference.live import commands, lines, messages, rules, shapes
from conference.live.commands import Command, Heard, Message, OfChat, OfPoll, OfQuestion, Ping, Signed
from conference.live.lines import Logged, QuestionChanged
from conference.live.messages import PROTOCOL, Said, Told
from conference.live.resume import MAX_REPLAY
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
BASES = {Message, Signed, OfQuestion, OfPoll, OfChat, Logged}
EVENTS = {type_of(model) for model in get_args(get_args(Told)[0])}


@pytest.mark.parametrize("example", examples(), ids=lambda example: example["type"])
def test_each_example_is_one_of_the_protocol_s_messages(example: dict[str, Any]) -> None:
    parser = Heard if example["type"] in COMMANDS else Said
    assert parser.validate_python(example).model_dump(mode="json", exclude_unset=True) == example
    with pytest.raises(ValidationError):
        parser.validate_python({**example, "surprise": 1})


def test_each_message_has_an_example() -> None:
    assert {example["type"] for example in examples()} == COMMANDS | EVENTS


def test_each_field_of_each_message_is_in_an_example() -> None:
    shown: dict[type[BaseModel], set[str]] = {}
    for example in examples():
        parser = Heard if example["type"] in COMMANDS else Said
        note_fields(parser.validate_python(example), shown)
    kinds = {kind for module in (commands, lines, messages, shapes) for kind in vars(module).values() if is_message(kind)}
    assert {kind.__name__: set(kind.model_fields) - shown.get(kind, set()) - {"type"} for kind in kinds - BASES} == {
        kind.__name__: set() for kind in kinds - BASES
    }


def note_fields(told: object, shown: dict[type[BaseModel], set[str]]) -> None:
    """Which fields of which models are written out in this one and what it holds."""
    if isinstance(told, BaseModel):
        shown.setdefault(type(told), set()).update(told.model_fields_set)
        told = {name: getattr(told, name) for name in type(told).model_fields}
    for inner in told.values() if isinstance(told, dict) else told if isinstance(told, tuple) else ():
        note_fields(inner, shown)


def is_message(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Message)


def test_numbers_and_codes_are_the_ones_in_force() -> None:
    closes = {close.code for close in vars(codes).values() if isinstance(close, codes.Close)}
    assert closes - set(map(int, re.findall(r"\b(?:1|4)\d{3}\b", DOCS))) == set()
    said = " ".join(DOCS.split())
    for words in (
        f'"protocol": {PROTOCOL}',
        f"{MAX_MESSAGE // 1024} KiB",
        f"A question (door) has 1 to {rules.MAX_TEXT} characters",
        f"The reason of a dismissal (1 to {rules.MAX_REASON} characters)",
        f"in writing (1 to {rules.MAX_ANSWER} characters)",
        f"up to three words of at most {rules.MAX_WORD} characters",
        f'a rating from `"{rules.RATINGS[0]}"` to `"{rules.RATINGS[-1]}"`',
        f"A message of the chat (door) has 1 to {rules.MAX_MESSAGE} characters",
        f"with at most {rules.MAX_HELP} characters",
        f"each of 2 to {rules.MAX_OPTIONS} options of at most {rules.MAX_OPTION} characters",
        f"its prompt has 1 to {rules.MAX_PROMPT} characters",
        f"A caption has 1 to {rules.MAX_CAPTION} characters, a cue (to the session's speakers alone) 1 to {rules.MAX_CUE}.",
        f"for 1 to {rules.MAX_SILENCE} minutes (a week)",
        f"more than {MAX_REPLAY} lines",
        f"{BURST} messages at once, {PER_SECOND:g} a second",
        f"every {HEARTBEAT} seconds",
    ):
        assert said.count(words) > 0, words
    in_words = (rules.MAX_WAITING, rules.MAX_WORDS, rules.CHAT_KEPT, rules.CAPTIONS_KEPT, rules.CUES_KEPT)
    assert in_words == (5, 3, 100, 30, 5)
    assert set(re.findall(r"`(\w+)`", said)) >= {*rules.REACTIONS, *get_args(QuestionChanged.model_fields["act"].annotation)}


async def test_a_silent_line_gets_a_heartbeat(world: World) -> None:
    async with world.ear() as ear:
        await ear.opened()
        for _ in range(HEARTBEAT):
            world.floor.pulse.beat(0)
        assert await ear.until("heartbeat") == {"type": "heartbeat"}
