"""What both sides see of an offer: its checklist in words, and what a passport says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from conference.calls.checklist import STATE_WORDS, Item, ItemState
from conference.calls.offer_rules import OfferState, until_words
from conference.calls.sealing import Details
from conference.calls.tables import Call
from conference.calls.words import pounds
from conference.people.forms import COUNTRIES
from conference.times import long_date

KINDS = {ItemState.done: "ok", ItemState.overdue: "warn", ItemState.open: "accent"}


@dataclass(frozen=True, slots=True)
class ItemShown:
    """templates/parts/checklist.html"""

    title: str
    state: str  # of ItemState
    state_words: str
    kind: str  # of a tag; empty: quiet
    words: str
    due: str
    path: str


def shown_items(items: Sequence[Item], zone: str) -> tuple[ItemShown, ...]:
    return tuple(
        ItemShown(
            title=item.title,
            state=item.state.value,
            state_words=STATE_WORDS[item.state],
            kind=KINDS.get(item.state, ""),
            words=item.words,
            due=until_words(item.due_at, zone) if item.due_at and item.state in (ItemState.open, ItemState.overdue) else "",
            path=item.path,
        )
        for item in items
    )


def paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("\n\n") if part.strip())


def passport_rows(details: Details) -> tuple[tuple[str, str], ...]:
    return (
        ("Name, as in the passport", details["full_name"]),
        ("Number", details["number"]),
        ("Nationality", dict(COUNTRIES).get(details["nationality"], details["nationality"])),
        ("Born", long_date(date.fromisoformat(details["born"]))),
        ("Expires", long_date(date.fromisoformat(details["expires"]))),
    )


def fee_words(total: int, net: int, percent: int) -> str:
    """`£2,300, of which £1,916.67 net and £383.33 VAT at 20 %`"""
    return f"{pounds(total)}, of which {pounds(net)} net and {pounds(total - net)} VAT at {percent} %"


def counts_of(call: Call, states: Sequence[OfferState], promised: int) -> tuple[tuple[str, str], ...]:
    """How many said what; `promised`: pence in all."""
    accepted, waiting = states.count(OfferState.accepted), states.count(OfferState.open) + states.count(OfferState.over)
    return (
        ("Accepted", f"{accepted} of {call.places} places" if call.places else str(accepted)),
        ("Waiting for an answer", str(waiting)),
        ("Promised", f"{pounds(promised)} of {pounds(call.budget_pence)}" if call.budget_pence else ""),
    )
