"""The fee of what was accepted: asked for by an invoice, and where that stands."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from conference.calls.definition import Definition
from conference.calls.offer_rules import FeeStanding
from conference.calls.offer_tables import Offer
from conference.calls.tables import Call
from conference.people.tables import Person
from conference.storage.database import Db


async def ask_fee(db: Db, call: Call, definition: Definition, offer: Offer, person: Person, now: datetime) -> None:
    """The invoice for an offer that was just accepted, in the same transaction."""


async def drop_fee(db: Db, offer: Offer, now: datetime, *, by: UUID | None) -> None:
    """The offer is over: nobody owes an invoice that is not paid. A paid one is for people to settle."""


async def fees_of(db: Db, call: Call, offers: Sequence[Offer]) -> dict[UUID, FeeStanding]:
    """By offer; those without an invoice are missing."""
    return {}
