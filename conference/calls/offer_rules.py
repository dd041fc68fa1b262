"""Offers (pure): where one stands, until when it waits, and how that is said."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from conference.calls.definition import Definition
from conference.calls.offer_tables import Offer
from conference.calls.tables import Call, CallKind
from conference.errors import Conflict, Invalid
from conference.programme.tables import Event
from conference.times import city_of, long_date, spoken_moment, zone_named

REMIND_BEFORE = timedelta(days=3)  # the answer is due
REMIND_AFTER = timedelta(days=1)  # the offer: not on the heels of its letter
PASSPORT_KEPT = timedelta(days=30)  # after the event


@dataclass(frozen=True, slots=True)
class FeeStanding:
    """What became of the invoice for one offer."""

    issued_at: datetime
    due_at: datetime
    paid_at: datetime | None
    path: str  # where its PDF is


class OfferState(StrEnum):
    """Computed from an offer's facts, never stored."""

    open = "open"
    over = "over"  # its time is over; the next in line gets it within seconds
    accepted = "accepted"
    declined = "declined"
    lapsed = "lapsed"
    withdrawn = "withdrawn"
    given_up = "given_up"


STATE_WORDS = {
    OfferState.open: "waits for an answer",
    OfferState.over: "its time is over",
    OfferState.accepted: "accepted",
    OfferState.declined: "declined",
    OfferState.lapsed: "not answered in time",
    OfferState.withdrawn: "withdrawn",
    OfferState.given_up: "given back after it was accepted",
}
WHY_OVER = {
    OfferState.over: "The time to answer this offer is over.",
    OfferState.accepted: "You have accepted this offer already.",
    OfferState.declined: "You have declined this offer.",
    OfferState.lapsed: "The time to answer this offer is over, and it went to the next in line.",
    OfferState.withdrawn: "The organisers have taken this offer back.",
    OfferState.given_up: "You have given this back.",
}


def offer_state(offer: Offer, now: datetime) -> OfferState:
    for end in (OfferState.declined, OfferState.lapsed, OfferState.withdrawn, OfferState.given_up):
        if getattr(offer, f"{end}_at"):
            return end
    if offer.accepted_at:
        return OfferState.accepted
    return OfferState.open if now < offer.respond_by else OfferState.over


def stands(offer: Offer) -> bool:
    """Whether its place is not another's: it is open (or its time is just over), or it was accepted."""
    return not (offer.declined_at or offer.lapsed_at or offer.withdrawn_at or offer.given_up_at)


def check_open(offer: Offer, now: datetime) -> None:
    """Raises Conflict with what became of it."""
    if why := WHY_OVER.get(offer_state(offer, now)):
        raise Conflict(why)


def check_terms(terms: str, accepted: bool) -> None:
    if terms and not accepted:
        raise Invalid("terms", "Tick the box if you accept the terms: an offer can’t be taken without them.")


def answer_until(now: datetime, days: int, zone: str, event: Event | None) -> datetime:
    """The end of a day on the call's own clock, so many days on; but never after the event has begun. Raises Conflict once it has."""
    if event and now >= event.starts_at:
        raise Conflict(f"{event.title} has begun, so that no place at it can be offered any more.")
    until = end_of(now.astimezone(zone_named(zone)).date() + timedelta(days=days), zone)
    return min(until, event.starts_at) if event else until


def until_of(call: Call, definition: Definition, event: Event | None, now: datetime) -> datetime:
    """Until when what is offered now waits for an answer: a letter says it, and the offer keeps it. `event`: the call's."""
    return answer_until(now, definition.after.answer_days, call.zone, event if call.kind == CallKind.place else None)


def end_of(day: date, zone: str) -> datetime:
    """The first instant after this day in this zone."""
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=zone_named(zone)).astimezone(UTC)


def until_words(instant: datetime, zone: str) -> str:
    """`the end of Friday 11 April 2025 in London`, or the moment where it is no day's end."""
    local = instant.astimezone(zone_named(zone))
    if (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0):
        return f"the end of {long_date(local.date() - timedelta(days=1))} in {city_of(zone)}"
    return spoken_moment(instant, zone)


def passport_until(call: Call, event: Event | None, now: datetime) -> datetime:
    """When what a passport says goes: the end of a day on the call's clock, some weeks after the event."""
    last = (event.ends_at if event else now) + PASSPORT_KEPT
    return end_of(last.astimezone(zone_named(call.zone)).date(), call.zone)
