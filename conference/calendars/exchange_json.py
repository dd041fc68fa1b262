"""schedule.json as bytes (pure): the same facts as schedule.xml, in the words of the JSON family."""

import json
from typing import Any

from conference.calendars.exchange import JOIN_WORDS, Exchange, ExchangeDay, ExchangePerson, ExchangeRoom, ExchangeSession
from conference.calendars.exchange_xml import GENERATOR, TIMESLOT

SCHEMA = "https://c3voc.de/schedule/schema.json"  # the name of the format, which validators go by; nothing is fetched from it

Json = dict[str, Any]


def exchange_json(exchange: Exchange) -> bytes:
    schedule = {
        "version": exchange.version,
        "base_url": exchange.base_url,
        "url": f"{exchange.base_url}schedule.json",
        "conference": _conference(exchange),
    }
    whole = {"$schema": SCHEMA, "generator": {"name": GENERATOR}, "schedule": schedule}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def _conference(exchange: Exchange) -> Json:
    return {
        "acronym": exchange.acronym,
        "title": exchange.title,
        "description": exchange.summary,
        "start": exchange.first_day.isoformat(),
        "end": exchange.last_day.isoformat(),
        "daysCount": len(exchange.days),
        "timeslot_duration": TIMESLOT,
        "time_zone_name": exchange.zone,
        "url": exchange.url,
        "tracks": [{"name": name, "slug": slug} for slug, name in exchange.tracks],
        "rooms": [_room(room) for room in exchange.rooms],
        "days": [_day(day) for day in exchange.days],
    }


def _room(room: ExchangeRoom) -> Json:
    kind = {"type": "online"} if room.online else {}
    return {"name": room.name, "slug": room.slug, "guid": str(room.guid), "description": None, "capacity": room.capacity, **kind}


def _day(day: ExchangeDay) -> Json:
    return {
        "index": day.index,
        "date": day.date.isoformat(),
        "day_start": day.starts.isoformat(),
        "day_end": day.ends.isoformat(),
        "rooms": {room.name: [_session(session) for session in sessions] for room, sessions in day.rooms},
    }


def _session(session: ExchangeSession) -> Json:
    return {
        "guid": str(session.guid),
        "id": session.number,
        "date": session.starts.isoformat(),
        "start": f"{session.starts:%H:%M}",
        "end": session.ends.isoformat(),
        "duration": session.duration,
        "room": session.room.name,
        "slug": session.slug,
        "url": session.url,
        "title": session.title,
        "subtitle": "",
        "track": session.track or None,
        "type": session.kind,
        "language": None,
        "abstract": session.abstract,
        "description": "",
        "recording_license": "",
        "do_not_record": True,
        "persons": [_person(person) for person in session.persons],
        "links": [{"url": session.join_url, "title": JOIN_WORDS, "type": "web"}] if session.join_url else [],
        "attachments": [],
    }


def _person(person: ExchangePerson) -> Json:
    return {"guid": str(person.guid), "id": person.number, "name": person.name, "biography": person.biography}
