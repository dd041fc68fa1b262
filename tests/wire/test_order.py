"""However commits and messages overtake each other, listeners hear 1, 2, 3."""

from hypothesis import given
from hypothesis import strategies as st

from conference.broker import Parcel
from conference.wire.order import InOrder


def line(seq: int) -> Parcel:
    return Parcel("stage", seq, str(seq))


@given(st.permutations(range(1, 12)), st.lists(st.integers(1, 11), max_size=20), st.integers(0, 11))
def test_each_line_goes_out_once_and_in_order_whatever_overtakes_what(arrivals: list[int], again: list[int], head: int) -> None:
    order, out = InOrder(), list[Parcel]()
    middle = len(arrivals) // 2
    for seq in arrivals[:middle]:
        out += order.offer(line(seq))  # before anybody knows where the log stands
    out += order.start(head)
    for seq in [*arrivals[middle:], *again]:
        out += order.offer(line(seq))
    assert [parcel.seq for parcel in out] == list(range(head + 1, 12))
    assert not order.waits


def test_a_missing_line_holds_back_what_comes_after_it_and_says_so() -> None:
    order = InOrder()
    order.start(3)
    assert (order.offer(line(5)), order.waits) == ([], True)
    assert (order.offer(line(4)), order.waits) == ([line(4), line(5)], False)


def test_what_came_already_is_dropped() -> None:
    order = InOrder()
    order.start(3)
    assert (order.offer(line(2)), order.offer(line(3)), order.waits) == ([], [], False)
