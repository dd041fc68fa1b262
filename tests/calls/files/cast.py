"""Documents as people and wicked people send them, and a house with a call in it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import typst
from httpx2 import AsyncClient
from sqlmodel import col, select

from conference.calls.file_tables import SubmissionFile
from conference.calls.submission_tables import Submission
from conference.people.tables import Person
from conference.settings import Settings
from conference.storage.database import Database
from tests.calls.cast import CallWorld
from tests.console.cast import Page, page_of
from tests.speaking.cast import picture_with_position

NAME, ADDRESS = "Xyzzyq the Traveller", "the-traveller-xyzzyq@traveller.example"
MARK = "xyzzyq"
CV = "cv"


@dataclass
class House:
    """`mine` is the applicant's submission, a draft; the browsers' names are the people's."""

    made: CallWorld
    mine: Submission
    people: dict[str, Person]
    browsers: dict[str, AsyncClient]
    database: Database
    settings: Settings
    app: Any

    @property
    def own(self) -> str:
        return f"/calls/week-2021/submission/{self.mine.number}/files/{CV}"

    @property
    def panel(self) -> str:
        return f"/panel/week-2021/{self.mine.number}/files/{CV}"

    async def send(self, content: bytes, who: str = "applicant", name: str = "x.exe", path: str = "") -> Page:
        """The name and the type are lies on purpose."""
        files = {"file": (name, content, "text/html")} if content else {"none": ("", b"")}
        answer = await self.browsers[who].post(path or self.own, files=files)
        if answer.status_code == 303:
            return page_of(await self.browsers[who].get(answer.headers["location"]))
        return page_of(answer)

    def at(self, moment: datetime) -> None:
        """The domain's clock; a panel reads once the deadline is over."""
        self.app.state.house.clock.offset = moment - datetime.now(UTC)

    async def files(self) -> list[SubmissionFile]:
        async with self.database.reading() as db:
            return list(await db.exec(select(SubmissionFile).order_by(col(SubmissionFile.id))))

    async def draft(self) -> dict[str, Any]:
        async with self.database.reading() as db:
            return (await db.get_one(Submission, self.mine.id)).draft

    def shelf(self) -> list[Path]:
        return sorted(path for path in (self.settings.data / "uploads").rglob("*") if path.is_file())


def pdf(body: str = "A page about me.", **details: str) -> bytes:
    """With a title, an author and a link, as writing programs make it."""
    written = f'#set document(title: "{details.get("title", "")}", author: "{details.get("author", "")}")\n{body}'
    made = typst.compile(written.encode(), format="pdf")
    assert isinstance(made, bytes)
    return made


def packed(entries: dict[str, bytes | str], *, first: bytes = b"") -> bytes:
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as made:
        if first:
            made.writestr("mimetype", first, ZIP_STORED)
        for name, content in entries.items():
            made.writestr(name, content)
    return written.getvalue()


def opened(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = f'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="{RELS}"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
TYPES = (
    f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{KIND}.document.main+xml"/>'
    f'<Override PartName="/word/comments.xml" ContentType="{KIND}.comments+xml"/></Types>'
)
WORDS = (
    f"{HEAD}<w:document {W}><w:body>"
    '<w:p w:rsidR="00A1B2C3"><w:r><w:t>I am Xyzz</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>yq the Trav</w:t></w:r>'
    "<w:r><w:t>eller &amp; a friend</w:t></w:r></w:p>"
    '<w:p><w:ins w:id="1" w:author="Xyzzyq the Traveller" w:date="2021-01-01T00:00:00Z"><w:r><w:t>Added later</w:t></w:r></w:ins></w:p>'
    '<w:p><w:commentRangeStart w:id="0"/><w:r><w:t xml:space="preserve">Our readers </w:t></w:r><w:commentRangeEnd w:id="0"/>'
    '<w:r><w:commentReference w:id="0"/></w:r><w:hyperlink r:id="rId7"><w:r><w:t>write to me</w:t></w:r></w:hyperlink></w:p>'
    '<w:p><w:r><w:drawing descr="Xyzzyq the Traveller in a hat"/></w:r></w:p>'
    "</w:body></w:document>"
)
DOCX_PARTS: dict[str, bytes | str] = {
    "[Content_Types].xml": TYPES,
    "docProps/core.xml": f"{HEAD}<cp:coreProperties><dc:creator>{NAME}</dc:creator></cp:coreProperties>",
    "docProps/app.xml": f"{HEAD}<Properties><Company>Library of {NAME}</Company><Manager>{NAME}</Manager></Properties>",
    "docProps/custom.xml": f"{HEAD}<Properties><v>{NAME}</v></Properties>",
    "customXml/item1.xml": f"<x>{NAME}</x>",
    "word/document.xml": WORDS,
    "word/comments.xml": f'{HEAD}<w:comments {W}><w:comment w:author="{NAME}">Mine, {NAME}</w:comment></w:comments>',
    "word/people.xml": f'<w15:people><w15:person w15:author="{NAME}"/></w15:people>',
    "word/settings.xml": f'{HEAD}<w:settings {W}><w:attachedTemplate r:id="rId1"/>'
    '<w:rsids><w:rsid w:val="00A1B2C3"/></w:rsids><w:zoom/></w:settings>',
    "word/_rels/settings.xml.rels": f'<Relationships><Relationship Id="rId1" Type="{RELS}/attachedTemplate" '
    f'Target="https://{MARK}.example/t.dotm" TargetMode="External"/></Relationships>',
    "word/_rels/document.xml.rels": f'<Relationships><Relationship Id="rId5" Type="{RELS}/comments" Target="comments.xml"/>'
    f'<Relationship Id="rId7" Type="{RELS}/hyperlink" Target="mailto:{ADDRESS}" TargetMode="External"/>'
    f'<Relationship Id="rId8" Type="{RELS}/image" Target="media/image1.jpeg"/></Relationships>',
    "word/media/image1.jpeg": picture_with_position(),
}
DOCX = packed(DOCX_PARTS)
ODT_TYPE = b"application/vnd.oasis.opendocument.text"
ODT_PARTS: dict[str, bytes | str] = {
    "META-INF/manifest.xml": '<manifest:manifest><manifest:file-entry manifest:full-path="content.xml"/>'
    '<manifest:file-entry manifest:full-path="Thumbnails/thumbnail.png"/></manifest:manifest>',
    "content.xml": "<office:document-content><office:body><office:text><text:tracked-changes><text:changed-region><text:insertion>"
    f"<office:change-info><dc:creator>{NAME}</dc:creator><dc:date>2021-01-01</dc:date></office:change-info></text:insertion>"
    "</text:changed-region></text:tracked-changes><text:h>About Xyzz<text:span>yq</text:span></text:h>"
    f"<text:p>Our readers are far away.<office:annotation><dc:creator>{NAME}</dc:creator><text:p>Mine, {NAME}</text:p></office:annotation>"
    f'<text:a xlink:href="mailto:{ADDRESS}">Write</text:a></text:p></office:text></office:body></office:document-content>',
    "meta.xml": f"<office:document-meta><office:meta><dc:creator>{NAME}</dc:creator></office:meta></office:document-meta>",
    "Thumbnails/thumbnail.png": b"a picture of the first page",
    "Pictures/1.jpg": picture_with_position(),
}
ODT = packed(ODT_PARTS, first=ODT_TYPE)
