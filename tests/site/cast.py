"""What machines and people find on a page."""

import json
import re
from typing import Any

from httpx2 import AsyncClient


def titles(page: str) -> list[str]:
    return re.findall(r'class="session__title">(?:<svg.*?</svg>)?<a [^>]+>([^<]+)<', page)


def linked_in(page: str) -> Any:
    """The page's one data block, read as a parser of HTML reads it: up to the first end of a script."""
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script', page, re.DOTALL | re.IGNORECASE)
    assert len(blocks) == 1
    return json.loads(blocks[0])


async def text_of(client: AsyncClient, path: str) -> str:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text
