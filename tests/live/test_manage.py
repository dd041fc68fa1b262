"""Moderating without JavaScript: every act by a plain form; what was refused is explained, and what was typed stays."""

from collections.abc import AsyncIterator

import pytest
from sqlmodel import col, select

from conference.live.commands import Ask, AskHelp, Cast, Hold, Say, SetStage
from conference.live.tables import Moderated, QuestionState
from conference.people.actions import grant_role
from conference.people.tables import RoleKind
from conference.record.tables import AuditEntry
from tests.live.cast import World
from tests.live.plain_forms import Forms, Moderator, at_the_desk, give, question_now, state_now


@pytest.fixture
async def desk(world: World) -> AsyncIterator[Moderator]:
    async with at_the_desk(world) as moderator:
        yield moderator


async def test_the_queue_is_worked_through_and_each_act_undone_by_forms(world: World, desk: Moderator) -> None:
    first = await give(world, "asker", Ask, text="Who pays?")
    page = await desk.said("approve", first)
    assert ("The question is on the stage." in page, 'data-command="undo"' in page.partition('id="queue"')[0]) == (True, True)
    assert (await question_now(world, first)).state == QuestionState.visible
    assert "The last act is undone." in await desk.said("undo", first)
    assert (await question_now(world, first)).state == QuestionState.pending
    await desk.said("dismiss", first, reason="Asked before.")
    dismissed = await question_now(world, first)
    assert (dismissed.state, dismissed.dismiss_reason) == (QuestionState.dismissed, "Asked before.")
    assert "Dismissed. Its author reads: Asked before." in await desk.page("?part=stage")
    await desk.said("undo", first, "?part=stage")
    assert (await question_now(world, first)).state == QuestionState.pending


async def test_approve_and_pin_is_one_form_and_the_next_pin_takes_its_place(world: World, desk: Moderator) -> None:
    one, other = [await give(world, "asker", Ask, text=text) for text in ("First?", "Second?")]
    assert "The question is on the stage, and pinned" in await desk.said("approve_and_pin", one)
    assert (await state_now(world)).run.pinned_id == one
    await desk.said("approve", other)
    await desk.said("pin", other, "?part=stage")
    assert (await state_now(world)).run.pinned_id == other
    unpin = next(each for each in Forms(await desk.page()).found if each.get("type") == "pin" and not each["question_id"])
    assert (await desk.browser.post(unpin.pop("action"), data=unpin)).status_code == 303
    assert (await state_now(world)).run.pinned_id is None


async def test_a_question_is_merged_into_the_one_that_is_like_it(world: World, desk: Moderator) -> None:
    shown = await give(world, "asker", Ask, text="How do small libraries find partners abroad?")
    await desk.said("approve", shown)
    again = await give(world, "voter", Ask, text="How do small libraries find a partner abroad?")
    page = await desk.page()
    assert f'name="likely_id" value="{shown}"' in page
    assert "The questions are merged: their votes are one." in await desk.said("merge", again, likely_id=str(shown))
    merged = await state_now(world)
    assert (merged.questions[again].merged_id, merged.questions[shown].votes) == (shown, 1)
    assert "Merged into: How do small libraries find partners abroad?" in await desk.page("?part=stage")
    await desk.said("undo", again, "?part=stage")
    undone = await state_now(world)
    assert (undone.questions[again].state, undone.questions[shown].votes) == (QuestionState.pending, 0)


async def test_what_is_on_the_stage_is_answered_written_about_archived_and_taken_off(world: World, desk: Moderator) -> None:
    one, other = [await give(world, "asker", Ask, text=text) for text in ("First?", "Second?")]
    for question_id in (one, other):
        await desk.said("approve", question_id)
    page = await desk.said("write_answer", one, "?part=stage", text="On page 3.")
    assert ("Your answer is shown with the question." in page, "On page 3." in page) == (True, True)
    await desk.said("mark_answered", other)
    await desk.said("archive", other)
    assert [(await question_now(world, each)).state for each in (one, other)] == [QuestionState.answered, QuestionState.archived]
    third = await give(world, "asker", Ask, text="Third?")
    await desk.said("approve", third)
    await desk.said("dismiss", third, reason="Not for today.")
    assert (await question_now(world, third)).state == QuestionState.dismissed


