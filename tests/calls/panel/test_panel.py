"""Sitting on a panel: reading without names, scoring alone, what one has no part in, and what organisers see of it."""

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urljoin

import pypdfium2
from httpx2 import AsyncClient, Response
from openpyxl import Workbook, load_workbook
from sqlmodel import select
from starlette.routing import Route

from conference.calls.opening import publish_definition
from conference.calls.panel_actions import declare_conflict
from conference.calls.panel_mail import remind_due
from conference.calls.panel_queries import assignments_of, counting_reviews, reviews_of
from conference.calls.panel_tables import Assignment, ConflictDeclaration, ConflictKind, PanelMember, Review, SeenWhat, Viewing
from conference.calls.queries import definition_of
from conference.calls.submission_tables import Partner, PartnerRole
from conference.calls.submitting import save_draft, submit
from conference.calls_routes import calls_routes
from conference.mail.tables import QueuedMail
from tests.calls.cast import DEADLINE
from tests.calls.panel.conftest import READING, Panel

HERE, MANAGE = "/panel/week-2021", "/manage/calls/week-2021/panel"
WHOLE = {"score-experience": "3", "score-use": "4", "comment-use": "Clear.", "comment": "Strong.", "feedback": "Thank you."}


def texts_of(answer: Response) -> str:
    """All that a file or page says, its headers and its insides too."""
    said = [str(answer.headers), str(answer.url), answer.content.decode("utf-8", "replace")]
    if answer.content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
            said += [part for name in book.namelist() for part in (name, book.read(name).decode("utf-8", "replace"))]
    if answer.content.startswith(b"%PDF"):
        document = pypdfium2.PdfDocument(answer.content)
        said += [page.get_textpage().get_text_range() for page in document] + [str(document.get_metadata_dict())]
    return "\n".join(said)


async def everything_for(browser: AsyncClient, start: str) -> dict[str, str]:
    """Whatever can be reached from a page by its links, within the panel."""
    seen: dict[str, str] = {}
    waiting = [start]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        answer = await browser.get(path)
        seen[path] = texts_of(answer)
        if answer.headers.get("content-type", "").startswith("text/html"):
            waiting += [each for each in _links(path, answer.text) if each.startswith("/panel")]
    return seen


def _links(path: str, page: str) -> Iterator[str]:
    for href in re.findall(r'href="([^"#]+)', page):
        yield urljoin(path, href.replace("&amp;", "&"))


def leaks(pages: dict[str, str], names: list[str]) -> set[str]:
    return {name for name in names for text in pages.values() if name.casefold() in text.casefold()}


async def score(panel: Panel, who: str, number: int, **typed: str) -> Response:
    stamp = re.search(r'name="stamp" value="(\d+)"', (await panel.browsers[who].get(f"{HERE}/{number}")).text)
    return await panel.browsers[who].post(f"{HERE}/{number}", data={"act": "send", **WHOLE, "stamp": stamp[1] if stamp else "0", **typed})


async def read_by(panel: Panel, who: str) -> list[int]:
    """The numbers that somebody reviews."""
    async with panel.database.reading() as db:
        mine = [each for each in await assignments_of(db, panel.made.call.id) if each.person_id == panel.people[who].id]
        return [each.number for each in panel.submissions if each.id in {one.submission_id for one in mine}]


async def test_nothing_that_a_blind_panel_can_fetch_tells_who_applies(shared: Panel) -> None:
    async with shared.database.writing() as db:  # the attack works: without blindness the same walk finds all of them
        call, blind = shared.made.call, await definition_of(db, shared.made.call)
        await publish_definition(db, call, blind.model_copy(update={"panel": blind.panel.model_copy(update={"blind": False})}), READING)
    await shared.browsers["organiser"].post(f"{MANAGE}/reminder")
    seen = await everything_for(shared.browsers["first"], "/panel")
    assert leaks(seen, shared.names) == set(shared.names)
    async with shared.database.writing() as db:
        await publish_definition(db, call, blind, READING)
    for number in await read_by(shared, "first"):
        await score(shared, "first", number)
    seen = await everything_for(shared.browsers["first"], "/panel")
    expected = {"/panel", HERE, f"{HERE}/pack.pdf", f"{HERE}/scores", f"{HERE}/scores.xlsx", f"{HERE}/calibration"}
    meeting = {f"{HERE}/minutes", f"{HERE}/meeting", f"{HERE}/meeting/rest"}
    for number in (1, 2, 3):
        expected |= {f"{HERE}/{number}", f"{HERE}/meeting/submissions/{number}/decision"}
    assert set(seen) == expected | meeting
    async with shared.database.reading() as db:
        mails = (await db.exec(select(QueuedMail).where(QueuedMail.person_id == shared.people["first"].id))).all()
    assert len(mails) == 1
    assert leaks(seen | {"mail": str([each.facts for each in mails])}, shared.names) == set()
    assert all("our readers are far away" in " ".join(seen[f"{HERE}/{page}"].split()) for page in ("1", "pack.pdf"))
    assert all(str(each.id) not in text and str(each.counted_id) not in text for each in shared.submissions for text in seen.values())


