"""A house with an open call and a blind panel, three days before the deadline."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest
from httpx2 import ASGITransport, AsyncClient

from conference.app import create_app
from conference.calls.panel_tables import ConflictDeclaration, ConflictKind
from conference.calls.submitting import save_draft, start_submission
from conference.people.actions import know_person
from conference.people.tables import RoleKind
from conference.settings import Settings
from conference.storage.database import Database
from tests.calls.cast import BEFORE_DEADLINE, OPENS, applicant, assessor, build_call, sent_by
from tests.calls.files.cast import ADDRESS, NAME, House
from tests.world import build_world, cookie_of, delegate, with_role


@pytest.fixture
async def house(sqlite: Database, settings: Settings) -> AsyncIterator[House]:
    async with sqlite.writing() as db:
        world = await build_world(db)
        made = await build_call(db, world)
        people = {
            "applicant": await know_person(db, ADDRESS, NAME, OPENS),
            "other": await applicant(db, "Librarian in Oslo"),
            "assessor": await assessor(db, made.call, "Assessor in Leeds"),
            "conflicted": await assessor(db, made.call, "Assessor in Bath"),
            "organiser": made.organiser,
            "delegate": await delegate(db, world, "Delegate in Nairobi"),
            "moderator": await with_role(db, world, "Moderator in London", RoleKind.moderator),
        }
        mine = await start_submission(db, made.call, people["applicant"], BEFORE_DEADLINE)
        answers = {"name": NAME, "institution": f"Library of {NAME}", "country": "KE", "since": "2015-03-01", "issue": "Far away."}
        await save_draft(db, mine, answers, BEFORE_DEADLINE)
        await sent_by(db, made.call, people["other"])
        away = ConflictDeclaration(
            submission_id=mine.id, person_id=people["conflicted"].id, kind=ConflictKind.declared, words="A friend", declared_at=OPENS
        )
        db.add(away)
        cookies = {name: await cookie_of(db, person) for name, person in people.items()}
    app = create_app(settings)
    inside = app.app  # type: ignore[attr-defined]
    inside.state.house.clock.offset = BEFORE_DEADLINE - datetime.now(UTC)
    async with AsyncExitStack() as browsers:
        opened = {
            name: await browsers.enter_async_context(
                AsyncClient(transport=ASGITransport(app=app), base_url=settings.base_url, cookies=cookies.get(name, {}))
            )
            for name in ("nobody", *people)
        }
        yield House(made, mine, people, opened, sqlite, settings, inside)
    await inside.state.house.database.close()
