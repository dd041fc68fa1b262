"""The key that every form carries, written into it where its template is read: no template has to think of it."""

import re
import secrets

from jinja2.ext import Extension
from markupsafe import Markup

NAME = "once"
_WORDS = r"(?:[^>{]|\{\{.*?\}\}|\{%.*?%\}|\{(?![{%]))*?"  # of a tag, with what the template fills in
_FORM = re.compile(rf"<form\b{_WORDS}>", re.DOTALL | re.IGNORECASE)
_POST = re.compile(r'\bmethod="post"', re.IGNORECASE)
# What goes without it, since sending it twice is one act already.
ELSEWHERE = (
    "data-command",  # the stage's commands have ids of their own (`client_id`), by line or form: their log knows them
    "multipart/form-data",  # a file is not held in memory to be compared; what is sent twice shows, and is removed with a press
    "data-again",  # the waiting page, which sends what was sent once more, with the key in it
    'action="/time-zone"',  # a choice, nothing that adds up; and in public pages, which are the same bytes for everybody
)


class CarriesKey(Extension):
    """Puts `once()` behind the first tag of each form that posts."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _FORM.sub(_with_key, source)


def _with_key(form: re.Match[str]) -> str:
    tag = form[0]
    return tag + "{{ once() }}" if needs_key(tag) else tag


def needs_key(tag: str) -> bool:
    return bool(_POST.search(tag)) and not any(mark in tag for mark in ELSEWHERE)


def once() -> Markup:
    """A fresh key in a hidden field. (Without autocomplete Firefox fills in the old one when a page is loaded again.)"""
    return Markup(f'<input type="hidden" name="{NAME}" value="{secrets.token_urlsafe(16)}" autocomplete="off">')  # noqa: S704 - ours
