"""How one text became another, word by word (pure): what organisers read when they review."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

ISLAND = 3  # words: fewer that stayed, with changes on both sides, are read more easily as changed too


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words: `same`, `gone` or `new`."""

    kind: str
    text: str


def pieces_between(before: str, after: str) -> tuple[Piece, ...]:
    """Joined without the new ones they are `before`, without the gone ones `after`."""
    old, new = _words(before), _words(after)
    pieces: list[Piece] = []
    a = c = 0
    for start, there, length in _kept(old, new):
        pieces += [Piece("gone", "".join(old[a:start]))] if start > a else []
        pieces += [Piece("new", "".join(new[c:there]))] if there > c else []
        pieces += [Piece("same", "".join(old[start : start + length]))] if length else []
        a, c = start + length, there + length
    return tuple(pieces)


def _kept(old: list[str], new: list[str]) -> list[tuple[int, int, int]]:
    """Runs that stayed: where in the old, where in the new, how many words; last an empty one at both ends."""
    blocks = [(each.a, each.b, each.size) for each in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()]
    ends = (len(old), len(new))
    at_an_end = [block for block in blocks if block[:2] == (0, 0) or (block[0] + block[2], block[1] + block[2]) == ends]
    return [block for block in blocks if block[2] >= ISLAND or block in at_an_end]


def _words(text: str) -> list[str]:
    """Words, each with the space behind it."""
    return re.findall(r"\s*\S+\s*|\s+", text)
