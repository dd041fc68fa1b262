"""What comes next for those who run a call (pure): it is read from its numbers, and never done by itself."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from conference.calls.definition import Definition
from conference.calls.listing import CallCounts
from conference.calls.rules import Standing, check_can_open, standing_of
from conference.calls.tables import Call
from conference.errors import Refusal
from conference.times import long_date, spoken_moment


class Step(NamedTuple):
    words: str
    way: str = ""  # the page where it is done; empty: this one, or nothing is to be done
    urgent: bool = False


def next_steps(call: Call, asked: Definition, counts: CallCounts, now: datetime, zone: str) -> Iterator[Step]:
    """In the order in which they are to be done."""
    match standing_of(call, now):
        case Standing.draft:
            yield from _before_opening(call, asked)
        case Standing.suspended:
            yield from _before_opening(call, asked)
            if counts.interested:
                yield Step(f"{_people(counts.interested)} to be told by mail when it opens.")
        case Standing.not_yet:
            assert call.opens_at
            yield Step(f"It opens by itself at {spoken_moment(call.opens_at, zone)}.")
            if counts.interested:
                yield Step(f"{_people(counts.interested)} to be told by mail when it does.")
        case Standing.open:
            assert call.deadline_at
            yield Step(f"It closes by itself at {spoken_moment(call.deadline_at, zone)}. Until then nobody decides.")
            yield from _panel(call, asked, counts)
        case Standing.closed:
            yield from _after_closing(call, asked, counts, now)
        case Standing.decided:
            yield Step("Everybody has been told. Who accepts, who declines and what is due stands with the offers.", "calls:offers")


def _before_opening(call: Call, asked: Definition) -> Iterator[Step]:
    try:
        check_can_open(call, asked)
    except Refusal as missing:
        yield Step(missing.sentence, "calls:definition" if call.deadline_at else "calls:settings")
    else:
        yield Step("It has all that it needs to open.")


def _panel(call: Call, asked: Definition, counts: CallCounts) -> Iterator[Step]:
    if asked.criteria and counts.members < asked.panel.reviews_each:
        yield Step(f"The panel has {counts.members} of at least {asked.panel.reviews_each} members: invite more.", "calls:members")


def _after_closing(call: Call, asked: Definition, counts: CallCounts, now: datetime) -> Iterator[Step]:
    if counts.late:
        yield Step(f"{_these(counts.late)} came late: decide whether to take {'it' if counts.late == 1 else 'them'}.", "calls:submissions")
    yield from _panel(call, asked, counts)
    wanted = counts.sent * asked.panel.reviews_each
    if counts.assigned < wanted:
        yield Step(f"{counts.assigned} of {wanted} readings are assigned to members of the panel.", "calls:members")
    elif counts.reviewed < counts.assigned:
        yield Step(f"{counts.reviewed} of {counts.assigned} reviews are in.", "calls:members")
    if counts.decided < counts.sent:
        yield Step(f"{counts.decided} of {counts.sent} are decided.", "calls:meeting")
    elif counts.announced < counts.decided:
        yield Step("All are decided and nobody has been told: announce them together.", "calls:announcement", urgent=True)
    if call.results_by:
        due = call.results_by <= now.date()
        yield Step(f"Results {'were' if due else 'are'} promised by {long_date(call.results_by)}.", urgent=due)


def _these(count: int) -> str:
    return "1 submission" if count == 1 else f"{count} submissions"


def _people(count: int) -> str:
    return "1 person is" if count == 1 else f"{count} people are"
