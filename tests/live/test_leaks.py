"""What waits, what was dismissed, who asked anonymously: nobody hears it who may not, on the wire, by resumption or in pages."""

import pytest

from tests.live.cast import Ear, World
from tests.live.eavesdropper import everything

SECRET = "Unheard-of question"
REASON = "Reason-for-the-author"
ASKER = "Asker in Nairobi"


async def ask(ear: Ear, text: str, *, anonymous: bool = False) -> str:
    await ear.say(type="ask", client_id=text.replace(" ", "-"), text=text, anonymous=anonymous)
    return str((await ear.until("acknowledged"))["subject_id"])


@pytest.mark.parametrize("name", [None, "stranger", "voter"])
async def test_an_unapproved_question_reaches_no_non_moderator(world: World, name: str | None) -> None:
    async with world.ear(name) as ear, world.ear("moderator", log="moderators") as moderator, world.ear("asker") as asker:
        await ear.opened()
        await moderator.opened()
        waiting = await ask(asker, SECRET)
        dismissed = await ask(asker, SECRET + " too")
        await moderator.until("question_asked")
        await moderator.say(type="dismiss", client_id="d", question_id=dismissed, reason=REASON)
        await moderator.until("acknowledged")
        assert (await asker.until("your_question_was_dismissed"))["reason"] == REASON
        await world.ask_and_approve("A marker that everybody hears", 9)
        await ear.until("question_approved")
        heard = "".join(ear.heard) + await everything(world, name)
    assert SECRET in "".join(moderator.heard)  # there was something to leak,
    assert waiting in "".join(moderator.heard)
    assert "A marker that everybody hears" in heard  # and these ears hear what is said
    assert [leak for leak in (SECRET, waiting, dismissed, REASON) if leak in heard] == []


async def test_the_reason_of_a_dismissal_is_for_the_author_and_the_moderators_alone(world: World) -> None:
    async with world.ear("moderator", log="moderators") as moderator, world.ear("asker") as asker:
        question_id = await ask(asker, SECRET)
        await moderator.say(type="dismiss", client_id="d", question_id=question_id, reason=REASON)
        assert (await moderator.until("question_changed"))["question"]["reason"] == REASON
    async with world.ear("voter", after="0") as voter, world.browser("voter") as browser:
        assert REASON not in "".join([str(await voter.next()) for _ in range(2)]) + (await browser.get(world.stage())).text
    async with world.ear("asker") as again, world.browser("asker") as browser:
        assert (await again.opened())["mine"]["dismissed"] == [{"id": question_id, "text": SECRET, "reason": REASON}]
        assert REASON in (await browser.get(world.stage())).text


@pytest.mark.parametrize("name", [None, "stranger", "voter"])
async def test_the_name_of_an_anonymous_asker_is_nowhere_in_what_the_public_gets(world: World, name: str | None) -> None:
    person_id = str(world.cast.people["asker"].id)
    async with world.ear(name) as ear, world.ear("moderator", log="moderators") as moderator:
        await ear.opened()
        await moderator.opened()
        await world.ask_and_approve("Asked without a name", 1, anonymous=True)
        approved = await ear.until("question_approved")
        assert approved["question"]["author"] is None
        assert (await moderator.until("question_asked"))["question"]["author"] == ASKER
        heard = "".join(ear.heard) + await everything(world, name)
    assert "Asked without a name" in heard
    assert [leak for leak in (ASKER, person_id, world.cast.people["asker"].email) if leak in heard] == []
    await world.ask_and_approve("Asked with a name", 2)
    async with world.ear(name) as ear:  # the same ears do hear a name that may be heard
        assert [question["author"] for question in (await ear.opened())["questions"]] == [None, ASKER]


async def test_the_number_of_waiting_questions_is_told_to_moderators_alone(world: World) -> None:
    async with world.ear("asker") as asker:
        await ask(asker, SECRET)
    async with world.browser("moderator") as moderator, world.browser("voter") as voter:
        assert "1 question waits" in (await moderator.get(world.stage())).text
        assert "question waits" not in (await voter.get(world.stage())).text


async def test_nobody_can_vote_for_or_find_out_about_a_question_that_is_not_shown(world: World) -> None:
    async with world.ear("asker") as asker, world.ear("voter") as voter:
        waiting = await ask(asker, SECRET)
        answers = []
        for question_id in (waiting, "00000000-0000-7000-8000-000000000000"):
            await voter.say(type="upvote", client_id="v", question_id=question_id)
            answers.append(await voter.until("refused"))
    assert answers[0] == answers[1]