async def test_a_blind_panel_reads_what_the_answers_say_about_who_may_apply(shared: Panel) -> None:
    words = " ".join((await shared.browsers["first"].get(f"{HERE}/1")).text.partition("Who may apply, as the answers say")[2].split())
    facts = re.findall(r"<span>([^<]+)</span></li>", words.partition("</ul>")[0])
    assert facts == ["Works outside the UK: yes, Kenya", "Three years: yes, 2015–2021, 5 full years"]


async def test_whoever_has_a_conflict_can_fetch_the_item_by_no_address(shared: Panel) -> None:
    first = shared.browsers["first"]
    assert (await first.get(f"{HERE}/1")).status_code == 200
    declared = await first.post(f"{HERE}/1/conflict", data={"words": "We work together."})
    assert declared.headers["location"] == HERE
    pages = {path: (await first.get(path)).status_code for path in (f"{HERE}/1", f"{HERE}/9")}
    assert pages == {f"{HERE}/1": 404, f"{HERE}/9": 404}
    acts = {
        path: (await first.post(f"{HERE}/1{path}", data=WHOLE | {"words": "Again."})).status_code for path in ("", "/draft", "/conflict")
    }
    assert acts == {"": 404, "/draft": 404, "/conflict": 404}
    seen = await everything_for(first, "/panel")
    assert f"{HERE}/1" not in seen
    assert [path for path, text in seen.items() if "WEEK-2021-0001" in text] == [HERE]  # where they read their own words
    async with shared.database.reading() as db:
        live = [each.person_id for each in await assignments_of(db, shared.made.call.id) if each.submission_id == shared.submissions[0].id]
    assert shared.people["first"].id not in live


async def test_every_address_of_a_panel_is_closed_to_strangers_and_every_one_of_an_item_to_whoever_has_a_conflict(shared: Panel) -> None:
    async with shared.database.writing() as db:
        person = shared.people["first"].id
        await declare_conflict(db, shared.made.call, shared.submissions[0], person, ConflictKind.declared, "So", READING, by=person)
    ways = [route for route in calls_routes() if isinstance(route, Route) and route.path.startswith("/panel/{call}")]
    found: dict[str, set[int]] = defaultdict(set)
    for route in ways:
        path = re.sub(r"\{number[^}]*\}", "1", route.path.replace("{call}", "week-2021"))
        path = re.sub(r"\{\w+:uuid\}", str(shared.submissions[0].id), path)
        path = re.sub(r"\{\w+\}", "cv", path)
        for method in (route.methods or set()) - {"HEAD"}:
            for who in ("nobody", "delegate", "Grace Wanjiru", *(("first",) if "{number" in route.path else ())):
                answer = await shared.browsers[who].request(method, path, data=WHOLE if method == "POST" else None)
                found[f"{method} {who}"].add(answer.status_code)
    strangers = {f"{method} {who}": {404} for method in ("GET", "POST") for who in ("delegate", "Grace Wanjiru", "first")}
    assert len(ways) >= 8
    assert dict(found) == strangers | {"GET nobody": {303}, "POST nobody": {401}}


