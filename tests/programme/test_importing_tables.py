"""Tables as people's programs write them: what is read, and what is said of each row that can't be."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from conference.errors import Invalid
from conference.live.spreadsheets import csv_of
from conference.programme.importing import ReadFile
from conference.programme.importing_columns import guarded, read_rows, unguarded
from conference.programme.importing_csv import rows_of_csv
from conference.programme.importing_times import day_written, moment_written
from conference.programme.importing_xlsx import rows_of_xlsx, xlsx_of

LONDON = "Europe/London"
HEADING = "Title,Type,Room,Day,Start,End,Speakers"
HOSTILE = ["=1+1", "+49", "-x", "@a", "'=x", "''=x", "'quoted'", "\t=x", "＝x", "two\nlines", 'a "b", c; d', "plain"]


def read(text: str | bytes) -> ReadFile:
    return read_rows(rows_of_csv(text if isinstance(text, bytes) else text.encode()), "CSV", LONDON)


def said(file: ReadFile) -> list[tuple[str, str, str]]:
    return [(one.where, one.column, one.sentence) for one in file.troubles]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_any_separator_and_encoding_is_understood(sign: str, encoding: str) -> None:
    text = (
        sign.join(("Title", "Start", "Day", "Unheard of")) + "\r\n" + sign.join(("Übersicht – “eins”", "9.05", "25.06.2021", "x")) + "\r\n"
    )
    file = read(text.encode(encoding))
    assert [(one.title, f"{one.starts_at:%Y-%m-%dT%H:%MZ}", one.mention.where) for one in file.wanted] == [
        ("Übersicht – “eins”", "2021-06-25T08:05Z", "Line 2")
    ]
    assert [(one.where, one.column) for one in file.warnings] == [("Line 1", "Unheard of")]


def test_bad_rows_are_named_with_line_column_and_reason_and_good_ones_kept() -> None:
    file = read(
        HEADING
        + "\nGood,Panel,Hall,2021-06-25,10:00,11:00,One; Another\n"
        + '"Two\nlines",Panel,Hall,2021-06-31,10:00,11:00,\n'
        + ",Panel,Hall,2021-06-25,25:00,11:00,\n"
        + "Ambiguous,Panel,Hall,06/07/2021,10:00,11:00,\n"
        + "In GMT,Panel,Hall,2021-06-25,10:00 GMT,11:00,\n"
        + "Never,Panel,Hall,2021-03-28,01:30,03:00,\n"
        + "Twice,Panel,Hall,2021-10-31,01:30,03:00,\n"
        + "Which,Panel,Hall,2021-10-31,01:30+01:00,03:00,\n"
        + "Formula,Panel,Hall,=A1,10:00,11:00,\n"
        + "Short,Panel\n"
    )
    assert [one.title for one in file.wanted] == ["Good", "Which"]
    assert [speaker.name for speaker in file.wanted[0].speakers or ()] == ["One", "Another"]
    clock = "Leave “GMT” out: times are read on London’s clock (BST, UTC+1). Any other needs an offset, such as 10:00+00:00."
    forward = "01:30 on Sunday 28 March 2021 does not happen in London: the clocks go forward over it. Choose a time an hour later."
    back = "01:30 on Sunday 31 October 2021 happens twice in London: the clocks go back over it. Choose a time outside that hour."
    both = "“6/7/2021” can be read as Tuesday 6 July 2021 or Monday 7 June 2021. Write it as year-month-day."
    assert said(file) == [
        ("Line 3", "Day", "“2021-06-31” is not a day of any calendar."),
        ("Line 5", "Title", "This is empty."),
        ("Line 5", "Start", "Write the time on the 24-hour clock, such as 09:30."),
        ("Line 6", "Day", both),
        ("Line 7", "Start", clock),
        ("Line 8", "Start", f"{forward} Or write the offset too, such as 01:30+01:00."),
        ("Line 9", "Start", f"{back} Or write the offset too, such as 01:30+01:00."),
        ("Line 11", "Day", "This is a formula: put its value in its place."),
        *(("Line 12", column, "This is empty.") for column in ("Room", "Day", "Start", "End")),
    ]
    assert [one.title for one in file.unusable] == ["Two lines", "", "Ambiguous", "In GMT", "Never", "Twice", "Formula", "Short"]


def test_an_end_before_the_start_is_past_midnight_and_a_weekday_that_does_not_fit_is_said() -> None:
    file = read(HEADING + "\nNight,Social,Hall,Friday 26 June 2021,23:30,00:30,\n")
    night = file.wanted[0]
    assert night.starts_at
    assert night.ends_at
    assert (night.ends_at - night.starts_at).total_seconds() == 3600
    warning = "“Friday 26 June 2021”: 26 June 2021 is a Saturday. The date was taken; look whether the weekday was meant."
    assert [(one.where, one.column, one.sentence) for one in file.warnings] == [("Line 2", "Day", warning)]


@pytest.mark.parametrize(
    ("written", "day"),
    [("2021-6-25", "2021-06-25"), ("Fri, 25 Jun 2021", "2021-06-25"), ("25th June 2021", "2021-06-25"), ("06/25/2021", "2021-06-25")],
)
def test_days_are_read_as_people_write_them(written: str, day: str) -> None:
    assert day_written(written) == (day_written(day)[0], "")


@pytest.mark.parametrize("written", ["tomorrow", "2021-13-01", "31/02/2021", "25 Brumaire 2021", "0001-01-01", "", "2021", "١٢-٠١-٢٠٢١"])
def test_what_is_no_day_is_refused_in_a_sentence(written: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        day_written(written)


@pytest.mark.parametrize(
    ("written", "instant"), [("2021-06-25 10:00", "09:00"), ("2021-06-25T10:00:00Z", "10:00"), ("2021-06-25 10:00-0500", "15:00")]
)
def test_a_time_without_a_zone_is_on_the_events_clock(written: str, instant: str) -> None:
    assert f"{moment_written(written, None, LONDON):%H:%M}" == instant


@pytest.mark.parametrize("written", ["10", "10:60", "24:00", "10:00+15:00", "noon", "10:00"])
def test_what_is_no_moment_is_refused_in_a_sentence(written: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        moment_written(written, None, LONDON)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_a_formula_in_a_table_and_each_comes_back_as_it_was(text: str) -> None:
    (_, cells), *_ = list(rows_of_csv(csv_of(["x"], [[guarded(text)]]).encode()))[1:]
    assert unguarded(cells[0]) == text
    book = xlsx_of("Sheet", ["x"], [[guarded(text)]])
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml")
    assert unguarded(list(rows_of_xlsx(book))[1][1][0]) == text


def test_the_cells_of_a_workbook_are_read_as_one_would_type_them() -> None:
    book, written = Workbook(), io.BytesIO()
    sheet = book.active
    sheet.append(["Title", "Day", "Start", "End", "Abstract"])
    day = day_written("2021-06-25")[0]
    sheet.append([2021, day, 10.5 / 24, None, "=HYPERLINK(1)"])
    sheet["C2"].number_format = "hh:mm"
    book.save(written)
    rows = list(rows_of_xlsx(written.getvalue()))
    assert [list(cells[:5]) for _, cells in rows] == [
        ["Title", "Day", "Start", "End", "Abstract"],
        ["2021", "2021-06-25", "10:30", "", "=HYPERLINK(1)"],
    ]


def _container(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as container:
        for name, body in parts.items():
            container.writestr(name, body)
    return packed.getvalue()


def _parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(xlsx_of("Sheet", ["Title"], [["x"]]))) as sound:
        return {name: sound.read(name) for name in sound.namelist()}


def test_a_workbook_that_unpacks_to_too_much_is_refused_unread() -> None:
    bomb = _container(_parts() | {"xl/media/picture.bin": bytes(40 * 1024 * 1024)})
    assert len(bomb) < 100_000
    with pytest.raises(Invalid, match="unpacks to far more"):
        list(rows_of_xlsx(bomb))


@pytest.mark.parametrize(
    "spoilt",
    [
        b"PK\x03\x04 nothing behind it",
        _container({}),
        _container({"[Content_Types].xml": b"<a/>"}),
        _container(_parts() | {"xl/worksheets/sheet1.xml": b'<!DOCTYPE a [<!ENTITY b "b">]><worksheet>&b;</worksheet>'}),
        _container(_parts() | {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}),
    ],
)
def test_a_spoilt_workbook_is_refused_in_a_sentence(spoilt: bytes) -> None:
    with pytest.raises(Invalid, match="can’t be opened as an Excel workbook"):
        list(rows_of_xlsx(spoilt))


def test_more_speakers_than_a_stage_holds_are_refused() -> None:
    names = ";".join(map(str, range(51)))
    assert said(read(HEADING + f"\nCrowd,Panel,Hall,2021-06-25,10:00,11:00,{names}\n")) == [
        ("Line 2", "Speakers", "A session can have at most 50 speakers.")
    ]


def test_a_cell_far_out_costs_nothing() -> None:
    sheet = _parts()["xl/worksheets/sheet1.xml"]
    far = sheet.replace(b'r="2"', b'r="1048576"').replace(b'r="A2"', b'r="XFD1048576"')
    assert far != sheet
    with pytest.raises(Invalid, match="more than 4000 rows"):
        list(rows_of_xlsx(_container(_parts() | {"xl/worksheets/sheet1.xml": far})))


@pytest.mark.parametrize(
    ("text", "words"), [("", "must name the columns"), ("a,b\n1,2", "must name the columns"), ('Title\n"a' + "x" * 140_000, "Line 2")]
)
def test_a_table_that_is_none_is_refused_in_a_sentence(text: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read(text)
