"""What follows a yes to a grant or a proposal: milestones reported and accepted, a showcase named, a talk planned with its speaker."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from httpx2 import Response
from sqlmodel import select

from conference.calls.award_queries import milestones_of
from conference.calls.award_rules import MilestoneState, milestone_state
from conference.calls.award_tables import Award, Milestone, SubmissionSession
from conference.calls.awards import begin_award
from conference.calls.definition import Definition
from conference.calls.queries import definition_of
from conference.calls.submission_tables import Submission, SubmissionState
from conference.calls.tables import Call, CallKind
from conference.people.queries import has_role
from conference.people.tables import Person, RoleKind
from conference.programme.planned import planned_programme
from conference.storage.database import Database, Db
from tests.calls.cast import applicant, build_call, sent_by
from tests.console.cast import Console, page_of
from tests.console.conftest import console
from tests.world import BEFORE, World, build_world

__all__ = ["console"]
AFTER = {"answer_days": 14, "milestones": [{"title": "An interim report", "days": 30}, {"title": "The end", "days": 60, "report": False}]}
PROPOSAL = [
    {
        "key": "talk",
        "title": "Your talk",
        "questions": [
            {"key": "title", "label": "Title", "kind": "short_text"},
            {"key": "abstract", "label": "Abstract", "kind": "long_text"},
        ],
    }
]
MANAGE, OWN = "/manage/calls/grants-2021", "/calls/grants-2021/submission/1/award"


async def agreed(db: Db, world: World, person: Person, kind: CallKind, **changes: Any) -> tuple[Call, Submission]:
    """A submission that was accepted, and whose lead has said yes."""
    made = await build_call(db, world, kind=kind, slug="grants-2021", after=AFTER, **changes)
    submission = await sent_by(db, made.call, person, title="Reading under trees", abstract="How we do it.")
    submission.state = SubmissionState.confirmed
    definition = await definition_of(db, made.call)
    pence = 700_000 if kind == CallKind.grant else None
    if pence:
        await begin_award(db, made.call, definition, submission, pence, BEFORE)
        await begin_award(db, made.call, definition, submission, pence, BEFORE)  # twice is once
    return made.call, submission


async def grant(console: Console) -> tuple[Award, list[Milestone]]:
    async with console.database.writing() as db:
        await agreed(db, console.world, console.people["delegate"], CallKind.grant)
        award = (await db.exec(select(Award))).one()
        return award, (await milestones_of(db, [award.id]))[award.id]


async def post(console: Console, who: str, path: str, **fields: str) -> Response:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return await console.browsers[who].post(path, content=urlencode(fields), headers=headers)


async def test_milestones_are_due_on_days_of_the_calls_calendar(sqlite: Database) -> None:
    async with sqlite.writing() as db:
        person = await applicant(db, "Library lead in Oslo")
        await agreed(db, await build_world(db), person, CallKind.grant)
        award = (await db.exec(select(Award))).one()
        first, second = (await milestones_of(db, [award.id]))[award.id]
    assert (award.amount_pence, first.due_on, second.due_on) == (700_000, date(2021, 7, 25), date(2021, 8, 24))
    london_midnight = datetime(2021, 7, 25, 23, 0, tzinfo=UTC)  # 00:00 of the 26th in London
    states = [milestone_state(first, at, "Europe/London") for at in (london_midnight - timedelta(seconds=1), london_midnight)]
    assert states == [MilestoneState.ahead, MilestoneState.overdue]


async def test_a_report_is_given_back_with_a_word_and_accepted_the_second_time(console: Console) -> None:
    _, (first, last) = await grant(console)
    own, managed = f"{OWN}/milestones/{first.id}", f"{MANAGE}/awards/1/milestones/{first.id}"
    empty = page_of(await post(console, "delegate", own, report="  "))
    assert (empty.status, empty.beside) == (422, {"report": "Write a few sentences about what was done."})
    assert (await post(console, "organiser", managed + "/acceptance")).status_code == 409  # nothing reported yet
    assert (await post(console, "delegate", own, report="We <b>began</b>.")).status_code == 303
    page = page_of(await console.browsers["organiser"].get(managed))
    assert "We &lt;b&gt;began&lt;/b&gt;." in page.text
    assert page_of(await post(console, "organiser", managed + "/return", word="")).beside == {"word": "Say what is missing."}
    assert (await post(console, "organiser", managed + "/return", word="How many came?")).status_code == 303
    assert "How many came?" in page_of(await console.browsers["delegate"].get(OWN)).words
    await post(console, "delegate", own, report="We began. Forty came.")
    assert (await post(console, "organiser", managed + "/acceptance")).status_code == 303
    again = await post(console, "delegate", own, report="Changed my mind")
    assert again.status_code == 409
    async with console.database.reading() as db:
        kept = await db.get_one(Milestone, first.id)
    assert (kept.report, kept.accepted_by_id) == ("We began. Forty came.", console.people["organiser"].id)
    assert (await post(console, "delegate", f"{OWN}/milestones/{last.id}")).status_code == 303  # the last one needs no words
    words = page_of(await console.browsers["organiser"].get(f"{MANAGE}/awards")).words
    assert "Delegate in Nairobi: £7,000" in words
    assert "Reported, with the organisers" in words


@pytest.mark.parametrize(("who", "own", "managed"), [("nobody", 303, 303), ("moderator", 404, 403), ("stranger", 404, 403)])
async def test_an_award_is_its_holders_and_the_organisers_alone(console: Console, who: str, own: int, managed: int) -> None:
    _, (first, _) = await grant(console)
    browser = console.browsers[who]
    assert {(await browser.get(path)).status_code for path in (OWN, f"{OWN}/milestones/{first.id}")} == {own}
    there = (f"{MANAGE}/awards", f"{MANAGE}/awards/1/milestones/{first.id}", f"{MANAGE}/submissions/1/session")
    assert {(await browser.get(path)).status_code for path in there} == {managed}


async def test_a_project_names_its_showcase_and_another_one_replaces_it(console: Console) -> None:
    await grant(console)
    path = f"{MANAGE}/submissions/1/session"
    assert page_of(await post(console, "organiser", path)).beside == {"session": "Choose a session."}
    assert (
        "session" in page_of(await post(console, "organiser", path, session=str(console.world.event.id))).beside
    )  # not one of its sessions
    for session in (console.world.workshop, console.world.talk):
        assert (await post(console, "organiser", path, session=str(session.id))).status_code == 303
    async with console.database.reading() as db:
        assert [row.session_id for row in await db.exec(select(SubmissionSession))] == [console.world.talk.id]
    assert "You present it in Opening keynote" in page_of(await console.browsers["delegate"].get(OWN)).words


async def test_a_proposed_talk_is_planned_with_whoever_proposed_it_as_its_speaker(console: Console) -> None:
    person = console.people["delegate"]
    async with console.database.writing() as db:
        await agreed(db, console.world, person, CallKind.proposal, parts=PROPOSAL, criteria=[], letters=None)
    path, room = f"{MANAGE}/submissions/1/session", str(console.world.talk.room_id)
    wanted = {"type": "panel", "room": room, "day": "2021-06-25", "starts": "14:00", "ends": "13:00"}
    assert page_of(await post(console, "organiser", path, **wanted)).beside == {"ends": "It ends after it starts."}
    assert (await post(console, "organiser", path, **wanted | {"ends": "14:45"})).status_code == 303
    async with console.database.reading() as db:
        planned = [each for each in await planned_programme(db, console.world.event) if each.published is None]
        is_speaker = await has_role(db, person.id, console.world.event.id, RoleKind.speaker)
    (facts,) = [each.facts for each in planned]
    assert (facts.session.title, facts.session.abstract) == ("Reading under trees", "How we do it.")
    assert facts.session.starts_at == datetime(2021, 6, 25, 13, 0, tzinfo=UTC)
    assert ([speaker.person_id for speaker in facts.speakers], is_speaker) == ([person.id], True)
    twice = await post(console, "organiser", path, **wanted | {"ends": "14:45"})
    assert twice.status_code == 409


def test_a_definition_with_milestones_reads_as_it_is_kept() -> None:
    given = {"summary": "s", "purpose": "p", "who_may": "w", "who_may_why": "y", "after": AFTER}
    definition = Definition.model_validate(given)
    assert Definition.model_validate(definition.as_json()) == definition