async def test_who_applies_or_is_not_on_the_panel_or_comes_too_early_finds_nothing(shared: Panel) -> None:
    for who, status in {"nobody": 303, "delegate": 404, "Grace Wanjiru": 404, "organiser": 404}.items():
        paths = (HERE, f"{HERE}/1", f"{HERE}/pack.pdf", f"{HERE}/scores.xlsx", f"{HERE}/scores", f"{HERE}/calibration")
        assert {(await shared.browsers[who].get(path)).status_code for path in paths} == {status}
    async with shared.database.writing() as db:  # an applicant who sits on the panel has no part in their own
        db.add(PanelMember(call_id=shared.made.call.id, person_id=shared.people["Grace Wanjiru"].id, joined_at=READING))
    grace = shared.browsers["Grace Wanjiru"]
    assert [(await grace.get(f"{HERE}/{number}")).status_code for number in (1, 2)] == [404, 200]
    async with shared.database.writing() as db:
        call = await db.get(type(shared.made.call), shared.made.call.id)
        assert call
        call.deadline_at = READING.replace(year=2022)
    assert (await shared.browsers["first"].get(f"{HERE}/2")).status_code == 404
    assert "Reading has not begun" in (await shared.browsers["first"].get(HERE)).text


async def test_a_review_is_saved_as_it_is_typed_and_an_older_page_overwrites_nothing(shared: Panel) -> None:
    number = (await read_by(shared, "second"))[0]
    second, path = shared.browsers["second"], f"{HERE}/{number}"
    saved = await second.post(f"{path}/draft", data={"score-use": "2", "comment": "Half", "stamp": "0"})
    assert (saved.status_code, saved.json()["stamp"]) == (200, 1)
    old = await second.post(f"{path}/draft", data={"score-use": "4", "stamp": "0"})
    assert (old.status_code, old.json()) == (
        409,
        {"said": "You saved this review elsewhere since this page was opened. What you typed is still here."},
    )
    page = await second.post(path, data={"act": "save", "comment": "Typed in the old page", "stamp": "0"})
    assert page.status_code == 409
    assert "Typed in the old page" in page.text
    assert 'name="stamp" value="1"' in page.text
    missing = await second.post(path, data={"act": "send", "score-use": "2", "comment": "Half", "stamp": "1"})
    assert (missing.status_code, "Give a score for “Experience”." in missing.text) == (422, True)
    off = await second.post(f"{path}/draft", data={"score-use": "5", "stamp": "1"})
    assert off.json() == {"said": "“Use at home” takes a whole number from 0 to 4."}
    async with shared.database.reading() as db:
        review = (await db.exec(select(Review))).one()
    assert (review.comment, review.stamp, review.submitted_at) == ("Half", 1, None)


async def test_others_scores_are_hidden_until_ones_own_are_in_and_then_it_stays(shared: Panel) -> None:
    async with shared.database.reading() as db:
        readers = {each.number: [] for each in shared.submissions}  # type: ignore[var-annotated]
        for one in await assignments_of(db, shared.made.call.id):
            number = next(each.number for each in shared.submissions if each.id == one.submission_id)
            readers[number].append(next(name for name in ("first", "second", "third") if shared.people[name].id == one.person_id))
    number, (early, late) = next(iter(readers.items()))
    await score(shared, early, number, comment="A word of the first")
    outsider = ({"first", "second", "third"} - {early, late}).pop()
    for who in (late, outsider):
        assert "A word of the first" not in (await shared.browsers[who].get(f"{HERE}/{number}")).text
    assert (await shared.browsers[late].get(f"{HERE}/calibration")).status_code == 409
    await score(shared, late, number)
    assert "A word of the first" in (await shared.browsers[late].get(f"{HERE}/{number}")).text
    assert (await shared.browsers[outsider].post(f"{HERE}/{number}", data=WHOLE)).status_code == 409
    assert (await score(shared, late, number, comment="Changed")).status_code == 409
    async with shared.database.reading() as db:
        review = next(each for each in await reviews_of(db, shared.made.call.id) if each.person_id == shared.people[late].id)
        seen = {(each.person_id, each.what) for each in await db.exec(select(Viewing)) if each.submission_id == review.submission_id}
    assert {what for person, what in seen if person == shared.people[late].id} == {SeenWhat.submission, SeenWhat.reviews}
    assert {what for person, what in seen if person == shared.people[outsider].id} == {SeenWhat.submission}
    await shared.browsers["organiser"].post(f"{MANAGE}/reviews/{review.id}/return")
    assert (await score(shared, late, number, comment="Changed")).status_code == 303


