"""How submissions, money and a call's own letters read, everywhere alike (pure)."""

from typing import Protocol


class Slugged(Protocol):
    """A call, or as much of it as somebody holds."""

    @property
    def slug(self) -> str: ...


def reference_of(call: Slugged, number: int) -> str:
    """As people name a submission: `ILLP-2025-0042`"""
    return f"{call.slug.upper()}-{number:04}"


def pounds(pence: int) -> str:
    """`£7,000`, `£1,916.67`"""
    return f"£{pence // 100:,}" + (f".{pence % 100:02}" if pence % 100 else "")
