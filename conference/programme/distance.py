"""How long people need from one venue to another (pure): by its coordinates, at a stated speed."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import combinations
from math import asin, cos, radians, sin, sqrt

from conference.programme.tables import Venue

EARTH = 6371.0  # kilometres, its mean radius
SPEED = 80.0  # kilometres in an hour as the crow flies: a coach or a train with the ways to it and from it. London to Boston Spa: 3½ hours
LEAST = timedelta(minutes=20)  # out of one building and into another


def travel_time(there: Venue, here: Venue) -> timedelta:
    """Zero within a venue and online; `LEAST` where one of them has no coordinates. Rounded up to five minutes."""
    if there.id == here.id or there.online or here.online:
        return timedelta()
    distance = distance_between(there, here)
    if distance is None:
        return LEAST
    minutes = -(-int(distance / SPEED * 60) // 5) * 5
    return max(LEAST, timedelta(minutes=minutes))


def venues_apart(venues: Sequence[Venue]) -> list[tuple[Venue, Venue, timedelta]]:
    """Every two venues with a way between them, and how long it takes: what these warnings go by."""
    ways = ((there, here, travel_time(there, here)) for there, here in combinations(venues, 2))
    return [way for way in ways if way[2]]


def distance_between(there: Venue, here: Venue) -> float | None:
    """Kilometres over the ground (haversine); None where a place is not known."""
    if there.latitude is None or there.longitude is None or here.latitude is None or here.longitude is None:
        return None
    up, across = radians(here.latitude - there.latitude), radians(here.longitude - there.longitude)
    part = sin(up / 2) ** 2 + cos(radians(there.latitude)) * cos(radians(here.latitude)) * sin(across / 2) ** 2
    return 2 * EARTH * asin(sqrt(part))
