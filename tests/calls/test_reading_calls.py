"""What anybody reads of calls, on every clock; and being told, once, when one opens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient
from sqlmodel import select

from conference.app import create_app
from conference.calls.call_file import typed_call
from conference.calls.interest import tell_interested
from conference.calls.listing import interested_count
from conference.calls.rules import Standing, standing_of
from conference.calls.tables import Call, CallState
from conference.mail.compose import compose
from conference.mail.tables import QueuedMail
from conference.people.tables import Person
from conference.seed_calls import load_calls
from conference.settings import Settings
from conference.storage.database import Database
from conference.web.render import environment
from tests.calls.cast import BEFORE_DEADLINE, DEADLINE, OPENS, CallWorld, applicant, build_call
from tests.calls.test_call_files import SMALL
from tests.console.cast import look, send
from tests.world import build_world, cookie_of

PAGE = "/calls/week-2021"
TICK = timedelta(microseconds=1)


@dataclass
class Street:
    """A house with a call in it, in front of which one person stands."""

    made: CallWorld
    person: Person
    client: AsyncClient
    database: Database
    house: Any

    def at(self, moment: datetime) -> None:
        self.house.clock.offset = moment - datetime.now(UTC)

    async def be(self, person: Person) -> None:
        async with self.database.writing() as db:
            self.client.cookies.update(await cookie_of(db, person))

    async def change(self, **values: Any) -> None:
        async with self.database.writing() as db:
            call = (await db.exec(select(Call).where(Call.id == self.made.call.id))).one()
            for name, value in values.items():
                setattr(call, name, value)

    async def tell(self, moment: datetime) -> int:
        async with self.database.writing() as db:
            return await tell_interested(db, moment, datetime.now(UTC), base_url="http://house.example")

    async def waiting(self) -> int:
        async with self.database.reading() as db:
            return await interested_count(db, self.made.call.id)


@asynccontextmanager
async def on_the_street(database: Database, settings: Settings) -> AsyncIterator[Street]:
    async with database.writing() as db:
        made = await build_call(db, await build_world(db))
        person = await applicant(db, "Librarian in Nairobi")
    app = create_app(settings)
    here = app.app.state.house  # type: ignore[attr-defined]
    async with AsyncClient(transport=ASGITransport(app=app), base_url=settings.base_url) as client:
        yield Street(made, person, client, database, here)
    await here.database.close()


@pytest.fixture
async def street(sqlite: Database, settings: Settings) -> AsyncIterator[Street]:
    async with on_the_street(sqlite, settings) as made:
        made.at(BEFORE_DEADLINE)
        yield made


def test_the_deadline_itself_is_late_and_the_opening_itself_is_open() -> None:
    """At 01:00 in Auckland of a summer's day, which is noon in London the day before."""
    plan = typed_call(SMALL).plan()
    call = Call(slug="a", kind=plan.kind, state=CallState.open, title="A", zone=plan.zone, deadline_at=plan.deadline_at, made_at=OPENS)
    call.opens_at = OPENS
    late = datetime(2021, 2, 4, 12, tzinfo=UTC)
    moments = {OPENS - TICK: Standing.not_yet, OPENS: Standing.open, late - TICK: Standing.open, late: Standing.closed}
    assert {moment: standing_of(call, moment) for moment in moments} == moments
    call.state = CallState.suspended
    assert {standing_of(call, moment) for moment in moments} == {Standing.suspended}


async def test_a_call_says_its_deadline_on_the_readers_clock_and_the_published_one(street: Street) -> None:
    page = await look(street.client, f"{PAGE}?zone=Pacific/Auckland")
    assert [
        words in page.words for words in ("Closes in 2 days and 23 hours", "Friday 5 February 2021 01:00 your time (NZDT, UTC+13)")
    ] == [True] * 2
    assert "12:00 in London (GMT, UTC+0)" in page.words
    assert "Results by Friday 26 March 2021" in page.words
    assert "Library people who work outside the UK. Why What is learned is used at home." in page.words
    assert "The issue you bring (a text of at most 50 words)" in page.words
    assert "Where you work (a country) Read from it: Works outside the UK" in page.words
    assert "Use at home (0 to 4, counts twice)" in page.words
    street.at(DEADLINE)
    assert "Closed at 12:00 on Thursday 4 February 2021" in (await look(street.client, "/calls")).words


