"""What a release changed, said in words (pure). Instants are read on the event's own clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from conference.programme.rules import TYPE_WORDS
from conference.programme.tables import SessionType
from conference.times import DASH, clock_time, short_date, zone_named

Line = dict[str, Any]  # as ScheduleRelease.changes holds them

_ONLY_NAMED = {
    "abstract": "abstract changed",
    "join_url": "join link changed",
    "stream_url": "stream changed",
    "captions_url": "captions changed",
    "illustrative": "note on what is illustrative changed",
    "published_words": "published words changed",
    "our_reading": "our reading changed",
}
_WHOLE = {"added": "added to the programme", "cancelled": "cancelled", "restored": "takes place after all", "speakers": "speakers changed"}


@dataclass(frozen=True, slots=True)
class News:
    """What one release changed about one session."""

    title: str
    words: str  # such as "time changed from 10:00–10:30 to 11:00–11:30; title changed from “A” to “B”"


def news_of(changes: Sequence[Line], zone: str, names: Mapping[str, str]) -> tuple[News, ...]:
    """One for each session that the release touched. `names` maps the ids of rooms and tracks to what people call them."""
    by_session: dict[str, list[Line]] = {}
    for line in changes:
        by_session.setdefault(line["session"], []).append(line)
    return tuple(News(lines[-1]["title"], "; ".join(_phrases(lines, zone, names))) for lines in by_session.values())


def _phrases(lines: Sequence[Line], zone: str, names: Mapping[str, str]) -> list[str]:
    times = {line["field"]: line for line in lines if line.get("field") in ("starts_at", "ends_at")}
    others = [_phrase(line, names) for line in lines if line.get("field") not in times]
    return [_time_phrase(times, zone), *others] if times else others


def _time_phrase(times: Mapping[str, Line], zone: str) -> str:
    """Both ends moved: the spans; one: that end alone. The date is said where it changed too."""
    what = "time" if len(times) == 2 else "start" if "starts_at" in times else "end"
    moments = {when: [_local(line[when], zone) for line in _in_order(times)] for when in ("before", "after")}
    dated = moments["before"][0].date() != moments["after"][0].date()
    return f"{what} changed from {_span(moments['before'], dated)} to {_span(moments['after'], dated)}"


def _in_order(times: Mapping[str, Line]) -> list[Line]:
    return [times[name] for name in ("starts_at", "ends_at") if name in times]


def _local(instant: str, zone: str) -> datetime:
    return datetime.fromisoformat(instant).astimezone(zone_named(zone))


def _span(moments: Sequence[datetime], dated: bool) -> str:
    clock = DASH.join(clock_time(moment) for moment in moments)
    return f"{short_date(moments[0].date())}, {clock}" if dated else clock


def _phrase(line: Line, names: Mapping[str, str]) -> str:
    field, before, after = line.get("field"), line.get("before", ""), line.get("after", "")
    if line["what"] == "renamed":
        return _renamed(line["of"], before, after)
    if field is None:
        return _WHOLE[line["what"]]
    if field == "title":
        return f"title changed from “{before}” to “{after}”"
    if field == "type":
        return f"type changed from {TYPE_WORDS[SessionType(before)]} to {TYPE_WORDS[SessionType(after)]}"
    if field in ("room_id", "track_id"):
        return f"{field.removesuffix('_id')} changed from {_named(before, names)} to {_named(after, names)}"
    if field == "for_everyone":
        return "now for everyone" if after == "True" else "now by booking"
    return _ONLY_NAMED[field]


def _renamed(of: str, before: str, after: str) -> str:
    """A room, a venue, a track or somebody is called otherwise now; the session itself stays as it was."""
    return f"{of} is now called “{after}” (before: “{before}”)" if before != after else f"{of} corrected"


def _named(id_: str, names: Mapping[str, str]) -> str:
    return names.get(id_, "one that is gone") if id_ else "none"
