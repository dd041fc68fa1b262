"""An invitation, its update or its end as a calendar of one entry (RFC 5546; pure): one organiser, one attendee, one method."""

from dataclasses import dataclass

from conference.ics.calendar import PRODUCT, piece_of, zones_of
from conference.ics.entry import Entry
from conference.ics.lines import line, with_parameters
from conference.ics.words import link, one_line

_END = b"END:VEVENT\r\n"


@dataclass(frozen=True, slots=True)
class Attending:
    """Each a name and an address."""

    organiser: tuple[str, str]
    attendee: tuple[str, str]


def invitation_bytes(entry: Entry, method: str, people: Attending) -> bytes:
    """`method` is REQUEST or CANCEL: the mail's part must say the same (RFC 6047 2.4)."""
    piece = piece_of(entry)
    zones = zones_of([piece])
    event = piece.ready if not piece.zone or piece.zone in zones else piece.universal
    asks = {"PARTSTAT": "NEEDS-ACTION", "ROLE": "REQ-PARTICIPANT", "RSVP": "TRUE"} if method == "REQUEST" else {}
    who = _person("ORGANIZER", *people.organiser, {}) + _person("ATTENDEE", *people.attendee, asks)
    head = (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", line("PRODID", PRODUCT), line("CALSCALE", "GREGORIAN"), line("METHOD", method))
    return b"".join((*head, *zones.values(), event.removesuffix(_END), who, _END, b"END:VCALENDAR\r\n"))


def _person(kind: str, name: str, address: str, more: dict[str, str]) -> bytes:
    named = {"CN": one_line(name)} if name else {}
    return line(with_parameters(kind, named | more), "mailto:" + link(address))
