"""A member's scores as a sheet to take along (pure): written, and read back with a sentence for each row that can't be right."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from conference.calls.definition import Definition
from conference.calls.reviewing import Said

STAMP = "Leave as it is"
NOT_THIS_SHEET = "These are not the columns of this call’s sheet. Download it again, and leave its first row as it is."


@dataclass(frozen=True, slots=True)
class SheetRow:
    reference: str
    said: Said

    @property
    def is_empty(self) -> bool:
        return not (self.said.comment or self.said.feedback or any(self.said.comments.values())) and self.said.values == {}


def heading_of(definition: Definition) -> list[str]:
    columns = ["Submission", STAMP]
    for each in definition.criteria:
        columns += [f"{each.title} ({each.lowest} to {each.highest})", f"{each.title}: comment"]
    return [*columns, "Comment for the panel", *(["Feedback for the applicant"] if definition.feedback else [])]


def cells_of(definition: Definition, row: SheetRow) -> list[str]:
    cells = [row.reference, str(row.said.stamp)]
    for each in definition.criteria:
        value = row.said.values.get(each.key)
        cells += ["" if value is None else str(value), row.said.comments.get(each.key, "")]
    return [*cells, row.said.comment, *([row.said.feedback] if definition.feedback else [])]


def read_sheet(definition: Definition, lines: Iterable[tuple[str, Sequence[str]]]) -> tuple[list[SheetRow], list[str]]:
    """The rows with anything in them, and what is wrong, each with where it is."""
    heading, rows, wrong = heading_of(definition), [], []
    given = iter(lines)
    _, first = next(given, ("", ()))
    if [cell.strip() for cell in first[: len(heading)]] != heading:
        return [], [NOT_THIS_SHEET]
    for where, cells in given:
        if not any(cell.strip() for cell in cells):
            continue
        row, problems = _row(definition, [cell.strip() for cell in [*cells, *[""] * len(heading)][: len(heading)]])
        wrong += [f"{where}: {problem}" for problem in problems]
        rows.append(row)
    twice = {row.reference for row in rows if [other.reference for other in rows].count(row.reference) > 1}
    return rows, wrong + [f"{reference} is there twice: leave one row of it." for reference in sorted(twice)]


def changes(row: SheetRow, kept: Mapping[str, int], comments: Mapping[str, str], comment: str, feedback: str) -> bool:
    """Whether the row says anything else than what is kept."""
    values = {key: value for key, value in row.said.values.items() if value is not None}
    words = {key: row.said.comments.get(key, "") for key in values}
    return (values, words, row.said.comment, row.said.feedback) != (dict(kept), dict(comments), comment, feedback)


def _row(definition: Definition, cells: list[str]) -> tuple[SheetRow, list[str]]:
    reference, stamp, *rest = cells
    problems = [] if stamp.isdecimal() else [f"the column “{STAMP}” was changed. Download the sheet again."]
    values: dict[str, int | None] = {}
    comments = {}
    for place, each in enumerate(definition.criteria):
        value, comments[each.key] = rest[2 * place], rest[2 * place + 1]
        if value and not (re.fullmatch(r"-?[0-9]{1,6}", value) and each.lowest <= int(value) <= each.highest):
            problems.append(f"“{each.title}” takes a whole number from {each.lowest} to {each.highest}, or nothing.")
        elif value:
            values[each.key] = int(value)
        elif comments[each.key]:
            problems.append(f"“{each.title}” has a comment and no score.")
    comment, feedback = rest[2 * len(definition.criteria)], rest[-1] if definition.feedback else ""
    too_long = [words for words in (*comments.values(),) if len(words) > 4000] + [
        words for words in (comment, feedback) if len(words) > 8000
    ]
    problems += ["a comment is too long."] * bool(too_long)
    return SheetRow(reference, Said(values, comments, comment, feedback, int(stamp) if stamp.isdecimal() else 0)), problems
