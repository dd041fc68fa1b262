"""The stage without JavaScript: everything by plain forms, and each state says what to do next."""

import re
from datetime import timedelta

from sqlmodel import col, update

from conference.live.rules import MAX_TEXT, MAX_WAITING
from conference.programme.tables import Session
from conference.registration.actions import cancel_registration
from tests.live.cast import World
from tests.live.hall import act, ask
from tests.live.markup import card_of, texts_of


def hidden(page: str, form: str) -> str:
    """The client_id of the form with this command."""
    found = re.search(rf'data-command="{form}"[^>]*>\s*<input type="hidden" name="client_id" value="([^"]+)"', page)
    assert found
    return found[1]


def shown_order(page: str, *texts: str) -> list[str]:
    """These texts, in the order in which the list has them."""
    listed = page[page.index('data-list="questions"') :]
    return sorted(texts, key=listed.index)


async def test_asking_twice_with_the_same_form_is_one_question(world: World) -> None:
    async with world.browser("asker") as asker:
        form = {"client_id": hidden((await asker.get(world.stage())).text, "ask"), "text": "Only once?"}
        answers = [await asker.post(world.stage() + "/questions", data=form) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [303, 303]
        page = (await asker.get(world.stage())).text
        assert page.count("Only once?") == 1
        assert "Waits for a moderator" in page


async def test_what_was_typed_stays_when_it_can_not_be_asked(world: World) -> None:
    async with world.browser("asker") as asker:
        long = "x" * (MAX_TEXT + 1)
        answer = await asker.post(world.stage() + "/questions", data={"text": long, "anonymous": "yes", "client_id": "1"})
        assert answer.status_code == 422
        assert f"This question has {MAX_TEXT + 1} characters: use at most {MAX_TEXT}." in answer.text
        assert long in answer.text
        empty = await asker.post(world.stage() + "/questions", data={"text": " \u200e\x07\n", "client_id": "2"})
        assert (empty.status_code, "Type your question." in empty.text) == (422, True)


async def test_control_characters_never_get_in_and_text_is_never_markup(world: World) -> None:
    question_id = await world.ask_and_approve("<img src=x onerror=alert(1)>\r\n\r\n  two\x07\x1b[31m lines\u202e", 1)
    async with world.browser() as anybody, world.ear() as ear:
        assert (await ear.opened())["questions"][0]["text"] == "<img src=x onerror=alert(1)>\ntwo[31m lines"
        page = (await anybody.get(world.stage())).text
        assert "<img" not in page
        assert f'data-id="{question_id}"' in page


async def test_only_so_many_questions_of_one_person_wait(world: World) -> None:
    async with world.browser("asker") as asker:
        sent = [
            await asker.post(world.stage() + "/questions", data={"text": f"Question {number}", "client_id": str(number)})
            for number in range(MAX_WAITING + 1)
        ]
        assert [answer.status_code for answer in sent] == [303] * MAX_WAITING + [409]
        assert f"{MAX_WAITING} questions of yours wait for a moderator already." in sent[-1].text
        assert f"Question {MAX_WAITING}" in sent[-1].text


async def test_reading_is_open_to_all_and_each_is_told_how_to_take_part(world: World) -> None:
    await world.ask_and_approve("Readable by all?", 1)
    said = {None: "sign in with the address you registered", "stranger": "are for people who are registered", "voter": "Ask a question"}
    for name, words in said.items():
        async with world.browser(name) as browser:
            page = (await browser.get(world.stage())).text
            assert (page.count("Readable by all?"), words in page) == (1, True)


async def test_without_a_confirmed_registration_there_is_no_asking_and_no_voting(world: World) -> None:
    question_id = await world.ask_and_approve("Who may vote?", 1)
    for name, status in ((None, 401), ("stranger", 403)):
        async with world.browser(name) as browser:
            asked = await browser.post(world.stage() + "/questions", data={"text": "May I?", "client_id": "1"})
            voted = await browser.post(f"{world.stage()}/questions/{question_id}/votes", data={"client_id": "2"})
            assert [asked.status_code, voted.status_code] == [status, status]
    async with world.house.database.writing() as db:
        now = world.house.clock.now()
        await cancel_registration(db, world.cast.event, world.cast.people["voter"], now, now)
    async with world.browser("voter") as voter:
        assert (await voter.post(f"{world.stage()}/questions/{question_id}/votes", data={"client_id": "3"})).status_code == 403


async def test_nobody_votes_for_their_own_question_nor_twice(world: World) -> None:
    question_id = await world.ask_and_approve("Mine?", 1)
    votes = f"{world.stage()}/questions/{question_id}/votes"
    async with world.browser("asker") as asker, world.browser("voter") as voter:
        assert "your own question" in (await asker.post(votes, data={"client_id": "1"})).text
        assert votes not in (await asker.get(world.stage())).text
        assert (await voter.post(votes, data={"client_id": "1"})).status_code == 303
        assert (await voter.post(votes, data={"client_id": "1"})).status_code == 303  # the same form again: no new effect
        assert 'aria-pressed="true"' in (await voter.get(world.stage())).text


async def test_a_second_vote_comes_back_to_the_stage_with_the_sentence(world: World) -> None:
    question_id = await ask(world, "Twice?")
    async with world.browser("voter") as voter:
        first, second = [
            await voter.post(f"{world.stage()}/questions/{question_id}/votes?sort=newest", data={"client_id": each}) for each in ("1", "2")
        ]
        assert (first.status_code, first.headers["location"]) == (303, f"{world.stage()}?sort=newest#q-{question_id}")
        assert second.status_code == 409
        assert f'<a href="#q-{question_id}">You voted for this question already.</a>' in second.text
        assert f'id="q-{question_id}"' in second.text
        assert "1 vote<" in second.text


async def test_the_name_of_a_vote_has_no_count_in_it(world: World) -> None:
    question_id = await ask(world, "How many?")
    async with world.browser("voter") as voter:
        card = card_of((await voter.get(world.stage())).text, question_id)
    assert re.sub(r"<[^>]+>", "", re.search(r"<button class=\"vote\".*?</button>", card, re.DOTALL)[0]) == "Vote for this question"  # type: ignore[index]
    assert '<p class="vote__count" data-slot="votes">0 votes</p>' in card


async def test_before_the_door_opens_and_after_the_end_there_is_only_reading(world: World) -> None:
    async with world.browser("asker") as asker:
        for session, words in ((world.cast.later, "open 10 minutes before the start"), (world.cast.over, "Asking and voting are closed")):
            page = await asker.get(world.stage(session))
            assert (page.status_code, words in page.text, 'data-command="ask"' in page.text) == (200, True, False)
            asked = await asker.post(world.stage(session) + "/questions", data={"text": "Too early, or too late?", "client_id": "1"})
            assert asked.status_code == 409


async def test_the_door_opens_ten_minutes_before_the_start_by_the_house_s_clock(world: World) -> None:
    async with world.browser("asker") as asker:
        opens = world.cast.later.starts_at - timedelta(minutes=10)
        for moment, status in ((opens - timedelta(minutes=1), 409), (opens, 303)):
            await world.set_clock(moment)
            asked = await asker.post(world.stage(world.cast.later) + "/questions", data={"text": "Now?", "client_id": str(status)})
            assert asked.status_code == status


async def test_questions_stay_readable_once_the_session_is_over_and_moderators_can_still_tidy_up(world: World) -> None:
    question_id = await world.ask_and_approve("For later?", 1)
    async with world.house.database.writing() as db:
        ended = world.house.clock.now() - timedelta(seconds=1)
        await db.exec(update(Session).where(col(Session.id) == world.cast.session.id).values(ends_at=ended))
    async with world.browser("moderator") as moderator, world.browser() as anybody:
        archived = await moderator.post(f"{world.stage()}/questions/{question_id}/archiving", data={"client_id": "1"})
        assert archived.status_code == 303
        page = (await anybody.get(world.stage())).text
        assert "For later?" in page


async def test_moderating_is_for_moderators(world: World) -> None:
    question_id = await world.ask_and_approve("May I?", 1)
    for name, status in ((None, 401), ("stranger", 403), ("voter", 403), ("asker", 403)):
        async with world.browser(name) as browser:
            read = await browser.get(f"/manage{world.stage()}")
            assert read.status_code == (status if name else 303)  # on to the sign-in form
            for act in ("approval", "dismissal", "answer", "archiving"):
                done = await browser.post(f"{world.stage()}/questions/{question_id}/{act}", data={"client_id": act, "reason": "No"})
                assert done.status_code == status


async def test_dismissing_needs_a_reason_and_keeps_what_was_typed(world: World) -> None:
    async with world.browser("asker") as asker, world.browser("moderator") as moderator:
        await asker.post(world.stage() + "/questions", data={"text": "Off topic?", "client_id": "1"})
        page = (await moderator.get(f"/manage{world.stage()}")).text
        action = re.search(r'action="([^"]+/dismissal)"', page)
        assert action
        wrong = await moderator.post(action[1], data={"reason": "x" * 301, "client_id": hidden(page, "dismiss")})
        assert (wrong.status_code, "x" * 301 in wrong.text, "use at most 300" in wrong.text) == (422, True, True)
        done = await moderator.post(action[1], data={"reason": "Asked before.", "client_id": hidden(page, "dismiss")})
        assert done.status_code == 303
        assert "Asked before." in (await asker.get(world.stage())).text


async def test_a_form_of_another_site_is_refused(world: World) -> None:
    async with world.browser("asker") as asker:
        sent = await asker.post(world.stage() + "/questions", data={"text": "Forged?"}, headers={"Origin": "https://evil.example"})
        assert sent.status_code == 403
        assert "Forged?" not in (await asker.get(world.stage())).text


async def test_a_break_and_an_unknown_session_have_no_stage(world: World) -> None:
    async with world.house.database.writing() as db:
        await db.exec(update(Session).where(col(Session.id) == world.cast.over.id).values(type="break"))
    async with world.browser() as browser:
        assert (await browser.get(world.stage(world.cast.over))).status_code == 404
        assert (await browser.get("/events/wi/sessions/none/stage")).status_code == 404


async def test_the_pinned_question_stands_first_and_is_marked(world: World) -> None:
    first, pinned = await ask(world, "Asked first?"), await ask(world, "Asked second?")
    await act(world, "voter", "upvote", question_id=first)
    async with world.browser() as anybody:
        assert shown_order((await anybody.get(world.stage())).text, "Asked first?", "Asked second?") == ["Asked first?", "Asked second?"]
        await act(world, "moderator", "pin", question_id=pinned)
        page = (await anybody.get(world.stage())).text
        assert shown_order(page, "Asked first?", "Asked second?") == ["Asked second?", "Asked first?"]
        assert ["data-pinned" in card_of(page, each).partition(">")[0] for each in (first, pinned)] == [False, True]
        assert "Being answered now" in card_of(page, pinned)


async def test_questions_are_ordered_and_chosen_by_links_that_forms_keep(world: World) -> None:
    old, new = await ask(world, "The older one?"), await ask(world, "The newer one?")
    await act(world, "voter", "upvote", question_id=old)
    async with world.browser("voter") as voter:
        orders = [
            shown_order((await voter.get(f"{world.stage()}{query}")).text, "The older one?", "The newer one?")[0]
            for query in ("", "?sort=votes", "?sort=newest", "?sort=evil")
        ]
        assert orders == ["The older one?", "The older one?", "The newer one?", "The older one?"]
        page = (await voter.get(f"{world.stage()}?sort=newest&show=mine&mode=text&evil=1")).text
        assert f'action="{world.stage()}/questions/{new}/votes?mode=text&amp;sort=newest&amp;show=mine"' in page
        assert f'<a href="{world.stage()}?mode=text&amp;sort=newest&amp;show=answered#questions" data-show="answered">' in page
        assert 'data-sort="newest" data-show="mine"' in page


async def test_an_answered_question_says_when_and_what(world: World) -> None:
    marked, written = await ask(world, "Answered aloud?"), await ask(world, "Answered in writing?")
    await act(world, "moderator", "mark_answered", question_id=marked)
    await act(world, "moderator", "write_answer", question_id=written, text="Yes, and <gladly>.\nAsk again.")
    async with world.browser() as anybody:
        anybody.cookies.set("zone", "Africa/Nairobi")
        page = (await anybody.get(world.stage())).text
    at = world.house.clock.now() + timedelta(hours=3)
    assert re.search(r"Answered at (\d\d:\d\d) your time", card_of(page, marked))[1] in {  # type: ignore[index]
        f"{at - timedelta(minutes=1):%H:%M}",
        f"{at:%H:%M}",
    }
    assert "Answered in writing" in card_of(page, written)
    assert '<p data-slot="answer">Yes, and &lt;gladly&gt;.\nAsk again.</p>' in card_of(page, written)
    assert "/votes" not in card_of(page, marked)


async def test_ones_own_question_can_be_withdrawn_while_it_waits_and_while_it_is_open(world: World) -> None:
    waiting, shown = await ask(world, "Still waiting?", approved=False), await ask(world, "On the stage?")
    async with world.browser("asker") as asker, world.browser("voter") as voter:
        page = (await asker.get(world.stage())).text
        for question_id in (waiting, shown):
            path = f"{world.stage()}/questions/{question_id}/withdrawal"
            assert (page.count(f'action="{path}"'), (await voter.get(world.stage())).text.count(path)) == (1, 0)
            assert (await voter.post(path, data={"client_id": "no"})).status_code == 404
            assert (await asker.post(path, data={"client_id": question_id})).status_code == 303
        page = (await asker.get(world.stage())).text
        assert ("Still waiting?" in page, "On the stage?" in page) == (False, False)
        again = await asker.post(f"{world.stage()}/questions/{shown}/withdrawal", data={"client_id": "again"})
        assert (again.status_code, "This question can&#39;t be withdrawn any more." in again.text) == (409, True)


async def test_an_author_sees_what_became_of_each_question(world: World) -> None:
    into = await ask(world, "How did it begin?", name="voter")
    for number, text in enumerate(("Waits?", "Dismissed?", "Joined?")):
        question_id = await ask(world, text, approved=False, anonymous=number == 0)
        if text == "Dismissed?":
            await act(world, "moderator", "dismiss", question_id=question_id, reason="It is in the programme.")
        if text == "Joined?":
            await act(world, "moderator", "merge", question_id=question_id, into_id=into)
    async with world.browser("asker") as asker, world.browser("voter") as voter:
        mine = texts_of((await asker.get(world.stage())).text, '<ul class="questions" data-waiting')
        assert mine.endswith("Waits? Waits for a moderator; anonymous to the audience. Withdraw this question of yours")
        fates = texts_of((await asker.get(world.stage())).text, '<ul class="questions" data-dismissed')
        assert fates.endswith(
            "Dismissed? Not taken up. The moderator says, to you alone: It is in the programme. "
            "Joined? Joined with “How did it begin?”, which asks the same. Your vote counts there."
        )
        assert "It is in the programme." not in (await voter.get(world.stage())).text


async def test_who_asks_again_what_was_asked_is_offered_a_vote_first(world: World) -> None:
    open_one = await ask(world, "Who pays for the visits?")
    async with world.browser("voter") as voter:
        form = {"text": "Who is paying for visits?", "alike": "look", "client_id": "1"}
        offered = await voter.post(f"{world.stage()}/questions?mode=text", data=form)
        assert offered.status_code == 409
        assert "Somebody asked something like this already. Vote for it, or ask yours anyway." in offered.text
        box = texts_of(offered.text, '<ul aria-labelledby="alike-title"')
        assert box.endswith("Who pays for the visits? Vote for this question 0 votes")
        assert offered.text.count(f'action="{world.stage()}/questions/{open_one}/votes?mode=text"') == 2
        assert (
            'rows="3" required maxlength="500" aria-describedby="text-help text-error" aria-invalid="true">\nWho is paying' in offered.text
        )
        assert "Ask it anyway" in offered.text
        anyway = await voter.post(world.stage() + "/questions", data={**form, "anyway": "yes"})
        assert anyway.status_code == 303
        other = await voter.post(world.stage() + "/questions", data={"text": "When is lunch?", "alike": "look", "client_id": "2"})
        assert other.status_code == 303
    async with world.browser("asker") as asker:  # nobody is offered their own
        again = await asker.post(world.stage() + "/questions", data={**form, "client_id": "3"})
        assert again.status_code == 303
