"""What one person is shown of a selection meeting (pure). The page, its parts and the wire all ask here, and nothing else decides.

Who has no part in a submission gets not a trace of it: no row, no line of the minutes, and no places, line or counts either, since a gap in
them would tell how it stands. Who is still to score one sees no score of it, and for the same reason no places.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from conference.calls.decision_tables import Decision, Verdict
from conference.calls.ranking import Ranked, Ranking
from conference.calls.words import reference_of

THERE = timedelta(seconds=45)  # who was seen within it is still there


class Place(StrEnum):
    """Where somebody stands."""

    nowhere = "nowhere"  # no meeting goes on
    between = "between"  # nothing is on the table
    inside = "inside"
    outside = "outside"  # something is on the table that they have no part in


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody at the meeting."""

    person_id: UUID
    name: str
    role: str  # "Chair", "Panel", "Organiser"
    seen_at: datetime | None  # real time; None: has not come in


@dataclass(frozen=True, slots=True)
class Opinion:
    """One review that counts, of what is on the table."""

    person_id: UUID
    name: str
    values: tuple[tuple[str, int, int], ...]  # criterion's title, value, highest
    comment: str


@dataclass(frozen=True, slots=True)
class Known:
    """All that the database holds of it. `real_now`: for who is there."""

    slug: str
    meets: bool
    current_id: UUID | None
    ranking: Ranking
    decisions: Mapping[UUID, Decision]
    reserve: tuple[UUID, ...]  # in its order
    people: Mapping[UUID, Here]
    out: Mapping[UUID, Collection[UUID]]  # person: what they have no part in
    due: Mapping[UUID, Collection[UUID]]  # person: what they are still to score, where the call says that hides others' scores
    opinions: tuple[Opinion, ...]
    notes: tuple[tuple[UUID, str], ...]  # of what is on the table: by whom, words
    places: int | None
    budget_pence: int | None
    open_count: int
    real_now: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One submission in the order of the scores."""

    number: int
    reference: str
    place: int | None
    percent: str
    tied: bool
    verdict: Verdict | None
    amount_pence: int | None
    on_table: bool
    waits_for_you: bool  # you are still to score it
    line: bool = False  # the line is drawn after it


@dataclass(frozen=True, slots=True)
class Totals:
    given: int
    places: int | None
    spent_pence: int
    budget_pence: int | None
    reserve: int
    rejected: int
    open: int


@dataclass(frozen=True, slots=True)
class Item:
    """What is on the table, for those who have a part in it."""

    row: Row
    opinions: tuple[Opinion, ...]
    decision: Decision | None
    notes: tuple[tuple[str, str], ...]
    must_leave: tuple[tuple[str, bool], ...]  # names, and whether their page is still open


@dataclass(frozen=True, slots=True)
class Shown:
    place: Place
    item: Item | None
    rows: tuple[Row, ...]
    reserve: tuple[str, ...]  # references in their order
    whole: bool  # nothing is left out: places, line and counts are shown
    across: tuple[str, ...]
    totals: Totals | None
    here: tuple[str, ...]

    @property
    def tag(self) -> str:
        """The same as long as this person would see the same."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


def shown_to(person_id: UUID, known: Known) -> Shown:
    out, due = known.out.get(person_id, ()), known.due.get(person_id, ())
    rows = _rows(known, out, due)
    whole = not any(row.scored.submission_id in out for row in known.ranking.rows) and not due
    if whole:
        rows = _with_line(rows, known.ranking)
    numbers = {row.scored.submission_id: row.scored.number for row in known.ranking.rows}
    place = _place(known, out)
    return Shown(
        place=place,
        item=_item(known, rows, hidden=known.current_id in due) if place is Place.inside else None,
        rows=rows,
        reserve=tuple(reference_of(known, numbers[each]) for each in known.reserve if each in numbers and each not in out),
        whole=whole,
        across=tuple(reference_of(known, number) for number in known.ranking.across) if whole else (),
        totals=_totals(known) if whole else None,
        here=tuple(f"{each.name} ({each.role})" for each in _there(known)),
    )


def _place(known: Known, out: Collection[UUID]) -> Place:
    if not known.meets:
        return Place.nowhere
    if known.current_id is None:
        return Place.between
    return Place.outside if known.current_id in out else Place.inside


def _rows(known: Known, out: Collection[UUID], due: Collection[UUID]) -> tuple[Row, ...]:
    """What is still to be scored by the reader comes last, by number: its rank would tell what others gave."""
    theirs = [each for each in known.ranking.rows if each.scored.submission_id not in out]
    first = [_row(known, each, whole=not due and len(theirs) == len(known.ranking.rows)) for each in theirs if not _in(each, due)]
    last = [
        replace(_row(known, each, whole=False), percent="", tied=False, waits_for_you=True)
        for each in sorted((each for each in theirs if _in(each, due)), key=lambda each: each.scored.number)
    ]
    return (*first, *last)


def _in(row: Ranked, those: Collection[UUID]) -> bool:
    return row.scored.submission_id in those


def _row(known: Known, ranked: Ranked, *, whole: bool) -> Row:
    decision = known.decisions.get(ranked.scored.submission_id)
    return Row(
        number=ranked.scored.number,
        reference=reference_of(known, ranked.scored.number),
        place=ranked.place if whole else None,
        percent=ranked.percent,
        tied=ranked.tied and whole,
        verdict=decision.verdict if decision else None,
        amount_pence=decision.amount_pence if decision else None,
        on_table=ranked.scored.submission_id == known.current_id,
        waits_for_you=False,
    )


def _with_line(rows: Sequence[Row], ranking: Ranking) -> tuple[Row, ...]:
    limited = 0 < ranking.above < len(rows)
    return tuple(replace(row, line=limited and index + 1 == ranking.above) for index, row in enumerate(rows))


def _item(known: Known, rows: Sequence[Row], *, hidden: bool) -> Item | None:
    row = next((row for row in rows if row.on_table), None)
    if row is None or known.current_id is None:
        return None
    names = {each.person_id: each.name for each in known.people.values()}
    there = {each.person_id for each in _there(known)}
    leave = [each for each in known.people.values() if known.current_id in known.out.get(each.person_id, ())]
    return Item(
        row=row,
        opinions=() if hidden else known.opinions,
        decision=known.decisions.get(known.current_id),
        notes=tuple((names.get(by, "Somebody who left"), words) for by, words in known.notes),
        must_leave=tuple((each.name, each.person_id in there) for each in leave),
    )


def _totals(known: Known) -> Totals:
    standing = [known.decisions[each.scored.submission_id] for each in known.ranking.rows if each.scored.submission_id in known.decisions]
    yes = [each for each in standing if each.verdict is Verdict.accepted]
    return Totals(
        given=len(yes),
        places=known.places,
        spent_pence=sum(each.amount_pence or 0 for each in yes),
        budget_pence=known.budget_pence,
        reserve=sum(each.verdict is Verdict.reserve for each in standing),
        rejected=sum(each.verdict is Verdict.rejected for each in standing),
        open=known.open_count,
    )


def _there(known: Known) -> list[Here]:
    return [each for each in known.people.values() if each.seen_at and each.seen_at > known.real_now - THERE]
