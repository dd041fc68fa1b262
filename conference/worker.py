"""What happens by itself: mail goes out, held places lapse, reminders are written. One process at a time does it, by a leased row.

The lease is short: when its holder is killed, another takes over within LEASE + PAUSE, and the holder renews it every PAUSE,
so that it may fail a few rounds. Mail leaves in lanes of their own, so that a slow mail server stops nothing else, and one stuck mail
not the others. A lane that is still at work when the duty has gone to another process does no harm: each mail is handed over once.

Every process also looks at the rehearsal's clock in each round, so that a jump made in one reaches all.
"""

import asyncio
import logging
import os
import secrets
import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from conference.correspondence.letters_due import write_what_is_due
from conference.mail.carrier import Carrier
from conference.mail.outbox import BATCH, send_waiting
from conference.mail.pace import Pace
from conference.record.actions import hold_lease, rehearsal_offset, release_lease
from conference.registration.actions import release_lapsed_holds
from conference.registration.queries import lapsed_holds
from conference.web.request import House

DUTY = "timed work"
LEASE = timedelta(seconds=8)
PAUSE = 2.0  # seconds between looks, when nothing wakes the worker
LANES = 3  # connections to the mail server
log = logging.getLogger("conference.worker")


@dataclass(slots=True)
class Duty:
    held: bool = False


async def run(house: House) -> None:
    """Work until cancelled; a failing round is logged and the next one tries again."""
    holder, duty = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}", Duty()
    pace = Pace(house.settings.mail_per_minute, house.settings.mail_per_domain)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_rounds(house, holder, duty))
            for number in range(LANES if house.settings.mail_url != "folder:" else 1):
                group.create_task(_lane(house, duty, pace, woken=number == 0))
    finally:
        with suppress(Exception):  # not released, it lapses by itself
            async with asyncio.timeout(1), house.database.writing() as db:
                await release_lease(db, DUTY, holder)


async def _rounds(house: House, holder: str, duty: Duty) -> None:
    while True:
        try:
            had, duty.held = duty.held, await one_round(house, holder)
            if duty.held and not had:
                house.mail_waits.set()
        except Exception:  # the worker outlives a database that is away for a while
            log.exception("a round of timed work failed")
        await asyncio.sleep(PAUSE)


async def one_round(house: House, holder: str) -> bool:
    """One look at everything that is due but the mail; whether the duty is ours."""
    real_now = house.clock.real_now()
    async with house.database.reading() as db:
        house.clock.offset = await rehearsal_offset(db)
    async with house.database.writing() as db:
        if not await hold_lease(db, DUTY, holder, LEASE, real_now):
            return False
    async with house.database.reading() as db:
        lapsed = await lapsed_holds(db, real_now)
    if lapsed:
        async with house.database.writing() as db:
            await release_lapsed_holds(db, house.clock.now(), real_now)
    if await write_what_is_due(house.database, house.clock.now(), real_now, rehearsed=house.clock.rehearsing):
        house.mail_waits.set()
    return True


async def _lane(house: House, duty: Duty, pace: Pace, *, woken: bool) -> None:
    carrier = Carrier(house.settings)
    try:
        while True:
            looked_at = 0
            try:
                if duty.held:
                    looked_at = await _send(house, carrier, pace)
            except Exception:
                log.exception("sending mail failed")
            if looked_at < BATCH:
                await carrier.rest()
                await (_wait(house) if woken else asyncio.sleep(PAUSE))
    finally:
        carrier.close()


async def _send(house: House, carrier: Carrier, pace: Pace) -> int:
    held, real_now = house.clock.rehearsing, house.clock.real_now()
    return await send_waiting(house.database, house.settings, house.templates, real_now, held=held, carrier=carrier, pace=pace)


async def _wait(house: House) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(house.mail_waits.wait(), PAUSE)
    house.mail_waits.clear()
