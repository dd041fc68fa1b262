"""Somebody with a name like nobody else's, who does all that a person can do here; and a search for that name through everything."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from httpx2 import AsyncClient, Response
from sqlalchemy import text
from sqlmodel import SQLModel, col, select

from conference.live.actions import perform
from conference.live.care_tables import HelpKind
from conference.live.commands import Approve, Ask, AskHelp, Cast, Command, DraftPoll, Hold, OpenPoll, Say, SetStage, Silence, Upvote
from conference.live.poll_tables import PollKind
from conference.live.tables import Moderated
from conference.mail.outbox import send_waiting
from conference.mail.tables import QueuedMail
from conference.people.tables import Person
from conference.programme.tables import Speaker
from conference.storage.database import Database
from conference.web.render import environment
from tests.console.cast import Page, change, look, page_of
from tests.speaking.cast import EVENT, MANAGE, PDF, SESSION, WORKSHOP, House, picture
from tests.world import BEFORE

MARK = "xyzzyq"  # in their name, their address and in what they write, and nowhere else
NAME, ADDRESS = "Xyzzyq the Traveller", "xyzzyq.traveller@delegates.example"
PASSWORD = "four herons over reeds"
TALK = f"{SESSION}/talk"


@dataclass
class Traveller:
    """`browser` is theirs; `feed` and `token` are what their programs use."""

    house: House
    browser: AsyncClient
    feed: str = ""
    token: str = ""
    ids: dict[str, UUID] = field(default_factory=dict)  # of what they, and others, said

    async def post(self, path: str, who: str = "", **fields: str) -> Response:
        browser = self.house.browsers[who] if who else self.browser
        headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"}
        return await browser.post(path, content=urlencode(fields), headers=headers)

    async def person(self) -> Person:
        async with self.house.database.reading() as db:
            return (await db.exec(select(Person).where(Person.email == ADDRESS))).one()

    async def does(self, who: str, command: type[Command], **what: Any) -> UUID:
        """On the opening keynote's stage, as a socket or a form brings it; the id of what it was about."""
        async with self.house.database.writing() as db:
            person = await self.person() if who == "me" else self.house.people[who]
            given = command(client_id=uuid4().hex, **what)
            done = await perform(db, self.house.world.talk.id, person, given, BEFORE, datetime.now(UTC))
        return done.answer.subject_id or UUID(int=0)

    async def send_mails(self) -> None:
        """All that wait, into the folder."""
        while await send_waiting(self.house.database, self.house.settings, environment(), datetime.now(UTC)):
            pass

    async def mailed(self, template: str) -> str:
        """The path of the link in the newest mail of this kind."""
        return await self.house.link(template)


async def come(house: House) -> Traveller:
    """Registered by the mailed link, with details, a password and a second device."""
    me = Traveller(house, house.browsers["nobody"])
    assert (await me.post(f"{EVENT}/registration", name=NAME, email=ADDRESS, **{"terms-1": "yes"})).status_code == 200
    assert (await me.post(await me.mailed("registration_confirm"))).status_code == 303
    await me.post("/me/details", name=NAME, organisation="Xyzzyq Library", country="MN", zone="Asia/Ulaanbaatar")
    assert (await me.post("/me/security/password", password=PASSWORD, repeated=PASSWORD)).status_code == 303
    return me


async def take_part(me: Traveller) -> None:
    """A turn on the waiting list that became a seat, a star, a feed, a token, consents, questions to the organisers."""
    for who in ("partner", "guest"):
        await me.post(f"{EVENT}/registration", who)
    for who in ("delegate", "partner"):
        await me.post(f"{WORKSHOP}/booking", who)
    await me.post(f"{WORKSHOP}/booking")
    await me.post(f"{WORKSHOP}/booking", "guest")
    await me.post(f"{WORKSHOP}/booking/cancellation", "delegate")
    await me.post(f"{SESSION}/star")
    await me.post("/me/calendar")
    found = re.search(r"/calendar/[^\"<&]+\.ics", (await me.browser.get("/me")).text)
    assert found
    me.feed = found[0]
    made = await me.post("/me/tokens", name="Xyzzyq badge", lasts="90", **{"scope-profile": "yes", "scope-bookings": "yes"})
    shown = re.search(r'id="token" value="([^"]+)"', made.text)
    assert shown
    me.token = shown[1]
    await me.post("/me/data/consents/wi-test", photos="yes", follow_up="yes")
    await me.post("/me/data/corrections", event="wi-test", text="Xyzzyq is written with a q.")
    await me.post("/me/details/address", email="another-xyzzyq@delegates.example")


