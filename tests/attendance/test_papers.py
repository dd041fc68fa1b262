"""What is carried to the door and away: badges as a PDF, lists as workbooks, whatever people are called."""

import io
from urllib.parse import urlencode

import pypdfium2
import pytest
from openpyxl import load_workbook

from conference.documents.coverage import without_font
from conference.documents.render import Unset, pdf_of
from conference.people.tables import Person
from tests.attendance.cast import DOOR, Week, act, send
from tests.console.cast import look
from tests.console.cast import send as press

MANAGE = "/manage/events/week"
A6, A4 = (298, 421), (595, 842)  # points


def read(pdf: bytes) -> list[str]:
    """The words on each page."""
    document = pypdfium2.PdfDocument(pdf)
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def ink(pdf: bytes, page: int, box: tuple[float, float, float, float]) -> float:
    """How much of a part of the page, in shares of its width and height, is not white."""
    picture = pypdfium2.PdfDocument(pdf)[page].render(scale=1).to_pil().convert("L")
    wide, high = picture.size
    part = picture.crop((round(box[0] * wide), round(box[1] * high), round(box[2] * wide), round(box[3] * high)))
    dark = sum(count for value, count in enumerate(part.histogram()) if value < 200)
    return float(dark / (part.size[0] * part.size[1]))


async def rename(week: Week, **names: str) -> None:
    async with week.database.writing() as db:
        for who, name in names.items():
            (await db.get_one(Person, week.people[who].id)).name = name


async def test_badges_have_a_page_each_or_four_on_a_sheet(week: Week) -> None:
    organiser = week.browsers["organiser"]
    six, four = [(await organiser.get(f"{MANAGE}/badges.pdf?sheet={sheet}")).content for sheet in ("a6", "a4")]
    names = ["Delegate in Kerala", "Délégate in Nairobi", "مندوبة من الشارقة"]
    for pages in (read(six), read(four)):
        assert all(any(word in text for text in pages) for name in names for word in name.split())
        assert all("A week for leaders" in text and "Participant" in text for text in pages)
    assert (len(read(six)), len(read(four))) == (3, 1)
    sizes = [tuple(round(side) for side in pypdfium2.PdfDocument(pdf)[0].get_size()) for pdf in (six, four)]
    assert sizes == [A6, A4]
    for page in range(3):
        assert 0.02 < ink(six, page, (0.07, 0.18, 0.93, 0.52)) < 0.5  # the name
        assert 0.2 < ink(six, page, (0.68, 0.75, 0.92, 0.93)) < 0.7  # the code
        assert ink(six, page, (0, 0, 1, 0.05)) == ink(six, page, (0, 0.96, 1, 1)) == 0  # nothing runs over the edge


async def test_no_name_breaks_a_badge_or_leaves_it(week: Week) -> None:
    long = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft"
    await rename(week, nairobi='#panic("x") *b* $1$ \\ [x] <a@b> {', kerala=long, sharjah="Ann " * 49 + "Ann")
    pdf = (await week.browsers["organiser"].get(f"{MANAGE}/badges.pdf?sheet=a6")).content
    pages = read(pdf)
    assert any('#panic("x") *b*' in text for text in pages)
    assert any(long in text.replace(" ", "").replace("\u200b", "").replace("￾", "") for text in pages)
    for page in range(3):
        assert ink(pdf, page, (0, 0, 0.06, 0.7)) == ink(pdf, page, (0.94, 0, 1, 0.7)) == 0


async def test_a_name_for_which_there_is_no_font_is_told_before_it_is_printed(week: Week) -> None:
    assert without_font(["Åsa Łukaszewicz", "محمد", "അനിത", "अनिता", "தமிழ்", "ኃይለ", "ชื่อ", "Нина", "Ελένη", "שרה"]) == []
    nobodys = "\U00012000\U00013000"  # cuneiform and hieroglyphs
    assert "Some words can’t be printed here" not in (await look(week.browsers["organiser"], f"{MANAGE}/badges")).words
    await rename(week, nairobi=nobodys)
    page = (await look(week.browsers["organiser"], f"{MANAGE}/badges")).words
    assert ("Some words can’t be printed here" in page) == bool(without_font([nobodys]))


async def test_one_badge_can_be_printed_again_and_anothers_event_has_none(week: Week) -> None:
    organiser, place = week.browsers["organiser"], week.places["kerala"].id
    (text,) = read((await organiser.get(f"{MANAGE}/badges.pdf?place={place}")).content)
    assert "Delegate in Kerala" in text
    for query in ({"place": week.event.id}, {"part": 2}, {"part": "x"}, {"part": "0"}, {"sheet": "a3"}):
        assert (await organiser.get(f"{MANAGE}/badges.pdf?{urlencode(query)}")).status_code == 404


async def test_a_template_that_is_broken_is_our_fault_and_says_so() -> None:
    with pytest.raises(Unset):
        await pdf_of("no-such.typ", {})


async def test_workbooks_hold_text_whatever_it_begins_with(week: Week) -> None:
    await rename(week, nairobi="+1 555", sharjah="-Dash")
    await send(week.browsers["helper"], act(week.code("nairobi")))
    door = load_workbook(io.BytesIO((await week.browsers["helper"].get(f"{DOOR}/list.xlsx")).content)).active
    assert [[cell.value or "" for cell in row] for row in door.iter_rows(min_row=2)] == [
        ["+1 555", "A public library", "", "09:30"],
        ["-Dash", "@SUM(1+1)", "", ""],
        ["Delegate in Kerala", "=cmd|' /C calc'!A0", "", ""],
    ]
    assert {cell.data_type for row in door.iter_rows(min_row=2) for cell in row if cell.value} == {"s"}
    whole = load_workbook(io.BytesIO((await week.browsers["organiser"].get(f"{MANAGE}/attendance.xlsx")).content)).active
    assert [cell.value for cell in whole[1]][2:5] == ["Wed 9 July", "Thu 10 July", "Fri 11 July"]
    assert whole.max_column == 10  # six days


async def test_the_table_says_who_was_there_each_day_and_who_marked_it_by_hand(week: Week) -> None:
    await send(week.browsers["helper"], act(week.code("nairobi"), occasion="day:2025-07-09"))
    organiser = week.browsers["organiser"]
    listed = f"{DOOR}?for=day:2025-07-10&everybody=1"
    form = (await look(organiser, listed)).form(f"{DOOR}/check-ins") | {"place": str(week.places["kerala"].id)}
    after = await press(organiser, f"{DOOR}/check-ins", form)
    assert after.said == "Delegate in Kerala: Checked in."
    page = (await look(organiser, f"{MANAGE}/attendance")).words
    assert "Délégate in Nairobi 09:30 – – – – – 0" in page
    assert "Delegate in Kerala – 09:30 by hand, Organiser in London – – – – 0" in page
    assert "A week for leaders: 3 with a place" in page


async def test_how_many_minutes_count_is_an_organisers_to_say(week: Week) -> None:
    organiser, path = week.browsers["organiser"], f"{MANAGE}/attendance"
    assert (await look(organiser, path)).form(path) == {"minutes": "10"}
    assert (await press(organiser, path, {"minutes": "25"})).said == "25 minutes on a stage count as having attended."
    assert (await look(organiser, path)).form(path) == {"minutes": "25"}
    for wrong in ("0", "601", "ten", ""):
        assert set((await press(organiser, path, {"minutes": wrong})).beside) == {"minutes"}
