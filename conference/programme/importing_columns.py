"""A programme as a table (pure): the columns, a session as a row of them, and a row as a session that is wanted."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from conference.programme.importing import (
    MAX_NAME,
    MAX_SESSIONS,
    MAX_SPEAKERS,
    MAX_TEXT,
    TOO_MANY_SPEAKERS,
    Mention,
    Named,
    ReadFile,
    Trouble,
    Unusable,
    Wanted,
    refused,
    settled,
)
from conference.programme.importing_times import day_written, moment_written, says_day

COLUMNS = {
    "guid": "ID",
    "slug": "Address",
    "title": "Title",
    "kind": "Type",
    "track": "Track",
    "room": "Room",
    "day": "Day",
    "starts": "Start",
    "ends": "End",
    "speakers": "Speakers",
    "abstract": "Abstract",
    "audience": "In the calendar of",
    "join_url": "Link to join",
    "stream_url": "Stream",
    "captions_url": "Captions",
    "illustrative": "Illustrative",
}
HELP = (
    "Leave it empty for a new session",
    "Leave it empty for a new session",
    "The session’s title",
    "Keynote, Panel, Workshop …",
    "Leave it empty for none",
    "As in the programme, or a new one",
    "Such as 2021-06-25",
    "Such as 10:00",
    "Such as 11:15",
    "One or several, with ; between them",
    "Plain text; an empty line begins a paragraph",
    "everybody, or those who book it",
    "Empty: the session’s own stage",
    "An HLS playlist or a video’s address",
    "A WebVTT file",
    "What of it is our own choice",
)
AUDIENCES = {True: "everybody", False: "those who book it"}
MAX_COLUMNS = 60
_ALSO = {
    "guid": ("guid", "uuid"),
    "slug": ("slug",),
    "title": ("session", "name"),
    "kind": ("session type", "format"),
    "room": ("place", "location"),
    "day": ("date",),
    "starts": ("starts", "start time", "from", "begin"),
    "ends": ("ends", "end time", "to", "until"),
    "speakers": ("speaker", "people"),
    "abstract": ("description",),
    "audience": ("audience", "who has it in their calendar"),
    "join_url": ("link", "join link", "url"),
}
_FIELDS = {name.casefold(): field for field, name in COLUMNS.items()} | {other: field for field, names in _ALSO.items() for other in names}
_FORMULA = re.compile(r"[\s\u00a0]*[=+\-@\t\r\n＝＋－＠]")
_MUST = ("title", "kind", "room", "day", "starts", "ends")  # a cell of these may not be empty where the column is there

Row = tuple[str, Sequence[str]]  # where it is ("Line 3"), and its cells


def field_of(heading: str) -> str | None:
    """Which field a column's heading means."""
    return _FIELDS.get(" ".join(heading.casefold().split()))


def headings_known(cells: Iterable[str]) -> int:
    return sum(field_of(cell) is not None for cell in cells)


def read_rows(rows: Iterable[Row], kind: str, zone: str) -> ReadFile:
    """The sessions of a table whose first row names its columns. Raises Invalid where it does not."""
    filled = (row for row in rows if any(cell.strip() for cell in row[1]))
    heading = next(filled, None)
    fields = _fields(heading)
    assert heading
    wanted: list[Wanted] = []
    unusable: list[Mention] = []
    troubles: list[Trouble] = []
    warnings = [Trouble(heading[0], name, "This column is not known, and was not read.") for name in _unknown(heading[1])]
    for count, (where, cells) in enumerate(filled):
        if count >= MAX_SESSIONS:
            raise refused(f"This file has more than {MAX_SESSIONS} sessions: import it in parts.")
        given = {field: cells[place].strip() for field, place in fields.items() if place < len(cells)}
        row = _Row(where, {field: given.get(field, "") for field in fields}, zone)
        try:
            wanted.append(row.wanted())
        except Unusable as wrong:
            troubles += wrong.troubles
            unusable.append(row.mention)
        warnings += row.warnings
    return ReadFile(kind, tuple(wanted), tuple(unusable), tuple(troubles), tuple(warnings))


def _fields(heading: Row | None) -> dict[str, int]:
    """Where each field is; the first of two columns with one meaning counts."""
    fields: dict[str, int] = {}
    for place, name in enumerate(heading[1][:MAX_COLUMNS] if heading else ()):
        if (field := field_of(name)) is not None:
            fields.setdefault(field, place)
    if "title" not in fields:
        raise refused(
            f"The first row must name the columns: {', '.join(COLUMNS.values())}. Only “Title” must be there, the others may be left out."
        )
    return fields