async def talk_live(me: Traveller) -> None:
    """Questions shown and waiting, votes, a ballot, chat, a request for help, being reported and silenced, one's name shown."""
    run = {"moderated": Moderated.before, "chat_open": True, "slow_seconds": 0, "held_words": "", "late_minutes": 0}
    await me.does("moderator", SetStage, **run)
    me.ids["shown"] = await me.does("me", Ask, text="Xyzzyq here: which reading room is open at night?")
    me.ids["waiting"] = await me.does("me", Ask, text="And is Xyzzyq the Traveller welcome there?")
    me.ids["others"] = await me.does("delegate", Ask, text="How many books are there?")
    await me.does("moderator", Hold, question_id=me.ids["shown"])
    for name in ("shown", "others"):
        await me.does("moderator", Approve, question_id=me.ids[name])
    await me.does("me", Upvote, question_id=me.ids["others"])
    await me.does("delegate", Upvote, question_id=me.ids["shown"])
    poll = await me.does("moderator", DraftPoll, kind=PollKind.single, prompt="Where?", options=("Here", "There"), live_results=True)
    await me.does("moderator", OpenPoll, poll_id=poll)
    await me.does("me", Cast, poll_id=poll, choices=("1",))
    me.ids["message"] = await me.does("me", Say, text="Greetings from Xyzzyq")
    await me.does("delegate", AskHelp, kind=HelpKind.conduct, text="Look at this", about_id=me.ids["message"])
    me.ids["help"] = await me.does("me", AskHelp, kind=HelpKind.sound, text="Xyzzyq hears nothing")
    await me.post(f"{EVENT}/stage-name", show="yes")
    await me.does("moderator", Silence, about_id=me.ids["message"], minutes=5, reason="Xyzzyq greets too often")


async def speak(me: Traveller) -> None:
    """Invited and accepted, in the published programme, with a biography, a photo, slides, a proposal, a co-speaker, notes."""
    await me.post(f"{MANAGE}/speaking", "organiser", name=NAME, email=ADDRESS, session="opening-keynote", word="Dear Xyzzyq, come")
    assert (await me.post(await me.mailed("speaker_invited"))).status_code == 303
    opened = await look(me.house.browsers["organiser"], f"{MANAGE}/release")
    released = await me.post(f"{MANAGE}/release", "organiser", **(opened.form(f"{MANAGE}/release") | {"sure": "yes", "note": "A guest"}))
    assert released.status_code == 303
    profile = f"{EVENT}/speakers/{(await my_speaker(me)).slug}/profile"
    await change(me.browser, profile, biography="Xyzzyq has seen many libraries.", pronouns="they, as Xyzzyq says")
    await _file(me, f"{profile}/photo", "photo", picture(), alt="Xyzzyq in a hat")
    await _file(me, f"{TALK}/resources", "file", PDF, what="Xyzzyq's slides", audience="public", shown_from="at_once")
    await me.post(f"{TALK}/resources", what="Xyzzyq elsewhere", url="https://slides.example/deck", audience="public", shown_from="at_once")
    forms = (await look(me.browser, TALK)).forms
    await me.post(next(path for path in reversed(forms) if path.endswith("/removal") and "/resources/" in path))
    await change(me.browser, TALK, title="Libraries that Xyzzyq saw")
    await me.post(f"{TALK}/co-speakers", name="Companion of Xyzzyq", email="companion-xyzzyq@delegates.example", word="We travel together")
    await me.post(f"{SESSION}/stage/speaker/notes", name_said="ksi-zee", introduction="Xyzzyq needs none", recording="yes")


async def my_speaker(me: Traveller) -> Speaker:
    async with me.house.database.reading() as db:
        person = await me.person()
        return (await db.exec(select(Speaker).where(Speaker.person_id == person.id))).one()


async def _file(me: Traveller, path: str, name: str, content: bytes, **typed: str) -> Page:
    answer = await me.browser.post(path, data=typed, files={name: ("../../x.png", content, "text/html")})
    assert answer.status_code == 303, page_of(answer).words
    return page_of(answer)


# Where their name still is.


async def in_tables(database: Database) -> set[str]:
    """`table.column` of each cell with the mark in it, whatever its type; bytes also as the mail that they are."""
    found: set[str] = set()
    async with database.reading() as db:
        connection = await db.connection()
        for table in SQLModel.metadata.tables.values():
            rows = await connection.execute(text(f'SELECT * FROM "{table.name}"'))
            for row in rows.mappings():
                found |= {f"{table.name}.{name}" for name, value in row.items() if _has(value)}
    return found


def in_files(folder: Path) -> set[str]:
    """Files whose name or bytes have the mark in them, as it is, in base64, or inside of a mail."""
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file() and (_has(file.name) or _has(file.read_bytes()))}


def _has(value: object) -> bool:
    if isinstance(value, bytes):
        return any(MARK in reading.lower() for reading in _readings(value))
    return MARK in str(value).lower()


def _readings(value: bytes) -> Iterator[str]:
    yield value.decode("latin-1")
    coded = (base64.b64encode(b"\0" * shift + word.encode()).decode().rstrip("=")[4:-2] for word in (NAME, ADDRESS) for shift in range(3))
    if any(piece in value.decode("latin-1") for piece in coded):
        yield MARK
    if value.startswith((b"From:", b"Return-Path:", b"Received:")):
        message = message_from_bytes(value, policy=default)
        yield f"{dict(message.items())} {message.get_body()}"


async def newest_mails(database: Database) -> list[QueuedMail]:
    async with database.reading() as db:
        return list(await db.exec(select(QueuedMail).order_by(col(QueuedMail.id))))
