"""What changed in an event's programme, version by version: a page, and feeds of it (Atom, RFC 4287; JSON Feed 1.1)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

from starlette.requests import Request
from starlette.responses import Response

from conference.calendars.conditional import fresh_answer
from conference.programme.choices import choices_of
from conference.programme.queries import event_at, releases_of
from conference.programme.release_words import News, news_of
from conference.programme.tables import Event
from conference.storage.database import Db
from conference.tags import tag_of
from conference.times import TimeShown, city_of, show
from conference.web.links import full_address
from conference.web.render import render
from conference.web.request import reading, zone_for

ATOM = "http://www.w3.org/2005/Atom"
IN_FEED = 50  # versions
FIRST = "The programme was published."
KEEP = {"Cache-Control": "public, no-cache"}


@dataclass(frozen=True, slots=True)
class Version:
    """One release, as everybody may read it."""

    id: str
    number: int
    released_at: datetime
    time: TimeShown
    note: str
    news: tuple[News, ...]

    @property
    def title(self) -> str:
        return f"Version {self.number}"

    @property
    def lines(self) -> list[str]:
        """Its note and its news, in plain words."""
        said = [f"{one.title}: {one.words}." for one in self.news]
        return [line for line in (self.note, *said) if line] or [FIRST]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """templates/site/changes.html"""

    event: Event
    city: str
    versions: tuple[Version, ...]


async def changes_page(request: Request) -> Response:
    """GET /events/{event}/changes"""
    async with reading(request) as db:
        event = await event_at(db, request.path_params["event"])
        versions = await _versions(db, event, zone_for(request, event.zone))
    page = ChangesPage(event, city_of(event.zone), versions)
    return render(request, "site/changes.html", page, title=f"Changes · {event.title}", zone=event.zone)


async def changes_atom(request: Request) -> Response:
    """GET /events/{event}/changes.atom"""
    event, versions = await _public(request)
    page, own = (full_address(request, name, event=event.slug) for name in ("site:changes", "site:changes_atom"))
    feed = ElementTree.Element("feed", xmlns=ATOM)
    _texts(feed, id=f"urn:uuid:{event.id}", title=f"Changes to the programme of {event.title}", updated=_stamp(versions, event))
    ElementTree.SubElement(feed, "link", rel="self", type="application/atom+xml", href=own)
    ElementTree.SubElement(feed, "link", rel="alternate", type="text/html", href=page)
    _texts(ElementTree.SubElement(feed, "author"), name=event.title)
    for version in versions:
        entry = ElementTree.SubElement(feed, "entry")
        _texts(entry, id=f"urn:uuid:{version.id}", title=version.title, updated=version.released_at.isoformat())
        ElementTree.SubElement(entry, "link", rel="alternate", type="text/html", href=f"{page}#version-{version.number}")
        _texts(entry, content="\n".join(version.lines))
    body = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return _answer(request, body, "application/atom+xml; charset=utf-8", versions, event)


async def changes_json(request: Request) -> Response:
    """GET /events/{event}/changes.json"""
    event, versions = await _public(request)
    page, own = (full_address(request, name, event=event.slug) for name in ("site:changes", "site:changes_json"))
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"Changes to the programme of {event.title}",
        "home_page_url": page,
        "feed_url": own,
        "language": "en",
        "items": [
            {
                "id": f"urn:uuid:{version.id}",
                "url": f"{page}#version-{version.number}",
                "title": version.title,
                "content_text": "\n".join(version.lines),
                "date_published": version.released_at.isoformat(),
            }
            for version in versions
        ],
    }
    return _answer(request, json.dumps(feed, ensure_ascii=False).encode(), "application/feed+json", versions, event)


async def _public(request: Request) -> tuple[Event, tuple[Version, ...]]:
    """What is the same for every reader: times in words are on the event's own clock."""
    async with reading(request) as db:
        event = await event_at(db, request.path_params["event"])
        return event, (await _versions(db, event, event.zone))[:IN_FEED]


async def _versions(db: Db, event: Event, zone: str) -> tuple[Version, ...]:
    """The newest first; the news is told on the event's clock."""
    names = (await choices_of(db, event)).names()
    return tuple(
        Version(
            id=str(row.id),
            number=row.number,
            released_at=row.released_at,
            time=show(row.released_at, None, first=zone, second=event.zone, event_zone=event.zone, mine=zone),
            note=row.note,
            news=news_of(row.changes, event.zone, names),
        )
        for row in await releases_of(db, event)
    )


def _texts(parent: ElementTree.Element, **texts: str) -> None:
    for name, text in texts.items():
        ElementTree.SubElement(parent, name).text = _written(text)


def _written(text: str) -> str:
    """XML 1.0 has no words for control characters."""
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n")


def _stamp(versions: Sequence[Version], event: Event) -> str:
    return (versions[0].released_at if versions else event.modified_at).isoformat()


def _answer(request: Request, body: bytes, kind: str, versions: Sequence[Version], event: Event) -> Response:
    changed_at = versions[0].released_at if versions else event.modified_at
    return fresh_answer(request, body, tag_of(body), changed_at, kind, KEEP)
