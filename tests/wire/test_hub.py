"""The hub: publishing makes one frame, never waits, and each listener of the moment gets it once and in order."""

import asyncio
from collections.abc import Sequence

from conference.broker import Alone, Parcel
from conference.wire.codes import HOLE, Close
from conference.wire.frames import text_of
from conference.wire.hub import CHUNK, Hub


class Reader:
    """A listener that reads everything at once."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.ended: Close | None = None

    def write(self, frame: bytes) -> None:
        self.frames.append(frame)

    def greet(self, frames: Sequence[bytes]) -> None:
        self.frames.extend(frames)

    def end(self, close: Close) -> None:
        self.ended = close

    @property
    def heard(self) -> list[str]:
        return [text_of(frame) for frame in self.frames]


def parcel(text: str, seq: int | None = None, topic: str = "stage") -> Parcel:
    return Parcel(topic, seq, text)


def joined(hub: Hub, *topics: str) -> Reader:
    reader = Reader()
    hub.join(reader, topics)
    return reader


async def test_a_parcel_reaches_each_listener_of_its_topic_once_and_nobody_else() -> None:
    hub = Hub()
    one, other, elsewhere = joined(hub, "stage", "me"), joined(hub, "stage"), joined(hub, "foyer")
    hub.publish(parcel("hello"))
    hub.publish(parcel("you", topic="me"))
    assert [each.heard for each in (one, other, elsewhere)] == [["hello", "you"], ["hello"], []]
    assert one.frames[0] is other.frames[0]  # made once


async def test_whoever_left_hears_nothing_and_is_not_counted() -> None:
    hub = Hub()
    reader = joined(hub, "stage")
    assert (hub.listeners("stage"), hub.has_listeners("stage")) == (1, True)
    hub.leave(reader, ["stage"])
    hub.publish(parcel("hello"))
    assert (hub.listeners("stage"), hub.has_listeners("stage"), reader.heard) == (0, False, [])


async def test_in_a_big_room_the_loop_breathes_and_the_order_holds() -> None:
    hub = Hub()
    readers = [joined(hub, "stage") for _ in range(CHUNK * 2 + 1)]
    hub.publish(parcel("one"))
    assert [sum(reader.heard == ["one"] for reader in readers), hub.is_busy("stage")] == [CHUNK, True]
    late = joined(hub, "stage")  # one was published before it came
    hub.publish(parcel("two"))
    while hub.is_busy("stage"):  # noqa: ASYNC110 - the loop's turns are what is counted
        await asyncio.sleep(0)
    assert {tuple(reader.heard) for reader in readers} == {("one", "two")}
    assert late.heard == ["two"]


async def test_what_is_published_while_somebody_is_about_to_listen_is_kept_for_them() -> None:
    hub = Hub()
    expecting = hub.expect(["stage", "me"])
    hub.publish(parcel("one", 1))
    hub.publish(parcel("mine", topic="me"))
    assert [each.text for each in expecting.parcels] == ["one", "mine"]
    hub.forget(expecting)
    hub.publish(parcel("two", 2))
    assert (len(expecting.parcels), hub.has_listeners("stage")) == (2, False)


async def test_whoever_knows_more_than_was_published_yet_hears_nothing_twice() -> None:
    hub, reader = Hub(), Reader()
    hub.join_early(reader, "stage", 2)
    hub.publish(parcel("one", 1))
    hub.publish(parcel("tick"))
    for number, text in ((2, "two"), (3, "three"), (4, "four")):
        hub.publish(parcel(text, number))
    assert reader.heard == ["tick", "three", "four"]
    hub.leave(reader, ["stage"])
    assert not hub.has_listeners("stage")


async def test_a_whole_room_can_be_let_go() -> None:
    hub = Hub()
    one, other = joined(hub, "stage"), joined(hub, "foyer")
    hub.end_all("stage", HOLE)
    assert (one.ended, other.ended) == (HOLE, None)


async def test_in_one_process_there_is_nobody_else_to_tell() -> None:
    heard: list[Parcel] = []
    broker = Alone()
    broker.listen(heard.append, lambda _: None)
    broker.send(parcel("hello"))
    assert (heard, broker.shared, broker.is_up) == ([], False, True)
