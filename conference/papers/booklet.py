"""The programme booklet: what is published of an event, per day and place, as facts for templates/documents/booklet.typ."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from conference.attendance.rules import programme_days
from conference.papers.issuing import head_facts
from conference.papers.rules import dates_of
from conference.programme.queries import SessionFacts, programme_of
from conference.programme.tables import Event, SessionType
from conference.storage.database import Db
from conference.times import DASH, city_of, clock_time, long_date, short_date, spoken_zone, zone_named

TYPES = {SessionType.break_: "Break", SessionType.project_presentation: "Project presentation"}
ALL_ILLUSTRATIVE = " The times are illustrative: ours, until the organisers fix them."


async def booklet_facts(db: Db, event: Event, zone: str) -> dict[str, Any]:
    """`zone`: a reader's own, in which times stand beside the event's where both differ."""
    sessions = await programme_of(db, event)
    head = await head_facts(db, event, event.modified_at)
    all_ours = bool(sessions) and all(facts.session.illustrative for facts in sessions)
    days = [_day(event, zone, day, list(theirs)) for day, theirs in groupby(sessions, key=_date)]
    return head | {
        "title": event.title,
        "when": dates_of(event),
        "summary": event.summary,
        "zone_words": _zone_words(event, zone) + (ALL_ILLUSTRATIVE if all_ours else ""),
        "revision_words": f"As published on {long_date(event.modified_at.astimezone(zone_named(event.zone)).date())}.",
        "quick": [{"day": day["short"], "places": [_glance(place) for place in day["places"]]} for day in days],
        "free": _free_words(event, [_date(facts) for facts in sessions]),
        "all_illustrative": all_ours,
        "days": days,
    }


def _date(facts: SessionFacts) -> date:
    return facts.session.starts_at.astimezone(zone_named(facts.event.zone)).date()


def _day(event: Event, zone: str, day: date, sessions: Sequence[SessionFacts]) -> dict[str, Any]:
    """One place after the other, each for as long as one stays there: who goes back to a place in the evening finds it twice."""
    places = [_place(event, zone, list(there)) for _, there in groupby(sessions, key=lambda facts: facts.venue.id)]
    return {"title": long_date(day), "short": short_date(day), "places": places}


def _place(event: Event, zone: str, sessions: Sequence[SessionFacts]) -> dict[str, Any]:
    venue, clock = sessions[0].venue, zone_named(event.zone)
    first, last = min(facts.session.starts_at for facts in sessions), max(facts.session.ends_at for facts in sessions)
    return {
        "name": venue.name,
        "address": venue.address,
        "times": f"{clock_time(first.astimezone(clock))}{DASH}{clock_time(last.astimezone(clock))}",
        "sessions": [_session(event, zone, facts) for facts in sessions],
    }


def _session(event: Event, zone: str, facts: SessionFacts) -> dict[str, Any]:
    session, clock = facts.session, zone_named(event.zone)
    starts, ends = session.starts_at.astimezone(clock), session.ends_at.astimezone(clock)
    return {
        "title": session.title,
        "times": f"{clock_time(starts)}{DASH}{clock_time(ends)}",
        "also": _also(event, zone, facts),
        "type": TYPES.get(session.type, session.type.value.capitalize()),
        "room": "" if facts.venue.online else facts.room.name,
        "speakers": ", ".join(speaker.name for speaker in facts.speakers),
        "abstract": "" if session.cancelled_at else " ".join(session.abstract.split()),
        "mark": "Illustrative time" if session.illustrative else "",
        "state": "CANCELLED" if session.cancelled_at else "",
    }


def _also(event: Event, zone: str, facts: SessionFacts) -> str:
    """On the reader's own clock, with the date where it is another."""
    here, there = (facts.session.starts_at.astimezone(zone_named(name)) for name in (event.zone, zone))
    if here.utcoffset() == there.utcoffset():
        return ""
    day = "" if here.date() == there.date() else f" on {short_date(there.date())}"
    return f"{clock_time(there)}{day} in {city_of(zone)}"


def _zone_words(event: Event, zone: str) -> str:
    words = f"Times are those in {city_of(event.zone)} ({spoken_zone(event.starts_at, event.zone)})"
    differs = event.starts_at.astimezone(zone_named(zone)).utcoffset() != event.starts_at.astimezone(zone_named(event.zone)).utcoffset()
    return f"{words}; under them those in {city_of(zone)} ({spoken_zone(event.starts_at, zone)})." if differs else f"{words}."


def _glance(place: dict[str, Any]) -> str:
    return f"{place['name']}, {place['times']}"


def _free_words(event: Event, planned: Sequence[date]) -> str:
    """`Nothing is planned on Sat 12 July and Sun 13 July.`"""
    free = [date.fromisoformat(day) for day in event.free_days if date.fromisoformat(day) not in planned]
    return f"Nothing is planned on {' and '.join(map(short_date, free))}." if free and programme_days(event) else ""
