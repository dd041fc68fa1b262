"""The zone in which most people of a country live (pure): for whoever told us their country and no zone."""

from collections import defaultdict
from functools import lru_cache

from babel.core import get_global

from conference.times import known_zones

# Countries with several zones: the one with the most people in it. A country that is neither here nor in one zone alone is left unknown.
_MOST_PEOPLE = {
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CD": "Africa/Kinshasa",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "FM": "Pacific/Chuuk",
    "GL": "America/Nuuk",
    "ID": "Asia/Jakarta",
    "KI": "Pacific/Tarawa",
    "KZ": "Asia/Almaty",
    "MH": "Pacific/Majuro",
    "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PF": "Pacific/Tahiti",
    "PG": "Pacific/Port_Moresby",
    "PS": "Asia/Gaza",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "US": "America/New_York",
    "UZ": "Asia/Tashkent",
    "XK": "Europe/Belgrade",  # the zone database has none of its own for it
}


def main_zone(country: str | None) -> str | None:
    """`GH` -> `Africa/Accra`, `AU` -> `Australia/Sydney`; None where there is no saying."""
    return _zones().get(country or "")


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    zones: defaultdict[str, set[str]] = defaultdict(set)
    territories = get_global("zone_territories")
    for zone in known_zones():
        if zone in territories:
            zones[territories[zone]].add(zone)
    return {country: next(iter(named)) for country, named in zones.items() if len(named) == 1} | _MOST_PEOPLE
