"""What happens by itself: mail goes out, held places lapse, what is due is swept. One process at a time does it, by a leased row.

The lease is short: when its holder is killed, another takes over within LEASE + PAUSE, and the holder renews it every PAUSE,
so that it may fail a few rounds. A round that takes longer than LEASE (a slow mail server) does no harm: two that work at once
each mark the mails they take, and lapsed holds are released only once.

Every process also looks at the rehearsal's clock in each round, so that a jump made in one reaches all.
"""

import asyncio
import logging
import os
import secrets
import socket
from contextlib import suppress
from datetime import timedelta

from conference.mail.outbox import BATCH, send_waiting
from conference.people.ways_in import note_seen
from conference.privacy.retention import is_due, sweep
from conference.record.actions import hold_lease, rehearsal_offset, release_lease
from conference.registration.actions import release_lapsed_holds
from conference.registration.queries import lapsed_holds
from conference.storage.database import in_parts
from conference.web.request import House

DUTY = "timed work"
LEASE = timedelta(seconds=8)
PAUSE = 2.0  # seconds between looks, when nothing wakes the worker
log = logging.getLogger("conference.worker")


async def run(house: House) -> None:
    """Work until cancelled; a failing round is logged and the next one tries again."""
    holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    try:
        while True:
            try:
                more = await one_round(house, holder)
            except Exception:  # the worker outlives a database that is away for a while
                log.exception("a round of timed work failed")
                more = False
            if not more:
                await _wait(house)
    finally:
        with suppress(Exception):  # not released, it lapses by itself
            async with asyncio.timeout(1), house.database.writing() as db:
                await release_lease(db, DUTY, holder)


async def one_round(house: House, holder: str) -> bool:
    """One look at everything that is due; True when there may be more at once."""
    real_now = house.clock.real_now()
    async with house.database.reading() as db:
        house.clock.offset = await rehearsal_offset(db)
    await _note_seen(house)
    async with house.database.writing() as db:
        if not await hold_lease(db, DUTY, holder, LEASE, real_now):
            return False
    async with house.database.reading() as db:
        lapsed, sweeps = await lapsed_holds(db, real_now), await is_due(db, real_now)
    if lapsed:
        async with house.database.writing() as db:
            await release_lapsed_holds(db, house.clock.now(), real_now)
    if sweeps:
        await sweep(house.database, house.settings.data, house.settings.mail_folder, house.clock.now(), real_now)
    held = house.clock.rehearsing
    return await send_waiting(house.database, house.settings, house.templates, real_now, held=held) == BATCH


async def _note_seen(house: House) -> None:
    """Who was here today, all at once; every process notes its own."""
    seen, house.seen = house.seen, set()
    if seen:
        async with house.database.writing() as db:
            for some in in_parts(seen):
                await note_seen(db, some, house.clock.real_now())


async def _wait(house: House) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(house.mail_waits.wait(), PAUSE)
    house.mail_waits.clear()
