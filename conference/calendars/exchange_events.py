"""The events that a schedule file lists, whichever of its two shapes it has (pure). Anything may be missing, and of another type."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from conference.calendars.exchange_nodes import Node, nodes_of
from conference.calendars.exchange_xml import GENERATOR
from conference.programme.importing import Named, refused
from conference.programme.importing_text import decoded

NO_SCHEDULE = "This is no schedule that we know: a schedule file has sessions in rooms, and rooms in days."


@dataclass(frozen=True, slots=True)
class Link:
    address: str
    words: str


@dataclass(frozen=True, slots=True)
class Listed:
    """An event, word for word; what is not there is empty."""

    where: str
    ours: bool  # this house wrote the file: its texts are plain
    acronym: str
    base_url: str
    day: str
    guid: str
    number: str
    date: str
    start: str
    end: str
    duration: str
    room: str
    room_guid: str
    slug: str
    title: str
    subtitle: str
    track: str
    kind: str
    abstract: str
    description: str
    persons: tuple[Named, ...]
    links: tuple[Link, ...]
    attachments: tuple[Link, ...]


def listed_in_xml(data: bytes) -> Iterator[Listed]:
    root = nodes_of(data)
    if root.name != "schedule":
        raise refused(NO_SCHEDULE)
    generator = root.child("generator")
    ours = bool(generator and generator.attributes.get("name") == GENERATOR)
    head = (ours, root.said("conference", "acronym"), root.said("conference", "base_url"))
    for day in root.all("day"):
        for room in day.all("room"):
            yield from (_from_node(event, room, day, head) for event in room.all("event"))


def _from_node(event: Node, room: Node, day: Node, head: tuple[bool, str, str]) -> Listed:
    names = ("date", "start", "end", "duration", "slug", "title", "subtitle", "track", "abstract", "description")
    persons = event.child("persons")
    return Listed(
        f"Line {event.line}",
        *head,
        day=day.attributes.get("date", ""),
        guid=event.attributes.get("guid", ""),
        number=event.attributes.get("id", ""),
        room=room.attributes.get("name", "") or event.said("room"),
        room_guid=room.attributes.get("guid", ""),
        kind=event.said("type"),
        persons=tuple(Named(one.text, one.attributes.get("guid", "")) for one in (persons.all("person") if persons else ()) if one.text),
        links=_links(event.child("links"), "link"),
        attachments=_links(event.child("attachments"), "attachment"),
        **_texts((name, event.said(name)) for name in names),
    )


def _texts(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    return dict(pairs)


def _links(element: Node | None, name: str) -> tuple[Link, ...]:
    return tuple(Link(one.attributes.get("href", "").strip(), one.text) for one in (element.all(name) if element else ()))


def listed_in_json(data: bytes) -> Iterator[Listed]:
    try:
        whole = json.loads(decoded(data))
    except (ValueError, RecursionError) as broken:
        line = f" at line {broken.lineno}" if isinstance(broken, json.JSONDecodeError) else ""
        raise refused(f"This file is not well-formed JSON: it breaks off{line}. Export it again where it comes from.") from None
    schedule, generator = _dict(_dict(whole).get("schedule")), _dict(_dict(whole).get("generator"))
    conference = _dict(schedule.get("conference"))
    if not isinstance(conference.get("days"), list):
        raise refused(NO_SCHEDULE)
    rooms = {_words(room.get("name")): _words(room.get("guid")) for room in _dicts(conference.get("rooms"))}
    head = (generator.get("name") == GENERATOR, _words(conference.get("acronym")), _words(schedule.get("base_url")))
    count = 0
    for day in _dicts(conference["days"]):
        for room, events in _dict(day.get("rooms")).items():
            for event in _dicts(events):
                count += 1
                yield _from_json(event, f"Session {count}", (room, rooms.get(room, "")), _words(day.get("date")), head)


def _from_json(event: dict[str, Any], where: str, room: tuple[str, str], day: str, head: tuple[bool, str, str]) -> Listed:
    names = ("guid", "date", "start", "end", "duration", "slug", "title", "subtitle", "track", "abstract", "description")
    return Listed(
        where,
        *head,
        day=day,
        number=_words(event.get("id")),
        room=room[0],
        room_guid=room[1],
        kind=_words(event.get("type")),
        persons=tuple(_person(person) for person in _dicts(event.get("persons")) if _name(person)),
        links=_references(event.get("links")),
        attachments=_references(event.get("attachments")),
        **_texts((name, _words(event.get(name))) for name in names),
    )


def _person(person: dict[str, Any]) -> Named:
    return Named(_name(person), _words(person.get("guid")), _words(person.get("biography")))


def _name(person: dict[str, Any]) -> str:
    return _words(person.get("name")) or _words(person.get("public_name"))


def _references(value: Any) -> tuple[Link, ...]:
    return tuple(Link(_words(one.get("url")).strip(), _words(one.get("title"))) for one in _dicts(value))


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _words(value: Any) -> str:
    """A text, a number, or the first language of a text in several."""
    if isinstance(value, dict):
        value = value.get("en") or next(iter(value.values()), "")
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
