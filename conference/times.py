"""How an instant reads on the clocks of people (pure): one place for every page, feed and mail.

Instants are aware datetimes in UTC; a zone is an IANA name such as `Africa/Nairobi`, never an abbreviation or an offset.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from conference.errors import Invalid

DASH = "–"

# Names in the zone database that aren't places where people live and that calendars may not read.
_NOT_PLACES = ("Etc/", "SystemV/", "posix/", "right/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/")

# Names of yesterday, from the zone database's own `backward` file: some browsers still report them. Taken wherever a zone is taken,
# turned into today's at once, and never offered.
OLD_NAMES = {
    "Africa/Asmera": "Africa/Asmara",
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Catamarca": "America/Argentina/Catamarca",
    "America/Coral_Harbour": "America/Atikokan",
    "America/Cordoba": "America/Argentina/Cordoba",
    "America/Fort_Wayne": "America/Indiana/Indianapolis",
    "America/Godthab": "America/Nuuk",
    "America/Indianapolis": "America/Indiana/Indianapolis",
    "America/Jujuy": "America/Argentina/Jujuy",
    "America/Louisville": "America/Kentucky/Louisville",
    "America/Mendoza": "America/Argentina/Mendoza",
    "America/Rosario": "America/Argentina/Cordoba",
    "Asia/Ashkhabad": "Asia/Ashgabat",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Dacca": "Asia/Dhaka",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Macao": "Asia/Macau",
    "Asia/Rangoon": "Asia/Yangon",
    "Asia/Saigon": "Asia/Ho_Chi_Minh",
    "Asia/Thimbu": "Asia/Thimphu",
    "Asia/Ujung_Pandang": "Asia/Makassar",
    "Asia/Ulan_Bator": "Asia/Ulaanbaatar",
    "Atlantic/Faeroe": "Atlantic/Faroe",
    "Australia/ACT": "Australia/Sydney",
    "Australia/LHI": "Australia/Lord_Howe",
    "Australia/NSW": "Australia/Sydney",
    "Australia/North": "Australia/Darwin",
    "Australia/Queensland": "Australia/Brisbane",
    "Australia/South": "Australia/Adelaide",
    "Australia/Tasmania": "Australia/Hobart",
    "Australia/Victoria": "Australia/Melbourne",
    "Australia/West": "Australia/Perth",
    "Australia/Yancowinna": "Australia/Broken_Hill",
    "Europe/Kiev": "Europe/Kyiv",
    "Europe/Uzhgorod": "Europe/Kyiv",
    "Europe/Zaporozhye": "Europe/Kyiv",
    "Pacific/Enderbury": "Pacific/Kanton",
    "Pacific/Ponape": "Pacific/Pohnpei",
    "Pacific/Truk": "Pacific/Chuuk",
    "Pacific/Yap": "Pacific/Chuuk",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One clock's reading of a span of time."""

    times: str  # "12:00–12:30", or "12:00"
    date: str  # "Friday 25 June 2021"
    short_date: str  # "Sat 26 June"
    place: str  # "your time", or "in London"
    zone: str  # "EAT, UTC+3"
    differs: bool  # this clock's date isn't the event's: say the date in words


@dataclass(frozen=True, slots=True)
class TimeShown:
    """A span as a page shows it: the clock that matters to this reader first, the other beside it."""

    starts_at: str  # ISO 8601 in UTC, for <time datetime>
    ends_at: str
    first: Reading
    second: Reading | None  # None where both clocks agree


@lru_cache(maxsize=1)
def known_zones() -> tuple[str, ...]:
    """The zones a person may choose, sorted, each by today's name; `UTC` is one of them."""
    places = (name for name in available_timezones() if "/" in name and not name.startswith(_NOT_PLACES) and name not in OLD_NAMES)
    return (*sorted(places), "UTC")


def zone_named(name: str) -> ZoneInfo:
    """The zone with this IANA name, or what an old name means today: its `.key` is what to store. Raises Invalid where there is none."""
    name = OLD_NAMES.get(name, name)
    if name not in known_zones():
        raise Invalid("zone", f"“{name[:60]}” is not a time zone we know. Choose one from the list, such as Africa/Nairobi.")
    return ZoneInfo(name)


def zone_meant(words: str) -> str:
    """Today's name of the zone that somebody typed: `Africa/Nairobi`, or only its city, `nairobi`, `New York`. Raises Invalid."""
    plain = words.strip().replace(" ", "_").casefold()
    return _zones_by_word().get(plain) or zone_named(words.strip()).key


