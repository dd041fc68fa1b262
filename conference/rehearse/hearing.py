"""What one listener of a log heard (pure): each line once, in order, or what is missing, doubled or late."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Hearing:
    """Numbers of lines, from the snapshot that a listener began with."""

    last: int | None = None  # the highest number heard; None until the first snapshot
    delivered: int = 0
    duplicated: int = 0
    out_of_order: int = 0
    skipped: int = 0  # told by a fresh snapshot in their place
    missing: set[int] = field(default_factory=set)

    def line(self, seq: int) -> bool:
        """One line. Whether it is a new one."""
        last = self.last or 0
        if seq == last + 1:
            self.last = seq
        elif seq > last:
            self.missing.update(range(last + 1, seq))
            self.last = seq
        elif seq in self.missing:
            self.missing.discard(seq)
            self.out_of_order += 1
        else:
            self.duplicated += 1
            return False
        self.delivered += 1
        return True

    def snapshot(self, seq: int) -> None:
        """Everything up to this number is known. A log that was cut off may stand lower than what was heard."""
        if self.last is not None:
            self.skipped += len(self.missing) + max(seq - self.last, 0)
        self.missing.clear()
        self.last = seq

    def lost(self, head: int) -> int:
        """How many lines up to `head` never came."""
        return 0 if self.last is None else len(self.missing) + max(head - self.last, 0)
