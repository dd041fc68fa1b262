"""Passwords, for those who want one: what one must be, and hashes (argon2) that are made and compared in threads of their own.

An address that nobody has, and one without a password, are compared with a hash too: all three take the same time.
"""

import asyncio
import unicodedata
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TypeVar

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError

from conference.errors import Invalid, TooMany

T = TypeVar("T")
SHORTEST, LONGEST = 12, 200  # characters
SHORTEST_WORD = 4  # that is looked for inside of a password
FEWEST_KINDS = 5  # different characters
HASHERS = 2  # at a time in one process: each takes 64 MB
MOST_WAITING = 100
COMMON = (
    *("password", "passwort", "passw0rd", "letmein", "iloveyou", "welcome", "monkey", "dragon", "football", "baseball", "sunshine"),
    *(
        "princess",
        "superman",
        "trustno1",
        "qwerty",
        "qwertyuiop",
        "qwertz",
        "azerty",
        "asdfgh",
        "asdfghjkl",
        "qazwsx",
        "1q2w3e",
        "abc123",
        "admin",
        "administrator",
    ),
    *("conference", "library", "libraries", "librarian", "changeme", "secret", "default", "login", "master", "freedom", "whatever"),
)
TOO_COMMON = "This is one of the first that somebody would try. Three or four words that have nothing to do with each other are better."
_hash = PasswordHash.recommended()
_threads = ThreadPoolExecutor(HASHERS, thread_name_prefix="passwords")
_nobodys = ""  # a hash of what nobody types, made when it is first needed
_waiting = 0


def check_password(typed: str, email: str, name: str) -> str:
    """The password as it is hashed. Raises Invalid for one that is too short, too long, or easily guessed."""
    password = unicodedata.normalize("NFKC", typed)
    if len(password) < SHORTEST:
        raise Invalid("password", f"Use at least {SHORTEST} characters. Spaces count: a few words are easy to remember.")
    if len(password) > LONGEST:
        raise Invalid("password", f"Use at most {LONGEST} characters.")
    plain = "".join(letter for letter in password.casefold() if letter.isalnum())
    if len(set(plain)) < FEWEST_KINDS or _counts_on(plain) or _is_mostly(plain, COMMON):
        raise Invalid("password", TOO_COMMON)
    own = (email.partition("@")[0], email.partition("@")[2], *name.split(), name)
    if _is_mostly(plain, ["".join(letter for letter in each.casefold() if letter.isalnum()) for each in own]):
        raise Invalid("password", "Use one without your name or address in it.")
    return password


async def hashed(password: str) -> str:
    return await _in_thread(_hash.hash, password)


async def is_right(typed: str, stored: str) -> bool:
    """`stored` empty: there is none, and it takes as long all the same."""
    global _nobodys
    if not _nobodys:
        _nobodys = await _in_thread(_hash.hash, "nobody types this")
    password = unicodedata.normalize("NFKC", typed[:LONGEST])
    same = await _in_thread(_same, password, stored or _nobodys)
    return same and bool(stored)


def _same(password: str, stored: str) -> bool:
    try:
        return _hash.verify(password, stored)
    except UnknownHashError:
        return False


async def _in_thread(act: Callable[..., T], *given: str) -> T:
    """Raises TooMany when so many wait that an answer would come too late."""
    global _waiting
    if _waiting >= MOST_WAITING:
        raise TooMany("Very many sign in at this moment. Wait a little, or use the link by mail.")
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, act, *given)
    finally:
        _waiting -= 1


def _is_mostly(plain: str, words: Iterable[str]) -> bool:
    """Whether nearly nothing is left once such a word is taken out."""
    return any(len(word) >= SHORTEST_WORD and len(plain.replace(word, "")) < SHORTEST // 2 for word in words)


def _counts_on(plain: str) -> bool:
    """`abcdefghijkl`, `123456789012`, `aaaa...`: each step is the same, but for a digit or two."""
    steps = [ord(later) - ord(earlier) for earlier, later in pairwise(plain)]
    return bool(steps) and max(steps.count(step) for step in set(steps)) > 3 * len(steps) // 4
