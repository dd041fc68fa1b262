"""What is hidden on a stage besides questions: held messages, drafts, results, help, silences, cues, the list of words. Who hears of it?"""

import pytest

from conference.live.folding import fold
from conference.live.messages import Said, Snapshot
from tests.live.cast import World
from tests.live.eavesdropper import everything
from tests.live.hall import act, bring_speaker

SETTINGS = {"moderated": "before", "chat_open": True, "slow_seconds": 0, "held_words": "Listedword*", "late_minutes": 0}
CUE, REASON, DONE, SILENCE = "Cue-for-the-speaker", "Reason-for-the-author", "Done-for-whoever-asked", "Reason-of-the-silence"
RESULT = "hiddenresult"  # of a poll, until it is closed; moderators don't see it sooner
OWN = (REASON, DONE, SILENCE)  # what the asker is told
HIDDEN = (
    CUE, *OWN, "Listedword", "Held-message", "Draft-of-a-poll", RESULT, "Call-for-help", "Waiting-question", "Dismissed-question",
    "Withdrawn-question", "Merged-question", "Moderator in London",
)  # fmt: skip
SHOWN = ("Shown-question", "Shown-message", "Open-poll", "Shown-caption")
EARS = (None, "stranger", "voter", "speaker")


async def fill(world: World) -> str:
    """A stage with everything hidden on it, and something of each kind that is not; the id of the open poll."""
    await act(world, "moderator", "set_stage", **SETTINGS)
    shown = await asked(world, "Shown-question", approved=True)
    await asked(world, "Waiting-question")
    await act(world, "moderator", "dismiss", question_id=await asked(world, "Dismissed-question"), reason=REASON)
    await act(world, "asker", "withdraw", question_id=await asked(world, "Withdrawn-question"))
    await act(world, "moderator", "merge", question_id=await asked(world, "Merged-question"), into_id=shown)
    await act(world, "moderator", "hold", question_id=await asked(world, "Waiting-question, which a moderator holds"))
    await act(world, "moderator", "draft_poll", kind="rating", prompt="Draft-of-a-poll")
    poll_id = await act(world, "moderator", "draft_poll", kind="words", prompt="Open-poll")
    await act(world, "moderator", "open_poll", poll_id=poll_id)
    await act(world, "asker", "cast", poll_id=poll_id, choices=[RESULT])
    await act(world, "asker", "say", text="Shown-message")
    held = await act(world, "asker", "say", text="Held-message with listedwordish in it")
    await act(world, "moderator", "add_caption", text="Shown-caption")
    await act(world, "moderator", "give_cue", text=CUE)
    help_id = await act(world, "asker", "ask_help", kind="other", text="Call-for-help")
    await act(world, "moderator", "resolve_help", help_id=help_id, done=DONE)
    await act(world, "moderator", "silence", about_id=held, minutes=5, reason=SILENCE)
    return poll_id


async def asked(world: World, text: str, *, approved: bool = False) -> str:
    question_id = await act(world, "asker", "ask", text=text, anonymous=True)
    if approved:
        await act(world, "moderator", "approve", question_id=question_id)
    return question_id


@pytest.mark.parametrize("name", EARS)
async def test_nothing_hidden_reaches_whoever_may_not_know_it(world: World, name: str | None) -> None:
    await bring_speaker(world)
    async with world.ear(name) as ear, world.ear("moderator", log="moderators") as moderator:
        await ear.opened()
        await moderator.opened()
        poll_id = await fill(world)
        await moderator.until("silence_changed")
        while not all(word in "".join(ear.heard) for word in ("caption_added", '"ballots":1')):
            await ear.next()
        live, fetched = "".join(ear.heard), await everything(world, name)
        known = [CUE] if name == "speaker" else []
        assert [secret for secret in HIDDEN if secret in live + fetched and secret not in known] == []
        assert [word for word in SHOWN if word not in live or word not in fetched] == []  # these ears hear what is said,
        assert [secret for secret in HIDDEN if secret not in "".join(moderator.heard)] == [RESULT]  # and there was something to hear
        await act(world, "moderator", "close_poll", poll_id=poll_id)
        assert (await ear.until("poll_changed"))["poll"]["tally"] == {RESULT: 1}
        assert RESULT in await everything(world, name)


