"""A file that comes with the part of the form that asks for it, and is named wherever its application is read."""

from tests.calls.cast import DEADLINE
from tests.calls.files.cast import MARK, NAME, House, pdf
from tests.calls.files.test_files import ANOTHER, PDF, send_all
from tests.console.cast import Page, look, page_of

OWN = "/calls/week-2021/submission/1"
PART = f"{OWN}/parts/interests"


async def press(house: House, content: bytes = b"", name: str = "", who: str = "applicant", **typed: str) -> Page:
    """As a browser without JavaScript sends the part's form: its field for a file is there whether one was chosen or not."""
    browser = house.browsers[who]
    opened = (await look(house.browsers["applicant"], PART)).form(PART)
    answer = await browser.post(PART, data={**opened, "then": "stay", **typed}, files={"a-cv": (name, content, "text/html")})
    return page_of(await browser.get(answer.headers["location"])) if answer.status_code == 303 else page_of(answer)


async def test_a_file_comes_and_goes_with_what_else_is_typed(house: House) -> None:
    page = await press(house, PDF, f"CV of {NAME}.pdf", **{"a-issue": "Nearer now."})
    [file] = await house.files()
    assert (page.said, f"CV of {NAME}.pdf (PDF, " in page.words, f'href="/calls/week-2021/files/{file.id}"' in page.text) == (
        "Saved.",
        True,
        True,
    )
    assert {key: (await house.draft())[key] for key in ("issue", "cv")} == {"issue": "Nearer now.", "cv": str(file.id)}
    await press(house)  # no file chosen: the one that is there stays
    assert ([each.id for each in await house.files()], len(house.shelf())) == ([file.id], 1)
    await press(house, ANOTHER, "another.pdf")
    [second] = await house.files()
    assert ((await house.draft())["cv"], [path.read_bytes() for path in house.shelf()]) == (str(second.id), [ANOTHER])
    await press(house, b"", **{"a-issue": "Far away again.", "then": "drop-cv"})
    assert (await house.files(), house.shelf(), "cv" in await house.draft()) == ([], [], False)
    assert (await house.draft())["issue"] == "Far away again."


async def test_a_file_that_cannot_be_taken_costs_nothing_that_was_typed(house: House) -> None:
    page = await press(house, b"MZ not a document", "x.pdf", **{"a-issue": "Typed at length."})
    assert (page.status, page.form(PART)["a-issue"], list(page.beside)) == (422, "Typed at length.", ["a-cv"])
    assert ((await house.draft())["issue"], await house.files(), house.shelf()) == ("Typed at length.", [], [])
    huge = await press(house, pdf() + b" " * (11 * 1024 * 1024), "x.pdf")
    assert huge.beside == {"a-cv": "This file is too big: it may have at most 10 MB. A PDF with smaller pictures often fits."}
    assert (await press(house, PDF, "x.pdf", who="other")).status == 404
    assert await house.files() == []


async def test_everybody_who_reads_the_application_finds_its_files(house: House) -> None:
    await press(house, PDF, f"CV of {NAME}.pdf")
    preview = await look(house.browsers["applicant"], f"{OWN}/preview")
    await send_all(house)
    [file] = await house.files()
    await press(house, then="drop-cv")  # what was sent keeps it
    house.at(DEADLINE)
    original = f'<a class="reach" href="/calls/week-2021/files/{file.id}" download>CV of {NAME}.pdf</a>'
    sent = await look(house.browsers["applicant"], f"{OWN}/versions/1")
    desk = await look(house.browsers["organiser"], "/manage/calls/week-2021/submissions/1")
    assert [original in page.text for page in (preview, sent, desk)] == [True, True, True]
    panel = await look(house.browsers["assessor"], "/panel/week-2021/1")
    assert f'<a class="reach" href="{house.panel}" download>WEEK-2021-0001-cv.pdf</a>' in panel.text
    assert "What stands on its pages, and in pictures on them, stays: names too." in panel.words
    assert MARK not in panel.text.lower()
