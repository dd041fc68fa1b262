"""Who speaks where, and what they bring: an event with two sessions, another event, a browser for each, and files good and bad."""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from httpx2 import AsyncClient, Response
from PIL import Image
from sqlmodel import col, select

from conference.mail.compose import written
from conference.mail.tables import QueuedMail
from conference.people.tables import Person
from conference.programme.tables import Event, Session, Speaker
from conference.settings import Settings
from conference.speaking.tables import TalkProposal
from conference.storage.database import Database
from conference.web.render import environment
from tests.console.cast import Page, page_of
from tests.world import World

EVENT, MANAGE = "/events/wi-test", "/manage/events/wi-test"
SESSION, WORKSHOP = f"{EVENT}/sessions/opening-keynote", f"{EVENT}/sessions/hands-on-workshop"
TALK, PROFILE = f"{SESSION}/talk", f"{EVENT}/speakers/speaker/profile"
JPEG = "image/jpeg"


@dataclass
class House:
    """`speaker` and `partner` speak in the talk, `other` in the workshop; `spare` is somebody whom nobody has invited."""

    world: World
    elsewhere: Event
    people: dict[str, Person]
    speakers: dict[str, Speaker]
    browsers: dict[str, AsyncClient]
    database: Database
    settings: Settings
    app: Any

    async def mails(self, template: str) -> list[QueuedMail]:
        async with self.database.reading() as db:
            return list(await db.exec(select(QueuedMail).where(QueuedMail.template == template).order_by(col(QueuedMail.id))))

    async def letter(self, template: str) -> str:
        """The newest mail of this kind, as it is sent."""
        subject, text = written((await self.mails(template))[-1], self.settings, environment())
        return f"Subject: {subject}\n\n{text}"

    async def link(self, template: str = "speaker_invited") -> str:
        """The path in the newest invitation."""
        address: str = (await self.mails(template))[-1].facts["link"]
        return address.removeprefix(self.settings.base_url)

    async def session(self, slug: str = "opening-keynote") -> Session:
        async with self.database.reading() as db:
            return (await db.exec(select(Session).where(Session.slug == slug))).one()

    async def proposals(self) -> list[TalkProposal]:
        async with self.database.reading() as db:
            return list(await db.exec(select(TalkProposal).order_by(col(TalkProposal.id))))

    async def speaker(self, slug: str) -> Speaker:
        async with self.database.reading() as db:
            return (await db.exec(select(Speaker).where(Speaker.event_id == self.world.event.id, Speaker.slug == slug))).one()

    async def send_file(self, who: str, path: str, field: str, content: bytes, **typed: str) -> Page:
        """Send a form with a file in it; where it leads to, or the same form again. The name and the type are lies on purpose."""
        files = {field: ("../../x.png", content, "text/html")} if content else {}
        answer = await self.browsers[who].post(path, data=typed, files=files or {"none": ("", b"")})
        return await self.follow(who, answer)

    async def follow(self, who: str, answer: Response) -> Page:
        if answer.status_code == 303:
            return page_of(await self.browsers[who].get(answer.headers["location"]))
        return page_of(answer)


def picture(width: int = 400, height: int = 300, kind: str = "JPEG", **more: Any) -> bytes:
    written = BytesIO()
    Image.new("RGB", (width, height), "teal").save(written, kind, **more)
    return written.getvalue()


def picture_with_position() -> bytes:
    """As a phone makes it: on its side, with where it was taken and who took it."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x013B] = "A name that should stay at home"
    exif.get_ifd(0x8825).update({1: "S", 2: (1.0, 17.0, 10.0), 3: "E", 4: (36.0, 49.0, 0.0)})
    return picture(exif=exif)


def endless_picture() -> bytes:
    """A PNG of a few bytes that says it is 60,000 pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 100_000)) + chunk(b"IEND", b"")


def archive(entries: dict[str, bytes], *, before: bytes = b"", stored: bool = False) -> bytes:
    written = BytesIO()
    written.write(before)
    with ZipFile(written, "a" if before else "w", ZIP_STORED if stored else ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return written.getvalue()


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n"
ODP = archive({"mimetype": b"application/vnd.oasis.opendocument.presentation", "content.xml": b"<x/>"}, stored=True)
ODT = archive({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}, stored=True)
PPTX_PARTS = {"[Content_Types].xml": b"<x/>", "ppt/presentation.xml": b"<x/>"}
PPTX, PPTM = archive(PPTX_PARTS), archive({**PPTX_PARTS, "ppt/vbaProject.bin": b"macro"})
ZIP = archive({"handout.txt": b"Read me."})
BOMB = archive({"zeros": b"\0" * 30_000_000})
ESCAPING = archive({"../../etc/cron.d/x": b"x"})
