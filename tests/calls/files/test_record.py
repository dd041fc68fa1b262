"""The file of a call: who sent, saw, scored and decided what; taken out by those who run it, and purged when its days are over."""

from datetime import timedelta
from io import BytesIO

from openpyxl import load_workbook
from pypdfium2 import PdfDocument
from sqlmodel import col, select

from conference.calls.decision_tables import Decision, Verdict
from conference.calls.panel_tables import Assignment, ConflictDeclaration, ConflictKind, PanelMember, Review, Score, SeenWhat, Viewing
from conference.calls.personal import sweep
from conference.calls.queries import counted_version
from conference.calls.submission_tables import Partner, PartnerRole, Submission, SubmissionState, SubmissionVersion
from conference.calls.tables import Call, CallState
from conference.record.tables import AuditEntry
from tests.calls.cast import DEADLINE, OPENS
from tests.calls.files.cast import House, pdf
from tests.calls.files.test_files import send_all
from tests.console.cast import page_of, send

RECORD = "/manage/calls/week-2021/record"
LATER = DEADLINE + timedelta(days=30)
FORMULA = '=HYPERLINK("https://evil.example/","Well done")'


async def judge(house: House) -> None:
    """Sent with a file, read, scored by one of the two, and turned down; the other submission is accepted."""
    await house.send(pdf(), name="=1+1.pdf")
    await send_all(house)
    reader, by = house.people["assessor"].id, house.people["organiser"].id
    async with house.database.writing() as db:
        mine = await db.get_one(Submission, house.mine.id)
        version = await counted_version(db, mine)
        assert version
        db.add(
            Partner(submission_id=mine.id, role=PartnerRole.referee, name="Referee in Rome", email="r@x.example", email_key="r@x.example")
        )
        db.add(Assignment(submission_id=mine.id, person_id=reader, made_at=DEADLINE))
        review = Review(
            submission_id=mine.id, person_id=reader, version_id=version.id, comment=FORMULA, saved_at=DEADLINE, submitted_at=LATER
        )
        db.add(review)
        await db.flush()
        db.add(Score(review_id=review.id, criterion="use", value=3, comment="Clear."))
        db.add(Viewing(submission_id=mine.id, person_id=reader, what=SeenWhat.submission, first_at=DEADLINE, last_at=LATER, times=4))
        other = (await db.exec(select(Submission).where(Submission.id != mine.id))).one()
        for submission, verdict in ((mine, Verdict.rejected), (other, Verdict.accepted)):
            decision = Decision(
                call_id=mine.call_id, submission_id=submission.id, verdict=verdict, reason="As minuted.", by_id=by, decided_at=LATER
            )
            db.add(decision)


async def tell(house: House) -> None:
    """The decisions are announced."""
    async with house.database.writing() as db:
        for decision in await db.exec(select(Decision)):
            decision.announced_at = LATER
            (await db.get_one(Submission, decision.submission_id)).state = SubmissionState(decision.verdict.value)
        call = await db.get_one(Call, house.made.call.id)
        call.state, call.decided_at = CallState.decided, LATER


async def tables(house: House) -> dict[str, list[tuple[object, ...]]]:
    answer = await house.browsers["organiser"].post(RECORD, data={"as": "xlsx"})
    assert answer.status_code == 200, page_of(answer).words
    book = load_workbook(BytesIO(answer.content))
    formulas = [cell.coordinate for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
    assert formulas == []
    return {sheet.title: [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=2)] for sheet in book}


async def test_the_workbook_says_who_saw_scored_and_decided_what_and_when(house: House) -> None:
    await judge(house)
    found = await tables(house)
    me, other = f"WEEK-2021-{house.mine.number:04}", f"WEEK-2021-{3 - house.mine.number:04}"
    late, last = "2021-03-06 12:00:00Z", "2021-02-04 12:00:00Z"
    assert found["Seen"] == [(me, "Assessor in Leeds", "submission", last, late, 4)]
    assert found["Scores"] == [(me, "Assessor in Leeds", "Use at home", 3, 2, "Clear.")]
    assert found["Reviews"] == [(me, "Assessor in Leeds", 1, FORMULA, None, last, late)]
    assert found["Assigned"] == [(me, "Assessor in Leeds", "the even split", last, None)]
    assert found["Conflicts"] == [(me, "Assessor in Bath", "declared", "A friend", "2021-01-11 09:00:00Z", None, None, None)]
    assert found["Decisions"] == [
        (name, verdict, None, None, "As minuted.", None, "Organiser of the call", late, None, None)
        for name, verdict in ((me, "rejected"), (other, "accepted"))
    ]
    assert [row[:4] for row in found["Versions"]] == [(name, 1, 1, "2021-02-01 12:00:00Z") for name in (me, other)]
    assert [(row[0], row[2], row[3], row[8]) for row in found["Files"]] == [(me, "=1+1.pdf", "pdf", "1")]
    assert [row[1] for row in found["Submissions"]] == ["Xyzzyq the Traveller", "Librarian in Oslo"]
    assert [row[1:4] for row in found["Acts"]][:2] == [("call made", None, "the call"), ("submitted", None, other)]


