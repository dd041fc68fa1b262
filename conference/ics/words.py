"""Words, addresses and positions as content lines carry them: what was typed, and nothing that could break a line (pure)."""

import re
from datetime import UTC, date, datetime, tzinfo
from urllib.parse import quote
from zoneinfo import ZoneInfo

from conference.times import clock_time, long_date, short_date, spoken_zone

# Everything that some reader takes for the end of a line.
_LINE_ENDS = re.compile("\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# What RFC 5545 3.1 allows in no text, what may not be seen, and what UTF-8 can't write.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_BLANKS = re.compile("[ \t\n]+")
_URL_SAFE = ":/?#[]@!$&'()*+,;=%-._~"  # RFC 3986
_PLAIN_URL = re.compile(f"[A-Za-z0-9{re.escape(_URL_SAFE)}]*")


def paragraphs(text: str) -> str:
    """Text that may have line breaks, for DESCRIPTION."""
    if text.isprintable():  # most is: nothing to look for
        return text.strip()
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text)).strip()


def one_line(text: str) -> str:
    """Text on one line, for SUMMARY, LOCATION and names."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return _BLANKS.sub(" ", paragraphs(text))


def position(latitude: float, longitude: float) -> tuple[str, str]:
    """To six decimals and never in scientific notation: Greenwich lies at -0.000500, not at -5e-04."""
    return f"{latitude:.6f}", f"{longitude:.6f}"


def link(url: str) -> str:
    """An address in ASCII: what doesn't belong in one is percent-encoded."""
    return url if _PLAIN_URL.fullmatch(url) else quote(_CONTROLS.sub("", url).strip(), safe=_URL_SAFE)


def when_in_words(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """For descriptions: `Friday 25 June 2021, 10:00 to 10:30 (BST, UTC+1); 09:00 to 09:30 UTC`. A date that differs is said too."""
    day = starts_at.astimezone(ZoneInfo(zone)).date()
    said = f"{long_date(day)}, {_clocks(starts_at, ends_at, ZoneInfo(zone), day)}"
    if zone == "UTC":
        return f"{said} UTC"
    return f"{said} ({spoken_zone(starts_at, zone)}); {_clocks(starts_at, ends_at, UTC, day)} UTC"


def _clocks(starts_at: datetime, ends_at: datetime, zone: tzinfo, said: date) -> str:
    """`23:00 on Tue 8 July to 01:00 on Wed 9 July`: a date only where it isn't the one said before."""
    words = []
    for local in (starts_at.astimezone(zone), ends_at.astimezone(zone)):
        words.append(clock_time(local) if local.date() == said else f"{clock_time(local)} on {short_date(local.date())}")
        said = local.date()
    return " to ".join(words)