@lru_cache(maxsize=1)
def _zones_by_word() -> dict[str, str]:
    """Names and cities, casefolded. Where two zones share a city's name, neither has it; zones known by a whole name win."""
    cities: dict[str, set[str]] = {}
    for zone in (*known_zones(), *OLD_NAMES):
        cities.setdefault(zone.rsplit("/", 1)[-1].casefold(), set()).add(OLD_NAMES.get(zone, zone))
    whole = {zone.casefold(): OLD_NAMES.get(zone, zone) for zone in (*known_zones(), *OLD_NAMES)}
    return {city: next(iter(zones)) for city, zones in cities.items() if len(zones) == 1} | whole


def city_of(zone: str) -> str:
    """`America/Argentina/Buenos_Aires` as people say it: `Buenos Aires`."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def spoken_offset(at: datetime) -> str:
    """`UTC+5:30` for an aware datetime; `UTC+0` when London keeps GMT."""
    minutes = round((at.utcoffset() or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def spoken_zone(instant: datetime, zone: str) -> str:
    """`BST, UTC+1`: the zone's name on that date and its offset; only the offset where the zone has no name of its own (Dubai)."""
    local = instant.astimezone(ZoneInfo(zone))
    name = local.tzname() or ""
    if zone == "UTC":
        return "UTC"
    return spoken_offset(local) if name[:1] in "+-" else f"{name}, {spoken_offset(local)}"


def long_date(day: date) -> str:
    """`Friday 25 June 2021`."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def short_date(day: date) -> str:
    """`Fri 25 June`."""
    return f"{day:%a} {day.day} {day:%B}"


def clock_time(local: datetime) -> str:
    return f"{local:%H:%M}"


def spoken_moment(instant: datetime, zone: str) -> str:
    """`10:05 on Friday 25 June 2021 (BST, UTC+1)`."""
    local = instant.astimezone(zone_named(zone))
    return f"{clock_time(local)} on {long_date(local.date())} ({spoken_zone(local, zone)})"


def local_instant(wall: datetime, zone: str, *, where: str = "starts_at") -> datetime:
    """The instant at which this wall clock (naive) is read in this zone.

    Raises Invalid, for the field `where`, when that time never happens there (clocks go forward) or happens twice (clocks go back).
    """
    place = zone_named(zone)
    early, late = (wall.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))
    said = f"{clock_time(wall)} on {long_date(wall.date())}"
    if early == late:
        return early
    if early > late:  # as instants: a wall time that is skipped reads later with the old offset
        raise Invalid(where, f"{said} does not happen in {city_of(zone)}: the clocks go forward over it. Choose a time an hour later.")
    raise Invalid(where, f"{said} happens twice in {city_of(zone)}: the clocks go back over it. Choose a time outside that hour.")


def show(starts_at: datetime, ends_at: datetime | None, *, first: str, second: str, event_zone: str, mine: str) -> TimeShown:
    """A span for a page: read in zone `first`, beside it in `second`; `mine` is the reader's own zone ("your time")."""
    ends = ends_at or starts_at
    one = _reading(starts_at, ends, first, event_zone, mine)
    two = _reading(starts_at, ends, second, event_zone, mine)
    same = (one.times, one.date, spoken_offset(starts_at.astimezone(ZoneInfo(first)))) == (
        two.times,
        two.date,
        spoken_offset(starts_at.astimezone(ZoneInfo(second))),
    )
    return TimeShown(_iso(starts_at), _iso(ends), one, None if same else two)


def _reading(starts_at: datetime, ends_at: datetime, zone: str, event_zone: str, mine: str) -> Reading:
    place = ZoneInfo(zone)
    start, end = starts_at.astimezone(place), ends_at.astimezone(place)
    times = clock_time(start) if ends_at == starts_at else f"{clock_time(start)}{DASH}{clock_time(end)}"
    if end.date() != start.date():
        times += f" ({short_date(end.date())})"
    differs = start.date() != starts_at.astimezone(ZoneInfo(event_zone)).date()
    where = "your time" if zone == mine and zone != event_zone else f"in {city_of(zone)}"
    return Reading(times, long_date(start.date()), short_date(start.date()), where, spoken_zone(starts_at, zone), differs)


def _iso(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
