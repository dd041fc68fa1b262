"""A session's captions as one text, and as WebVTT (pure)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from conference.live.state import Words
from conference.times import clock_time, zone_named

STANDS = timedelta(seconds=10)  # how long a line is shown where no other follows
SHORTEST = timedelta(seconds=1)


def as_text(heading: str, lines: Iterable[Words], zone: str) -> str:
    """Each line after the clock's time in this zone."""
    place = zone_named(zone)
    said = (f"{clock_time(line.at.astimezone(place))}  {' '.join(line.text.split())}" for line in lines)
    return "\n".join((heading, "", *said, ""))


def as_vtt(lines: Sequence[Words], starts_at: datetime) -> str:
    """W3C WebVTT, counted from the session's start. What was said before it has no time there, and is left out."""
    kept = [line for line in lines if line.at >= starts_at]
    ends = [_end(line.at, following.at) for line, following in pairwise(kept)]
    if kept:
        ends.append(kept[-1].at + STANDS)
    cues = (
        f"{_stamp(line.at - starts_at)} --> {_stamp(end - starts_at)}\n{_escaped(line.text)}\n"
        for line, end in zip(kept, ends, strict=True)
    )
    return "\n".join(("WEBVTT\n", *cues))


def _end(at: datetime, following: datetime) -> datetime:
    return max(at + SHORTEST, min(following, at + STANDS))


def _stamp(span: timedelta) -> str:
    """`00:12:03.250`"""
    seconds, milliseconds = divmod(span // timedelta(milliseconds=1), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{milliseconds:03}"


def _escaped(text: str) -> str:
    """No empty line, which would end the cue, and nothing that is markup there, `-->` included."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
