"""A call is a file: whatever it asks, it is applied to, reviewed, decided, announced and accepted by the same code."""

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient

from conference.app import create_app
from conference.calls.answers import field_name
from conference.calls.call_file import CallFile
from conference.calls.definition import Question, QuestionKind
from conference.calls.listing import find_call
from conference.calls.panel_actions import seat_member
from conference.calls.panel_queries import sent_submissions
from conference.calls.submission_tables import SubmissionState
from conference.calls.tables import CallState
from conference.people.actions import grant_role, know_person
from conference.people.tables import RoleKind
from conference.seed_calls import load_calls, read_calls
from conference.seed_format import read_seed
from conference.settings import Settings
from conference.storage.database import Database
from tests.calls.cast import DEADLINE, OPENS
from tests.calls.test_call_files import SEED
from tests.console.cast import Fields, look, send
from tests.world import build_world, cookie_of

REHEARSED = {"opens": OPENS, "deadline": DEADLINE, "state": CallState.open, "results_by": date(2021, 3, 26)}  # for all of them
BOATS = """
slug = "books-by-boat"
kind = "bursary"
state = "open"
title = "Books by boat"
zone = "Pacific/Auckland"
deadline = 2021-02-05T01:00:00
results_by = 2021-03-26
budget_pence = 100000
award = { least_pence = 10000, most_pence = 50000 }
summary = "A little money for libraries on small islands."
purpose = "Books travel by boat, and boats cost money."
who_may = "Libraries on islands."
who_may_why = "Others have roads."
terms = "A photograph of the boat is sent."
[[parts]]
key = "all"
title = "All of it"
[[parts.questions]]
key = "island"
label = "Your island"
kind = "short_text"
[[parts.questions]]
key = "pounds"
label = "How much the boat costs"
kind = "money"
least = 10000
most = 50000
[[criteria]]
key = "need"
title = "Need"
[panel]
reviews_each = 1
[after]
answer_days = 10
[letters]
received = "We have it, {name}."
accepted = "We pay {amount}, {name}: answer by {respond_by}."
reserve = "Perhaps later."
rejected = "Not this time."
"""


@dataclass
class Rehearsal:
    """One call in a house, and a browser for each who has to do with it."""

    call: CallFile
    browsers: dict[str, AsyncClient]
    database: Database
    app: Any

    def at(self, moment: datetime) -> None:
        self.app.state.house.clock.offset = moment - datetime.now(UTC)

    def path(self, rest: str = "", side: str = "") -> str:
        return f"{side}/calls/{self.call.slug}{rest}" if side != "/panel" else f"/panel/{self.call.slug}{rest}"

    async def press(self, who: str, path: str, fields: Fields) -> str:
        """What the page says after the act, which was taken."""
        page = await send(self.browsers[who], path, fields)
        assert page.status == 200, (path, page.beside, page.words[:600])
        return page.said


def files(tmp_path: Path) -> dict[str, CallFile]:
    """Those that come with the house, and one that somebody has just put into the folder."""
    made = shutil.copytree(SEED, tmp_path / "seed")
    (made / "calls" / "books-by-boat.toml").write_text(BOATS, encoding="utf-8")
    return {call.slug: call for call in read_calls(made, read_seed(made))}


@pytest.fixture(params=["books-by-boat", "building-bridges", "illp-2025", "peer-mentoring", "travel-bursaries", "wi-2021-proposals"])
async def rehearsal(request: pytest.FixtureRequest, tmp_path: Path, sqlite: Database, settings: Settings) -> AsyncIterator[Rehearsal]:
    call = files(tmp_path)[request.param].model_copy(update=REHEARSED)
    async with sqlite.writing() as db:
        world = await build_world(db)
        world.event.slug = call.event or world.event.slug
        await db.flush()
        await load_calls(db, [call], OPENS)
        people = {
            who: await know_person(db, f"{who}@people.example", f"Somebody who is {who}", OPENS)
            for who in ("applicant", "organiser", "reader")
        }
        await grant_role(db, people["organiser"], world.event.id, RoleKind.organiser, OPENS)
        await seat_member(db, await find_call(db, call.slug), people["reader"], OPENS, chair=True)
        cookies = {who: await cookie_of(db, person) for who, person in people.items()}
    app = create_app(settings)
    async with AsyncExitStack() as doors:
        browsers = {
            who: await doors.enter_async_context(AsyncClient(transport=ASGITransport(app=app), base_url=settings.base_url, cookies=cookie))
            for who, cookie in cookies.items()
        }
        yield Rehearsal(call, browsers, sqlite, app.app)  # type: ignore[attr-defined]
    await app.app.state.house.database.close()  # type: ignore[attr-defined]


async def test_a_call_goes_from_its_file_to_what_follows_a_yes(rehearsal: Rehearsal) -> None:
    call, press, path = rehearsal.call, rehearsal.press, rehearsal.path
    rehearsal.at(DEADLINE - timedelta(days=2))
    await press("applicant", path("/submission"), {})
    for part in call.parts:
        typed = {name: value for question in part.questions for name, value in answer(question).items()}
        await press("applicant", path(f"/submission/1/parts/{part.key}"), typed | {"stamp": "0", "then": "stay"})
    said = await press("applicant", path("/submission/1/sending"), {"terms-1": "yes"})
    assert said.startswith("Sent")
    rehearsal.at(DEADLINE + timedelta(hours=1))
    assert await press("organiser", path("/panel/split", "/manage"), {}) == "1 readings shared out."
    scores = {f"score-{each.key}": str(each.highest) for each in call.criteria}
    assert (await press("reader", path("/1", "/panel"), scores | {"stamp": "0", "act": "send"})).endswith("is in.")
    await press("reader", path("/meeting", "/panel"), {})
    amount = {"amount": str((call.award.least_pence or 10000) // 100) if call.award else "100"} if call.award or call.budget_pence else {}
    decided = {"verdict": "accepted", "reason": "It is what this call is for.", **amount}
    await press("reader", path("/meeting/submissions/1/decision", "/panel"), decided)
    announcement = path("/announcement", "/manage")
    seen = (await look(rehearsal.browsers["organiser"], announcement)).form(announcement)
    assert await press("organiser", announcement, seen) == "The letter is on its way."
    assert (await press("applicant", path("/offers/1/acceptance"), {"terms": "yes"})).startswith("You have accepted.")
    assert await state_of(rehearsal) == SubmissionState.confirmed


def answer(question: Question) -> Fields:
    """What a form sends for an answer that can stand."""
    name = field_name(question)
    person = {f"{name}-1-name": "A colleague elsewhere", f"{name}-1-email": "colleague@elsewhere.example"}
    least = question.least or 100
    match question.kind:
        case QuestionKind.several:
            return {f"{name}-1": question.options[0]}
        case QuestionKind.partner | QuestionKind.referee:
            return person
        case QuestionKind.file:
            assert not question.required
            return {}
    said = {
        QuestionKind.choice: next(iter(question.options), ""),
        QuestionKind.date: "2001-02-03",
        QuestionKind.number: str(question.most or least),
        QuestionKind.money: str(least // 100),
        QuestionKind.country: "KE",
        QuestionKind.consent: "yes",
    }
    return {name: said.get(question.kind, "A few words.")}


async def state_of(rehearsal: Rehearsal) -> SubmissionState:
    async with rehearsal.database.reading() as db:
        call = await find_call(db, rehearsal.call.slug)
        [submission] = await sent_submissions(db, call.id)
    return submission.state
