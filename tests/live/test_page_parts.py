"""What else is on the stage without JavaScript: polls, the chat, reactions, help, captions, and who may not write."""

import re
from datetime import timedelta
from typing import Any

import pytest

from conference.live.talk_tables import Announcement
from tests.live.cast import World
from tests.live.hall import act, ask, bring_speaker, poll
from tests.live.markup import card_of, texts_of

BALLOTS = [
    ("single", [["0"], ["2"]], '<input type="radio" name="choice" value="2" checked>'),
    ("multiple", [["0"], ["0", "2"]], '<input type="checkbox" name="choice" value="2" checked>'),
    ("rating", [["5"], ["4"]], '<input type="radio" name="choice" value="4" checked>'),
    ("words", [["Books", "", ""], ["Quiet", "People", ""]], 'autocomplete="off" value="people"'),
]


@pytest.mark.parametrize(("kind", "sent", "kept"), BALLOTS)
async def test_a_ballot_is_cast_and_changed_with_plain_forms(world: World, kind: str, sent: list[list[str]], kept: str) -> None:
    poll_id = await poll(world, kind=kind)
    async with world.browser("asker") as asker:
        for number, choices in enumerate(sent):
            done = await asker.post(f"{world.stage()}/polls/{poll_id}/ballots", data={"choice": choices, "client_id": str(number)})
            assert (done.status_code, done.headers["location"]) == (303, f"{world.stage()}#poll-{poll_id}")
        card = card_of((await asker.get(world.stage())).text, poll_id)
        assert kept in card
        assert "Change my answer" in card
        assert "1 person answered" in card
        assert "The results are shown when the poll is closed." in card
        none = await asker.post(f"{world.stage()}/polls/{poll_id}/ballots", data={"client_id": "none"})
        assert (none.status_code, f'<a href="#poll-{poll_id}">' in none.text) == (422, True)


async def test_results_are_hidden_until_the_poll_is_closed_unless_they_are_live(world: World) -> None:
    hidden_one, live_one = await poll(world, "Hidden?"), await poll(world, "Live?", live_results=True)
    for poll_id in (hidden_one, live_one):
        await act(world, "voter", "cast", poll_id=poll_id, choices=["1"])
    async with world.browser() as anybody:
        page = (await anybody.get(world.stage())).text
        assert ["100%" in card_of(page, each) for each in (hidden_one, live_one)] == [False, True]
        assert '"tally":null' in card_of(page, hidden_one).replace("&#34;", '"')
        assert "/ballots" not in page
        await act(world, "moderator", "close_poll", poll_id=hidden_one)
        assert "100%" in card_of((await anybody.get(world.stage())).text, hidden_one)
        await act(world, "moderator", "archive_poll", poll_id=hidden_one)
        assert hidden_one not in (await anybody.get(world.stage())).text


async def test_an_open_poll_is_called_out_until_it_is_answered(world: World) -> None:
    async with world.browser("asker") as asker:
        call = "data-poll-call hidden>"
        assert call in (await asker.get(world.stage())).text
        poll_id = await poll(world, "Where do you work?")
        page = (await asker.get(world.stage())).text
        assert (call in page, '<span data-slot="prompt">Where do you work?</span>' in page) == (False, True)
        await act(world, "asker", "cast", poll_id=poll_id, choices=["0"])
        assert call in (await asker.get(world.stage())).text


async def run(world: World, **settings: Any) -> None:
    given = {"moderated": "before", "chat_open": False, "slow_seconds": 0, "held_words": "", "late_minutes": 0, **settings}
    await act(world, "moderator", "set_stage", **given)


async def test_the_chat_is_off_until_a_moderator_opens_it(world: World) -> None:
    async with world.browser("asker") as asker:
        tab = '<a href="#chat" data-tab="chat" hidden>'
        assert tab in (await asker.get(world.stage())).text
        said = await asker.post(world.stage() + "/messages", data={"text": "Hello?", "client_id": "1"})
        assert (said.status_code, "The chat is closed on this stage." in said.text) == (409, True)
        await run(world, chat_open=True)
        assert tab not in (await asker.get(world.stage())).text
        said = await asker.post(world.stage() + "/messages", data={"text": "Hello.", "client_id": "2"})
        assert (said.status_code, said.headers["location"]) == (303, f"{world.stage()}#message")