async def test_a_reason_that_is_too_long_comes_back_as_it_was_typed(world: World, desk: Moderator) -> None:
    first = await give(world, "asker", Ask, text="Who pays?")
    wrong = await desk.does("dismiss", first, reason="x" * 301)
    assert (wrong.status_code, "x" * 301 in wrong.text, wrong.text.count("use at most 300")) == (422, True, 2)
    assert "<title>Error: Moderate" in wrong.text
    silenced = await desk.does("silence", first, minutes="many", reason="Rude.", ban="yes")
    assert (silenced.status_code, "Type how many minutes, as a whole number." in silenced.text) == (422, True)
    assert ('value="many"' in silenced.text, 'value="Rude."' in silenced.text) == (True, True)
    poll = await desk.does("draft_poll", "", "?part=polls", prompt="Which?", options="Only one", live_results="yes")
    assert (poll.status_code, "Give from 2 to 10 choices, one a line." in poll.text, ">\nOnly one</textarea>" in poll.text) == (
        422,
        True,
        True,
    )


async def test_a_question_that_another_moderator_holds_is_left_alone(world: World, desk: Moderator) -> None:
    first = await give(world, "asker", Ask, text="Who pays?")
    async with world.house.database.writing() as db:
        await grant_role(db, world.cast.people["voter"], world.cast.event.id, RoleKind.moderator, world.house.clock.now())
    await give(world, "voter", Hold, question_id=first)
    page = await desk.page()
    assert ("Voter in Sydney is looking at this." in page, "data-verbs disabled" in page) == (True, True)
    refused = await desk.does("approve", first)
    assert (refused.status_code, refused.text.count("Voter in Sydney is looking at this question.")) == (409, 2)
    assert (await question_now(world, first)).state == QuestionState.pending
    async with at_the_desk(world, "voter") as voter:
        await voter.said("approve", first)
    assert (await question_now(world, first)).state == QuestionState.visible


async def test_a_moderator_who_comes_too_late_is_told_why(world: World, desk: Moderator) -> None:
    first = await give(world, "asker", Ask, text="Who pays?")
    form = next(each for each in Forms(await desk.page()).found if each.get("type") == "approve")
    await desk.said("dismiss", first, reason="Asked before.")
    late = await desk.browser.post(form.pop("action"), data=form)
    assert (late.status_code, "was dismissed already. Perhaps another moderator was quicker." in late.text) == (409, True)


async def test_a_poll_is_drafted_opened_closed_reopened_and_archived(world: World, desk: Moderator) -> None:
    await desk.said("draft_poll", "", "?part=polls", kind="multiple", prompt="Which do you use?", options="Maps\nCatalogues\n\nArchives")
    [poll_id] = (await state_now(world)).polls
    assert (await state_now(world)).polls[poll_id].options == ("Maps", "Catalogues", "Archives")
    assert "The poll is open." in await desk.said("open_poll", poll_id)
    await give(world, "asker", Cast, poll_id=poll_id, choices=("0", "2"))
    await give(world, "voter", Cast, poll_id=poll_id, choices=("2",))
    page = await desk.said("close_poll", poll_id)
    assert "2 people answered" in page
    assert '>Archives</th><td class="number" data-slot="count">2</td><td class="number" data-slot="share">100%</td>' in page
    assert '<rect width="50" height="1"' in page
    await desk.said("open_poll", poll_id)
    await desk.said("close_poll", poll_id)
    assert "The poll is archived." in await desk.said("archive_poll", poll_id)
    assert "No polls yet." in await desk.page("?part=polls")


