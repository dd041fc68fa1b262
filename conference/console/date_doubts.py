"""Doubts about dates in what an organiser typed, to be shown beside each field. They never stop a form."""

from collections.abc import Iterable, Mapping

from conference.dates import Doubt, doubts_in
from conference.programme.tables import Event

# The fields in which organisers write sentences, on whichever form they stand.
TEXTS = (
    "title", "abstract", "summary", "about", "who_for", "take_part", "fee_words", "biography", "words", "published", "reading",
    "illustrative", "note", "reason", "source",
)  # fmt: skip


def doubts_by_field(typed: Mapping[str, str], event: Event, names: Iterable[str] = TEXTS) -> dict[str, tuple[Doubt, ...]]:
    """By the field's name; only fields with a doubt."""
    found = {
        name: doubts_in(typed[name], zone=event.zone, starts_at=event.starts_at, ends_at=event.ends_at) for name in names if typed.get(name)
    }
    return {name: doubts for name, doubts in found.items() if doubts}
