"""A log's parcels in their order (pure): however commits and messages overtake each other, listeners hear 1, 2, 3."""

from conference.broker import Parcel


class InOrder:
    """Holds back what comes too early, drops what came already. `head` is the last number let through; None until the log was read."""

    def __init__(self) -> None:
        self.head: int | None = None
        self._early: dict[int, Parcel] = {}

    def start(self, head: int) -> list[Parcel]:
        """The log stood at `head`; what was offered meanwhile follows."""
        if self.head is None:
            self.head = head
        return self._ready()

    def offer(self, parcel: Parcel) -> list[Parcel]:
        """What may go out now that this parcel is here. It must have a number."""
        assert parcel.seq is not None
        if self.head is None or parcel.seq > self.head:
            self._early[parcel.seq] = parcel
        return self._ready()

    def jump(self, head: int) -> None:
        """Go on after `head`: what came before it will never come."""
        self.head = head
        self._early = {}

    @property
    def waits(self) -> bool:
        """Whether something is held back because a number before it is missing."""
        return self.head is not None and bool(self._early)

    def _ready(self) -> list[Parcel]:
        if self.head is None:
            return []
        out = []
        while (parcel := self._early.pop(self.head + 1, None)) is not None:
            self.head += 1
            out.append(parcel)
        self._early = {seq: parcel for seq, parcel in self._early.items() if seq > self.head}
        return out
