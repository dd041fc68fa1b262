"""schedule.xml as bytes (pure)."""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from conference.calendars.exchange import JOIN_WORDS, Exchange, ExchangeDay, ExchangeSession
from conference.programme.importing import printable

GENERATOR = "Library Conferences"
TIMESLOT = "00:05"  # what an app may draw its grid by


def exchange_xml(exchange: Exchange) -> bytes:
    root = Element("schedule")
    SubElement(root, "generator", name=GENERATOR)
    _text(root, "url", f"{exchange.base_url}schedule.xml")
    _text(root, "version", exchange.version)
    _conference(root, exchange)
    for day in exchange.days:
        _day(root, day)
    indent(root, " ")
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True, short_empty_elements=False)) + b"\n"


def _conference(root: Element, exchange: Exchange) -> None:
    element = SubElement(root, "conference")
    _text(element, "acronym", exchange.acronym)
    _text(element, "title", exchange.title)
    _text(element, "start", exchange.first_day.isoformat())
    _text(element, "end", exchange.last_day.isoformat())
    _text(element, "days", str(len(exchange.days)))
    _text(element, "timeslot_duration", TIMESLOT)
    _text(element, "base_url", exchange.base_url)
    _text(element, "url", exchange.url)
    _text(element, "time_zone_name", exchange.zone)
    for slug, name in exchange.tracks:
        SubElement(element, "track", name=printable(name), slug=slug)


def _day(root: Element, day: ExchangeDay) -> None:
    span = {"index": str(day.index), "date": day.date.isoformat(), "start": day.starts.isoformat(), "end": day.ends.isoformat()}
    element = SubElement(root, "day", span)
    for room, sessions in day.rooms:
        held = SubElement(element, "room", name=printable(room.name), guid=str(room.guid))
        for session in sessions:
            _session(held, session)


def _session(room: Element, session: ExchangeSession) -> None:
    element = SubElement(room, "event", id=str(session.number), guid=str(session.guid))
    _text(element, "date", session.starts.isoformat())
    _text(element, "start", f"{session.starts:%H:%M}")
    _text(element, "duration", session.duration)
    _text(element, "room", session.room.name)
    _text(element, "slug", session.slug)
    _text(element, "url", session.url)
    recording = SubElement(element, "recording")
    _text(recording, "license", "")
    _text(recording, "optout", "true")  # nobody may record because this file is silent
    _text(element, "title", session.title)
    _text(element, "subtitle", "")
    _text(element, "track", session.track)
    _text(element, "type", session.kind)
    _text(element, "language", "")
    _text(element, "abstract", session.abstract)
    _text(element, "description", "")
    persons = SubElement(element, "persons")
    for person in session.persons:
        SubElement(persons, "person", id=str(person.number), guid=str(person.guid)).text = printable(person.name)
    links = SubElement(element, "links")
    if session.join_url:
        SubElement(links, "link", href=printable(session.join_url), type="web").text = JOIN_WORDS
    SubElement(element, "attachments")


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = printable(text)
