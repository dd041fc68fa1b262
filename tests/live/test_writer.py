"""Commands that share a transaction: one's trouble is not another's, and everybody is answered."""

import asyncio
from uuid import UUID

from sqlalchemy.exc import IntegrityError, OperationalError

from conference.errors import Conflict, Refusal
from conference.live.actions import Recorded
from conference.live.commands import Ask
from conference.live.messages import Acknowledged
from conference.live.writer import TOGETHER, Writer
from conference.storage.database import Database, Db
from conference.web.request import Visitor

STAGE = UUID(int=1)
NOBODY = Visitor()


class Book:
    """Writes nothing down, as slowly or badly as a test wants; keeps what came together."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.told: list[str] = []

    async def record(self, db: Db, session_id: UUID, waiting: object) -> list[Recorded | Refusal]:
        texts = [each.command.text for each in waiting]  # type: ignore[attr-defined]
        self.batches.append(texts)
        await asyncio.sleep(0.01)
        if "poison" in texts:
            raise IntegrityError("", {}, Exception("unique"))
        if "stuck" in texts:
            raise OperationalError("", {}, Exception("database is locked"))
        return [Conflict("no") if text == "no" else recorded(text) for text in texts]

    def publish(self, session_id: UUID, done: Recorded) -> None:
        if done.answer.said == "unspeakable":
            raise RuntimeError("a bug of ours")
        self.told.append(done.answer.said)


def recorded(text: str) -> Recorded:
    return Recorded(Acknowledged(client_id="c", subject_id=STAGE, said=text))


async def written(database: Database, *texts: str) -> tuple[Book, list[str]]:
    """What becomes of these commands, given at once."""
    book = Book()
    writer = Writer(database, book.record, book.publish)
    tasks = [asyncio.create_task(writer.write(STAGE, NOBODY, Ask(client_id="c", text=text))) for text in texts]
    async with asyncio.timeout(5):
        done = await asyncio.gather(*tasks, return_exceptions=True)
    await writer.stop()
    return book, [each.said if isinstance(each, Acknowledged) else type(each).__name__ for each in done]


async def test_what_comes_at_once_is_written_at_once_but_not_without_end(sqlite: Database) -> None:
    texts = [str(number) for number in range(TOGETHER + 10)]
    book, answers = await written(sqlite, *texts)
    assert answers == texts
    assert [len(batch) for batch in book.batches] == [TOGETHER, 10]
    assert book.told == texts


async def test_a_refusal_is_its_own_only(sqlite: Database) -> None:
    book, answers = await written(sqlite, "one", "no", "two")
    assert (answers, book.told) == (["one", "Conflict", "two"], ["one", "two"])


async def test_one_that_breaks_the_transaction_is_found_out_and_the_others_are_written(sqlite: Database) -> None:
    book, answers = await written(sqlite, "one", "poison", "two")
    assert (answers, book.told) == (["one", "IntegrityError", "two"], ["one", "two"])
    assert book.batches == [["one", "poison", "two"], ["one"], ["poison"], ["two"]]


async def test_a_database_that_is_stuck_is_not_asked_again_by_each(sqlite: Database) -> None:
    book, answers = await written(sqlite, "one", "stuck", "two")
    assert (answers, book.batches) == (["OperationalError"] * 3, [["one", "stuck", "two"]])


async def test_what_can_not_be_told_is_acknowledged_all_the_same(sqlite: Database) -> None:
    book, answers = await written(sqlite, "one", "unspeakable", "two")
    assert (answers, book.told) == (["one", "unspeakable", "two"], ["one", "two"])


async def test_whoever_stops_waiting_stops_nothing(sqlite: Database) -> None:
    book = Book()
    writer = Writer(sqlite, book.record, book.publish)
    waiting = asyncio.create_task(writer.write(STAGE, NOBODY, Ask(client_id="c", text="one")))
    await asyncio.sleep(0)
    waiting.cancel()
    assert (await asyncio.gather(waiting, return_exceptions=True))[0].__class__ is asyncio.CancelledError
    await writer.stop()
    assert book.told == ["one"]
