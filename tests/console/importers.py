"""An organiser with a file: uploads or pastes it, reads the preview, confirms."""

import re
from html import unescape

from httpx2 import AsyncClient

from tests.console.cast import MANAGE, Fields, Page, page_of, words

IMPORT, CONFIRM = f"{MANAGE}/import", f"{MANAGE}/import/confirmation"


async def upload(browser: AsyncClient, data: bytes, path: str = IMPORT) -> Page:
    """The preview, or the form again."""
    return page_of(await browser.post(path, files={"file": ("programme.any", data, "application/octet-stream")}))


async def paste(browser: AsyncClient, text: str, path: str = IMPORT) -> Page:
    return page_of(await browser.post(path, files={"pasted": (None, text)}))


async def confirm(browser: AsyncClient, preview: Page, path: str = CONFIRM, **answers: str | None) -> Page:
    """Press the button of the preview, with some of it changed; None takes a tick away."""
    fields: dict[str, str | None] = {**preview.form(path), **answers}
    answer = await browser.post(path, files={name: (None, value) for name, value in fields.items() if value is not None})
    return page_of(await browser.get(answer.headers["location"])) if answer.status_code == 303 else page_of(answer)


def table(preview: Page, caption: str) -> list[list[str]]:
    """The rows of the table with this caption, cell by cell."""
    part = preview.text.partition(f"<caption>{caption}</caption>")[2].partition("</table>")[0].partition("<tbody>")[2]
    return [
        [words(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr>(.*?)</tr>", part, re.DOTALL)
    ]


def field_named(preview: Page, label: str) -> str:
    """The name of the field with this label."""
    found = re.search(rf'<label[^>]* for="([^"]+)">{re.escape(label)}<', unescape(preview.text))
    assert found, label
    return found[1]


def asked(preview: Page, path: str = CONFIRM) -> Fields:
    """What the preview wants to know, without what it carries along."""
    return {name: value for name, value in preview.form(path).items() if name not in ("kept", "seen")}
