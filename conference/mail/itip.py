"""A seat as a calendar invitation (RFC 5546, RFC 6047): facts that a mail's row keeps, and the bytes that its calendar part is made of."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from conference.ics.entry import Entry, Place
from conference.ics.invitation import Attending, invitation_bytes
from conference.mail.verp import return_address
from conference.settings import Settings

REQUEST, CANCEL = "REQUEST", "CANCEL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """As JSON can hold it: ids and instants are text, addresses on our own site are paths."""

    id: str  # of the CalendarInvitation
    session: str  # its id: the UID is the same as in feeds
    method: str
    sequence: int
    stamped_at: str
    created_at: str
    zone: str
    starts_at: str
    ends_at: str
    title: str
    words: str
    path: str
    join: str = ""  # a path or an address elsewhere
    location: str = ""
    place: tuple[str, str, float | None, float | None] | None = None

    def as_facts(self) -> dict[str, Any]:
        return asdict(self)


def calendar_part(facts: dict[str, Any], settings: Settings, event_name: str, organiser: str, name: str, address: str) -> tuple[str, bytes]:
    """The method and the bytes. Answers go to an address that names the invitation, where the house reads a mailbox."""
    invitation = Invitation(**facts)
    if settings.mail_bounces:
        organiser = return_address(settings.mail_bounces, settings.secret_key, "r", UUID(invitation.id))
    people = Attending(organiser=(event_name, organiser), attendee=(name, address))
    return invitation.method, invitation_bytes(_entry(invitation, settings), invitation.method, people)


def _entry(one: Invitation, settings: Settings) -> Entry:
    join = settings.base_url + one.join if one.join.startswith("/") else one.join
    page = settings.base_url + one.path
    return Entry(
        uid=f"{one.session}@{settings.uid_domain}",
        sequence=one.sequence,
        created_at=datetime.fromisoformat(one.created_at),
        modified_at=datetime.fromisoformat(one.stamped_at),
        zone=one.zone,
        starts_at=datetime.fromisoformat(one.starts_at),
        ends_at=datetime.fromisoformat(one.ends_at),
        summary=one.title,
        description=f"{one.words}\n\nRead more, or give your seat up: {page}",
        url=page,
        location=one.location,
        place=Place(*one.place) if one.place else None,
        join_url=join or None,
        cancelled=one.method == CANCEL,
    )
