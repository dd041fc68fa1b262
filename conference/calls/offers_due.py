"""What time makes due after a selection: offers lapse and move on, people are reminded, passport details go."""

import logging
from datetime import datetime

from conference.calls.invitation_letters import purge_passports
from conference.calls.offer_ends import settle_offer
from conference.calls.offer_queries import due_offers, due_passports
from conference.storage.database import Database

log = logging.getLogger("conference.calls")


async def settle_offers(database: Database, now: datetime, real_now: datetime) -> None:
    """Each offer in a transaction of its own. A rehearsal of what is to come takes no passport details away."""
    past = min(now, real_now)
    async with database.reading() as db:
        offers, passports = await due_offers(db, now), await due_passports(db, past)
    if passports:
        async with database.writing() as db:
            await purge_passports(db, past)
    for call_id, offer_id in offers:
        try:
            async with database.writing() as db:
                await settle_offer(db, call_id, offer_id, now, real_now)
        except Exception:  # one that can't be settled never keeps the others waiting
            log.exception("settling the offer %s failed", offer_id)
