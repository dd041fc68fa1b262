"""A blind call, searched as an assessor: whatever can be fetched, heard or read in a mail, nothing says who applies."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from urllib.parse import urljoin

import pytest
from httpx2 import ASGITransport, AsyncClient
from sqlmodel import select
from starlette.routing import Route

from conference.app import create_app, routes
from conference.calls.file_tables import SubmissionFile
from conference.calls.panel_tables import Assignment, PanelMember, Review
from conference.calls.submission_tables import Submission
from conference.calls.submitting import save_draft, start_submission, submit
from conference.mail.compose import compose
from conference.mail.tables import QueuedMail
from conference.people.actions import know_person
from conference.settings import Settings
from conference.storage.database import Database
from conference.web.render import environment
from tests.calls.cast import BEFORE_DEADLINE, OPENS, assessor, build_call
from tests.calls.files.cast import pdf
from tests.calls.panel.test_panel import texts_of
from tests.calls.room import AFTER, MEETING, Room
from tests.console.cast import look, send
from tests.servers import serving
from tests.world import build_world, cookie_of, rehearse

NAME, INSTITUTION, ADDRESS = "Xyzzyq Traveller", "The Plughian Archive", "wanderer@frobozzy.example"
MARKS = ("xyzzyq", "plughian", "frobozzy")  # of the name, the institution and the address
PANEL, MANAGE = "/panel/week-2021", "/manage/calls/week-2021"
ISSUE = f"I, {NAME} of {INSTITUTION}, bring this: our readers are far away. Write to {ADDRESS}."
LEAVES = ("people:sign_out", "people:everywhere", "calls:panel_conflict", "calls:meeting_conflict")  # whoever did these would see less
Seen = dict[str, str]  # address: all that was answered there


@pytest.fixture
async def room(sqlite: Database, settings: Settings) -> AsyncIterator[Room]:
    """One application with a file, a chair and an assessor, twenty days after the deadline."""
    async with sqlite.writing() as db:
        made = await build_call(db, await build_world(db))
        people = {
            "chair": await assessor(db, made.call, "Chair of the panel", chair=True),
            "reader": await assessor(db, made.call, "Assessor in Sydney"),
            "organiser": made.organiser,
            "applicant": await know_person(db, ADDRESS, NAME, OPENS, organisation=INSTITUTION),
        }
        mine = await start_submission(db, made.call, people["applicant"], BEFORE_DEADLINE)
        answers = {"name": NAME, "institution": INSTITUTION, "country": "KE", "since": "2015-03-01", "issue": ISSUE}
        await save_draft(db, mine, answers, BEFORE_DEADLINE)
        cookies = {who: await cookie_of(db, person) for who, person in people.items()}
    await _add_file(settings, cookies["applicant"])
    async with sqlite.writing() as db:
        mine = await db.get_one(Submission, mine.id)
        await submit(db, made.call, mine, BEFORE_DEADLINE)
    await rehearse(sqlite, AFTER)
    async with serving(settings) as address:
        yield Room(address, sqlite, made, [mine], people, cookies)


async def _add_file(settings: Settings, cookies: dict[str, str]) -> None:
    app = create_app(settings)
    house = app.app.state.house  # type: ignore[attr-defined]
    house.clock.offset = BEFORE_DEADLINE - datetime.now(UTC)
    async with AsyncClient(transport=ASGITransport(app=app), base_url=settings.base_url, cookies=cookies) as browser:
        content = pdf("A page about what I did.", author=NAME, title=INSTITUTION)
        sent = await browser.post("/calls/week-2021/submission/1/files/cv", files={"file": (f"{NAME}.pdf", content, "application/pdf")})
        assert sent.status_code == 303, sent.text
    await house.database.close()


async def test_nothing_that_an_assessor_can_reach_says_who_applies(room: Room, settings: Settings) -> None:
    async with room.browser("organiser") as organiser:
        assert "2 readings" in (await send(organiser, f"{MANAGE}/panel/split", {})).said
        await send(organiser, f"{MANAGE}/panel/reminder", {})
    await _review(room, "chair")
    holes = await _holes(room)
    assert marks_in(await walked(room, "organiser", [f"{MANAGE}/submissions/1"])) == set(MARKS)  # the search finds what is there
    async with room.ear("reader") as ear:
        await room.press("chair", "")
        await room.press("chair", "/item", number=1)
        await ear.until("inside", "WEEK-2021-0001")
        every = ["/panel", *(filled(route, holes) for route in gets(settings))]
        found = await walked(room, "reader", ["/panel"])
        await _review(room, "reader")
        found |= {f"{path} after the review": text for path, text in (await walked(room, "reader", every)).items()}
        found |= {f"{path} pressed": text for path, text in (await _pressed(room, "reader", settings, holes)).items()}
        await room.press("chair", "/submissions/1/decision", verdict="accepted", reason="It fits.")
        found |= {f"{path} for the chair": text for path, text in (await walked(room, "chair", ["/panel"])).items()}
        async with room.browser("organiser") as organiser:
            page = await look(organiser, f"{MANAGE}/announcement")
            await send(organiser, f"{MANAGE}/announcement", page.form(f"{MANAGE}/announcement"))
        found |= {f"{path} once told": text for path, text in (await walked(room, "reader", ["/panel"])).items()}
        found |= {f"frame {number}": text for number, text in enumerate([*ear.heard, *await ear.quiet(0.2)])}
    found |= await _mails(room, settings)
    assert {path: marks_in({path: text}) for path, text in found.items() if marks_in({path: text})} == {}
    for path in (f"{PANEL}/1", f"{PANEL}/pack.pdf", f"{PANEL}/1 after the review"):
        assert "our readers are far away" in " ".join(found[path].split()), path
    assert "Our readers" not in found[f"{MEETING} after the review"]
    assert any(path.startswith("mail") for path in found)
    assert any(path.startswith("frame") and "WEEK-2021-0001" in text for path, text in found.items())


def marks_in(seen: Seen) -> set[str]:
    return {mark for mark in MARKS for address, text in seen.items() if mark in text.casefold() or mark in address.casefold()}


async def walked(room: Room, who: str, beginnings: list[str]) -> Seen:
    """What these addresses answer, and all that their pages lead to."""
    seen: Seen = {}
    waiting = [*beginnings]
    async with room.browser(who) as browser:
        while waiting:
            path = waiting.pop()
            if path in seen:
                continue
            answer = await browser.get(path)
            seen[path] = texts_of(answer)
            if answer.headers.get("content-type", "").startswith("text/html"):
                waiting += [each for each in links(room.address, path, answer.text) if each not in seen]
    return seen


def gets(settings: Settings) -> Iterator[Route]:
    return (route for route in routes(settings) if isinstance(route, Route) and "GET" in (route.methods or ()))


def filled(route: Route, holes: dict[str, str]) -> str:
    return re.sub(r"\{([^}]+)\}", lambda hole: holes.get(hole[1], "nothing-like-it"), route.path)


def links(address: str, path: str, page: str) -> Iterator[str]:
    """Where a page of the call leads to."""
    for href in re.findall(r'(?:href|src|data-to|action)="([^"#]+)', page):
        whole = urljoin(path, href.replace("&amp;", "&")).removeprefix(address)
        if whole.startswith(("/panel", "/calls", "/manage/calls")):
            yield whole


async def _holes(room: Room) -> dict[str, str]:
    """What stands in the holes of addresses: what belongs to this call wherever it can be."""
    [mine] = room.sent
    async with room.database.reading() as db:
        file = (await db.exec(select(SubmissionFile.id))).first()
        assignment = (await db.exec(select(Assignment.id))).first()
        member = (await db.exec(select(PanelMember.id))).first()
        review = (await db.exec(select(Review.id))).first()
        version = (await db.exec(select(Submission.counted_id))).first()
    assert mine
    ids = {"file": file, "assignment": assignment, "member": member, "review": review}
    assert None not in ids.values(), ids
    holes = {f"{name}:uuid": str(id_) for name, id_ in ids.items()} | {"version:uuid": str(version), "version:int": "1"}
    return holes | {
        "call": "week-2021",
        "number:int": "1",
        "question": "cv",
        "part": "personal",
        "event": "wi-test",
        "session": "opening-keynote",
    }


async def _review(room: Room, who: str) -> None:
    async with room.browser(who) as browser:
        typed = {"score-experience": "3", "score-use": "4", "comment": "Strong.", "stamp": "0", "act": "send"}
        assert (await send(browser, f"{PANEL}/1", typed)).said.endswith("is in.")


async def _pressed(room: Room, who: str, settings: Settings, holes: dict[str, str]) -> Seen:
    """What every button of calls answers to whoever presses it with nothing typed."""
    seen: Seen = {}
    async with room.browser(who) as browser:
        for route in routes(settings):
            path = filled(route, holes) if isinstance(route, Route) and "POST" in (route.methods or ()) else ""
            if isinstance(route, Route) and path.startswith(("/panel", "/calls", "/manage/calls")) and route.name not in LEAVES:
                seen[path] = texts_of(await browser.post(path, headers={"Content-Type": "application/x-www-form-urlencoded"}))
    return seen


async def _mails(room: Room, settings: Settings) -> Seen:
    """Those to the panel, as they are sent."""
    panel = [room.people[who].id for who in ("chair", "reader")]
    async with room.database.reading() as db:
        mails = [mail for mail in await db.exec(select(QueuedMail)) if mail.person_id in panel]
        return {f"mail {mail.template} to {mail.to_name}": compose(mail, settings, environment()).decode() for mail in mails}
