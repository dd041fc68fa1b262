"""What somebody has still to do after a yes, and what the organisers owe them (pure): the same list on both sides."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from conference.calls.definition import Definition
from conference.calls.offer_rules import FeeStanding, OfferState, end_of, offer_state
from conference.calls.offer_tables import InvitationLetter, Offer
from conference.programme.tables import Event
from conference.times import zone_named

LETTER_BEFORE = timedelta(days=42)  # the event: a visa takes weeks
NEEDS_BEFORE = timedelta(days=28)  # the event: kitchens and interpreters are booked


class ItemState(StrEnum):
    done = "done"
    open = "open"
    overdue = "overdue"
    theirs = "theirs"  # it waits for the organisers
    later = "later"
    not_needed = "not_needed"


STATE_WORDS = {
    ItemState.done: "Done",
    ItemState.open: "To do",
    ItemState.overdue: "Overdue",
    ItemState.theirs: "With the organisers",
    ItemState.later: "Later",
    ItemState.not_needed: "Not needed",
}


@dataclass(frozen=True, slots=True)
class Item:
    title: str
    state: ItemState
    words: str
    due_at: datetime | None = None
    path: str = ""  # where it is done; empty: nothing to open


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one offer."""

    path: str  # the offer's own page
    zone: str  # on whose clock days end
    offer: Offer
    definition: Definition
    event: Event | None
    registered: bool
    asks: bool  # the event's registration asks anything
    lacks: tuple[str, ...]  # of what it asks and needs to know
    said: bool  # anything was answered there
    letter: InvitationLetter | None
    fee: FeeStanding | None


def checklist(facts: Facts, now: datetime) -> tuple[Item, ...]:
    """In the order in which things are done. Before the offer is accepted its answer is all there is."""
    items = [_answer(facts, now)]
    if offer_state(facts.offer, now) == OfferState.accepted:
        items += [item for item in (_place(facts), _fee(facts, now), _letter(facts, now), _needs(facts, now), _certificate(facts)) if item]
    return tuple(items)


def summary(items: tuple[Item, ...]) -> str:
    """`2 of 5 done, 1 overdue`"""
    needed = [item for item in items if item.state not in (ItemState.not_needed, ItemState.later)]
    words = f"{sum(item.state == ItemState.done for item in needed)} of {len(needed)} done"
    overdue = sum(item.state == ItemState.overdue for item in needed)
    return f"{words}, {overdue} overdue" if overdue else words


def _answer(facts: Facts, now: datetime) -> Item:
    title, due = "Answer the offer", facts.offer.respond_by
    match offer_state(facts.offer, now):
        case OfferState.accepted:
            return Item(title, ItemState.done, "Accepted.")
        case OfferState.open:
            return Item(title, ItemState.open, "Accept it, or leave it to the next in line.", due, facts.path)
        case OfferState.over:
            return Item(title, ItemState.overdue, "Its time is over.", due)
        case _:
            return Item(title, ItemState.not_needed, "The offer is over.")


def _place(facts: Facts) -> Item | None:
    if not facts.event or not facts.offer.registration_id:
        return None
    here = f"/events/{facts.event.slug}"
    if facts.registered:
        return Item(
            "The place", ItemState.done, f"Registered for {facts.event.title}: its programme, and the way into a calendar.", path=here
        )
    return Item("The place", ItemState.theirs, "The registration was given back.", path=here)


def _fee(facts: Facts, now: datetime) -> Item | None:
    if facts.offer.fee_pence is None:
        return None
    title = "The fee"
    if not facts.fee:
        return Item(title, ItemState.theirs, "The invoice comes from the organisers.")
    if facts.fee.paid_at:
        return Item(title, ItemState.done, "Paid.", path=facts.fee.path)
    return Item(title, _open_or_overdue(facts.fee.due_at, now), "Pay the invoice.", facts.fee.due_at, facts.fee.path)


def _letter(facts: Facts, now: datetime) -> Item | None:
    if not facts.definition.after.invitation_letter:
        return None
    title, path, letter = "Invitation letter", f"{facts.path}/invitation", facts.letter
    if letter and not letter.needed:
        return Item(title, ItemState.not_needed, "None is needed.", path=path)
    if letter and letter.written_at:
        return Item(title, ItemState.done, "It is written.", path=path)
    if letter and letter.sealed:
        return Item(title, ItemState.theirs, "The organisers write it.", path=path)
    due = _days_before(facts, LETTER_BEFORE)
    return Item(title, _open_or_overdue(due, now), "Say whether a visa needs one.", due, path)


def _needs(facts: Facts, now: datetime) -> Item | None:
    """What is eaten and needed is asked by the event's own registration."""
    if not facts.event or not facts.registered or not facts.asks:
        return None
    title, path = "Food and other needs", f"/events/{facts.event.slug}/registration"
    due = _days_before(facts, NEEDS_BEFORE)
    if facts.lacks:
        return Item(title, _open_or_overdue(due, now), f"Still to say: {', '.join(f'“{label}”' for label in facts.lacks)}.", due, path)
    if facts.said:
        return Item(title, ItemState.done, "Answered. It can be changed.", path=path)
    return Item(title, ItemState.open, "Whoever needs nothing has nothing to do.", path=path)


def _certificate(facts: Facts) -> Item | None:
    if not facts.definition.after.certificate:
        return None
    return Item("Certificate of completion", ItemState.later, "It is made of the attendance, after the last day.")


def _days_before(facts: Facts, days: timedelta) -> datetime | None:
    """The end of a day so long before the event."""
    return end_of((facts.event.starts_at - days).astimezone(zone_named(facts.zone)).date(), facts.zone) if facts.event else None


def _open_or_overdue(due: datetime | None, now: datetime) -> ItemState:
    return ItemState.overdue if due and now >= due else ItemState.open
