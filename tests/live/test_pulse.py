"""Signs of life: a socket that hears ours and gives none is gone, however quiet the room is."""

import asyncio

from conference.wire.pulse import HEARTBEAT
from tests.live.cast import World, eventually


async def test_a_phone_that_sleeps_in_a_quiet_room_is_let_go_when_it_gives_no_sign_of_life(world: World) -> None:
    phone = await world.sleeper()
    async with world.ear() as awake:
        await awake.opened()
        await eventually(lambda: len(world.floor.ears) == 2)
        for _ in range(2 * HEARTBEAT + 1):
            world.floor.pulse.beat(0)
            await asyncio.sleep(0.02)  # time for a pong
        await eventually(lambda: len(world.floor.ears) == 1)
        await awake.say(type="ping", client_id="here")
        assert (await awake.until("pong"))["client_id"] == "here"
    phone.close()