async def test_organisers_are_told_of_likely_conflicts_and_members_are_not(panel: Panel) -> None:
    organiser = panel.browsers["organiser"]
    page = (await organiser.get(f"{MANAGE}/conflicts")).text
    assert ("Member Cedar" in page, "The same institution" in page) == (True, True)
    third = str(panel.people["third"].id)
    await organiser.post(f"{MANAGE}/conflicts", data={"number": "1", "member": third, "kind": "same_institution", "decision": "apart"})
    assert "Nothing waits" in (await organiser.get(f"{MANAGE}/conflicts")).text
    await organiser.post(f"{MANAGE}/split")
    async with panel.database.reading() as db:
        given = {(each.submission_id, each.person_id) for each in await assignments_of(db, panel.made.call.id)}
    assert len(given) == 6
    assert (panel.submissions[0].id, panel.people["third"].id) not in given
    by_hand = await organiser.post(f"{MANAGE}/readings", data={"number": "1", "member": third})
    assert (by_hand.status_code, "has a conflict with this submission" in by_hand.text) == (422, True)
    theirs = (await panel.browsers["third"].get(HERE)).text
    assert ("0001" in theirs, "same institution" in theirs.lower(), "One submission is kept from you" in theirs) == (False, False, True)
    async with panel.database.reading() as db:
        declared = (await db.exec(select(ConflictDeclaration))).one()
    await organiser.post(f"{MANAGE}/conflicts/{declared.id}/ending")
    assert (await panel.browsers["third"].get(f"{HERE}/1")).status_code == 200


async def test_what_is_no_conflict_is_noted_and_not_offered_again(panel: Panel) -> None:
    organiser, third = panel.browsers["organiser"], str(panel.people["third"].id)
    typed = {"number": "1", "member": third, "kind": "same_institution", "decision": "none"}
    await organiser.post(f"{MANAGE}/conflicts", data=typed)
    page = (await organiser.get(f"{MANAGE}/conflicts")).text
    assert ("Nothing waits" in page, "No conflict, it was decided" in page) == (True, True)
    assert (await panel.browsers["third"].get(f"{HERE}/1")).status_code == 200


async def test_a_review_of_somebody_with_a_conflict_counts_for_nothing(shared: Panel) -> None:
    number = (await read_by(shared, "first"))[0]
    await score(shared, "first", number)
    found = next(each for each in shared.submissions if each.number == number)
    async with shared.database.writing() as db:
        assert len(await counting_reviews(db, shared.made.call.id)) == 1
        person = shared.people["first"].id
        await declare_conflict(db, shared.made.call, found, person, ConflictKind.declared, "Late", READING, by=person)
        assert await counting_reviews(db, shared.made.call.id) == []


async def test_members_come_and_go_and_are_reminded_once_a_day(shared: Panel) -> None:
    organiser = shared.browsers["organiser"]
    again = await organiser.post(MANAGE, data={"name": "Member Ash", "email": "first@panel.example"})
    assert (again.status_code, "Member Ash is on the panel already." in again.text) == (422, True)
    joined = await organiser.post(MANAGE, data={"name": "Member Dogwood", "email": "fourth@panel.example", "independent": "yes"})
    assert joined.status_code == 303
    for _ in range(2):
        await organiser.post(f"{MANAGE}/reminder")
    async with shared.database.reading() as db:
        mails = (await db.exec(select(QueuedMail).where(QueuedMail.template == "panel_reminded"))).all()
        first = (await db.exec(select(PanelMember).where(PanelMember.person_id == shared.people["first"].id))).one()
    assert sorted(each.to_address for each in mails) == [f"{who}@panel.example" for who in ("first", "second", "third")]
    await organiser.post(f"{MANAGE}/members/{first.id}/ending")
    assert (await shared.browsers["first"].get(HERE)).status_code == 404
    await organiser.post(f"{MANAGE}/split")
    async with shared.database.reading() as db:
        live = await assignments_of(db, shared.made.call.id)
        all_ = (await db.exec(select(Assignment))).all()
    assert (len(live), len(all_)) == (6, 8)
    assert shared.people["first"].id not in {each.person_id for each in live}


async def test_whoever_owes_reviews_is_reminded_by_itself_three_days_ahead_and_once(shared: Panel) -> None:
    for number in await read_by(shared, "first"):
        await score(shared, "first", number)
    due, counts = DEADLINE + timedelta(days=21), []
    for now in (due - timedelta(days=4), due - timedelta(days=3), due - timedelta(days=1), due):
        async with shared.database.writing() as db:
            counts.append(await remind_due(db, now, READING))
    assert counts == [0, 2, 0, 0]


