"""A message from the mailbox that mail comes back to: which mail or invitation it is about, and what it says (pure).

What it is about stands in the address that it was sent to, which only we can make; nothing else in it is believed to be true.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from email.errors import MessageError
from email.message import Message
from email.utils import getaddresses
from typing import Any
from uuid import UUID

from icalendar import Calendar

from conference.mail.carrier import is_dead
from conference.mail.tables import ReturnedKind
from conference.mail.verp import Kind

FOR = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Cc")
ANSWERS = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentative"}
MAX_TEXT = 20_000  # characters of a bounce without a report that are looked at
MAX_CALENDAR = 200_000
_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
_CODE = re.compile(r"\b([45]\d\d)[ \-]")
_FROM_A_SERVER = re.compile(r"mailer-daemon|postmaster|mail delivery", re.IGNORECASE)
FindSubject = Callable[[str], tuple[Kind, UUID] | None]


@dataclass(frozen=True, slots=True)
class Bounce:
    mail_id: UUID
    kind: ReturnedKind
    words: str


@dataclass(frozen=True, slots=True)
class Reply:
    invitation_id: UUID
    answer: str  # accepted, declined, tentative
    uid: str
    sequence: int


def read_message(message: Message, find: FindSubject) -> Bounce | Reply | None:
    """None: it is about nothing of ours, or says nothing that we understand."""
    about = next(filter(None, (find(address) for _, address in getaddresses(_all(message, FOR)))), None)
    if about is None:
        return None
    kind, subject = about
    return _bounce(message, subject) if kind == "b" else _reply(message, subject)


def _bounce(message: Message, mail_id: UUID) -> Bounce:
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            return Bounce(mail_id, *_reported(part))
    automatic = str(message.get("Auto-Submitted", "")).lower().startswith("auto-replied") or "X-Autoreply" in message
    if automatic or not _FROM_A_SERVER.search(str(message.get("From", ""))):
        return Bounce(mail_id, ReturnedKind.ignored, "An answer that is no report: " + str(message.get("Subject", "")))
    words = _text(message, "text/plain", MAX_TEXT)
    code, status = _CODE.search(words), _STATUS.search(words)
    said = next(
        (line.strip() for line in words.splitlines() if _STATUS.search(line) or _CODE.search(line)), "It came back without a reason."
    )
    number = int(code.group(1)) if code else int(status.group(1)) * 100 + 50 if status else 450
    return Bounce(mail_id, ReturnedKind.hard if number >= 500 and is_dead(number, words) else ReturnedKind.soft, said)


def _reported(part: Message) -> tuple[ReturnedKind, str]:
    """RFC 3464: blocks of fields, the first about the message, each further one about a recipient."""
    blocks: Any = part.get_payload()
    for block in blocks if isinstance(blocks, list) else []:
        action, status = str(block.get("Action", "")).strip().lower(), str(block.get("Status", "")).strip().split(" ")[0]
        if not action:
            continue
        words = " ".join(filter(None, (status, str(block.get("Diagnostic-Code", "")))))
        if action != "failed":
            return ReturnedKind.ignored, f"{action}: {words}"
        return (ReturnedKind.hard if _says_dead(status, words) else ReturnedKind.soft), words
    return ReturnedKind.soft, "A report without a reason."


def _says_dead(status: str, words: str) -> bool:
    if status in ("", "5.0.0"):  # a server that gives no reason of its own: what the other one said counts
        code = _CODE.search(words.replace(status, "", 1))
        return bool(code) and is_dead(int(code.group(1)) if code else 0, words.replace(status, "", 1))
    return is_dead(550, status)


def _reply(message: Message, invitation_id: UUID) -> Reply | None:
    for part in message.walk():
        if part.get_content_type() in ("text/calendar", "application/ics"):
            try:
                calendar = Calendar.from_ical(_decoded(part)[:MAX_CALENDAR])
                return _answer(calendar, invitation_id)
            except (ValueError, KeyError, IndexError, AttributeError, TypeError, MessageError):
                return None
    return None


def _answer(calendar: Any, invitation_id: UUID) -> Reply | None:
    if str(calendar.get("METHOD", "")).upper() != "REPLY":
        return None
    [event] = calendar.walk("VEVENT")
    attendees = event.get("ATTENDEE")
    [attendee] = attendees if isinstance(attendees, list) else [attendees]
    answer = ANSWERS.get(str(attendee.params.get("PARTSTAT", "")).upper())
    return Reply(invitation_id, answer, str(event["UID"]), int(event.get("SEQUENCE", 0))) if answer else None


def _text(message: Message, kind: str, most: int) -> str:
    for part in message.walk():
        if part.get_content_type() == kind:
            return _decoded(part)[:most]
    return ""


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    try:
        return raw.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


def _all(message: Message, names: tuple[str, ...]) -> list[str]:
    return [str(value) for name in names for value in message.get_all(name, [])]
