"""How one text became another, word by word (pure): what organisers read when they review."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words: `same`, `gone` or `new`."""

    kind: str
    text: str


def pieces_between(before: str, after: str) -> tuple[Piece, ...]:
    """Joined without the new ones they are `before`, without the gone ones `after`."""
    old, new = _words(before), _words(after)
    pieces: list[Piece] = []
    for act, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if act == "equal":
            pieces.append(Piece("same", "".join(old[a:b])))
            continue
        pieces += [Piece("gone", "".join(old[a:b]))] if b > a else []
        pieces += [Piece("new", "".join(new[c:d]))] if d > c else []
    return tuple(pieces)


def _words(text: str) -> list[str]:
    """Words, each with the space behind it."""
    return re.findall(r"\s*\S+\s*|\s+", text)
