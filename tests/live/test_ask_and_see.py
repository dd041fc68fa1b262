"""A question's way: asked, approved, seen, voted for, answered; over the socket and by plain forms."""

from tests.live.cast import World


async def test_a_question_asked_by_socket_appears_for_everybody_once_a_moderator_approves(world: World) -> None:
    async with world.ear("asker") as asker, world.ear() as anybody, world.ear("moderator", log="moderators") as moderator:
        for ear in (asker, anybody, moderator):
            assert (await ear.opened())["questions"] == []

        await asker.say(type="ask", client_id="a1", text="  How do   we begin?\n\n", anonymous=False)
        waits = await asker.until("your_question_waits")
        asked = await moderator.until("question_asked")
        assert (asked["seq"], asked["question"]["text"], asked["question"]["author"]) == (1, "How do we begin?", "Asker in Nairobi")
        question_id = asked["question"]["id"]
        assert waits["question"]["id"] == question_id

        await moderator.say(type="approve", client_id="m1", question_id=question_id)
        approved = await anybody.until("question_approved")
        assert approved["seq"] == 1
        assert approved["question"] == {
            "id": question_id,
            "text": "How do we begin?",
            "author": "Asker in Nairobi",
            "shown_at": approved["at"],
            "state": "visible",
            "votes": 0,
            "answered_at": None,
            "answer": "",
        }
        changed = await moderator.until("question_changed")
        assert (changed["seq"], changed["act"], changed["question"]["state"]) == (2, "approved", "visible")


async def test_a_vote_reaches_everybody_as_a_total(world: World) -> None:
    question_id = await world.ask_and_approve("Who pays?", 1)
    async with world.ear("voter") as voter, world.ear() as anybody:
        assert (await anybody.opened())["questions"][0]["votes"] == 0
        await voter.opened()
        await voter.say(type="upvote", client_id="v1", question_id=question_id)
        assert (await voter.until("acknowledged"))["client_id"] == "v1"
        while not (told := (await anybody.until("tick"))["votes"]):
            continue  # a tick may come first that only says who is here
        assert told == {question_id: 1}


async def test_the_same_works_with_plain_forms(world: World) -> None:
    question_id = await world.ask_and_approve("Where are the slides?", 1)
    async with world.browser("voter") as voter, world.browser("moderator") as moderator, world.browser() as anybody:
        voted = await voter.post(f"{world.stage()}/questions/{question_id}/votes", data={"client_id": "v1"})
        assert (voted.status_code, voted.headers["location"]) == (303, f"{world.stage()}#q-{question_id}")
        answered = await moderator.post(f"{world.stage()}/questions/{question_id}/answer", data={"client_id": "m9"})
        assert (answered.status_code, answered.headers["location"]) == (303, f"/manage{world.stage()}")
        page = (await anybody.get(world.stage())).text
        assert page.count("Where are the slides?") == 1
        assert page.count('data-state="answered"') == 2  # the card, and the markup for the next one