async def test_the_document_has_the_same_tables(house: House) -> None:
    await judge(house)
    answer = await house.browsers["organiser"].post(RECORD, data={"as": "pdf"})
    assert answer.headers["content-disposition"] == 'attachment; filename="week-2021-record-2021-02-01.pdf"'
    document = PdfDocument(answer.content)
    words = " ".join("".join(document[page].get_textpage().get_text_bounded() for page in range(len(document))).split())
    for said in ("Record: A week of learning", "Decisions (2)", "As minuted.", "Assessor in Leeds", "=HYPERLINK"):
        assert said in words
    assert document.is_tagged()


async def test_that_it_was_taken_out_is_written_down(house: House) -> None:
    page = await send(house.browsers["organiser"], RECORD, {"as": ""})
    assert (page.status, "Choose a workbook or a document." in page.words) == (422, True)
    await tables(house)
    async with house.database.reading() as db:
        acts = (await db.exec(select(AuditEntry).where(AuditEntry.act == "call record taken out"))).all()
    assert [(act.person_id, act.details) for act in acts] == [(house.people["organiser"].id, {"kind": "xlsx"})]


async def test_only_those_who_run_the_call_take_it_out(house: House) -> None:
    expected = {"nobody": (303, 401), "applicant": (403, 403), "assessor": (403, 403), "moderator": (403, 403), "organiser": (200, 200)}
    found = {}
    for who in expected:
        browser = house.browsers[who]
        found[who] = ((await browser.get(RECORD)).status_code, (await browser.post(RECORD, data={"as": "xlsx"})).status_code)
    assert found == expected


async def test_who_has_a_conflict_reads_nothing_of_that_submission_here_either(house: House) -> None:
    await judge(house)
    async with house.database.writing() as db:
        who = house.people["organiser"].id
        db.add(ConflictDeclaration(submission_id=house.mine.id, person_id=who, kind=ConflictKind.declared, declared_at=OPENS))
    found = await tables(house)
    assert "xyzzyq" not in str(found).lower()
    assert {name: len(rows) for name, rows in found.items() if name in ("Submissions", "Scores", "Seen", "Decisions")} == {
        "Submissions": 1,
        "Scores": 0,
        "Seen": 0,
        "Decisions": 1,
    }
    assert "conflict of interest with 1 of the submissions" in page_of(await house.browsers["organiser"].get(RECORD)).words


async def test_an_organiser_on_a_blind_panel_waits_until_it_is_decided(house: House) -> None:
    await judge(house)
    async with house.database.writing() as db:
        db.add(PanelMember(call_id=house.made.call.id, person_id=house.people["organiser"].id, joined_at=OPENS))
    for method in ("GET", "POST"):
        assert (await house.browsers["organiser"].request(method, RECORD, data={"as": "xlsx"})).status_code == 403
    await tell(house)
    assert len((await tables(house))["Submissions"]) == 2


async def test_what_came_to_nothing_goes_when_its_days_are_over_and_how_many_there_were_stays(house: House) -> None:
    await judge(house)
    await tell(house)
    page = page_of(await house.browsers["organiser"].get(RECORD))
    assert "On Sunday 6 March 2022 , 365 days after the results" in page.words
    assert "1 submission as things stand" in page.words
    data = house.settings.data
    due = LATER + timedelta(days=365)
    assert await sweep(house.database, data, due - timedelta(seconds=1)) == 0
    assert await sweep(house.database, data, due, dry_run=True) == 1
    assert len(house.shelf()) == 1
    assert await sweep(house.database, data, due) == 1
    assert await sweep(house.database, data, due) == 0
    assert house.shelf() == []
    async with house.database.reading() as db:
        for table in (Review, Score, Viewing, Assignment, ConflictDeclaration, Partner):
            assert (await db.exec(select(table))).all() == [], table
        [left] = (await db.exec(select(Submission))).all()
        assert (left.state, left.person_id) == (SubmissionState.accepted, house.people["other"].id)
        assert [version.submission_id for version in await db.exec(select(SubmissionVersion))] == [left.id]
        assert [row.details for row in await db.exec(select(AuditEntry).where(AuditEntry.act == "submissions purged"))] == [
            {"states": {"rejected": 1}}
        ]


async def test_who_declined_an_offer_leaves_a_line_without_words(house: House) -> None:
    await judge(house)
    await tell(house)
    async with house.database.writing() as db:
        (await db.get_one(Submission, house.mine.id)).state = SubmissionState.cancelled
    assert await sweep(house.database, house.settings.data, LATER + timedelta(days=365)) == 1
    assert await sweep(house.database, house.settings.data, LATER + timedelta(days=366)) == 0
    assert (house.shelf(), await house.files(), await house.draft()) == ([], [], {})
    async with house.database.reading() as db:
        whole = select(SubmissionVersion.answers).where(SubmissionVersion.submission_id == house.mine.id)
        assert list(await db.exec(whole)) == [{}]
        assert (await db.exec(select(Decision.reason).where(col(Decision.submission_id) == house.mine.id))).one() == ""


async def test_a_call_that_nobody_ever_decided_is_purged_too_a_year_later(house: House) -> None:
    await judge(house)
    promised = DEADLINE.replace(month=3, day=26, hour=0)
    async with house.database.writing() as db:
        (await db.get_one(Call, house.made.call.id)).state = CallState.closed
    assert await sweep(house.database, house.settings.data, promised + timedelta(days=729)) == 0
    assert await sweep(house.database, house.settings.data, promised + timedelta(days=730)) == 2
