"""Questions that somebody asked already, as somebody else types theirs (pure). static/js/stage-alike.js measures the same; both stand by
tests/live/alike.json.

Two questions are as alike as the threes of letters that they share: that sees past endings, typing errors and another order of words.
A three that many questions have says little, so it weighs 1 / (1 + the logarithm of how many have it).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain
from math import log
from typing import TypeVar

Thing = TypeVar("Thing")
Weights = Mapping[str, float]

ALIKE = 0.6  # from 0, nothing in common, to 1, the same
SHOWN = 3  # that are offered at most
FEWEST = 3  # words that a question must have to be looked for inside a longer one
INSIDE = 0.8  # what being wholly inside a longer one counts
KEPT = 2000  # questions whose threes are remembered
_SAY_NOTHING = """
a about all also am an and any are as at be been being but by can could did do does doing for from had has have having how i if in into is
it its just may me might more most much my no not of on or our please should so some than that the their them then there these they this
those to too us very was we were what when where which while who whom whose why will with would you your
"""
EMPTY_WORDS = frozenset(_SAY_NOTHING.split())


def alike(typed: str, asked: Iterable[tuple[Thing, str]]) -> list[Thing]:
    """What was asked (each with its text) that is like what is typed: at most SHOWN, the likest first."""
    known = list(asked)
    weights = _weights(text for _, text in known)
    measured = [(_likeness(typed, text, weights), place, thing) for place, (thing, text) in enumerate(known)]
    found = sorted((each for each in measured if each[0] >= ALIKE), key=lambda each: (-each[0], each[1]))
    return [thing for _, _, thing in found[:SHOWN]]


def likeness(one: str, other: str, asked: Iterable[str]) -> float:
    """How alike two texts are on a stage where these were asked."""
    return _likeness(one, other, _weights(asked))


@lru_cache(maxsize=KEPT)
def words(text: str) -> tuple[str, ...]:
    """Letters and figures, small and without marks; without the words that say nothing, unless all of them do."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text.lower()) if unicodedata.category(letter)[0] != "M")
    found = tuple(re.findall(r"[^\W_]+", plain))
    return tuple(word for word in found if word not in EMPTY_WORDS) or found


@lru_cache(maxsize=KEPT)
def threes(text: str) -> frozenset[str]:
    """`in|` and `|in` too: a word's ends are letters of their own."""
    ended = (f"|{word}|" for word in words(text))
    return frozenset(word[start : start + 3] for word in ended for start in range(len(word) - 2))


def _likeness(one: str, other: str, weights: Weights) -> float:
    ours, theirs = threes(one), threes(other)
    shared = _weight(ours & theirs, weights)
    if not shared:
        return 0.0
    mine, others = _weight(ours, weights), _weight(theirs, weights)
    inside = INSIDE * shared / min(mine, others) if min(len(words(one)), len(words(other))) >= FEWEST else 0.0
    return max(2 * shared / (mine + others), inside)


def _weights(texts: Iterable[str]) -> Weights:
    counts = Counter(chain.from_iterable(map(threes, texts)))
    return {three: 1 / (1 + log(count)) for three, count in counts.items()}


def _weight(some: Iterable[str], weights: Weights) -> float:
    return sum(weights.get(three, 1) for three in some)
