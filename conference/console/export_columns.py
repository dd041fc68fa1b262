"""What an export of registrations can say of each (pure). What people eat or need is no column: that is for those who look after it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from conference.live.spreadsheets import Cell
from conference.people.forms import COUNTRIES
from conference.registration.roll import Seating
from conference.registration.roll_filter import RollRow
from conference.times import zone_named

COUNTRY_NAMES = dict(COUNTRIES)
COLUMNS = (
    ("name", "Name"),
    ("email", "E-mail address"),
    ("organisation", "Organisation"),
    ("country", "Country"),
    ("zone", "Time zone"),
    ("state", "State"),
    ("kind", "Ticket"),
    ("since", "Registered"),
    ("confirmed", "Confirmed"),
    ("given", "Given by an organiser"),
    ("seats", "Seats"),
    ("turns", "Waits for"),
)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one registration."""

    row: RollRow
    seating: Seating
    zone: str  # on whose clock times are written


_CELLS: dict[str, Callable[[Known], Cell]] = {
    "name": lambda known: known.row.name,
    "email": lambda known: known.row.email,
    "organisation": lambda known: known.row.organisation,
    "country": lambda known: COUNTRY_NAMES.get(known.row.country or "", known.row.country),
    "zone": lambda known: known.row.zone,
    "state": lambda known: known.row.state.value,
    "kind": lambda known: known.row.kind,
    "since": lambda known: _moment(known.row.made_at, known.zone),
    "confirmed": lambda known: _moment(known.row.confirmed_at, known.zone),
    "given": lambda known: "yes" if known.row.given else "",
    "seats": lambda known: "; ".join(known.seating.seats.get(known.row.person_id, ())),
    "turns": lambda known: "; ".join(known.seating.turns.get(known.row.person_id, ())),
}


def header_of(columns: Sequence[str], zone: str) -> list[str]:
    words = dict(COLUMNS)
    return [f"{words[name]} ({zone})" if name in ("since", "confirmed") else words[name] for name in columns]


def cells_of(columns: Sequence[str], known: Known) -> list[Cell]:
    return [_CELLS[name](known) for name in columns]


def _moment(instant: datetime | None, zone: str) -> str:
    """`2021-06-25 09:55`, on the clock that the column's head names."""
    return f"{instant.astimezone(zone_named(zone)):%Y-%m-%d %H:%M}" if instant else ""
