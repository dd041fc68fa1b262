"""What is one person's own reaches that person, whoever did it, wherever their page is open."""

from uuid import UUID

from sqlmodel import delete

from conference.live.commands import Approve, Ask, AskHelp, Dismiss, GiveCue, Merge, ResolveHelp, Silence, Undo, Upvote
from conference.live.ears import own_topic
from conference.live.news import people_with_news
from conference.live.owed import Owed
from conference.live.tables import StageCommand, StageEvent
from conference.storage.database import Database
from conference.storage.ids import first_id_at
from tests.live.book import Book, another_stage, new_book
from tests.live.cast import World
from tests.live.hall import act, bring_speaker
from tests.live.moves import MODERATORS, SPEAKER

MODERATOR, OTHER = MODERATORS
ANN, BEN, CLEO, DAN = range(4)


async def news(book: Book, *others: Book) -> list[set[int]]:
    """Who has news on each of these stages, by number, from all that was done since the last time."""
    sessions = [each.session.id for each in (book, *others)]
    numbers = {person.id: number for number, person in book.people.items()}
    async with book.database.reading() as db:
        found = await people_with_news(db, sessions, first_id_at(book.now))
    return [{numbers[person_id] for at, person_id in found if at == session_id} for session_id in sessions]


async def subject(book: Book, who: int, command: Ask | AskHelp) -> UUID:
    subject_id = (await book.act(who, command)).answer.subject_id
    assert subject_id
    return subject_id


async def test_after_a_loss_everybody_whom_an_act_concerned_is_told(database: Database) -> None:
    book = await new_book(database)
    other = await another_stage(book)
    assert await news(book, other) == [set(), set()]
    first, second = [await subject(book, who, Ask(client_id="a", text="Why?")) for who in (ANN, BEN)]
    await book.act(MODERATOR, Approve(client_id="1", question_id=first))
    assert await news(book, other) == [{ANN, BEN, MODERATOR}, set()]
    await book.act(CLEO, Upvote(client_id="v", question_id=first))
    await book.act(MODERATOR, Dismiss(client_id="2", question_id=second, reason="No."))
    await book.act(OTHER, GiveCue(client_id="3", text="Louder"))
    assert await news(book, other) == [{ANN, BEN, CLEO, MODERATOR, OTHER, SPEAKER}, set()]
    await book.act(MODERATOR, Silence(client_id="4", about_id=second, minutes=5, reason="That was rude."))
    assert (await news(book, other))[1] == {BEN}  # it holds there too


async def test_those_whose_votes_went_over_and_came_back_have_news_though_they_did_nothing(sqlite: Database) -> None:
    book = await new_book(sqlite)
    first, second = [await subject(book, who, Ask(client_id="a", text="Why?")) for who in (ANN, BEN)]
    for question_id in (first, second):
        await book.act(MODERATOR, Approve(client_id=f"a{question_id}", question_id=question_id))
    help_id = await subject(book, CLEO, AskHelp(client_id="h", kind="sound"))
    await book.act(DAN, Upvote(client_id="v", question_id=first))
    async with sqlite.writing() as db:  # as if all of that had been long ago
        await db.exec(delete(StageCommand))
        await db.exec(delete(StageEvent))
    await book.act(MODERATOR, Merge(client_id="m", question_id=first, into_id=second))
    await book.act(MODERATOR, Undo(client_id="u", question_id=first))
    await book.act(MODERATOR, ResolveHelp(client_id="r", help_id=help_id, done="Done."))
    assert await news(book) == [{ANN, CLEO, DAN, MODERATOR}]


def test_what_was_read_before_somebody_heard_another_word_is_not_told_after_it() -> None:
    whose = (UUID(int=1), UUID(int=2))
    owed = Owed(lambda topic: topic == own_topic(*whose))
    assert owed.owe([whose, (UUID(int=1), UUID(int=3))])
    assert owed.whom == {whose}
    read_at = owed.words
    assert not owed.has_heard_since(whose, read_at)
    owed.owe([whose])  # something else was done to them while the database was asked
    assert owed.has_heard_since(whose, read_at)
    assert not owed.has_heard_since(whose, owed.words)


async def test_a_merge_and_its_undoing_are_told_to_whose_votes_they_move(world: World) -> None:
    first, second = [await world.ask_and_approve(f"Question {number}", number) for number in range(2)]
    await act(world, "voter", "upvote", question_id=first)
    async with world.ear("voter") as voter, world.ear() as anybody:
        await voter.opened()
        await anybody.opened()
        await act(world, "moderator", "merge", question_id=first, into_id=second)
        assert (await anybody.until("question_hidden"))["question_id"] == first
        while (await anybody.until("tick"))["votes"].get(second) != 1:
            pass
        assert (await voter.until("mine"))["mine"]["voted"] == sorted([first, second])
        await act(world, "moderator", "undo", question_id=first)
        assert (await anybody.until("question_changed"))["question"]["votes"] == 1
        assert (await voter.until("mine"))["mine"]["voted"] == [first]


async def test_a_silence_is_told_on_whichever_stage_of_the_event_one_is(world: World) -> None:
    await bring_speaker(world)
    asked = await act(world, "asker", "ask", text="Something rude")
    async with world.ear("asker", session=world.cast.later) as elsewhere:
        assert (await elsewhere.opened())["mine"]["silence"] is None
        silenced = await act(world, "moderator", "silence", about_id=asked, minutes=5, reason="That was rude.")
        assert (await elsewhere.until("mine"))["mine"]["silence"]["reason"] == "That was rude."
        await act(world, "moderator", "lift", silence_id=silenced)
        assert (await elsewhere.until("mine"))["mine"]["silence"] is None


async def test_a_poll_goes_its_way_and_its_results_come_when_it_is_closed(world: World) -> None:
    async with world.ear("voter") as voter, world.ear() as anybody:
        await voter.opened()
        await anybody.opened()
        poll_id = await act(world, "moderator", "draft_poll", kind="rating", prompt="How is it?")
        await act(world, "moderator", "open_poll", poll_id=poll_id)
        opened = (await anybody.until("poll_changed"))["poll"]
        assert (opened["state"], opened["ballots"], opened["tally"]) == ("open", 0, None)
        for number, choice in enumerate(("3", "5")):
            await voter.say(type="cast", client_id=f"b{number}", poll_id=poll_id, choices=[choice])
            assert (await voter.until("your_ballot_counted"))["ballot"] == {"poll_id": poll_id, "choices": [choice], "changes": number}
        await act(world, "moderator", "close_poll", poll_id=poll_id)
        assert (await anybody.until("poll_changed"))["poll"]["tally"] == {"5": 1}
        await act(world, "moderator", "open_poll", poll_id=poll_id)
        again = (await anybody.until("poll_changed"))["poll"]
        assert (again["state"], again["ballots"], again["tally"]) == ("open", 1, None)
