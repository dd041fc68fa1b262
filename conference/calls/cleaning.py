"""Documents without what they say of their makers (pure): details, comments, who changed what; and, for a blind panel, names in the text.

A DOCX (ISO 29500) or ODT (OASIS ODF 1.2) is an archive of XML: it is packed anew, entry by entry. XML is changed as text, so that all that
is not touched stays as the writing program left it.
"""

import re
from collections.abc import Callable
from html import unescape
from io import BytesIO
from typing import BinaryIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from PIL import Image

from conference.calls.markup import joined, text_runs, tokens_of
from conference.errors import Invalid
from conference.speaking.photos import MAX_PIXELS, clean_photo
from conference.speaking.sniffing import BROKEN

Hide = Callable[[str], str]
UNREADABLE = "This document could not be read through to its end. Save it as PDF and try again."
NOWHERE = "https://taken-out.invalid/"
ENTRY_DATE = (1980, 1, 1, 0, 0, 0)
LEFT_OUT = re.compile(
    r"docProps/custom\.xml|docProps/thumbnail\.\w+|customXml/.*|word/(comments\w*|people)\.xml|word/embeddings/.*|word/printerSettings/.*|"
    r"Thumbnails/.*|META-INF/\w*signatures\.xml|_xmlsignatures/.*|layout-cache|Configurations2/.*"
)
PICTURE = re.compile(r"(word/media|Pictures)/.*\.(jpe?g|png|webp)", re.IGNORECASE)
EMPTIED = {
    "docProps/core.xml": '<?xml version="1.0" encoding="UTF-8"?><cp:coreProperties '
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": '<?xml version="1.0" encoding="UTF-8"?><Properties '
    'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "meta.xml": '<?xml version="1.0" encoding="UTF-8"?><office:document-meta '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.2"><office:meta/></office:document-meta>',
}
# Elements that go with all that is in them.
DROPPED = {
    *("office:annotation", "office:annotation-end", "w:commentRangeStart", "w:commentRangeEnd", "w:commentReference", "w:mailMerge"),
    *("w:attachedTemplate", "w:rsids", "c:externalData", "o:OLEObject", "dc:creator", "dc:date", "text:sender-firstname"),
    *("text:sender-lastname", "text:author-name", "text:author-initials", "text:creator", "text:initial-creator"),
}
_MAKER = re.compile(r'(\s(?:w:author|w:initials|w:date|w15:author|w15:userId|w:rsid\w*))="[^"]*"')
_SHOWN = re.compile(r'(\s(?:descr|title|alt|Target|xlink:href|w:tooltip|w:instr|svg:title|office:title))="([^"]*)"')
_POINTS = re.compile(r'\s(?:Target|PartName|manifest:full-path)="/?([^"]*)"')
_RELATIONS = ("Relationship", "Override", "manifest:file-entry")


def cleaned_document(source: BinaryIO, hide: Hide | None = None) -> bytes:
    """The panel's copy. `hide`: takes names out of a text. Raises Invalid. It computes for a while: call it in a thread."""
    written = BytesIO()
    try:
        with ZipFile(source) as before, ZipFile(written, "w", ZIP_DEFLATED) as after:
            for entry in before.infolist():
                if LEFT_OUT.fullmatch(entry.filename) or entry.is_dir():
                    continue
                made = ZipInfo(entry.filename, ENTRY_DATE)
                made.compress_type = ZIP_STORED if entry.filename == "mimetype" else ZIP_DEFLATED
                after.writestr(made, _cleaned(entry.filename, before.read(entry), hide))
    except BROKEN as wrong:  # UnicodeDecodeError is a ValueError
        raise Invalid("file", UNREADABLE) from wrong
    return written.getvalue()


def _cleaned(name: str, content: bytes, hide: Hide | None) -> bytes:
    if name in EMPTIED:
        return EMPTIED[name].encode()
    if PICTURE.fullmatch(name):
        return _picture(content)
    if not name.endswith((".xml", ".rels")):
        return content
    tokens = [_MAKER.sub(r'\1=""', token) if token.startswith("<") else token for token in tokens_of(content.decode("utf-8-sig"))]
    tokens = [token for token in _without_dropped(tokens) if not _points_nowhere(token)]
    return joined(_without_names(tokens, hide) if hide else tokens).encode()


def _without_dropped(tokens: list[str]) -> list[str]:
    """Elements of DROPPED may stand in each other."""
    kept: list[str] = []
    depth = 0
    for token in tokens:
        name = re.match(r"<(/?)([\w:-]+)", token)
        if name and name[2] in DROPPED:
            depth += -1 if name[1] else 0 if token.endswith("/>") else 1
        elif depth <= 0:
            kept.append(token)
    return kept


def _points_nowhere(token: str) -> bool:
    """A relation to a part that is left out, or to a template that is somewhere else."""
    if not token.lstrip("</").startswith(_RELATIONS):
        return False
    found = _POINTS.search(token)
    target = found[1] if found else ""
    gone = any(LEFT_OUT.fullmatch(each) for each in (target, f"word/{target}", target.removeprefix("../")))
    return gone or "/attachedTemplate" in token


def _without_names(tokens: list[str], hide: Hide) -> list[str]:
    """Formats may cut names in pieces: each paragraph is read as one. Where one is found, the paragraph's text is set as one piece."""
    made = [_attributes(token, hide) if token.startswith("<") else token for token in tokens]
    for places in text_runs(tokens):
        whole = unescape("".join(tokens[place] for place in places))
        hidden = hide(whole)
        if hidden != whole:
            for place in places:
                made[place] = ""
            made[places[0]] = escape(hidden)
    return made


def _attributes(token: str, hide: Hide) -> str:
    """Texts beside pictures, and where links lead."""

    def bare(found: re.Match[str]) -> str:
        value = unescape(found[2])
        if hide(value) == value:
            return found[0]
        leads = found[1].strip() in ("Target", "xlink:href")
        return f'{found[1]}="{NOWHERE if leads else escape(hide(value), {chr(34): "&quot;"})}"'

    return _SHOWN.sub(bare, token)


def _picture(content: bytes) -> bytes:
    """Painted anew, in its own format; empty where it can't be read."""
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                return b""
            if picture.format == "JPEG":
                return clean_photo(BytesIO(content), max(picture.size))
            written = BytesIO()
            picture.convert("RGBA").save(written, picture.format, exif=b"")
            return written.getvalue()
    except (OSError, ValueError, SyntaxError, Invalid, Image.DecompressionBombError):
        return b""
