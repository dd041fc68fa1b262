"""What moderators take back: their own act and not what another has done since, and what should never have been on the stage."""

import pytest

from conference.errors import Conflict
from tests.live.cast import World
from tests.live.hall import act, ask, bring_speaker


async def test_what_another_moderator_has_done_since_is_not_undone(world: World) -> None:
    await bring_speaker(world)
    question_id = await ask(world, "Something rude")  # which the moderator approved
    await act(world, "organiser", "dismiss", question_id=question_id, reason="That was rude.", shown=True)
    with pytest.raises(Conflict, match="was dismissed already"):
        await act(world, "moderator", "undo", question_id=question_id, state="visible")
    async with world.ear() as ear:
        assert (await ear.opened())["questions"] == []
    await act(world, "organiser", "undo", question_id=question_id, state="dismissed")
    await act(world, "moderator", "undo", question_id=await ask(world, "Shown by mistake"))  # whoever says nothing means whatever was last


async def test_a_form_from_before_the_other_s_act_undoes_nothing(world: World) -> None:
    await bring_speaker(world)
    question_id = await ask(world, "Something rude")
    manage = f"/manage{world.stage()}"
    async with world.browser("moderator") as moderator:
        page = (await moderator.get(f"{manage}?part=stage")).text
        assert '<input type="hidden" name="state" value="visible">' in page
        await act(world, "organiser", "dismiss", question_id=question_id, reason="That was rude.", shown=True)
        answer = await moderator.post(f"{manage}/acts", data={"type": "undo", "question_id": question_id, "state": "visible"})
        assert (answer.status_code, "Perhaps another moderator was quicker" in answer.text) == (409, True)


@pytest.mark.parametrize("fate", ["answered", "answered in writing", "archived"])
async def test_what_was_answered_or_put_away_is_taken_off_the_stage_too(world: World, fate: str) -> None:
    await bring_speaker(world)
    question_id = await ask(world, "What of Jane Roe, of 1 Home Street?")
    if fate == "answered in writing":
        await act(world, "speaker", "write_answer", question_id=question_id, text="She lives there.")
    else:
        await act(world, "moderator", "mark_answered" if fate == "answered" else "archive", question_id=question_id)
    async with world.browser("moderator") as moderator:
        page = (await moderator.get(f"/manage{world.stage()}?part=stage")).text
        card = page[page.index(f'id="card-{question_id}"') :].partition("</article>")[0]
        assert ('data-command="dismiss"' in card, 'name="shown"' in card) == (True, True)
    await act(world, "moderator", "dismiss", question_id=question_id, reason="It names somebody.", shown=True)
    async with world.ear(after="0") as ear:
        await ear.until("question_hidden")
        assert [word for word in ("Jane Roe", "She lives") if word in "".join(ear.heard)] == []
    async with world.browser() as anybody:
        assert "Jane Roe" not in (await anybody.get(world.stage().removesuffix("/stage"))).text
    await act(world, "moderator", "undo", question_id=question_id)
    async with world.ear() as ear:
        assert [each["state"] for each in (await ear.opened())["questions"]] == [fate.partition(" ")[0]]
