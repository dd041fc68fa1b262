"""The speaker's page: for whom it is, time left, answers in writing at any hour, the green room; and what stays on the session's page."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from conference.live.green_room_tables import GreenRoomNote, Recording
from conference.live.rules import MAX_ANSWER, Door
from conference.live.time_left import Left, TimeLeft, time_left
from conference.record.tables import AuditEntry
from tests.live.cast import HOUR, World
from tests.live.hall import SPEAKER, act, ask, bring_speaker, poll

START = datetime(2021, 6, 25, 9, 0, tzinfo=UTC)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("at", "state", "figures", "words"),
    [
        (START - 24 * HOUR, Left.before, "", "Starts in 1 day"),
        (START - 65 * MINUTE, Left.before, "1:05:00", "Starts in 1 hour 5 minutes"),
        (START, Left.plenty, "1:00:00", "60 minutes left"),
        (START + 36 * MINUTE + 19 * SECOND, Left.plenty, "23:41", "24 minutes left"),
        (START + 55 * MINUTE, Left.soon, "05:00", "5 minutes left"),
        (START + 59 * MINUTE, Left.soon, "01:00", "1 minute left"),
        (START + 59 * MINUTE + SECOND, Left.soon, "00:59", "Less than a minute left"),
        (START + HOUR, Left.soon, "00:00", "Time is up"),
        (START + HOUR + 30 * SECOND, Left.over, "+00:30", "Time is up"),
        (START + HOUR + 130 * SECOND, Left.over, "+02:10", "Over by 2 minutes"),
        (START + 13 * HOUR, Left.over, "", "This session is over"),
    ],
)
def test_the_time_left_is_said_in_figures_and_words(at: datetime, state: Left, figures: str, words: str) -> None:
    assert time_left(Door.open, START, START + HOUR, at) == TimeLeft(state, figures, words)


def test_a_cancelled_session_has_no_time_left() -> None:
    assert time_left(Door.cancelled, START, START + HOUR, START) == TimeLeft(Left.cancelled, "", "This session is cancelled")


async def test_the_page_is_for_the_session_s_speakers_and_for_moderators(world: World) -> None:
    await bring_speaker(world)
    for name, status in ((None, 303), ("stranger", 403), ("voter", 403), ("speaker", 200), ("moderator", 200), ("organiser", 200)):
        async with world.browser(name) as browser:
            page = await browser.get(world.stage() + "/speaker")
        assert (page.status_code, "Time left" in page.text) == (status, status == 200)


async def test_a_speaker_sees_what_is_shown_and_their_cues_and_nothing_that_waits(world: World) -> None:
    await bring_speaker(world)
    await ask(world, "Waiting?", approved=False)
    await ask(world, "Shown?", anonymous=True)
    await act(world, "moderator", "give_cue", text="Five minutes more.")
    async with world.browser("speaker") as speaker:
        page = (await speaker.get(world.stage() + "/speaker")).text
    assert [words in page for words in ("Shown?", "Anonymous", "Five minutes more.")] == [True] * 3
    assert [secret for secret in ("Waiting?", "Asker in Nairobi", "The speakers’ notes") if secret in page] == []


async def test_a_late_session_has_more_time(world: World) -> None:
    await bring_speaker(world)
    settings = {"moderated": "before", "chat_open": False, "slow_seconds": 0, "held_words": ""}
    await world.set_clock(world.cast.session.ends_at - timedelta(minutes=4, seconds=30))
    async with world.browser("speaker") as speaker:
        assert "5 minutes left" in (await speaker.get(world.stage() + "/speaker")).text
        await act(world, "moderator", "set_stage", late_minutes=10, **settings)
        page = (await speaker.get(world.stage() + "/speaker")).text
    assert ("15 minutes left" in page, "Running late: about 10 minutes" in page) == (True, True)


async def test_an_answer_is_written_during_the_session_or_days_after_and_stays_on_the_session_s_page(world: World) -> None:
    await bring_speaker(world)
    question_id = await ask(world, "How do small libraries begin?")
    await ask(world, "And then?")
    form = {"client_id": "1", "question_id": question_id, "text": "With one <letter>."}
    await world.set_clock(world.cast.session.ends_at + timedelta(days=2))
    session_page = world.stage().removesuffix("/stage")
    async with world.browser("speaker") as speaker, world.browser() as anybody:
        sent = [await speaker.post(world.stage() + "/speaker/answers", data=form) for _ in range(2)]
        assert [(answer.status_code, answer.headers["location"]) for answer in sent] == [(303, world.stage() + "/speaker")] * 2
        page = (await anybody.get(session_page)).text
        assert "Answer these questions in writing" not in page
        assert "Answer these questions in writing" in (await speaker.get(session_page)).text
    assert "With one &lt;letter&gt;." in page
    assert "2 questions were asked, 1 answered." in page
    assert "Answered in writing at" in page


async def test_nobody_else_answers(world: World) -> None:
    await bring_speaker(world)
    form = {"client_id": "1", "question_id": await ask(world, "Who answers?"), "text": "I do."}
    for name, status in ((None, 401), ("stranger", 403), ("voter", 403), ("moderator", 303)):
        async with world.browser(name) as browser:
            assert (await browser.post(world.stage() + "/speaker/answers", data=form)).status_code == status


async def test_what_was_typed_stays_when_it_is_no_answer(world: World) -> None:
    await bring_speaker(world)
    question_id = await ask(world, "A short answer?")
    waiting = await ask(world, "Waiting?", approved=False)
    long = "x" * (MAX_ANSWER + 1)
    async with world.browser("speaker") as speaker:
        path = world.stage() + "/speaker/answers"
        wrong = await speaker.post(path, data={"client_id": "1", "question_id": question_id, "text": long})
        assert (wrong.status_code, long in wrong.text, f"use at most {MAX_ANSWER}" in wrong.text) == (422, True, True)
        empty = await speaker.post(path, data={"client_id": "2", "question_id": question_id, "text": " "})
        assert (empty.status_code, "Type the answer." in empty.text) == (422, True)
        unknown = await speaker.post(path, data={"client_id": "3", "question_id": waiting, "text": "Yes."})
        assert unknown.status_code == 404
        broken = await speaker.post(path, data={"client_id": "4", "question_id": "no id", "text": "Yes."})
        assert broken.status_code == 422


async def test_notes_are_the_speaker_s_own_and_read_by_moderators_alone(world: World) -> None:
    await bring_speaker(world)
    notes = world.stage() + "/speaker/notes"
    typed = {"name_said": "SPEE-ker\x07", "introduction": "Line one\nline <two>", "recording": "no", "to_moderators": "I need water."}
    async with world.browser("speaker") as speaker, world.browser("moderator") as moderator, world.browser() as anybody:
        assert (await speaker.post(notes, data=typed)).status_code == 303
        assert (await moderator.post(notes, data=typed)).status_code == 403
        assert [(await anybody.post(notes, data=typed)).status_code] == [401]
        mine, theirs = [(await each.get(world.stage() + "/speaker")).text for each in (speaker, moderator)]
        assert ("SPEE-ker" in mine, 'value="no" checked' in mine) == (True, True)
        assert [words in theirs for words in (SPEAKER, "SPEE-ker", "line &lt;two&gt;", "I need water.")] == [True] * 4
        public = [world.stage(), world.stage() + "/projector", world.stage().removesuffix("/stage")]
        assert [path for path in public if "I need water." in (await anybody.get(path)).text] == []
        too_long = await speaker.post(notes, data={**typed, "introduction": "x" * 1001})
        assert (too_long.status_code, "x" * 1001 in too_long.text, "SPEE-ker" in too_long.text) == (422, True, True)
        assert (await speaker.post(notes, data={**typed, "recording": "perhaps"})).status_code == 422
    async with world.house.database.reading() as db:
        [kept] = (await db.exec(select(GreenRoomNote))).all()
    assert (kept.name_said, kept.recording, kept.recording_said_at is not None) == ("SPEE-ker", Recording.no, True)


async def test_what_is_said_of_recording_is_in_the_audit_trail_each_time_it_changes(any_world: World) -> None:
    await bring_speaker(any_world)
    async with any_world.browser("speaker") as speaker:
        for says in ("yes", "yes", "no", "not_said"):
            await speaker.post(any_world.stage() + "/speaker/notes", data={"recording": says})
    async with any_world.house.database.reading() as db:
        noted = await db.exec(select(AuditEntry).where(AuditEntry.act == "recording answered").order_by(col(AuditEntry.id)))
        assert [entry.details for entry in noted] == [{"says": "yes"}, {"says": "no"}, {"says": "not_said"}]
        [kept] = (await db.exec(select(GreenRoomNote))).all()
    assert (kept.recording, kept.recording_said_at) == (Recording.not_said, None)


async def test_the_session_s_page_keeps_polls_and_the_transcript_and_no_more_than_was_shown(world: World) -> None:
    await bring_speaker(world)
    session_page = world.stage().removesuffix("/stage")
    closed, hidden = await poll(world, "Closed?"), await poll(world, "Still hidden?")
    await poll(world, "A draft?", opened=False)
    await ask(world, "Waiting?", approved=False)
    await act(world, "voter", "cast", poll_id=closed, choices=["1"])
    await act(world, "voter", "cast", poll_id=hidden, choices=["1"])
    await act(world, "moderator", "close_poll", poll_id=closed)
    await act(world, "moderator", "archive_poll", poll_id=closed)
    async with world.browser() as anybody:
        before = (await anybody.get(session_page)).text
        await act(world, "moderator", "add_caption", text="Good morning.")
        page = (await anybody.get(session_page)).text
    assert ["transcript.vtt" in text for text in (before, page)] == [False, True]
    assert ("Closed?" in page, "1 person answered" in page) == (True, True)
    assert [secret for secret in ("Still hidden?", "A draft?", "Waiting?", "questions were asked") if secret in page] == []