async def test_the_chat_is_read_let_through_deleted_and_its_author_silenced(world: World, desk: Moderator) -> None:
    await desk.said("set_stage", "", "?part=run", chat_open="yes", held_words="spam*", late_minutes="10")
    said = await give(world, "asker", Say, text="Good morning")
    held = await give(world, "voter", Say, text="Spammers welcome")
    page = await desk.page("?part=chat")
    assert ("Good morning" in page, 'Held for the word “<span data-slot="flag">spam*</span>”' in page) == (True, True)
    assert "The message is in the chat." in await desk.said("show_message", held)
    assert "The message is deleted." in await desk.said("delete_message", said)
    page = await desk.said("silence", held, minutes="30", reason="No advertisements.")
    assert "They may not write until then, and are told why." in page
    people = await desk.page("?part=people")
    assert ("No advertisements." in people, "silenced" in people) == (True, True)
    [silence_id] = (await state_now(world)).silences
    assert "They may write again." in await desk.said("lift", silence_id)


async def test_help_is_looked_after_and_the_person_reads_what_was_done(world: World, desk: Moderator) -> None:
    asked = await give(world, "stranger", AskHelp, kind="sound", text="Only the left ear")
    page = await desk.page("?part=people")
    assert ("Can’t hear" in page, "Stranger in Rome" in page, "Only the left ear" in page) == (True, True, True)
    empty = await desk.does("resolve_help", asked, done=" ")
    assert (empty.status_code, "Say what was done: the person who asked reads it." in empty.text) == (422, True)
    await desk.said("resolve_help", asked, done="We told the speaker.")
    request = (await state_now(world)).help[asked]
    assert (request.resolved_by, request.done) == ("Moderator in London", "We told the speaker.")


async def test_captions_cues_and_settings_are_given_by_forms(world: World, desk: Moderator) -> None:
    await desk.said("add_caption", "", "?part=run", text="Good morning, everybody.")
    await desk.said("give_cue", "5 minutes left", "?part=run")
    page = await desk.said("set_stage", "", "?part=run", moderated="after", slow_seconds="30", late_minutes="5")
    assert "The stage&#39;s settings are changed." in page
    after = await state_now(world)
    assert [each.text for each in (*after.captions, *after.cues)] == ["Good morning, everybody.", "5 minutes left"]
    assert (after.run.moderated, after.run.slow_seconds, after.run.late_minutes) == (Moderated.after, 30, 5)


async def test_settings_that_somebody_else_changed_meanwhile_are_not_overwritten(world: World, desk: Moderator) -> None:
    form = next(each for each in Forms(await desk.page("?part=run")).found if each.get("type") == "set_stage")
    fields = {"moderated": Moderated.before, "chat_open": True, "slow_seconds": 0, "held_words": "their\nlist", "late_minutes": 0}
    await give(world, "moderator", SetStage, **fields)
    late = await desk.browser.post(form.pop("action"), data={**form, "late_minutes": "5"})
    assert (late.status_code, "Another moderator changed the settings meanwhile." in late.text) == (409, True)
    assert (await state_now(world)).run.held_words == "their\nlist"


async def test_only_moderators_get_in_and_every_act_is_in_the_audit_trail(world: World, desk: Moderator) -> None:
    first = await give(world, "asker", Ask, text="Who pays?")
    form = next(each for each in Forms(await desk.page()).found if each.get("type") == "approve")
    for name, status in (("asker", 403), (None, 401)):
        async with world.browser(name) as somebody:
            answer = await somebody.post(f"/manage{world.stage()}/acts", data={**form, "type": "approve"})
            assert (answer.status_code, (await question_now(world, first)).state) == (status, QuestionState.pending)
    await desk.said("approve", first)
    async with world.house.database.reading() as db:
        acts = await db.exec(select(AuditEntry.act, AuditEntry.person_id).where(col(AuditEntry.act).startswith("question")))
        assert acts.all() == [("question approved", world.cast.people["moderator"].id)]


async def test_a_form_that_says_no_act_is_answered_calmly(desk: Moderator) -> None:
    answer = await desk.browser.post(f"{desk.path}/acts", data={"type": "explode"})
    assert (answer.status_code, "This form can" in answer.text) == (422, True)