def _unknown(names: Sequence[str]) -> list[str]:
    return [name.strip()[:40] for name in names if name.strip() and field_of(name) is None]


class _Row:
    """One row while it is read: everything that is wrong in it is found at once."""

    def __init__(self, where: str, given: Mapping[str, str], zone: str) -> None:
        self.where, self.given, self.zone = where, {field: settled(unguarded(cell)) for field, cell in given.items()}, zone
        self.troubles: list[Trouble] = []
        self.warnings: list[Trouble] = []
        self.mention = Mention(where, self.given.get("guid", ""), self.given.get("slug", ""), " ".join(self.given["title"].split()))

    def wanted(self) -> Wanted:
        """Raises Unusable."""
        self._check()
        starts_at, ends_at = self._times()
        if self.troubles:
            raise Unusable(*self.troubles)
        given, mention = self.given, self.mention
        audience = given.get("audience", "")
        return Wanted(
            mention=Mention(mention.where, mention.guid, mention.slug, mention.title, starts_at),
            title=mention.title,
            starts_at=starts_at,
            ends_at=ends_at,
            kind=given.get("kind"),
            room=Named(" ".join(given["room"].split())) if "room" in given else None,
            track=" ".join(given["track"].split()) if "track" in given else None,
            speakers=tuple(map(Named, names_in(given["speakers"]))) if "speakers" in given else None,
            abstract=given.get("abstract"),
            join_url=given.get("join_url"),
            stream_url=given.get("stream_url"),
            captions_url=given.get("captions_url"),
            illustrative=given.get("illustrative"),
            for_everyone=_audience(audience) if audience else None,
        )

    def _check(self) -> None:
        for field, cell in self.given.items():
            if field in _MUST and not cell:
                self._wrong(field, "This is empty.")
            elif (
                len(cell) > (MAX_TEXT if field == "abstract" else 500 if field not in ("room", "track") else MAX_NAME)
                and field != "speakers"
            ):
                self._wrong(field, f"This is too long: {len(cell)} characters.")
        audience = self.given.get("audience", "")
        if audience and _audience(audience) is None:
            self._wrong("audience", f"Write “{AUDIENCES[True]}” or “{AUDIENCES[False]}”.")
        names = names_in(self.given.get("speakers", ""))
        if any(len(name) > MAX_NAME for name in names):
            self._wrong("speakers", "A name is too long: put ; between the names.")
        elif len(names) > MAX_SPEAKERS:
            self._wrong("speakers", TOO_MANY_SPEAKERS)

    def _times(self) -> tuple[datetime | None, datetime | None]:
        day = self._day()
        starts_at = self._moment("starts", day)
        if starts_at is None or not self.given.get("ends"):
            return starts_at, None
        ends_at = self._moment("ends", day)
        if ends_at is not None and ends_at <= starts_at and day and not says_day(self.given["ends"]):
            ends_at = self._moment("ends", day + timedelta(days=1))  # past midnight
        return starts_at, ends_at

    def _day(self) -> date | None:
        if not self.given.get("day"):
            return None
        try:
            day, warning = day_written(self.given["day"])
        except ValueError as wrong:
            self._wrong("day", str(wrong))
            return None
        if warning:
            self.warnings.append(Trouble(self.where, COLUMNS["day"], warning))
        return day

    def _moment(self, field: str, day: date | None) -> datetime | None:
        written = self.given.get(field, "")
        if not written or (day is None and any(trouble.column == COLUMNS["day"] for trouble in self.troubles)):
            return None
        try:
            return moment_written(written, day, self.zone)
        except ValueError as wrong:
            self._wrong(field, str(wrong))
            return None

    def _wrong(self, field: str, sentence: str) -> None:
        formula = self.given[field].startswith("=")
        self.troubles.append(Trouble(self.where, COLUMNS[field], "This is a formula: put its value in its place." if formula else sentence))


def names_in(cell: str) -> list[str]:
    """`One; Another`, or a line each."""
    names = (" ".join(name.split()) for name in re.split(r"[;\n]", cell))
    return list(dict.fromkeys(name for name in names if name))


def _audience(word: str) -> bool | None:
    plain = word.casefold()
    return {"everybody": True, "everyone": True, "for everyone": True, AUDIENCES[False]: False, "by booking": False}.get(plain)


def guarded(text: str) -> str:
    """An apostrophe more for what begins like a guarded formula, so that `unguarded` gives back exactly what was."""
    return f"'{text}" if text.startswith("'") and _FORMULA.match(text.lstrip("'")) else text


def unguarded(cell: str) -> str:
    """Without the apostrophe that keeps spreadsheet programs from reading a text as a formula."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell.lstrip("'")) else cell