async def test_whoever_asked_is_told_what_became_of_it_and_nothing_else(world: World) -> None:
    await bring_speaker(world)
    async with world.ear("asker") as ear:
        await ear.opened()
        await fill(world)
        while SILENCE not in str(await ear.until("mine")):
            pass
        live, fetched = "".join(ear.heard), await everything(world, "asker")
    assert [word for word in OWN if word not in live or word not in fetched] == []
    others = (CUE, "Listedword", "Draft-of-a-poll", "Moderator in London")
    assert [secret for secret in others if secret in live + fetched] == []


async def test_a_cue_is_told_to_the_session_s_speakers_alone_and_at_once(world: World) -> None:
    await bring_speaker(world)
    async with world.ear("speaker") as speaker, world.ear("voter") as voter:
        await speaker.opened()
        await voter.opened()
        await act(world, "moderator", "give_cue", text=CUE)
        assert [cue["text"] for cue in (await speaker.until("mine"))["mine"]["cues"]] == [CUE]
        await voter.say(type="ping", client_id="end")
        await voter.until("pong")
        assert CUE not in "".join(voter.heard)
        assert CUE in await everything(world, "speaker")


async def test_the_words_and_the_author_of_a_deleted_message_are_gone_for_whoever_comes_later(world: World) -> None:
    await bring_speaker(world)
    await act(world, "moderator", "set_stage", **SETTINGS)
    message_id = await act(world, "voter", "say", text="Deleted-message")
    assert "Deleted-message" in await everything(world, None)
    await act(world, "moderator", "delete_message", message_id=message_id)
    async with world.ear() as ear:
        [kept] = (await ear.opened())["chat"]
    assert (kept["id"], kept["text"], kept["author"], kept["deleted"]) == (message_id, "", "", True)
    later = await everything(world, None)  # resumptions are in it, from before the message
    assert [word for word in ("Deleted-message", "Voter in Sydney") if word in later] == []


async def test_what_was_taken_off_the_stage_is_not_heard_by_whoever_resumes_from_before(world: World) -> None:
    await bring_speaker(world)
    withdrawn, dismissed, merged = [
        await asked(world, f"{fate}-off-the-stage", approved=True) for fate in ("Withdrawn", "Dismissed", "Merged")
    ]
    back = await asked(world, "Back-on-the-stage", approved=True)
    async with world.ear("voter") as voter:
        before = Snapshot.model_validate(await voter.opened())
    await act(world, "asker", "withdraw", question_id=withdrawn)
    await act(world, "moderator", "dismiss", question_id=dismissed, reason=REASON, shown=True)
    await act(world, "moderator", "dismiss", question_id=back, reason=REASON, shown=True)
    await act(world, "moderator", "undo", question_id=back)
    await act(world, "moderator", "merge", question_id=merged, into_id=back)
    assert [word for word in ("off-the-stage", REASON) if word in await everything(world, "voter")] == []
    async with world.ear("voter", after="0") as voter:
        lines = [await voter.next() for _ in range(11)][2:]  # after the greeting
        assert [line["seq"] for line in lines] == list(range(1, 10))
        texts = {line["question"]["text"] for line in lines if "question" in line}
        assert texts == {"", "Back-on-the-stage"}
    async with world.ear("voter") as voter:
        fresh = Snapshot.model_validate(await voter.opened())
    held = before.model_copy(update={"questions": (), "seq": 0})
    for line in lines:
        held = fold(held, Said.validate_python(line))  # type: ignore[arg-type]
    assert [(each.id, each.text) for each in held.questions] == [(each.id, each.text) for each in fresh.questions]


async def test_nobody_can_report_what_they_can_not_have_seen(world: World) -> None:
    """Otherwise the answer would tell whether a question waits."""
    await bring_speaker(world)
    waiting = await asked(world, "Waiting-question")
    async with world.ear("voter") as voter:
        answers = []
        for about_id in (waiting, "00000000-0000-7000-8000-000000000000"):
            await voter.say(type="ask_help", client_id="h", kind="conduct", about_id=about_id)
            answers.append(await voter.until("refused"))
    assert answers[0] == answers[1]
