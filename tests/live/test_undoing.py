"""Two moderators, one question: whoever takes back their own act does not take back what the other has done since."""

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
