"""Bytes that somebody uploaded, as text (pure): which kind of file it is, how it is encoded, HTML as plain paragraphs."""

import codecs
import re
from html.parser import HTMLParser

from conference.programme.importing import MAX_TEXT, settled

ZIP = b"PK\x03\x04"
LONGEST_HTML = 4 * MAX_TEXT  # characters; beyond, it is too long whatever it says
_BLOCKS = {"p", "div", "ul", "ol", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "section"}
_SILENT = {"script", "style", "head", "template"}
_LOOKS_HTML = re.compile(r"</(p|div|ul|ol|li|a|b|i|em|strong|h[1-6]|span|code|pre|blockquote)\s*>|<(br|p)\s*/?>", re.IGNORECASE)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decoded(data: bytes) -> str:
    """UTF-8 or UTF-16, with or without a mark; what is neither is what Windows programs write in the West (cp1252)."""
    if data.startswith(_UTF_16):
        return data.decode("utf-16", "replace")
    if data[1:200:2].count(0) > 50:
        return data.decode("utf-16-le", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def kind_of(data: bytes) -> str:
    """`xlsx`, `xml`, `json` or `csv`, by what it begins with: names and types of uploads prove nothing."""
    if data.startswith(ZIP):
        return "xlsx"
    first = decoded(data[:400]).lstrip("\ufeff \t\r\n")[:1]
    return {"<": "xml", "{": "json"}.get(first, "csv")


def without_markup(text: str) -> str:
    """HTML as paragraphs of plain text, links written out; text that only talks about tags stays as it is."""
    if len(text) > LONGEST_HTML or not _LOOKS_HTML.search(text):
        return settled(text)
    reader = _Plain()
    reader.feed(text)
    reader.close()
    return reader.text()


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.links: list[tuple[str, int]] = []  # where each open link leads, and where its words begin
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n– ")
        elif tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag == "a":
            self.links.append((dict(attrs).get("href") or "", len(self.parts)))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag == "a" and self.links:
            address, begins = self.links.pop()
            if address.startswith(("http://", "https://")) and address not in "".join(self.parts[begins:]):
                self.parts.append(f" ({address})")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(re.sub(r"\s+", " ", data))

    def text(self) -> str:
        joined = re.sub(r" *\n *", "\n", "".join(self.parts))
        return settled(re.sub(r"\n{3,}", "\n\n", joined))
