"""An organiser works on the programme in a spreadsheet: takes it along, brings it back, corrects what was wrong, keeps drafts."""

from pathlib import Path

from tests.stories.barriers import barriers
from tests.stories.conftest import DESK, PHONE, Opens
from tests.stories.test_organisers_pages import MANAGE

MOVED = ("10:15", "10:20")
BAD_DAY, GOOD_DAY = "2021-06-31", "2021-06-25"


def edited(exported: str, day: str) -> str:
    """The welcome lasts five minutes longer, and a session is added, on a day that may not exist."""
    new = f'"","","Libraries after dark","Panel","","Roof","{day}","16:00","16:30","Reader of poems","All night.","everybody","","","",""'
    return exported.replace(f'"10:00","{MOVED[0]}"', f'"10:00","{MOVED[1]}"', 1).rstrip() + f"\n{new}\n"


async def test_from_a_table_to_drafts(opens: Opens, pictures: Path, tmp_path: Path) -> None:
    page = await opens("organiser", size=DESK, bypass_csp=True)
    await page.goto(f"{MANAGE}/programme")
    await page.get_by_role("link", name="Import, or take it along as a table").click()
    async with page.expect_download() as started:
        await page.get_by_role("link", name="Programme as CSV").click()
    exported = (await (await started.value).path()).read_text()
    file = tmp_path / "programme.csv"

    file.write_text(edited(exported, BAD_DAY))
    await page.get_by_label("File").set_input_files(file)
    await page.get_by_role("button", name="Show what would change").click()
    left_out = page.get_by_role("region", name="Rows that are left out")
    assert "“2021-06-31” is not a day of any calendar." in await left_out.inner_text()

    file.write_text(edited(exported, GOOD_DAY))
    await page.get_by_role("link", name="Choose another file").click()
    await page.get_by_label("File").set_input_files(file)
    await page.get_by_role("button", name="Show what would change").click()
    assert await left_out.count() == 0
    assert "end changed from 10:15 to 10:20" in await page.get_by_role("region", name="Would change").inner_text()
    for size in (DESK, PHONE):
        await page.set_viewport_size(size)
        await page.screenshot(path=pictures / f"import-preview-{size['width']}.png", full_page=True)
        wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (await barriers(page), wide) == ([], 0)

    await page.get_by_label("Room “Roof”").select_option(label="It is Main stage")
    await page.get_by_role("button", name="Keep this as drafts").focus()
    await page.keyboard.press("Enter")
    await page.get_by_text("1 session added, 1 session changed, as drafts.").wait_for()
    rows = {title: await page.get_by_role("row", name=title).inner_text() for title in ("Libraries after dark", "Welcome")}
    assert "New" in rows["Libraries after dark"]
    assert "Moved" in rows["Welcome"]

    for title in rows:  # the next one begins where this one did
        await page.get_by_role("row", name=title).get_by_role("link").first.click()
        await page.get_by_role("button", name="Drop the draft").click()
        await page.goto(f"{MANAGE}/programme")
