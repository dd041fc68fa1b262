"""What one socket says: messages put together from their frames, and how many of them are fine (pure)."""

from websockets.frames import Frame, Opcode

from conference.wire.codes import FLOODING, NOT_TEXT, NOT_UTF8, Close
from conference.wire.limits import FRAME_BURST, FRAMES_PER_SECOND, Bucket


class Incoming:
    """The frames must have passed the websockets library's parser, which sees to their order, masking and size."""

    __slots__ = ("_frames", "_parts", "messages")

    def __init__(self, now: float) -> None:
        self.messages = Bucket(now)
        self._frames = Bucket(now, FRAME_BURST, FRAMES_PER_SECOND)
        self._parts = bytearray()

    def take(self, frame: Frame, now: float) -> str | Close | None:
        """The message that this frame completes; why the socket must be closed; or None: nothing yet."""
        if not self._frames.take(now):
            return FLOODING
        if frame.opcode == Opcode.BINARY:
            return NOT_TEXT
        if frame.opcode not in (Opcode.TEXT, Opcode.CONT):
            return None  # the library answers pings and closes
        self._parts += frame.data
        if not frame.fin:
            return None
        whole, self._parts = self._parts, bytearray()
        try:
            return whole.decode()
        except UnicodeDecodeError:
            return NOT_UTF8
