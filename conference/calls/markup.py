"""XML as a list of tags and texts (pure): read in one pass, however it is broken, and joined again to the same signs."""

import re
from collections.abc import Iterator

# Where paragraphs begin and end: a name may be cut in pieces inside of one, never across two.
_EDGE = re.compile(r"</?(?:w:p|w:tc|w:txbxContent|text:p|text:h|table:table-cell|draw:text-box|svg:desc|svg:title)[ />]")


def tokens_of(xml: str) -> list[str]:
    """`<p>`, `A text`, `</p>`"""
    first, *pieces = xml.split("<")
    tokens = [first] if first else []
    for piece in pieces:
        tag, closed, text = piece.partition(">")
        tokens.append(f"<{tag}{closed}")
        if text:
            tokens.append(text)
    return tokens


def joined(tokens: list[str]) -> str:
    return "".join(tokens)


def text_runs(tokens: list[str]) -> Iterator[list[int]]:
    """Where the pieces of text of each paragraph are."""
    places: list[int] = []
    for place, token in enumerate(tokens):
        if not token.startswith("<"):
            places.append(place)
        elif _EDGE.match(token) and places:
            yield places
            places = []
    if places:
        yield places
