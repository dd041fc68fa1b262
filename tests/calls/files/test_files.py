"""A file in an application: sent, kept, replaced, taken back; and given to each who may have it, as what they may have."""

from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from uuid import UUID

from PIL import Image
from pypdfium2 import PdfDocument
from sqlmodel import select

from conference.calls import file_rules
from conference.calls.panel_tables import ConflictDeclaration, ConflictKind, Viewing
from conference.calls.submission_tables import Submission, SubmissionState
from conference.calls.submitting import save_draft, submit
from conference.calls.tables import Call, CallState, CallVersion
from tests.calls.cast import BEFORE_DEADLINE, DEADLINE, DEFINITION, OPENS
from tests.calls.files.cast import DOCX, MARK, NAME, House, opened, pdf
from tests.console.cast import look
from tests.speaking.cast import picture_with_position

PDF = pdf("A page about me.", title=f"CV of {NAME}", author=NAME)
ANOTHER = pdf("Another page about me.")
AFTERWARDS = DEADLINE + timedelta(days=1)
EVERYBODY = ("nobody", "delegate", "moderator", "other", "applicant", "assessor", "conflicted", "organiser")


async def send_all(house: House) -> None:
    """The applicant sends what the draft holds."""
    async with house.database.writing() as db:
        call, mine = await db.get_one(Call, house.made.call.id), await db.get_one(Submission, house.mine.id)
        await submit(db, call, mine, BEFORE_DEADLINE)


async def statuses(house: House, path: str) -> dict[str, int]:
    return {who: (await house.browsers[who].get(path)).status_code for who in EVERYBODY}


def only(status: int, *who: str) -> dict[str, int]:
    return dict.fromkeys(EVERYBODY, 404) | {"nobody": 303} | dict.fromkeys(who, status)


async def test_a_file_is_added_replaced_and_taken_out_again(house: House) -> None:
    page = await house.send(PDF, name="..\\My <b>CV.PDF")
    assert page.said == "“My <b>CV.pdf” is in the draft. It goes to the organisers with the rest when the application is sent."
    [first] = await house.files()
    assert (await house.draft())["cv"] == str(first.id)
    assert [path.read_bytes() for path in house.shelf()] == [PDF]
    assert [path.stat().st_mode & 0o777 for path in house.shelf()] == [0o600]
    assert ("My <b>CV.pdf" in page.words, "<b>CV" in page.text) == (True, False)
    await house.send(ANOTHER)
    [second] = await house.files()
    assert ((await house.draft())["cv"], second.id == first.id) == (str(second.id), False)
    assert [path.read_bytes() for path in house.shelf()] == [ANOTHER]
    answer = await house.browsers["applicant"].post(f"{house.own}/removal")
    assert answer.status_code == 303
    assert ("cv" in await house.draft(), await house.files(), house.shelf()) == (False, [], [])
    assert (await house.draft())["issue"] == "Far away."  # nothing else was touched


async def test_what_was_sent_stays_with_its_version(house: House) -> None:
    await house.send(PDF)
    await send_all(house)
    await house.send(ANOTHER)
    first, second = await house.files()
    assert (await house.draft())["cv"] == str(second.id)
    content = (await house.browsers["organiser"].get(f"/calls/week-2021/files/{first.id}")).content
    assert content == PDF
    house.at(AFTERWARDS)
    read = PdfDocument((await house.browsers["assessor"].get(house.panel)).content)
    assert read[0].get_textpage().get_text_bounded() == "A page about me."
    await house.browsers["applicant"].post(f"{house.own}/removal")
    assert [file.id for file in await house.files()] == [first.id]
    assert len(house.shelf()) == 1


