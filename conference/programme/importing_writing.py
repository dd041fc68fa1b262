"""A programme as the rows of a table (pure), in the columns that an import reads, so that what goes out comes in again unchanged."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from conference.errors import Invalid
from conference.programme.choices import Choices
from conference.programme.importing_columns import AUDIENCES, COLUMNS, guarded
from conference.programme.planned import Planned
from conference.programme.queries import SessionFacts
from conference.programme.rules import TYPE_WORDS
from conference.programme.tables import Speaker
from conference.times import local_instant, zone_named

HEADING = tuple(COLUMNS.values())


def rows_of(planned: Iterable[Planned], choices: Choices) -> list[list[str]]:
    """What takes place, in the order of the day; what is cancelled, or to be, is left out."""
    words = dict(choices.room_words())
    often = Counter(words.values())
    rooms = {slug: name if often[name] == 1 else f"{name} ({slug})" for slug, name in words.items()}
    namesakes = Counter(speaker.name for speaker in choices.speakers)
    listed = [one.facts for one in planned if not one.facts.session.cancelled_at]
    return [[guarded(cell) for cell in _cells(facts, rooms[facts.room.slug], namesakes)] for facts in listed]


def _cells(facts: SessionFacts, room: str, namesakes: Counter[str]) -> list[str]:
    session, zone = facts.session, facts.event.zone
    starts, ends = (moment.astimezone(zone_named(zone)) for moment in (session.starts_at, session.ends_at))
    return [
        str(session.id),
        session.slug,
        session.title,
        TYPE_WORDS[session.type],
        facts.track.name if facts.track else "",
        room,
        starts.date().isoformat(),
        _clock(starts, zone),
        _end(starts, ends, zone),
        "; ".join(_named(speaker, namesakes) for speaker in facts.speakers),
        session.abstract,
        AUDIENCES[session.for_everyone],
        session.join_url,
        session.stream_url,
        session.captions_url,
        session.illustrative,
    ]


def _named(speaker: Speaker, namesakes: Counter[str]) -> str:
    if ";" in speaker.name:
        return f"({speaker.slug})"
    return speaker.name if namesakes[speaker.name] == 1 else f"{speaker.name} ({speaker.slug})"


def _clock(moment: datetime, zone: str) -> str:
    """`09:30`, with the offset where the clock shows that time twice."""
    wall = moment.replace(tzinfo=None)
    try:
        local_instant(wall, zone)
    except Invalid:
        return f"{wall:%H:%M}{moment.isoformat()[-6:]}"
    return f"{wall:%H:%M}"


def _end(starts: datetime, ends: datetime, zone: str) -> str:
    """Only the time where it says enough: an end that reads earlier than the start is the next day's."""
    days = ends.date() - starts.date()
    same_day = not days and ends.replace(tzinfo=None) > starts.replace(tzinfo=None)
    past_midnight = days == timedelta(days=1) and ends.time() < starts.time()
    clock = _clock(ends, zone)
    return clock if same_day or past_midnight else f"{ends.date().isoformat()} {clock}"