async def test_a_message_answers_another_and_a_deleted_one_says_so(world: World) -> None:
    await run(world, chat_open=True)
    first = await act(world, "voter", "say", text="Where is everybody from?")
    async with world.browser("asker") as asker:
        page = (await asker.get(f"{world.stage()}?reply={first}")).text
        assert f'name="reply_id" value="{first}"' in page
        assert 'Your answer to <span data-slot="words">Voter in Sydney: “Where is everybody from?”' in page
        await asker.post(world.stage() + "/messages", data={"text": "From Nairobi.", "reply_id": first, "client_id": "1"})
        page = (await asker.get(world.stage())).text
        assert 'data-slot="answers">Voter in Sydney: “Where is everybody from?”</p>' in page
        await act(world, "moderator", "delete_message", message_id=first)
        page = (await asker.get(world.stage())).text
        assert "Where is everybody from?" not in page
        assert f'data-id="{first}" data-state="deleted"' in page
        gone = await asker.post(world.stage() + "/messages", data={"text": "Me too.", "reply_id": first, "client_id": "2"})
        assert (gone.status_code, "The message that you answer is not there any more." in gone.text, "Me too." in gone.text) == (
            404,
            True,
            True,
        )


async def test_a_held_message_is_told_to_its_author_alone(world: World) -> None:
    await run(world, chat_open=True, held_words="lottery")
    message_id = await act(world, "asker", "say", text="Win the lottery")
    async with world.browser("asker") as asker, world.browser("voter") as voter:
        assert f'data-id="{message_id}" data-state="waits"' in (await asker.get(world.stage())).text
        page = (await voter.get(f"{world.stage()}?report={message_id}&reply={message_id}")).text
        assert "Win the lottery" not in page


async def test_reactions_are_counted(world: World) -> None:
    async with world.browser("asker") as asker, world.browser() as anybody:
        for number in range(2):
            done = await asker.post(world.stage() + "/reactions", data={"kind": "heart", "client_id": str(number)})
            assert done.status_code == 303
        wrong = await asker.post(world.stage() + "/reactions", data={"kind": "anger", "client_id": "3"})
        assert wrong.status_code == 422
        page = (await anybody.get(world.stage())).text
        assert '<span class="reaction__total" data-total="heart">2</span>' in page
        assert "/reactions" not in page


async def test_an_announcement_stands_at_the_top_until_it_ends(world: World) -> None:
    now = world.house.clock.now()
    event, moderator = world.cast.event.id, world.cast.people["moderator"].id
    async with world.house.database.writing() as db:
        for session_id, text in ((None, "For all."), (world.cast.session.id, "For this one."), (world.cast.later.id, "For another.")):
            until = now + timedelta(hours=1)
            db.add(Announcement(event_id=event, session_id=session_id, person_id=moderator, text=text, at=now, until=until))
    async with world.browser() as anybody:
        page = (await anybody.get(world.stage())).text
        assert [text in page for text in ("For all.", "For this one.", "For another.")] == [True, True, False]
        await world.set_clock(now + timedelta(hours=1))
        assert "For all." not in (await anybody.get(world.stage())).text


async def test_help_is_asked_for_by_whoever_is_signed_in_and_the_answer_is_theirs(world: World) -> None:
    async with world.browser("stranger") as stranger, world.browser("voter") as voter, world.browser() as anybody:
        assert "/stage/help" not in (await anybody.get(world.stage())).text
        asked = await stranger.post(world.stage() + "/help", data={"kind": "sound", "text": "It crackles.", "client_id": "1"})
        assert (asked.status_code, asked.headers["location"]) == (303, f"{world.stage()}#help")
        answers = '<ul class="help__answers"'
        page = (await stranger.get(world.stage())).text
        assert texts_of(page, answers).endswith("I can’t hear It crackles. The organisers have your message and see to it.")
        async with world.ear("moderator", log="moderators") as ear:
            help_id = (await ear.opened())["help"][0]["id"]
        await act(world, "moderator", "resolve_help", help_id=help_id, done="The microphone was changed.")
        assert texts_of((await stranger.get(world.stage())).text, answers).endswith("I can’t hear It crackles. The microphone was changed.")
        assert "The microphone was changed." not in (await voter.get(world.stage())).text
        unsaid = await stranger.post(world.stage() + "/help", data={"kind": "other", "client_id": "2"})
        assert (unsaid.status_code, '<a href="#help-text">Say in a few words what happened.</a>' in unsaid.text) == (422, True)
        nothing = await stranger.post(world.stage() + "/help", data={"client_id": "3"})
        assert (nothing.status_code, '<a href="#help-kind">' in nothing.text) == (422, True)


