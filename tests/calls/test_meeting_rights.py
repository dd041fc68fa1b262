"""Who gets what at every address of the meeting, about a submission that one member has a conflict with. A new route fails here first."""

import re
from collections.abc import AsyncIterator

import pytest
from sqlmodel import select
from starlette.routing import Route

from conference.app import routes
from conference.calls.decision_tables import Decision
from conference.calls.meeting_tables import Minute
from conference.settings import Settings
from conference.storage.database import Database
from tests.calls.room import Room, build_room
from tests.servers import serving

ROLES = ("nobody", "stranger", "applicant", "conflicted", "reader", "chair", "organiser")
EXPECTED = """
GET  calls:meeting             303 404 404 200 200 200 200
POST calls:meeting             401 404 404 403 403 303 409
GET  calls:meeting_now         303 404 404 200 200 200 200
POST calls:meeting_attendance  401 404 404 303 303 303 303
POST calls:meeting_item        401 404 404 403 403 303 303
GET  calls:rest                303 404 404 403 403 200 200
POST calls:rest                401 404 404 403 403 409 409
POST calls:meeting_notes       401 404 404 404 422 422 422
GET  calls:decision            303 404 404 403 403 200 200
POST calls:decision            401 404 404 403 403 422 422
POST calls:decision_undoing    401 404 404 403 403 409 409
POST calls:decision_earlier    401 404 404 403 403 409 409
GET  calls:minutes             303 404 404 200 200 200 200
GET  calls:announcement        303 403 403 403 403 403 200
POST calls:announcement        401 403 403 403 403 403 409
POST calls:meeting_conflict    401 404 404 404 303 303 303
POST calls:meeting_closing     401 404 404 403 403 303 409
"""
LAST = ("calls:meeting_conflict", "calls:meeting_closing")  # whoever did this sees less, or nothing more


@pytest.fixture
async def room(sqlite: Database, settings: Settings) -> AsyncIterator[Room]:
    built = await build_room(sqlite, "")
    async with serving(settings) as address:
        built.address = address
        yield built


def acts(settings: Settings) -> list[tuple[str, str, str]]:
    """Method, name and address of each, in the order of the table."""
    found = [
        (method, route.name, re.sub(r"\{number:int\}", "1", route.path.replace("{call}", "week-2021")))
        for route in routes(settings)
        if isinstance(route, Route) and re.match(r"/panel/\{call\}/(meeting|minutes)|/manage/calls/\{call\}/announcement", route.path)
        for method in sorted((route.methods or set()) - {"HEAD"})
    ]
    return sorted(found, key=lambda act: LAST.index(act[1]) if act[1] in LAST else -1)


async def test_every_address_of_the_meeting_answers_everybody_as_the_table_says(room: Room, settings: Settings) -> None:
    """In the middle of a meeting that the chair opened; each presses every button on an empty form, the conflicts and the closing last."""
    found: dict[tuple[str, str], list[str]] = {(method, name): [] for method, name, _ in acts(settings)}
    for method, name, path in acts(settings):
        for who in ROLES:
            async with room.browser(who) as browser:
                answer = await browser.request(method, path, headers={"Content-Type": "application/x-www-form-urlencoded"})
                found[method, name].append(str(answer.status_code))
                if who in ("nobody", "stranger", "applicant", "conflicted"):
                    assert "WEEK-2021-0001" not in answer.text
    lines = {(method, name): statuses for method, name, *statuses in map(str.split, EXPECTED.strip().splitlines())}
    assert found == lines


async def test_the_acts_of_who_may_not_leave_nothing_behind(room: Room, settings: Settings) -> None:
    for method, _, path in acts(settings):
        if method == "POST":
            for who in ("nobody", "stranger", "applicant"):
                async with room.browser(who) as browser:
                    await browser.post(path, content="number=1&verdict=accepted&reason=x&words=x&why=x", headers={"Content-Type": FORM})
    async with room.database.reading() as db:
        assert [*await db.exec(select(Minute.id)), *await db.exec(select(Decision.id))] == []


FORM = "application/x-www-form-urlencoded"