async def test_each_gets_what_is_theirs_and_nobody_else_anything(house: House) -> None:
    await house.send(PDF)
    [file] = await house.files()
    own, original, copy = house.own, f"/calls/week-2021/files/{file.id}", house.panel
    drafts = {path: await statuses(house, path) for path in (own, original, copy)}
    assert drafts == {own: only(200, "applicant"), original: only(200, "applicant"), copy: only(404)}
    await send_all(house)
    house.at(AFTERWARDS)
    sent = {path: await statuses(house, path) for path in (own, original, copy)}
    assert sent == {own: only(200, "applicant"), original: only(200, "applicant", "organiser"), copy: only(200, "assessor", "organiser")}
    presses = {}
    for who in EVERYBODY:
        presses[who] = (await house.browsers[who].post(f"{own}/removal")).status_code
    assert presses == only(303, "applicant") | {"nobody": 401}
    async with house.database.reading() as db:
        seen = {(row.person_id, row.what.value, row.times) for row in await db.exec(select(Viewing))}
    assert seen == {(house.people["assessor"].id, "file", 1), (house.people["organiser"].id, "file", 2)}


async def test_an_organiser_with_a_conflict_gets_it_by_no_address(house: House) -> None:
    await house.send(PDF)
    await send_all(house)
    [file] = await house.files()
    async with house.database.writing() as db:
        who = house.people["organiser"].id
        db.add(ConflictDeclaration(submission_id=house.mine.id, person_id=who, kind=ConflictKind.declared, declared_at=OPENS))
    house.at(AFTERWARDS)
    for path in (f"/calls/week-2021/files/{file.id}", house.panel):
        assert (await house.browsers["organiser"].get(path)).status_code == 404


async def test_a_blind_panel_gets_copies_that_name_nobody(house: House) -> None:
    house.at(AFTERWARDS)
    for content in (PDF, DOCX, picture_with_position()):
        await house.send(content, name=f"CV of {NAME}.pdf")
        await send_all(house)
        answer = await house.browsers["assessor"].get(house.panel)
        parts = opened(answer.content).values() if content is DOCX else [answer.content]
        assert [part for part in parts if MARK.encode() in part.lower()] == []
        assert MARK not in str(answer.headers).lower()
        assert answer.headers["content-disposition"].startswith(f'attachment; filename="WEEK-2021-{house.mine.number:04}-cv.')
        assert (answer.headers["x-content-type-options"], answer.headers["cache-control"]) == ("nosniff", "private, no-store")
        assert "sandbox" in answer.headers["content-security-policy"]


async def test_a_file_that_identifies_is_not_for_a_blind_panel(house: House) -> None:
    await house.send(PDF)
    await send_all(house)
    asked = {**DEFINITION, "parts": [*DEFINITION["parts"][:1], {**DEFINITION["parts"][1]}]}
    asked["parts"][1]["questions"] = [{**each, "identifies": each["kind"] == "file"} for each in DEFINITION["parts"][1]["questions"]]
    async with house.database.writing() as db:
        (await db.exec(select(CallVersion))).one().definition = asked
    house.at(AFTERWARDS)
    assert await statuses(house, house.panel) == only(404)


async def test_an_answer_that_names_somebody_elses_file_leads_nowhere(house: House) -> None:
    await house.send(PDF)
    await send_all(house)
    [file] = await house.files()
    async with house.database.writing() as db:
        call = await db.get_one(Call, house.made.call.id)
        theirs = (await db.exec(select(Submission).where(Submission.person_id == house.people["other"].id))).one()
        await save_draft(db, theirs, {**theirs.draft, "cv": str(file.id)}, BEFORE_DEADLINE)
        await submit(db, call, theirs, BEFORE_DEADLINE)
    house.at(AFTERWARDS)
    copy = house.panel.replace(f"/{house.mine.number}/", f"/{theirs.number}/")
    assert (await house.browsers["assessor"].get(copy)).status_code == 404
    assert (await house.browsers["other"].get(f"/calls/week-2021/files/{file.id}")).status_code == 404
    taken = await house.browsers["other"].post(f"/calls/week-2021/submission/{theirs.number}/files/cv/removal")
    assert (taken.status_code, len(house.shelf()), len(await house.files())) == (303, 1, 1)