async def test_a_question_is_reported_with_its_words(world: World) -> None:
    question_id = await ask(world, "Is this one rude?", anonymous=True)
    async with world.browser("voter") as voter:
        link = re.search(r'href="([^"]+)" data-report', card_of((await voter.get(world.stage())).text, question_id))
        assert link
        page = (await voter.get(link[1].replace("&amp;", "&"))).text
        assert texts_of(page, "<strong>You report:").startswith("You report: Anonymous: “Is this one rude?”")
        form = {"kind": "conduct", "about_id": question_id, "text": "", "client_id": "1"}
        assert (await voter.post(world.stage() + "/help", data=form)).status_code == 303
    async with world.ear("moderator", log="moderators") as ear:
        told = (await ear.opened())["help"][0]
    assert (told["kind"], told["about_text"], told["name"]) == ("conduct", "Is this one rude?", "Voter in Sydney")


async def test_captions_stand_in_a_pane_that_is_silent(world: World) -> None:
    async with world.browser() as anybody:
        assert re.search(r"<details class=\"captions\" data-captions open hidden>", (await anybody.get(world.stage())).text)
        await act(world, "moderator", "add_caption", text="Good morning, everybody.")
        pane = texts_of((await anybody.get(world.stage())).text, '<details class="captions" data-captions open>')
        assert "Good morning, everybody." in pane
        assert 'role="log" aria-live="off"' in (await anybody.get(world.stage())).text


async def test_whoever_is_silenced_is_told_until_when_and_why(world: World) -> None:
    question_id = await ask(world, "Something unkind?")
    await act(world, "moderator", "silence", about_id=question_id, minutes=30, reason="Please be kind.")
    async with world.browser("asker") as asker, world.browser("voter") as voter:
        page = (await asker.get(world.stage())).text
        said = texts_of(page, "<div data-silenced>")
        assert re.search(r"You can read along, but not write until \d\d:\d\d in London\. The reason: Please be kind\.", said)
        assert ("data-is-silenced>" in page, "data-is-silenced>" in (await voter.get(world.stage())).text) == (True, False)
        asked = await asker.post(world.stage() + "/questions", data={"text": "May I?", "client_id": "1"})
        assert (asked.status_code, "A moderator has asked you not to write until" in asked.text) == (403, True)


async def test_whoever_is_banned_is_told_why_instead_of_the_stage(world: World) -> None:
    question_id = await ask(world, "Something terrible?")
    await act(world, "moderator", "silence", about_id=question_id, minutes=30, reason="That was too much.", ban=True)
    async with world.browser("asker") as asker:
        for answer in (
            await asker.get(world.stage()),
            await asker.post(world.stage() + "/questions", data={"text": "?", "client_id": "1"}),
        ):
            assert (answer.status_code, "The reason: That was too much." in answer.text) == (403, True)


async def test_the_page_leads_on_to_what_is_this_person_s(world: World) -> None:
    await bring_speaker(world)
    ways = (f'href="/manage{world.stage()}"', f'href="{world.stage()}/speaker"', f'href="{world.stage()}/names"')
    seen = {}
    for name in ("voter", "speaker", "moderator", "stranger"):
        async with world.browser(name) as browser:
            page = (await browser.get(world.stage())).text
            seen[name] = [way in page for way in ways]
    assert seen == {
        "voter": [False, False, True],
        "speaker": [False, True, False],
        "moderator": [True, False, True],
        "stranger": [False, False, False],
    }


async def test_slow_mode_and_a_late_start_are_said(world: World) -> None:
    await run(world, slow_seconds=45, late_minutes=40)
    async with world.browser("asker") as asker:
        page = (await asker.get(world.stage())).text
        assert "Slow mode: one question or message every 45 seconds." in page
        assert "Running late: about 40 minutes" in page


async def test_where_nobody_looks_at_questions_first_the_page_says_so(world: World) -> None:
    async with world.browser("asker") as asker:
        assert "A moderator reads it first. At most 500 characters." in (await asker.get(world.stage())).text
        await run(world, moderated="after")
        assert "It is shown at once. At most 500 characters." in (await asker.get(world.stage())).text


async def test_what_was_typed_is_not_lost_when_the_session_ends_meanwhile(world: World) -> None:
    async with world.browser("asker") as asker:
        await world.set_clock(world.cast.session.ends_at)
        late = await asker.post(world.stage() + "/questions", data={"text": "One last thing?", "alike": "look", "client_id": "1"})
        assert late.status_code == 409
        assert " What you had typed One last thing? " in texts_of(late.text, '<div class="live__door">')
