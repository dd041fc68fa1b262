"""What one socket says, however it is cut into frames and into packets: the messages come out whole, the limits hold."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.protocol import SERVER, Protocol

from conference.wire.codes import FLOODING, NOT_TEXT, NOT_UTF8, Close
from conference.wire.incoming import Incoming
from conference.wire.limits import FRAME_BURST, FRAMES_PER_SECOND

MAX = 200  # bytes of a message in these tests
MESSAGES = st.lists(st.text(st.characters(codec="utf-8"), max_size=40), max_size=8)
CUTS = st.lists(st.integers(0, 200), max_size=12)
CONTROL = st.sampled_from([None, Frame(Opcode.PING, b"p"), Frame(Opcode.PONG, b"")])


def cut(data: bytes, cuts: Sequence[int]) -> list[bytes]:
    """In pieces, some of which may be empty."""
    at = [0, *sorted(min(each, len(data)) for each in cuts), len(data)]
    return [data[start:end] for start, end in pairwise(at)]


def in_frames(message: str, cuts: Sequence[int], between: Frame | None) -> Iterator[bytes]:
    """One message in fragments; they may be cut inside a letter, and a control frame may come between two of them."""
    pieces = cut(message.encode(), cuts)
    for number, piece in enumerate(pieces):
        yield bytes(Frame(Opcode.CONT if number else Opcode.TEXT, piece, fin=number == len(pieces) - 1).serialize(mask=True))
        if between:
            yield bytes(between.serialize(mask=True))


class Ear:
    """The library's parser and ours behind it, as a Line has them."""

    def __init__(self) -> None:
        self.parser = Protocol(SERVER, max_size=MAX)
        self.incoming = Incoming(0.0)

    def hear(self, data: bytes, now: float = 0.0) -> list[str | Close]:
        self.parser.receive_data(data)
        said = [self.incoming.take(frame, now) for frame in self.parser.events_received() if isinstance(frame, Frame)]
        return [each for each in said if each is not None]


@given(MESSAGES, CUTS, CUTS, CONTROL)
def test_messages_come_out_whole_however_they_are_cut(
    messages: list[str], cuts: list[int], packets: list[int], between: Frame | None
) -> None:
    ear = Ear()
    sent = b"".join(piece for message in messages for piece in in_frames(message, cuts, between))
    heard = [said for packet in cut(sent, packets) if packet for said in ear.hear(packet)]
    assert heard == messages
    assert ear.incoming._parts == b""


@given(st.binary(max_size=MAX), CUTS)
def test_bytes_are_text_or_the_end(data: bytes, cuts: list[int]) -> None:
    pieces = cut(data, cuts)
    frames = [Frame(Opcode.CONT if number else Opcode.TEXT, piece, fin=number == len(pieces) - 1) for number, piece in enumerate(pieces)]
    incoming = Incoming(0.0)
    *before, last = [incoming.take(frame, 0.0) for frame in frames]
    assert before == [None] * len(before)
    try:
        assert last == data.decode()
    except UnicodeDecodeError:
        assert last == NOT_UTF8


@given(st.lists(st.integers(0, MAX), min_size=1, max_size=30))
def test_no_message_is_longer_than_it_may_be_in_however_many_fragments(sizes: list[int]) -> None:
    ear = Ear()
    frames = [Frame(Opcode.CONT if number else Opcode.TEXT, b"x" * size, fin=False) for number, size in enumerate(sizes)]
    fits = 0
    for number in range(len(sizes)):
        if sum(sizes[: number + 1]) > MAX:
            break
        fits = number + 1
    for frame in frames[:fits]:
        ear.hear(bytes(frame.serialize(mask=True)))
    assert len(ear.incoming._parts) == sum(sizes[:fits])
    assert ear.parser.close_sent is None
    if fits < len(sizes):
        ear.hear(bytes(frames[fits].serialize(mask=True)))
        assert ear.parser.close_sent is not None
        assert ear.parser.close_sent.code == 1009


def test_a_length_beyond_all_bounds_is_refused_before_a_byte_of_it_has_come() -> None:
    for length in (MAX + 1, 2**32, 2**63 - 1, 2**63, 2**64 - 1):
        ear = Ear()
        ear.hear(b"\x81\xff" + length.to_bytes(8, "big") + b"mask")
        assert ear.parser.close_sent is not None
        assert ear.parser.close_sent.code in (1002, 1009)


@given(st.lists(st.floats(0, 3), max_size=60), st.integers(1, 200))
def test_no_more_frames_are_taken_than_the_bucket_holds(pauses: list[float], at_once: int) -> None:
    incoming, now, taken = Incoming(0.0), 0.0, 0
    for pause in pauses:
        now += pause
        taken += [incoming.take(Frame(Opcode.CONT, b"", fin=False), now) for _ in range(at_once)].count(None)
    assert taken <= FRAME_BURST + now * FRAMES_PER_SECOND + 1e-6
    assert taken >= min(len(pauses) * at_once, FRAME_BURST)


def test_every_frame_counts_whatever_it_is() -> None:
    for frame in (Frame(Opcode.PING, b""), Frame(Opcode.PONG, b""), Frame(Opcode.CONT, b"", fin=False), Frame(Opcode.TEXT, b"")):
        incoming = Incoming(0.0)
        assert FLOODING not in [incoming.take(frame, 0.0) for _ in range(FRAME_BURST)]
        assert incoming.take(frame, 0.0) == FLOODING


def test_bytes_are_refused_whole_or_in_pieces() -> None:
    assert Incoming(0.0).take(Frame(Opcode.BINARY, b"x"), 0.0) == NOT_TEXT
    assert Incoming(0.0).take(Frame(Opcode.BINARY, b"", fin=False), 0.0) == NOT_TEXT
