"""Whom a moderator may silence or ban."""

import pytest

from conference.errors import Conflict
from tests.live.cast import World
from tests.live.hall import act, bring_speaker


async def test_moderators_and_organisers_can_not_shut_each_other_out(world: World) -> None:
    await bring_speaker(world)
    await act(world, "moderator", "set_stage", moderated="before", chat_open=True, slow_seconds=0, held_words="", late_minutes=0)
    said = {name: await act(world, name, "say", text="Good morning!") for name in ("organiser", "moderator", "voter")}
    week = {"minutes": 10080, "reason": "I moderate here.", "ban": True}
    for who, other in (("moderator", "organiser"), ("organiser", "moderator")):
        with pytest.raises(Conflict, match="moderates this event too"):
            await act(world, who, "silence", about_id=said[other], **week)
    await act(world, "moderator", "silence", about_id=said["voter"], **week)
    async with world.browser("organiser") as organiser, world.browser("voter") as voter:
        assert [(await each.get(world.stage())).status_code for each in (organiser, voter)] == [200, 403]
