"""Whom a moderator may silence or ban."""

import asyncio

import pytest

from conference.errors import Conflict, Forbidden
from conference.registration.actions import register_person
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


async def test_a_silenced_speaker_writes_no_answers_either(world: World) -> None:
    await bring_speaker(world)
    now = world.house.clock.real_now()
    async with world.house.database.writing() as db:
        await register_person(db, world.cast.event, world.cast.people["speaker"], now, now)
    question = await act(world, "asker", "ask", text="Who pays for it?")
    await act(world, "moderator", "approve", question_id=question)
    await act(world, "moderator", "set_stage", moderated="before", chat_open=True, slow_seconds=0, held_words="", late_minutes=0)
    message = await act(world, "speaker", "say", text="Buy my book")
    await act(world, "moderator", "silence", about_id=message, minutes=10, reason="No advertisements.", ban=False)
    with pytest.raises(Forbidden, match="No advertisements"):
        await act(world, "speaker", "write_answer", question_id=question, text="Buy my book!")


async def test_forms_come_no_faster_than_messages(world: World) -> None:
    moment = asyncio.get_running_loop().time()
    while world.floor.forms.take(world.cast.people["voter"].id, moment):
        moment += 0.001
    world.floor.forms.take(world.cast.people["voter"].id, moment + 3600)  # nothing has refilled until then
    async with world.browser("voter") as voter, world.browser("asker") as asker:
        answers = [await each.post(world.stage() + "/reactions", data={"kind": "applause"}) for each in (voter, asker)]
    assert [answer.status_code for answer in answers] == [429, 303]
    assert "That was very quick. Wait a moment, then send it again." in answers[0].text
