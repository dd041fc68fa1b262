"""The audit trail's acts about one person, in sentences (pure)."""

from collections.abc import Mapping
from typing import Any

_SENTENCES = {
    "place held": "A place was held, until the mailed link is opened",
    "hold lapsed": "The link was not opened in time: the held place went back",
    "registration confirmed": "The place was confirmed",
    "registration cancelled": "The place was given back",
    "seat booked": "Got a seat in {session}",
    "seat given": "A seat in {session} was given by an organiser",
    "seat given up": "Gave up the seat in {session}",
    "place offered": "What was waited for was offered",
    "offer declined": "Left what was offered to the next in line",
    "offer expired": "An offer ended before it was answered",
    "waiting list joined": "Joined the waiting list of {session}",
    "waiting list left": "Left the waiting list of {session}",
    "role granted": "Got the role {role}",
    "role ended": "The role {role} ended",
}
ACTS = tuple(_SENTENCES)


def history_words(act: str, session: str, details: Mapping[str, Any]) -> str:
    """An act that nobody has put into words is said as it is written."""
    if act == "seat booked" and details.get("promoted"):
        return f"Got a seat in {_titled(session)}, from the waiting list"
    sentence = _SENTENCES.get(act)
    if sentence is None:
        return act[:1].upper() + act[1:] + (f": {_titled(session)}" if session else "")
    return sentence.format(session=_titled(session), role=details.get("role", ""))


def _titled(session: str) -> str:
    return f"“{session}”" if session else "the event"
