"""How many words a text has (pure). static/js/word-count.js counts the same way, while somebody types."""

import re

# Scripts that put no spaces between words: each sign counts as one.
_SIGNS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{_SIGNS}]|[^\s{_SIGNS}]+")


def words_in(text: str) -> int:
    """A run between spaces with a letter or a digit in it is a word: a dash alone is none."""
    return sum(any(sign.isalnum() for sign in run) for run in _RUN.findall(text))
