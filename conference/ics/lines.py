"""Content lines (RFC 5545, 3.1 to 3.3; pure): a name, parameters and a value in, folded bytes out.

Written out by hand, since a library's general way costs thirty times as much; the tests hold these bytes against the library's.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

OCTETS = 75  # in a line, its end not counted
_QUOTED = frozenset(",;:")


def line(name: str, value: str) -> bytes:
    """`name` with its parameters, if any, as `with_parameters` writes them; the value as the line carries it."""
    whole = f"{name}:{value}".encode()
    return whole + b"\r\n" if len(whole) <= OCTETS else _folded(whole)


def text(words: str) -> str:
    r"""TEXT (3.3.11): a typed `\N` stays a backslash and an N."""
    return words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def texts(several: Iterable[str]) -> str:
    return ",".join(map(text, several))


def with_parameters(name: str, parameters: dict[str, str]) -> str:
    """`CONFERENCE;VALUE=URI`. A quote can't be written in a parameter's value (3.2), so it becomes an apostrophe."""
    return name + "".join(f";{key}={_parameter(value)}" for key, value in parameters.items())


def utc(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def wall(local: datetime) -> str:
    """What a clock shows; the line says the zone."""
    return local.strftime("%Y%m%dT%H%M%S")


def day(whole: date) -> str:
    return whole.strftime("%Y%m%d")


def duration(span: timedelta) -> str:
    """`PT1H`, `-PT10M`: whole minutes, less than a day."""
    minutes = round(abs(span) / timedelta(minutes=1))
    hours, rest = divmod(minutes, 60)
    return ("-" if span < timedelta() else "") + "PT" + (f"{hours}H" if hours else "") + (f"{rest}M" if rest or not hours else "")


def _parameter(value: str) -> str:
    safe = value.replace('"', "'")
    return f'"{safe}"' if _QUOTED.intersection(safe) or " " in safe else safe


def _folded(whole: bytes) -> bytes:
    """Each piece is UTF-8 by itself: a cut never falls into a letter."""
    if whole.isascii():
        cuts = range(OCTETS, len(whole), OCTETS - 1)
        return b"\r\n ".join((whole[:OCTETS], *(whole[cut : cut + OCTETS - 1] for cut in cuts))) + b"\r\n"
    pieces, start, room = [], 0, OCTETS
    while len(whole) - start > room:
        cut = start + room
        while whole[cut] & 0xC0 == 0x80:
            cut -= 1
        pieces.append(whole[start:cut])
        start, room = cut, OCTETS - 1
    pieces.append(whole[start:])
    return b"\r\n ".join(pieces) + b"\r\n"
