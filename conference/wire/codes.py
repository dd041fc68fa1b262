"""Why we close a socket, as its close code (RFC 6455 7.4; 4000 and up are ours). docs/protocol.md says what a client does then."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Close:
    code: int
    reason: str  # shown to no person; at most 123 bytes


NOT_TEXT = Close(1003, "text only")
NOT_UTF8 = Close(1007, "not UTF-8")
TOO_LARGE = Close(1009, "message too large")
RESTART = Close(1012, "come back soon and resume")
TOO_SLOW = Close(1013, "too slow: come back and resume")
SILENT = Close(1013, "no sign of life: come back and resume")
FAULT = Close(1013, "a fault on our side: come back and resume")
HOLE = Close(1013, "lines are missing: come back and resume")
SIGNED_OUT = Close(4401, "signed out")
ROLE_ENDED = Close(4403, "role ended")
BANNED = Close(4405, "A moderator has closed the stages for you")
FLOODING = Close(4429, "too many messages")