async def test_a_draft_is_its_organisers_secret(street: Street) -> None:
    await street.change(state=CallState.draft)
    assert (await look(street.client, PAGE)).status == 404
    await street.be(street.person)
    assert (await look(street.client, PAGE)).status == 404
    assert (await look(street.client, "/manage/calls/week-2021")).status == 404
    assert "A week of learning" not in (await look(street.client, "/calls")).words
    await street.be(street.made.organiser)
    assert "Draft Only those who run it see this page." in (await look(street.client, PAGE)).words


async def test_a_suspended_call_is_closed_and_whoever_waits_is_told_once_when_it_opens(street: Street, settings: Settings) -> None:
    await street.change(state=CallState.suspended)
    assert "Closed Nothing can be sent now. It is not known when it opens again." in (await look(street.client, PAGE)).words
    assert "Sign in to be told when it opens" in (await look(street.client, PAGE)).words
    assert (await send(street.client, f"{PAGE}/interest", {})).status == 401
    await street.be(street.person)
    for _ in range(2):
        page = await send(street.client, f"{PAGE}/interest", {})
    assert (page.said, await street.waiting()) == ("We write to you once, when it opens.", 1)
    assert await street.tell(BEFORE_DEADLINE) == 0
    await street.change(state=CallState.open, opens_at=BEFORE_DEADLINE)
    assert [await street.tell(moment) for moment in (BEFORE_DEADLINE - TICK, BEFORE_DEADLINE, BEFORE_DEADLINE)] == [0, 1, 0]
    async with street.database.reading() as db:
        [mail] = (await db.exec(select(QueuedMail).where(QueuedMail.template == "call_opens"))).all()
    text = compose(mail, settings, environment()).decode()
    assert "http://house.example/calls/week-2021" in text
    assert "12:00 on Thursday 4 February 2021 (GMT, UTC+0)" in text
    assert (await send(street.client, f"{PAGE}/interest", {})).status == 409
    await street.change(state=CallState.suspended)
    await send(street.client, f"{PAGE}/interest", {})
    await street.change(state=CallState.open)
    assert await street.tell(BEFORE_DEADLINE) == 1


async def test_interest_is_taken_back_and_a_closed_call_tells_nobody(street: Street) -> None:
    street.at(OPENS - timedelta(days=1))
    await street.be(street.person)
    await send(street.client, f"{PAGE}/interest", {})
    assert await street.tell(DEADLINE) == 0
    assert (await send(street.client, f"{PAGE}/interest/withdrawal", {})).said == "We shall not write to you about it."
    assert (await street.waiting(), await street.tell(OPENS)) == (0, 0)


async def test_the_events_page_never_goes_on_saying_that_a_call_is_open(street: Street) -> None:
    event, said = f"/events/{street.made.world.event.slug}", "Open until 12:00 on Thursday 4 February 2021"
    for _ in range(2):
        assert said in (await look(street.client, event)).words
    street.at(DEADLINE)
    assert said not in (await look(street.client, event)).words
    street.at(BEFORE_DEADLINE)
    await look(street.client, event)
    async with street.house.database.writing() as db:
        (await db.exec(select(Call))).one().state = CallState.suspended
    assert said not in (await look(street.client, event)).words
    assert "A week of learning" in (await look(street.client, "/")).words or "All calls" in (await look(street.client, "/")).words


async def test_a_new_call_is_a_file_alone(street: Street) -> None:
    """Loading it twice is loading it once, and what organisers changed meanwhile stays."""
    calls = [typed_call(SMALL)]
    async with street.database.writing() as db:
        first = await load_calls(db, calls, OPENS)
    async with street.database.writing() as db:
        (await db.exec(select(Call).where(Call.slug == "small"))).one().title = "A small call, renamed"
        again = await load_calls(db, calls, OPENS)
    assert [(one.added, one.there) for one in (first, again)] == [(1, 0), (0, 1)]
    page = await look(street.client, "/calls/small?zone=Europe/London")
    assert "A small call, renamed" in page.words
    assert "12:00 your time (GMT, UTC+0)" in page.words
    assert "01:00 in Auckland (NZDT, UTC+13)" in page.words
    assert "A small call, renamed" in (await look(street.client, "/")).words