async def test_staff_add_a_file_to_what_they_enter_for_somebody(house: House) -> None:
    async with house.database.writing() as db:
        (await db.get_one(Submission, house.mine.id)).entered_by_id = house.people["organiser"].id
    assert (await house.send(PDF, "organiser")).status == 200
    [file] = await house.files()
    assert file.by_id == house.people["organiser"].id
    assert (await house.browsers["applicant"].get(f"/calls/week-2021/files/{file.id}")).content == PDF


async def test_a_picture_is_kept_without_where_it_was_taken(house: House) -> None:
    await house.send(picture_with_position())
    [path] = house.shelf()
    with Image.open(BytesIO(path.read_bytes())) as shown:
        assert (shown.format, shown.size, dict(shown.getexif())) == ("JPEG", (300, 400), {})
    assert b"stay at home" not in path.read_bytes()


async def test_a_bad_file_is_refused_beside_its_field_and_not_kept(house: House) -> None:
    empty = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n"
    for content, words in (
        (b"", "Choose a file."),
        (b"<!doctype html>", "not a kind of file"),
        (b"%PDF-" + b"\0" * file_rules.MAX_FILE, "too big: it may have at most 10 MB"),
        (empty, "can’t be opened"),
        (b"\xff\xd8\xff" + b"\0" * 900, "picture is damaged"),
    ):
        page = await house.send(content)
        assert (page.status, list(page.beside), words in page.beside["file"]) == (422, ["file"], True)
    assert (await house.files(), house.shelf(), "cv" in await house.draft()) == ([], [], False)


async def test_files_stay_as_they_are_once_it_was_decided(house: House) -> None:
    await house.send(PDF)
    await send_all(house)
    async with house.database.writing() as db:
        (await db.get_one(Submission, house.mine.id)).state = SubmissionState.rejected
    page = await house.send(ANOTHER)
    assert (page.status, "can’t be changed any more" in page.words) == (409, True)
    assert (await house.browsers["applicant"].post(f"{house.own}/removal")).status_code == 409
    async with house.database.writing() as db:
        (await db.get_one(Submission, house.mine.id)).state = SubmissionState.submitted
        (await db.get_one(Call, house.made.call.id)).state = CallState.decided
    assert (await house.send(ANOTHER)).status == 409
    assert [path.read_bytes() for path in house.shelf()] == [PDF]


async def test_there_is_an_end_to_what_is_kept(house: House) -> None:
    await house.send(PDF)
    await send_all(house)
    [file] = await house.files()
    async with house.database.writing() as db:
        copies = [file.model_dump() | {"id": UUID(int=number)} for number in range(1, file_rules.MAX_KEPT)]
        db.add_all([type(file)(**copy) for copy in copies])
    assert (await house.send(ANOTHER)).status == 409
    assert len(house.shelf()) == 1


async def test_a_file_of_somebody_who_may_not_send_one_is_not_even_read(house: House) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(1000):
            read += 1
            yield b"x" * 65_536

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    for who, status in (("nobody", 401), ("other", 404), ("assessor", 404), ("organiser", 404)):
        answer = await house.browsers[who].post(house.own, content=endless(), headers=headers)
        assert (answer.status_code, read, house.shelf()) == (status, 0, [])


async def test_only_questions_for_files_have_this_page(house: House) -> None:
    for question in ("issue", "none"):
        assert (await look(house.browsers["applicant"], house.own.replace("/cv", f"/{question}"))).status == 404


async def test_staff_with_a_conflict_cannot_enter_by_the_files_either(house: House) -> None:
    await house.send(PDF)
    [file] = await house.files()
    staff = house.made.organiser.id
    async with house.database.writing() as db:
        (await db.get_one(Submission, house.mine.id)).entered_by_id = staff
    addresses = (house.own, f"/calls/week-2021/files/{file.id}")
    assert [(await house.browsers["organiser"].get(path)).status_code for path in addresses] == [200, 200]
    async with house.database.writing() as db:
        kind = ConflictKind.declared
        db.add(ConflictDeclaration(submission_id=house.mine.id, person_id=staff, kind=kind, words="We are related.", declared_at=OPENS))
    assert [(await house.browsers["organiser"].get(path)).status_code for path in addresses] == [404, 404]
