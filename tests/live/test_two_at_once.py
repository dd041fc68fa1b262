"""Several people act at the same moment, each in a transaction of their own: the outcome is one after the other, on each database."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from conference.errors import Refusal
from conference.live.actions import Recorded
from conference.live.commands import Approve, Ask, Cast, ClosePoll, Command, DraftPoll, Merge, OpenPoll, Pin, React, Undo, Upvote
from conference.live.poll_tables import Ballot, Poll
from conference.live.queries import cut_of
from conference.live.tables import Log, Question, StageEvent, Vote
from conference.storage.database import Database
from tests.live.book import Book, new_book
from tests.live.moves import DELEGATES, MODERATORS

ONE, OTHER = MODERATORS


async def at_once(book: Book, *given: tuple[int, Command]) -> list[Recorded | Refusal]:
    """What becomes of each; a bug is raised."""

    async def act(who: int, command: Command) -> Recorded | Refusal:
        try:
            return await book.act(who, command)
        except Refusal as no:
            return no

    return await asyncio.gather(*(act(who, command) for who, command in given))


async def made(book: Book, who: int, command: Command) -> UUID:
    subject_id = (await book.act(who, command)).answer.subject_id
    assert subject_id
    return subject_id


async def shown(book: Book, who: int, client_id: str) -> UUID:
    question_id = await made(book, who, Ask(client_id=client_id, text="Why?"))
    await book.act(ONE, Approve(client_id=f"approve-{client_id}", question_id=question_id))
    return question_id


async def assert_logs_have_no_gaps(book: Book) -> None:
    async with book.database.reading() as db:
        heads = (await cut_of(db, book.session.id, None)).heads
        for log in Log:
            seqs = select(StageEvent.seq).where(StageEvent.log == log).order_by(col(StageEvent.seq))
            assert list(await db.exec(seqs)) == list(range(1, heads.of(log) + 1))


async def voters(book: Book) -> dict[UUID, set[UUID]]:
    """By question; the totals must say the same."""
    async with book.database.reading() as db:
        questions = {each.id: each.votes for each in await db.exec(select(Question))}
        votes = [(each.question_id, each.person_id) for each in await db.exec(select(Vote))]
    found = {question_id: {person_id for voted, person_id in votes if voted == question_id} for question_id in questions}
    assert {question_id: len(people) for question_id, people in found.items()} == questions
    assert len(votes) == sum(questions.values())
    return found


async def test_one_person_s_many_ballots_at_once_are_one_ballot(database: Database) -> None:
    book = await new_book(database)
    poll_id = await made(book, ONE, DraftPoll(client_id="d", kind="single", prompt="Which?", options=("a", "b", "c")))
    await book.act(ONE, OpenPoll(client_id="o", poll_id=poll_id))
    given = [(0, Cast(client_id=f"c{number}", poll_id=poll_id, choices=(str(number % 3),))) for number in range(9)]
    assert [type(done) for done in await at_once(book, *given)] == [Recorded] * 9
    async with database.reading() as db:
        [ballot], [poll] = (await db.exec(select(Ballot))).all(), (await db.exec(select(Poll))).all()
    assert (ballot.changes, poll.ballots, poll.tally) == (8, 1, {ballot.choices[0]: 1})


async def test_a_ballot_counts_before_the_poll_is_closed_or_not_at_all(database: Database) -> None:
    book = await new_book(database)
    poll_id = await made(book, ONE, DraftPoll(client_id="d", kind="multiple", prompt="Which?", options=("a", "b")))
    await book.act(ONE, OpenPoll(client_id="o", poll_id=poll_id))
    casts: list[tuple[int, Command]] = [(who, Cast(client_id="c", poll_id=poll_id, choices=("0", "1"))) for who in DELEGATES]
    closes: list[tuple[int, Command]] = [(who, ClosePoll(client_id="c", poll_id=poll_id)) for who in MODERATORS]
    done = await at_once(book, *casts[:2], *closes, *casts[2:])
    counted = sum(isinstance(each, Recorded) for each in (*done[:2], *done[4:]))
    assert sum(isinstance(each, Recorded) for each in done[2:4]) == 1
    async with database.reading() as db:
        poll = (await db.exec(select(Poll))).one()
        assert len((await db.exec(select(Ballot))).all()) == poll.ballots == counted
    assert poll.tally == ({"0": counted, "1": counted} if counted else {})
    await assert_logs_have_no_gaps(book)


async def test_votes_that_come_while_two_questions_are_merged_are_one_for_each_person(database: Database) -> None:
    book = await new_book(database)
    first, second = [await shown(book, who, f"ask-{who}") for who in DELEGATES[:2]]
    votes: list[tuple[int, Command]] = [
        (who, Upvote(client_id=f"v-{question_id}", question_id=question_id)) for who in DELEGATES[2:] for question_id in (first, second)
    ]
    merges: list[tuple[int, Command]] = [(who, Merge(client_id="m", question_id=first, into_id=second)) for who in MODERATORS]
    done = await at_once(book, *votes[:2], *merges, *votes[2:])
    assert sum(isinstance(each, Recorded) for each in done[2:4]) == 1
    people = book.people
    assert {people[0].id} <= (await voters(book))[second] <= {people[who].id for who in (0, *DELEGATES[2:])}
    for number, (who, vote) in enumerate(votes):  # whoever was too early for the other, or too late, votes now
        await at_once(book, (who, vote.model_copy(update={"client_id": f"again-{number}"})))
    assert (await voters(book))[second] == {people[who].id for who in (0, *DELEGATES[2:])}
    await assert_logs_have_no_gaps(book)


async def test_undone_twice_at_once_it_is_undone_once(database: Database) -> None:
    book = await new_book(database)
    first, second = [await shown(book, who, f"ask-{who}") for who in DELEGATES[:2]]
    await book.act(2, Upvote(client_id="v", question_id=first))
    await book.act(ONE, Merge(client_id="m", question_id=first, into_id=second))
    undos: list[tuple[int, Command]] = [(who, Undo(client_id=f"u{number}", question_id=first)) for who in MODERATORS for number in range(3)]
    outcomes = Counter(type(done).__name__ for done in await at_once(book, *undos))
    assert outcomes == {"Recorded": 1, "Conflict": 5}
    assert await voters(book) == {first: {book.people[2].id}, second: set()}
    await assert_logs_have_no_gaps(book)


async def test_reactions_at_once_are_all_counted(database: Database) -> None:
    book = await new_book(database)
    given: list[tuple[int, Command]] = [(who, React(client_id=f"r{number}", kind="heart")) for who in DELEGATES for number in range(5)]
    await at_once(book, *given)
    async with database.reading() as db:
        assert (await cut_of(db, book.session.id, None)).state.run.reactions == {"heart": 20}


async def test_two_pins_at_once_leave_one_question_pinned_that_is_on_the_stage(database: Database) -> None:
    book = await new_book(database)
    questions = [await shown(book, who, f"ask-{who}") for who in DELEGATES[:2]]
    acts: list[tuple[int, Command]] = [(ONE, Pin(client_id=f"p{number}", question_id=each)) for number, each in enumerate(questions)]
    acts += [(OTHER, Undo(client_id=f"u{number}", question_id=each)) for number, each in enumerate(questions)]
    await at_once(book, *acts)
    async with database.reading() as db:
        state: Any = (await cut_of(db, book.session.id, None)).state
    assert state.run.pinned_id is None
    await assert_logs_have_no_gaps(book)
