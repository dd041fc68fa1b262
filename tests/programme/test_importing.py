"""Taking a file over as drafts, on each kind of database: what was previewed or nothing, once."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlmodel import select

from conference.programme.importing import Mention, Named, ReadFile, Wanted
from conference.programme.importing_drafts import TakenOver, propose, stamps, take_over
from conference.programme.importing_lines import Does
from conference.programme.importing_names import Answers
from conference.programme.planned import planned_programme
from conference.programme.queries import event_at
from conference.programme.tables import Room, SessionDraft, Speaker
from conference.storage.database import Database
from tests.world import BEFORE, TEN_IN_LONDON, build_world

TALK = "0b5c6a52-6f0b-4c36-9a1c-3d8f0a4b6c01"


@pytest.fixture
async def organised(database: Database) -> Database:
    async with database.writing() as db:
        await build_world(db)
    return database


def one_talk(room: str = "Blue room", guid: str = TALK) -> ReadFile:
    speakers = (Named("Reader of poems", "c0ffee00-0000-5000-8000-000000000002", "Reads."),)
    wanted = Wanted(
        Mention("Line 2", guid, "after-dark", "After dark", TEN_IN_LONDON),
        "After dark",
        TEN_IN_LONDON,
        TEN_IN_LONDON.replace(hour=11),
        kind="Panel",
        room=Named(room),
        track="",
        speakers=speakers,
    )
    return ReadFile("CSV", (wanted,))


async def _seen(database: Database, read: ReadFile) -> tuple[dict[str, str], Answers]:
    """What an organiser looked at, and that they want all of it."""
    async with database.reading() as db:
        proposal = await propose(db, await event_at(db, "wi-test"), read)
    names = proposal.names
    return stamps(proposal), Answers(
        {one.key: "venue:online" for one in names.rooms.values()}, speakers={one.key for one in names.speakers.values()}
    )


async def _take(database: Database, read: ReadFile, seen: dict[str, str], answers: Answers) -> TakenOver:
    async with database.writing() as db:
        return await take_over(db, await event_at(db, "wi-test"), read, answers, seen, BEFORE, by=uuid4())


async def test_two_who_take_one_file_over_at_once_take_it_over_once(organised: Database) -> None:
    read = one_talk()
    seen, answers = await _seen(organised, read)
    done = await asyncio.gather(*(_take(organised, read, seen, answers) for _ in range(2)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["ChangedMeanwhile", "TakenOver"]
    async with organised.reading() as db:
        assert [str(draft.session_id) for draft in await db.exec(select(SessionDraft))] == [TALK]
        assert [(speaker.name, speaker.biography) for speaker in await db.exec(select(Speaker))] == [("Reader of poems", "Reads.")]
        assert sorted(await db.exec(select(Room.name))) == ["Blue room", "Main stage"]
        again = await propose(db, await event_at(db, "wi-test"), read)
    assert [line.does for line in again.lines if line.where] == [Does.nothing]


async def test_an_identity_that_something_has_already_is_not_taken_from_it(organised: Database) -> None:
    async with organised.reading() as db:
        event = await event_at(db, "wi-test")
    read = one_talk(guid=str(event.id))
    seen, answers = await _seen(organised, read)
    await _take(organised, read, seen, answers)
    async with organised.reading() as db:
        (draft,) = await db.exec(select(SessionDraft))
        again = await propose(db, event, read)
    assert draft.session_id != event.id
    assert [line.id for line in again.lines if line.does is Does.nothing] == [draft.session_id]


async def test_a_file_with_one_session_twice_says_so(organised: Database) -> None:
    first = one_talk().wanted[0]
    second = Wanted(Mention("Line 9", TALK, "", "After dark", TEN_IN_LONDON), "After dark", TEN_IN_LONDON, TEN_IN_LONDON.replace(hour=10))
    async with organised.reading() as db:
        proposal = await propose(db, await event_at(db, "wi-test"), ReadFile("CSV", (first, second)))
        count = len(await planned_programme(db, await event_at(db, "wi-test")))
    assert [(one.where, one.sentence) for one in proposal.troubles] == [
        ("Line 9", "“After dark” is in the file already (Line 2), so this was left out.")
    ]
    assert (len(proposal.those(Does.adds)), len(proposal.those(Does.missing))) == (1, count)


async def test_dates_in_a_file_that_cannot_be_right_are_warned_of(organised: Database) -> None:
    async with organised.reading() as db:
        (talk,) = one_talk().wanted
        read = ReadFile("CSV", (replace(talk, abstract="On Thursday 25 June 2021."),))
        proposal = await propose(db, await event_at(db, "wi-test"), read)
    assert [(one.where, one.sentence.partition(". ")[0]) for one in proposal.warnings] == [
        ("Line 2", "“Thursday 25 June 2021”: 25 June 2021 is a Friday, not a Thursday")
    ]
