"""The database's side of the stage: what it holds after any commands is what the pure core says, on each kind of database."""

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conference.clock import Clock
from conference.errors import Conflict, Forbidden, NotFound
from conference.live.actions import Recorded
from conference.live.commands import (
    AddCaption,
    Approve,
    Ask,
    Cast,
    Command,
    DraftPoll,
    Lift,
    Merge,
    OpenPoll,
    Say,
    SetStage,
    Silence,
    Undo,
)
from conference.live.floor import Floor
from conference.live.part import actor_at
from conference.live.queries import cut_of
from conference.live.rules import CHAT_KEPT
from conference.live.tables import Log
from conference.live.views import chat_in, mine_of, shared_parts
from conference.storage.database import Database
from conference.web.request import Visitor
from tests.live.book import Book, another_stage, new_book
from tests.live.moves import MODERATORS, PROLOGUE, SPEAKER, Move, moves
from tests.quick import examples

FEW = settings(max_examples=examples(4), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
MODERATOR = MODERATORS[0]


@FEW
@given(some=moves(30), together=st.integers(1, 7))
async def test_whatever_is_done_the_database_holds_what_the_pure_core_says(database: Database, some: list[Move], together: int) -> None:
    book = await new_book(database)
    await book.play(PROLOGUE, 1)
    await book.is_true()
    for start in range(0, len(some), 10):
        await book.play(some[start : start + 10], together)
        await book.is_true()


@FEW
@given(some=moves(24))
async def test_a_house_that_starts_anew_tells_newcomers_what_the_old_one_would(database: Database, some: list[Move]) -> None:
    book, old = await new_book(database), Floor(database, Clock())
    await book.play(PROLOGUE, 1)
    assert await openings(old, book) == await openings(Floor(database, Clock()), book)
    for start in range(0, len(some), 8):
        await book.play(some[start : start + 8], 4)
        assert await openings(old, book) == await openings(Floor(database, Clock()), book)  # the old one remembers what it read


async def test_what_is_merged_undone_and_merged_again_in_one_transaction_is_as_if_each_had_its_own(database: Database) -> None:
    book = await new_book(database)
    await book.play(PROLOGUE, 1)
    first, second, *_ = (each.id for each in book.memory.questions.values() if each.approved_at)
    merge, undo = Merge(client_id="1", question_id=first, into_id=second), Undo(client_id="2", question_id=first)
    before = await votes_of(book, second)
    await book.act(MODERATOR, merge)
    merged = await votes_of(book, second)
    again: list[tuple[int, Command]] = [(MODERATOR, undo), (MODERATOR, merge.model_copy(update={"client_id": "3"}))]
    assert [type(done) for done in await book.act_together(again)] == [Recorded, Recorded]
    assert (await votes_of(book, second), merged > before) == (merged, True)
    await book.act(MODERATOR, undo.model_copy(update={"client_id": "4"}))
    assert await votes_of(book, second) == before


async def test_messages_that_wait_take_no_room_from_those_that_everybody_sees(sqlite: Database) -> None:
    book = await new_book(sqlite)
    await book.act(MODERATOR, stage_set(held_words="rude"))
    for text, messages in (("Well said.", 3), ("How rude.", CHAT_KEPT + 1)):
        await book.act_together([(number % 4, Say(client_id=f"{text[:3]}-{number}", text=text)) for number in range(messages)])
    async with sqlite.reading() as db:
        state = (await cut_of(db, book.session.id, None)).state
    assert [each.text for each in chat_in(state, Log.public)] == ["Well said."] * 3
    assert [each.waits for each in chat_in(state, Log.moderators)] == [True] * CHAT_KEPT


async def test_a_caption_that_was_typed_first_stays_first_within_a_millisecond(sqlite: Database) -> None:
    book = await new_book(sqlite)
    lines = [f"Line {number}" for number in range(20)]
    await book.act_together([(MODERATOR, AddCaption(client_id=f"c{number}", text=line)) for number, line in enumerate(lines)])
    async with sqlite.reading() as db:
        assert [each.text for each in (await cut_of(db, book.session.id, None)).state.captions] == lines


async def test_what_is_on_one_stage_is_not_on_another(database: Database) -> None:
    book = await new_book(database)
    other = await another_stage(book)
    drafted = (await book.act(MODERATOR, DraftPoll(client_id="d", kind="rating", prompt="How was it?"))).answer.subject_id
    asked = (await book.act(0, Ask(client_id="a", text="Who pays?"))).answer.subject_id
    assert drafted
    assert asked
    for command in (OpenPoll(client_id="o", poll_id=drafted), Approve(client_id="p", question_id=asked)):
        with pytest.raises(NotFound):
            await other.act(MODERATOR, command)
    await book.act(MODERATOR, OpenPoll(client_id="o", poll_id=drafted))
    with pytest.raises(NotFound):
        await other.act(1, Cast(client_id="b", poll_id=drafted, choices=("5",)))


async def test_a_silence_holds_on_all_stages_of_the_event_and_is_lifted_where_it_was_given(database: Database) -> None:
    book = await new_book(database)
    other = await another_stage(book)
    asked = (await book.act(0, Ask(client_id="a", text="Something rude"))).answer.subject_id
    assert asked
    silence = Silence(client_id="s", about_id=asked, minutes=5, reason="That was rude.")
    silenced = (await book.act(MODERATOR, silence)).answer.subject_id
    assert silenced
    for stage in (book, other):
        with pytest.raises(Forbidden, match=r"That was rude\."):
            await stage.act(0, Ask(client_id="b", text="May I?"))
        assert await reason_told(stage, 0) == "That was rude."
    assert await silences_shown(book) == [silenced]
    assert await silences_shown(other) == []
    with pytest.raises(NotFound):
        await other.act(MODERATOR, Lift(client_id="l", silence_id=silenced))
    await book.act(MODERATOR, Lift(client_id="l", silence_id=silenced))
    with pytest.raises(Conflict, match="has ended already"):
        await book.act(MODERATOR, Lift(client_id="m", silence_id=silenced))
    assert await reason_told(other, 0) is None
    await other.act(0, Ask(client_id="c", text="May I?"))


async def openings(floor: Floor, book: Book) -> list[list[str]]:
    """What each of everybody would be told first."""
    session = book.session
    told: list[list[str]] = []
    for number, person in book.people.items():
        async with book.database.reading() as db:
            actor = await actor_at(db, person, book.event.id, session.id)
        assert (actor.speaks, actor.moderates) == (number == SPEAKER, number in MODERATORS)
        for log in Log:
            ear, expecting, opening = await floor.join(session, log, Visitor(person.id), actor, None, None)
            floor.give_up(ear, expecting)
            told.append(list(opening.messages))
    return told


async def votes_of(book: Book, question_id: UUID) -> int:
    async with book.database.reading() as db:
        return (await cut_of(db, book.session.id, None)).state.questions[question_id].votes


async def reason_told(book: Book, who: int) -> str | None:
    """Of the silence that this person sees on their page."""
    person_id = book.people[who].id
    async with book.database.reading() as db:
        silence = mine_of((await cut_of(db, book.session.id, person_id)).state, person_id).silence
    return silence.reason if silence else None


async def silences_shown(book: Book) -> list[UUID]:
    """To its moderators."""
    person_id = book.people[MODERATOR].id
    async with book.database.reading() as db:
        shown = dict(shared_parts((await cut_of(db, book.session.id, person_id)).state, Log.moderators))
    return [each.id for each in shown["silences"]]  # type: ignore[attr-defined]


def stage_set(*, held_words: str) -> SetStage:
    return SetStage(client_id="set", moderated="before", chat_open=True, slow_seconds=0, held_words=held_words, late_minutes=0)
