"""What a blind panel reads (pure): without what identifies, and without the names that people write into their texts.

Names are found however they are written: in capitals, without accents, with signs between the parts, the surname first. What can't be
found is a nickname, an initial, a project or a place that only one person could mean: the panel's pages say so.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from conference.calls.blind_words import EVERYBODYS, NO_NAMES, WORDS

HIDDEN = "[hidden]"
SURE = 3  # letters from which a part of a name is hidden wherever it stands
GROWS = 5  # letters from which a word that begins so is hidden too: names are inflected
SPACED = 0x0590  # letters before it belong to scripts with spaces between words
_LIKE_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"})
_CONTACTS = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)\S+|(?<!\w)@\w{2,}|\+\d[\d\s().-]{6,}\d|\b\d{4}-\d{4}-\d{4}-\d{3}[\dX]\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, in words that a text may have."""

    names: tuple[str, ...] = ()  # of people
    institutions: tuple[str, ...] = ()  # and other answers that identify
    emails: tuple[str, ...] = ()


def redacted(text: str, identity: Identity) -> str:
    """The text without anything of this identity, nor any address, number or handle at which somebody could be found."""
    plain, places = _folded(text)
    spans = [found.span() for found in _CONTACTS.finditer(text)]
    for pattern, capital in _patterns(identity):
        for found in pattern.finditer(plain):
            first, last = places[found.start()], places[found.end() - 1]
            if not capital or text[first].isupper():
                spans.append((first, last + 1))
    return _without(text, spans)


def tells(text: str, identity: Identity) -> bool:
    """Whether anything of this identity stands in the text."""
    return redacted(text, identity) != text


def domain_of(email: str) -> str:
    """Of an address at which people of one house are; empty for those that anybody can have."""
    domain = email.rpartition("@")[2].strip().lower()
    return "" if domain in EVERYBODYS else domain


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    kept, at = [], 0
    for first, last in _joined(text, sorted(spans)):
        kept += [text[at:first], HIDDEN]
        at = last
    return "".join(kept) + text[at:]


def _joined(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What overlaps, or has only blanks and points between, is one."""
    open_: tuple[int, int] | None = None
    for first, last in spans:
        if open_ and (first <= open_[1] or not text[open_[1] : first].strip(" .,-\t\u00a0")):
            open_ = (open_[0], max(open_[1], last))
            continue
        if open_:
            yield open_
        open_ = (first, last)
    if open_:
        yield open_


@lru_cache(maxsize=256)
def _patterns(identity: Identity) -> tuple[tuple[re.Pattern[str], bool], ...]:
    """Each with whether it counts only with a capital letter."""
    made: dict[str, bool] = {}
    for name in identity.names:
        made.setdefault(_pattern(_words(name)), False)
        for word in _words(name):
            if _says_who(word):
                made.setdefault(_pattern([word]), word in WORDS or len(word) < SURE)
    for institution in identity.institutions:
        for words, capital in _of_institution(institution):
            made.setdefault(_pattern(words), capital)
    for email in identity.emails:
        made.setdefault(_pattern(_words(email.partition("@")[0])), False)
        made.setdefault(_pattern(_words(domain_of(email))), False)
    return tuple((re.compile(pattern), capital) for pattern, capital in made.items() if pattern)


def _of_institution(text: str) -> Iterator[tuple[list[str], bool]]:
    """Its whole name, its parts between commas and brackets, and its initials."""
    for piece in (text, *re.split(r"[,;/()|–—]| - ", text)):
        words = _words(piece)
        if words[:1] == ["the"]:
            words = words[1:]
        if len(words) > 1 or (words and _says_who(words[0]) and len(words[0]) >= SURE):
            yield words, False
        initials = "".join(word[0] for word in words)
        letters = "".join(word[0] for word in words if word not in ("of", "the", "and", "for", "de", "la"))
        for short in {initials, letters}:
            if len(short) >= SURE:
                yield [short], True


def _says_who(word: str) -> bool:
    return word not in NO_NAMES and len(word) > 1 and not word.isdigit()


def _pattern(words: list[str]) -> str:
    """One name in folded text; nothing of it is a word of the pattern's language."""
    if not words or (len(words) == 1 and len(words[0]) < 2):
        return ""
    spaced = ord(words[0][0]) < SPACED
    grows = spaced and len(words[-1]) >= GROWS
    body = r"[\W_]+".join(re.escape(word) for word in words) if spaced else r"[\W_]*".join(re.escape(word) for word in words)
    before = r"(?<![^\W_])" if spaced else ""
    return before + body + (r"[^\W_]*" if grows else r"(?![^\W_])" if spaced else "")


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", _folded(text)[0])


def _folded(text: str) -> tuple[str, list[int]]:
    """Letters alike whatever case, accents or invisible signs they have; and where each stood."""
    letters: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for letter in _fold(sign):
            letters.append(letter)
            places.append(place)
    return "".join(letters), places


@lru_cache(maxsize=4096)
def _fold(sign: str) -> str:
    parts = unicodedata.normalize("NFKD", sign)
    return "".join(part for part in parts if unicodedata.category(part) not in ("Mn", "Cf")).casefold().translate(_LIKE_LETTERS)


def identity_of(names: Iterable[str], institutions: Iterable[str], emails: Iterable[str]) -> Identity:
    def some(words: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word.strip() for word in words if word and word.strip()))

    return Identity(some(names), some(institutions), some(emails))
