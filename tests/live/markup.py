"""Finding one's way in a stage's page."""

import re


def card_of(page: str, thing_id: str) -> str:
    """The markup of the article about this question or poll."""
    found = re.search(rf'<article[^>]*data-id="{thing_id}".*?</article>', page, re.DOTALL)
    assert found
    return found[0]


def texts_of(page: str, marker: str) -> str:
    """What stands, without its markup, in the element that begins with this, up to the end of its section."""
    start = page.index(marker)
    end = min(found for found in (page.find(mark, start) for mark in ("</section>", "</article>", "</details>", "</ul>")) if found > 0)
    return " ".join(re.sub(r"<[^>]+>", " ", page[start:end]).split())
