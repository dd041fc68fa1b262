"""The hub: publishing never waits, and who doesn't keep up is let go."""

from conference.broker import InProcess, Parcel
from conference.wire.codes import SIGNED_OUT, TOO_SLOW
from conference.wire.hub import MAX_BYTES, MAX_WAITING, Hub, Listener


def parcel(text: str, seq: int | None = None, topic: str = "stage") -> Parcel:
    return Parcel(topic, seq, text)


async def test_a_parcel_reaches_each_listener_of_its_topic_once_and_nobody_else() -> None:
    hub, one, other, elsewhere = Hub(), Listener(["stage", "me"]), Listener(["stage"]), Listener(["foyer"])
    for listener in (one, other, elsewhere):
        hub.join(listener)
    hub.publish(parcel("hello"))
    assert [await listener.next(0.01) for listener in (one, other, elsewhere)] == [parcel("hello"), parcel("hello"), None]
    assert [await listener.next(0.01) for listener in (one, other, elsewhere)] == [None, None, None]


async def test_a_listener_that_never_reads_is_let_go_when_its_fixed_queue_is_full() -> None:
    hub, sleeper, reader = Hub(), Listener(["stage"]), Listener(["stage"])
    hub.join(sleeper)
    hub.join(reader)
    for number in range(MAX_WAITING + 1):
        hub.publish(parcel("x", number))
        assert await reader.next(0.01) == parcel("x", number)
    assert (sleeper.ended.result(), reader.ended.done()) == (TOO_SLOW, False)
    assert await sleeper.next(0.01) is None  # nothing is kept for it


async def test_few_but_large_messages_fill_the_queue_too() -> None:
    sleeper = Listener(["stage"])
    for _ in range(2):
        sleeper.put(parcel("x" * (MAX_BYTES // 2)))
    assert not sleeper.ended.done()
    sleeper.put(parcel("x"))
    assert sleeper.ended.result() == TOO_SLOW


async def test_whoever_left_hears_nothing_and_is_not_counted() -> None:
    hub, listener = Hub(), Listener(["stage"])
    hub.join(listener)
    assert (hub.listeners("stage"), hub.has_listeners("stage")) == (1, True)
    hub.leave(listener)
    hub.publish(parcel("hello"))
    assert (hub.listeners("stage"), hub.has_listeners("stage"), await listener.next(0.01)) == (0, False, None)


async def test_the_first_reason_to_end_counts() -> None:
    listener = Listener(["stage"])
    listener.end(SIGNED_OUT)
    listener.end(TOO_SLOW)
    assert listener.ended.result() == SIGNED_OUT


def test_the_broker_of_one_process_delivers_before_it_returns() -> None:
    broker, heard = InProcess(), list[Parcel]()
    broker.listen(heard.append)
    broker.send(parcel("hello"))
    assert heard == [parcel("hello")]