async def test_scores_come_back_from_the_sheet_or_nothing_does_with_a_sentence_for_each_row(shared: Panel) -> None:
    second = shared.browsers["second"]
    mine = [f"WEEK-2021-{number:04}" for number in await read_by(shared, "second")]
    rows = await _sheet(second)
    assert rows[0] == [
        "Submission", "Leave as it is", "Experience (0 to 4)", "Experience: comment", "Use at home (0 to 4)", "Use at home: comment",
        "Comment for the panel", "Feedback for the applicant",
    ]  # fmt: skip
    assert [row[0] for row in rows[1:]] == mine
    rows[1][2:] = [3, "Long", 4, "", "=1+1", "Thanks"]
    rows[2][2:4] = [9, ""]
    wrong = await _bring(second, rows)
    assert (wrong.status_code, "Row 3: “Experience” takes a whole number from 0 to 4, or nothing." in wrong.text) == (422, True)
    async with shared.database.reading() as db:
        assert await reviews_of(db, shared.made.call.id) == []
    rows[2][2] = None
    stranger = [*rows, ["WEEK-2021-0009", "0", 1, "", 1, "", "", ""]]
    assert "WEEK-2021-0009 is not among what you review." in (await _bring(second, stranger)).text
    assert (await _bring(second, rows)).headers["location"] == HERE
    fresh = await _sheet(second)
    assert fresh[1] == [mine[0], "1", "3", "Long", "4", None, "=1+1", "Thanks"]
    old = await _bring(second, [rows[0], [*rows[1][:6], "Another word", ""]])
    assert "you changed it here after you took the sheet" in old.text
    assert (await _bring(second, [["Wrong"]])).status_code == 422
    assert "can’t be opened as an Excel workbook" in (await _upload(second, b"no workbook")).text


async def test_whom_a_submission_names_has_no_part_in_it_and_a_reference_is_read_without_names(shared: Panel) -> None:
    named = {"organisation": "", "asked_at": DEADLINE, "confirmed_at": DEADLINE, "submission_id": shared.submissions[0].id}
    kind = {"name": "Member Birch", "email": "second@panel.example", "email_key": "second@panel.example"}
    told = {"name": "Referee Okoth", "email": "okoth@ref.example", "email_key": "okoth@ref.example", "words": "Grace, says Okoth, leads."}
    async with shared.database.writing() as db:
        db.add(Partner.model_validate({"role": PartnerRole.partner, **named, **kind}))
        db.add(Partner.model_validate({"role": PartnerRole.referee, **named, **told}))
    statuses = [(await shared.browsers[who].get(f"{HERE}/1")).status_code for who in ("first", "second")]
    assert statuses == [200, 404]
    page = (await shared.browsers["first"].get(f"{HERE}/1")).text
    assert ("[hidden], says [hidden], leads." in page, "Okoth" in page) == (True, False)


async def test_a_version_that_was_sent_again_is_said_to_whoever_had_begun(shared: Panel) -> None:
    number = (await read_by(shared, "first"))[0]
    await shared.browsers["first"].post(f"{HERE}/{number}/draft", data={"score-use": "2", "stamp": "0"})
    found = next(each for each in shared.submissions if each.number == number)
    async with shared.database.writing() as db:
        submission = await db.get(type(found), found.id)
        assert submission
        await save_draft(db, submission, submission.draft | {"issue": "Better."}, DEADLINE)
        await submit(db, shared.made.call, submission, DEADLINE.replace(hour=11))
    assert "Sent again since you began" in (await shared.browsers["first"].get(f"{HERE}/{number}")).text


async def test_only_those_who_run_the_call_see_how_its_panel_works(shared: Panel) -> None:
    pages = ("", "/readings", "/conflicts", "/calibration")
    for who, status in {"nobody": 303, "delegate": 403, "first": 403, "organiser": 200}.items():
        assert {(await shared.browsers[who].get(MANAGE + path)).status_code for path in pages} == {status}


async def _sheet(browser: AsyncClient) -> list[list[object]]:
    book = load_workbook(io.BytesIO((await browser.get(f"{HERE}/scores.xlsx")).content))
    return [list(row) for row in book.active.iter_rows(values_only=True)]


async def _bring(browser: AsyncClient, rows: list[list[object]]) -> Response:
    book, made = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(made)
    return await _upload(browser, made.getvalue())


async def _upload(browser: AsyncClient, data: bytes) -> Response:
    return await browser.post(f"{HERE}/scores", files={"file": ("scores.xlsx", data)})
