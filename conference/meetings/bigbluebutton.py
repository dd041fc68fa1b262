"""What is said to a BigBlueButton server (pure): addresses with a checksum, and its answer read.

From the server's API reference: the checksum is the hash of call name, query string and shared secret; `create` is idempotent when the same
parameters come again; `join` takes a role instead of a password since 2.4, and with `createTime` its link is for this very meeting, not
for a later one of the same id. SHA-256 is what every server from 2.4 on takes.

A group is a meeting of its own, named after its plenary in `meta_plenary`. `isBreakout` would not fit: the server takes the id of such a
room for an internal one, and makes up another by which it can be joined.
"""

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import urlencode
from xml.etree import ElementTree

from conference.meetings.rules import Guest

MIN_NAME, MAX_NAME = 2, 64  # characters of a meeting's name


class StrangeAnswer(Exception):
    """Not what a BigBlueButton server says to a sound request. The words are for the log: they hold nothing of the answer."""


@dataclass(frozen=True, slots=True)
class Room:
    """A meeting to be there."""

    meeting_id: str
    name: str
    minutes: int  # how long it may last
    home: str  # where people go when they leave
    plenary: str = ""  # a group's: the meeting it belongs to


def create_address(address: str, secret: str, room: Room) -> str:
    name = room.name[:MAX_NAME].strip()
    given = {"meetingID": room.meeting_id, "name": name if len(name) >= MIN_NAME else f"Meeting {name}".strip()}
    given |= {"duration": str(room.minutes), "logoutURL": room.home}
    return _call(address, secret, "create", given | ({"meta_plenary": room.plenary} if room.plenary else {}))


def join_address(address: str, secret: str, meeting_id: str, created: str, guest: Guest) -> str:
    """For one person; `created` is what `create` answered."""
    role = "MODERATOR" if guest.moderates else "VIEWER"
    given = {"fullName": guest.name, "meetingID": meeting_id, "role": role, "createTime": created, "userID": guest.user_id}
    return _call(address, secret, "join", given)


def created_in(answer: bytes) -> str:
    """The meeting's creation time. Raises StrangeAnswer where the server refused, or is none."""
    try:
        text = answer.decode()
        if "<!DOCTYPE" in text:  # entities would come with it
            raise StrangeAnswer("a document type")
        root = ElementTree.fromstring(text)  # noqa: S314 - no document type, so no entities; and it is short
    except (UnicodeDecodeError, ElementTree.ParseError):
        raise StrangeAnswer("not XML") from None
    if root.findtext("returncode") != "SUCCESS":
        raise StrangeAnswer("refused")
    created = root.findtext("createTime") or ""
    if not re.fullmatch(r"[0-9]{1,20}", created):
        raise StrangeAnswer("no creation time")
    return created


def _call(address: str, secret: str, call: str, given: dict[str, str]) -> str:
    query = urlencode(given)
    checksum = hashlib.sha256(f"{call}{query}{secret}".encode()).hexdigest()
    return f"{address}/api/{call}?{query}&checksum={checksum}"
