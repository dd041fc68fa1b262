"""What happens by itself: mail goes out, holds and offers end, reminders are written. One process at a time does it, by a leased row.

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
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from conference.calls.interest import due_interests as due_calls
from conference.calls.interest import tell_interested as tell_of_calls
from conference.calls.offers_due import settle_offers
from conference.calls.panel_mail import due_panels, remind_due
from conference.correspondence.letters_due import write_what_is_due
from conference.mail.carrier import Carrier
from conference.mail.outbox import BATCH, send_waiting
from conference.mail.pace import Pace
from conference.people.ways_in import note_seen
from conference.privacy.retention import is_due, sweep
from conference.record.actions import follow_rehearsal, hold_lease, release_lease
from conference.record.keys import keys_are_old, sweep_keys
from conference.registration.actions import release_lapsed_holds
from conference.registration.form_actions import adopt_waiting_forms, adoptable_forms
from conference.registration.grouping import due_groups, end_due_groups
from conference.registration.interest import due_interests, tell_interested
from conference.registration.queries import lapsed_holds
from conference.registration.seats import end_seats_without_entry, seats_without_entry
from conference.registration.turns import settle_pool
from conference.registration.waiting import due_pools
from conference.storage.database import in_parts
from conference.web.request import House

DUTY = "timed work"
LEASE = timedelta(seconds=8)
PAUSE = 2.0  # seconds between looks, when nothing wakes the worker
LAST_WORDS = 2.0  # seconds for what is under way when the house stops
LANES = 3  # connections to the mail server
T = TypeVar("T")
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
            had, duty.held = duty.held, await _to_its_end(one_round(house, holder))
            if duty.held and not had:
                house.mail_waits.set()
        except Exception:  # the worker outlives a database that is away for a while
            log.exception("a round of timed work failed")
        await asyncio.sleep(PAUSE)


async def one_round(house: House, holder: str) -> bool:
    """One look at everything that is due but the mail; whether the duty is ours."""
    real_now = house.clock.real_now()
    await follow_rehearsal(house.database, house.clock)
    await _note_seen(house)
    async with house.database.writing() as db:
        if not await hold_lease(db, DUTY, holder, LEASE, real_now):
            return False
    async with house.database.reading() as db:
        lapsed, old, sweeps = await lapsed_holds(db, real_now), await keys_are_old(db, real_now), await is_due(db, real_now)
    if lapsed:
        async with house.database.writing() as db:
            await release_lapsed_holds(db, house.clock.now(), real_now)
    await _tell_interested(house)
    await _tell_of_calls(house)
    await _end_groups(house)
    await _remind_panels(house)
    if old:
        async with house.database.writing() as db:
            await sweep_keys(db, real_now)
    if sweeps:
        await sweep(house.database, house.settings.data, house.settings.mail_folder, house.clock.now(), real_now)
    await _settle_pools(house, real_now)
    await _end_seats(house, real_now)
    await _adopt_forms(house)
    await settle_offers(house.database, house.clock.now(), real_now)
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
                    looked_at = await _to_its_end(_send(house, carrier, pace))
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


async def _tell_interested(house: House) -> None:
    """Those who asked to be told when a registration opens, once it has."""
    now = house.clock.now()
    async with house.database.reading() as db:
        due = await due_interests(db, now)
    if due:
        async with house.database.writing() as db:
            secret, base_url = house.settings.secret_key, house.settings.base_url
            await tell_interested(db, now, house.clock.real_now(), secret=secret, base_url=base_url)


async def _tell_of_calls(house: House) -> None:
    """Those who asked to be told when a call opens, once it has: its clock opens it, and closes it."""
    now = house.clock.now()
    async with house.database.reading() as db:
        due = await due_calls(db, now)
    if due:
        async with house.database.writing() as db:
            await tell_of_calls(db, now, house.clock.real_now(), base_url=house.settings.base_url)


async def _remind_panels(house: House) -> None:
    """Members of panels who owe reviews that are due within days."""
    async with house.database.reading() as db:
        due = await due_panels(db, house.clock.now())
    if due:
        async with house.database.writing() as db:
            await remind_due(db, house.clock.now(), house.clock.real_now())


async def _adopt_forms(house: House) -> None:
    """What was answered on a waiting list belongs to the place that came of it."""
    async with house.database.reading() as db:
        due = await adoptable_forms(db)
    if due:
        async with house.database.writing() as db:
            await adopt_waiting_forms(db, house.clock.now())


async def _end_groups(house: House) -> None:
    """What a group has named nobody for goes back on its day."""
    now = house.clock.now()
    async with house.database.reading() as db:
        due = await due_groups(db, now)
    if due:
        async with house.database.writing() as db:
            await end_due_groups(db, now, house.clock.real_now())


async def _settle_pools(house: House, real_now: datetime) -> None:
    """Offers that are over are passed on, lists that have ended are closed: each pool in a transaction of its own."""
    now = house.clock.now()
    async with house.database.reading() as db:
        due = await due_pools(db, now, real_now)
    for event_id, pool_id in due:
        async with house.database.writing() as db:
            await settle_pool(db, event_id, pool_id, now, real_now)


async def _end_seats(house: House, real_now: datetime) -> None:
    """Seats of those whose tickets let them into no session any more."""
    now = house.clock.now()
    async with house.database.reading() as db:
        due = await seats_without_entry(db, now)
    for event_id, person_id in due:
        async with house.database.writing() as db:
            await end_seats_without_entry(db, event_id, person_id, now, real_now)


async def _note_seen(house: House) -> None:
    """Who was here today, all at once; every process notes its own."""
    seen, house.seen = house.seen, set()
    if seen:
        async with house.database.writing() as db:
            for some in in_parts(seen):
                await note_seen(db, some, house.clock.real_now())


async def _to_its_end(act: Coroutine[Any, Any, T]) -> T:
    """What is under way when the house stops may end, for a moment: cut in the middle of a question, it costs a connection."""
    step = asyncio.ensure_future(act)
    try:
        return await asyncio.shield(step)
    except asyncio.CancelledError:
        with suppress(Exception):
            async with asyncio.timeout(LAST_WORDS):
                await step
        raise


async def _wait(house: House) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(PAUSE):  # wait_for loses a cancellation that comes with the signal
            await house.mail_waits.wait()
    house.mail_waits.clear()
