"""Reading what the house says: each text once, however many robots hear it."""

import json
from functools import lru_cache
from typing import Any, get_args

from conference.live.folding import fold
from conference.live.lines import LoggedEvent
from conference.live.messages import OwnEvent, Said, Snapshot, Tick
from conference.live.shapes import Mine

KEPT = 2048  # texts
SHORT = 4096  # bytes: what is longer is for few, and is read again
Message = dict[str, Any]


def read(payload: bytes) -> Message:
    return _read_once(payload) if len(payload) <= SHORT else json.loads(payload)


@lru_cache(KEPT)
def _read_once(payload: bytes) -> Message:
    message: Message = json.loads(payload)
    return message


class Screen:
    """What a page would show to one robot, kept true by what it hears: the protocol's third law, tried on a sample of them."""

    def __init__(self) -> None:
        self.held: Snapshot | None = None

    def hear(self, payload: bytes, message: Message) -> None:
        """A message that changes what is shown; others change nothing."""
        if "mine" in message and message["type"] != "snapshot":
            self._know_mine(Mine.model_validate(message["mine"]))
            return
        if message["type"] not in FOLDED:
            return
        said = Said.validate_json(payload)
        if isinstance(said, Snapshot):
            self.held = said
        elif self.held and isinstance(said, LoggedEvent | OwnEvent | Tick):
            self.held = fold(self.held, said)

    def _know_mine(self, mine: Mine) -> None:
        if self.held:
            self.held = self.held.model_copy(update={"mine": mine})


def _types_of(union: Any) -> frozenset[str]:
    return frozenset(str(kind.model_fields["type"].default) for kind in get_args(union))


LINES, OWN = _types_of(LoggedEvent), _types_of(OwnEvent)
FOLDED = LINES | OWN | {"snapshot", "tick"}
QUIET = OWN | {"heartbeat", "pong", "resync", "delayed", "clock_moved", "announcements"}  # a robot has nothing to do about these
