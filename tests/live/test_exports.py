"""What is carried away from a stage: tables that stay text, transcripts, and nobody's words or name to whom they are not for."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select, update

from conference.live.spreadsheets import BOM, csv_of, file_name, harmless
from conference.live.state import Words
from conference.live.talk_tables import CaptionLine
from conference.live.transcripts import as_text, as_vtt
from conference.programme.tables import Session
from conference.storage.ids import new_id
from tests.live.cast import World
from tests.live.hall import act, ask, bring_speaker, poll

START = datetime(2021, 6, 25, 9, 0, tzinfo=UTC)
ASKER = "Asker in Nairobi"


def rows_of(text: str) -> list[dict[str, str]]:
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))


def said(*lines: tuple[float, str]) -> list[Words]:
    return [Words(id=new_id(), text=text, at=START + timedelta(seconds=seconds)) for seconds, text in lines]


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", " =", " \u00a0@"])
def test_no_cell_is_a_formula(begins: str) -> None:
    assert harmless(f"{begins}cmd|' /C calc'!A0") == f"'{begins}cmd|' /C calc'!A0"


def test_words_and_numbers_that_do_no_harm_stay_as_they_are() -> None:
    assert [harmless(cell) for cell in ("Why = how?", "", None, 3)] == ["Why = how?", "", "", 3]


def test_a_table_is_read_back_as_it_was_written() -> None:
    text = csv_of(["Question", "Votes"], [['"Why"; she said,\nand left', 2], ["=1+1", 0]])
    assert rows_of(text) == [{"Question": '"Why"; she said,\nand left', "Votes": "2"}, {"Question": "'=1+1", "Votes": "0"}]
    assert text.encode().startswith(b"\xef\xbb\xbf")


def test_file_names_are_plain() -> None:
    assert file_name("questions", "wi-2021", 'Öffnen "; x\r\n', ending="csv") == "questions-wi-2021-ffnen-x.csv"


def test_a_transcript_counts_from_the_start_and_holds_no_markup() -> None:
    lines = said((-30, "Is this on?"), (0, "Good <b>morning</b> & welcome\n\n--> all"), (4.25, "Let us begin."), (3700, "The end."))
    assert as_vtt(lines, START) == (
        "WEBVTT\n\n"
        "00:00:00.000 --> 00:00:04.250\nGood &lt;b&gt;morning&lt;/b&gt; &amp; welcome\n--&gt; all\n\n"
        "00:00:04.250 --> 00:00:14.250\nLet us begin.\n\n"
        "01:01:40.000 --> 01:01:50.000\nThe end.\n"
    )
    assert as_vtt(said((1, "One."), (1, "At once.")), START) == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nOne.\n\n00:00:01.000 --> 00:00:11.000\nAt once.\n"
    )
    assert as_text("The day", lines[:2], "Africa/Nairobi") == (
        "The day\n\n11:59  Is this on?\n12:00  Good <b>morning</b> & welcome --> all\n"
    )
    assert as_vtt([], START) == "WEBVTT\n"


async def test_the_tables_are_for_speakers_and_moderators(world: World) -> None:
    await bring_speaker(world)
    for name, status in ((None, 303), ("stranger", 403), ("voter", 403), ("speaker", 200), ("moderator", 200), ("organiser", 200)):
        async with world.browser(name) as browser:
            answers = [await browser.get(f"{world.stage()}/{table}.csv") for table in ("questions", "polls")]
        assert [answer.status_code for answer in answers] == [status, status]
        if status == 200:
            assert [answer.headers["content-type"] for answer in answers] == ["text/csv; charset=utf-8"] * 2
            assert answers[0].headers["content-disposition"] == 'attachment; filename="questions-wi-opening.csv"'
            assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}


async def test_a_speaker_gets_what_was_shown_and_no_name_that_was_not(world: World) -> None:
    await bring_speaker(world)
    shown = await ask(world, "=Shown, with a name?")
    anonymous = await ask(world, "Shown, without a name?", anonymous=True)
    merged = await ask(world, "Shown without the name?", anonymous=True)
    dismissed = await ask(world, "Dismissed?", approved=False)
    await ask(world, "Waiting?", approved=False)
    await act(world, "voter", "upvote", question_id=anonymous)
    await act(world, "moderator", "merge", question_id=merged, into_id=anonymous)
    await act(world, "moderator", "dismiss", question_id=dismissed, reason="Asked before.")
    await act(world, "speaker", "write_answer", question_id=shown, text="@all: yes")
    async with world.browser("speaker") as speaker, world.browser("moderator") as moderator:
        theirs = (await speaker.get(world.stage() + "/questions.csv")).text
        everything = (await moderator.get(world.stage() + "/questions.csv")).text
    known = [(row["Question"], row["Asked by"], row["Votes"], row["State"], row["Written answer"]) for row in rows_of(theirs)]
    assert known == [
        ("Shown, without a name?", "Anonymous", "1", "Open", ""),
        ("'=Shown, with a name?", ASKER, "0", "Answered", "'@all: yes"),
    ]
    assert [secret for secret in ("Waiting?", "Dismissed?", "Asked before.", "without the name", "What became") if secret in theirs] == []
    all_of_it = [(row["Question"], row["Asked by"], row["State"], row["What became of it"]) for row in rows_of(everything)]
    assert all_of_it == [
        ("Shown, without a name?", ASKER, "Open", ""),
        ("'=Shown, with a name?", ASKER, "Answered", ""),
        ("Shown without the name?", ASKER, "Merged into another", "Merged into: Shown, without a name?"),
        ("Dismissed?", ASKER, "Dismissed", "Asked before."),
        ("Waiting?", ASKER, "Waits for a moderator", ""),
    ]
    assert [row["Anonymous to the audience"] for row in rows_of(everything)] == ["yes", "no", "yes", "no", "no"]


async def test_polls_are_counted_once_their_results_are_shown_and_drafts_are_for_moderators(world: World) -> None:
    await bring_speaker(world)
    hidden = await poll(world, "Hidden until closed?")
    open_one = await poll(world, "=Live?", live_results=True)
    await poll(world, "A draft?", opened=False)
    for each in (hidden, open_one):
        await act(world, "voter", "cast", poll_id=each, choices=["1"])
    async with world.browser("speaker") as speaker, world.browser("moderator") as moderator:
        before = rows_of((await speaker.get(world.stage() + "/polls.csv")).text)
        drafts = rows_of((await moderator.get(world.stage() + "/polls.csv")).text)
        await act(world, "moderator", "close_poll", poll_id=hidden)
        after = rows_of((await speaker.get(world.stage() + "/polls.csv")).text)
    options = ["In a public library", "In a school", "Elsewhere"]
    assert [(row["Poll"], row["Choice"], row["Count"]) for row in before] == [
        *(("Hidden until closed?", option, "") for option in options),
        *(("'=Live?", option, count) for option, count in zip(options, ("0", "1", "0"), strict=True)),
    ]
    assert [row["Count"] for row in after[:3]] == ["0", "1", "0"]
    assert {row["Poll"] for row in drafts} - {row["Poll"] for row in before} == {"A draft?"}


async def test_the_transcript_is_everybody_s_once_the_session_has_begun(world: World) -> None:
    async with world.browser() as anybody:
        nothing = await anybody.get(world.stage() + "/transcript.txt")
        assert (nothing.status_code, "there is no transcript" in nothing.text) == (404, True)
        await act(world, "moderator", "add_caption", text="Good <morning>.")
        text, vtt = [await anybody.get(f"{world.stage()}/transcript.{ending}") for ending in ("txt", "vtt")]
        assert text.text.splitlines()[0] == "Opening"
        assert text.text.splitlines()[-1].endswith("  Good <morning>.")
        assert vtt.headers["content-type"] == "text/vtt; charset=utf-8"
        assert vtt.text.startswith("WEBVTT\n\n00:30:")
        assert vtt.text.endswith("\nGood &lt;morning&gt;.\n")
        async with world.house.database.writing() as db:
            assert len((await db.exec(select(CaptionLine))).all()) == 1
            soon = world.house.clock.now() + timedelta(minutes=5)
            moved = update(Session).where(col(Session.id) == world.cast.session.id)
            await db.exec(moved.values(starts_at=soon, ends_at=soon + timedelta(hours=1)))
        early = await anybody.get(world.stage() + "/transcript.vtt")
        assert (early.status_code, "once the session has begun" in early.text) == (404, True)
