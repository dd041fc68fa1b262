"""Offers on one's own page: what waits for an answer, and what is still to do after a yes."""

from dataclasses import dataclass
from datetime import datetime

from conference.calls.checklist import summary
from conference.calls.checklists import checklists
from conference.calls.offer_letters import offer_path, until_for
from conference.calls.offer_queries import standing_of
from conference.calls.offer_rules import OfferState, offer_state
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.storage.database import Db


@dataclass(frozen=True, slots=True)
class MyOffer:
    title: str  # of the call
    waits: bool  # for my answer
    words: str
    path: str


async def my_offers(db: Db, person: Person, now: datetime, zone: str) -> tuple[MyOffer, ...]:
    """Those that stand, until what they are for is over."""
    found = []
    for offer, submission, call in await standing_of(db, person.id):
        event = await db.get(Event, call.event_id) if call.event_id else None
        waits = offer_state(offer, now) == OfferState.open
        if offer_state(offer, now) == OfferState.over or (event and now >= event.ends_at):
            continue
        items = (await checklists(db, call, [(offer, submission)], now))[offer.id]
        words = f"Please answer by {until_for(offer, call, zone)}." if waits else f"Accepted: {summary(items)}."
        found.append(MyOffer(call.title, waits, words, offer_path(call, submission)))
    return tuple(found)
