"""Who stands where when organisers come, and what a browser does with the forms that it is given."""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlencode

from httpx2 import AsyncClient, Response

from conference.people.tables import Person
from conference.programme.queries import SessionFacts, releases_of, session_at
from conference.programme.tables import Event, ScheduleRelease
from conference.storage.database import Database
from tests.world import World

MANAGE = "/manage/events/wi-test"
TALK, WORKSHOP = f"{MANAGE}/sessions/opening-keynote", f"{MANAGE}/sessions/hands-on-workshop"
Fields = dict[str, str]


@dataclass
class Console:
    """A house in which an event is planned, and a browser for each who comes."""

    world: World
    autumn: Event  # another event, with an organiser of its own
    people: dict[str, Person]
    browsers: dict[str, AsyncClient]
    database: Database

    @property
    def organiser(self) -> AsyncClient:
        return self.browsers["organiser"]

    async def session(self, slug: str, event: str = "wi-test") -> SessionFacts:
        async with self.database.reading() as db:
            return await session_at(db, event, slug)

    async def releases(self) -> list[ScheduleRelease]:
        """The newest first."""
        async with self.database.reading() as db:
            return list(await releases_of(db, self.world.event))


class _Forms(HTMLParser):
    """The forms of a page, with what a browser would send of each if nothing were touched; without its key, which is another each time."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, Fields] = {}
        self.fields: Fields | None = None
        self.area: str | None = None
        self.choice: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "form":
            self.fields = self.forms.setdefault(given.get("action", ""), {})
        elif self.fields is None:
            return
        elif tag == "input" and name not in ("", "once") and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self.fields[name] = value
        elif tag == "textarea":
            self.area, self.fields[name] = name, ""
        elif tag == "select":
            self.choice = name
        elif tag == "option" and self.choice and ("selected" in given or self.choice not in self.fields):
            self.fields[self.choice] = value

    def handle_data(self, data: str) -> None:
        if self.area and self.fields is not None:
            self.fields[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area and self.fields is not None:
            self.fields[self.area] = self.fields[self.area].removeprefix("\n")  # HTML drops the first line break
            self.area = None
        elif tag == "select":
            self.choice = None
        elif tag == "form":
            self.fields = None


@dataclass
class Page:
    """What somebody sees after an act."""

    status: int
    text: str
    forms: dict[str, Fields] = field(default_factory=dict)

    @property
    def beside(self) -> dict[str, str]:
        """The sentence beside each field that needs another look, by the field's name."""
        found = re.findall(r'<p class="field__error" id="([^"]+)-error">.*?<span>(.*?)</span></p>', self.text, re.DOTALL)
        return {name: unescape(sentence) for name, sentence in found}

    @property
    def said(self) -> str:
        """What the page says about the act before it."""
        flash = re.search(r'<div class="flash" role="status">(.*?)</div>\s*<main', self.text, re.DOTALL)
        return words(flash[1]) if flash else ""

    @property
    def words(self) -> str:
        return words(self.text.partition('<main id="main"')[2].partition("</main>")[0].partition(">")[2])

    def form(self, action: str) -> Fields:
        return dict(self.forms[action])


def words(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def page_of(answer: Response) -> Page:
    reader = _Forms()
    reader.feed(answer.text)
    return Page(answer.status_code, answer.text, reader.forms)


async def look(browser: AsyncClient, path: str) -> Page:
    return page_of(await browser.get(path))


async def send(browser: AsyncClient, path: str, fields: Fields) -> Page:
    """Press the button of a form, the one that publishes where there are two: where it leads to, or the same form again."""
    answer = await browser.post(
        path, content=urlencode({"then": "release"} | fields), headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    if answer.status_code == 303:
        return page_of(await browser.get(answer.headers["location"]))
    return page_of(answer)


async def change(browser: AsyncClient, path: str, **typed: str) -> Page:
    """Open a form, change some of it, and send it."""
    opened = await look(browser, path)
    return await send(browser, path, opened.form(path) | typed)
