"""Spans of time (pure), in whole Unix seconds, each [from, to): two tabs, two devices and two processes count once."""

from collections.abc import Iterable, Sequence

Span = tuple[int, int]
APART = 5  # seconds: a page that is loaded anew was never gone


def joined(spans: Iterable[Sequence[int]]) -> list[list[int]]:
    """In order, none touching the next; what is empty is left out."""
    whole: list[list[int]] = []
    for starts, ends in sorted((span[0], span[1]) for span in spans if span[1] > span[0]):
        if whole and starts <= whole[-1][1] + APART:
            whole[-1][1] = max(whole[-1][1], ends)
        else:
            whole.append([starts, ends])
    return whole


def within(span: Span, bounds: Span) -> Span:
    """What of it lies inside; empty spans begin and end at once."""
    starts = max(span[0], bounds[0])
    return starts, max(min(span[1], bounds[1]), starts)


def length(spans: Iterable[Sequence[int]]) -> int:
    return sum(span[1] - span[0] for span in spans)
