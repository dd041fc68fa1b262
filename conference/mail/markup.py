"""A mail's plain text as parts that its HTML shows (pure): the text is the only source, so that the two can't drift apart.

Paragraphs are parted by empty lines; `- ` begins an item; a line in “” is a title; `Words: https://...` alone is a button. Only the
house's own addresses become links: what people typed never does. Nothing here is markup yet: the template escapes every piece.
"""

import re
from dataclasses import dataclass, field

FOOT = "\n-- \n"
LABEL = 48  # characters that fit on a button
SHOWN = 60  # of an address
_TIME = re.compile(r"\d{1,2}:\d\d.*UTC")
_DASH = "- "


@dataclass(frozen=True, slots=True)
class Piece:
    words: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    pieces: tuple[Piece, ...]
    title: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, a list, the times of something, or a button."""

    kind: str  # words, items, times, button
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    parts: tuple[Part, ...]
    foot: tuple[Part, ...] = field(default=())


def letter_of(text: str, base_url: str) -> Letter:
    body, _, foot = text.partition(FOOT)
    return Letter(tuple(_parts(body, base_url)), tuple(_parts(foot, base_url)))


def _parts(text: str, base_url: str) -> list[Part]:
    made: list[Part] = []
    for paragraph in re.split(r"\n\s*\n", text.strip("\n")):
        run: list[str] = []
        for line in filter(None, map(str.strip, paragraph.split("\n"))):
            if run and line.startswith(_DASH) != run[-1].startswith(_DASH):
                made.append(_part(run, base_url))
                run = []
            run.append(line)
        if run:
            made.append(_part(run, base_url))
    return made


def _part(lines: list[str], base_url: str) -> Part:
    if lines[0].startswith(_DASH):
        return Part("items", tuple(_line(line.removeprefix(_DASH), base_url) for line in lines))
    if len(lines) == 1 and (button := _button(lines[0], base_url)):
        return Part("button", (Line((button,)),))
    kind = "times" if all(map(_TIME.search, lines)) else "words"
    return Part(kind, tuple(_line(line, base_url) for line in lines))


def _button(line: str, base_url: str) -> Piece | None:
    words, _, address = line.rpartition(" ")
    if not _is_ours(address, base_url) or not (words == "" or words.endswith(":")) or len(words) > LABEL:
        return None
    return Piece(words.removesuffix(":") or "Open this page", address)


def _line(line: str, base_url: str) -> Line:
    """`Words: address` is a link of these words; an address alone leads to what was said before."""
    if link := _button(line, base_url):
        return Line((link,))
    pieces: list[Piece] = []
    for word in re.split(r"(\s+)", line):
        if _is_ours(word, base_url):
            pieces.append(Piece(_short(word), word))
        elif pieces and not pieces[-1].href:
            pieces[-1] = Piece(pieces[-1].words + word)
        else:
            pieces.append(Piece(word))
    return Line(tuple(pieces), title=line.startswith("“") and line.endswith("”"))


def _is_ours(word: str, base_url: str) -> bool:
    return word == base_url or word.startswith(base_url + "/")


def _short(address: str) -> str:
    plain = address.partition("://")[2]
    return plain if len(plain) <= SHOWN else plain[: SHOWN - 1] + "…"
