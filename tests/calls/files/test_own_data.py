"""What calls keep of somebody: taken away by them, with their files; and gone when they are erased."""

import json
from io import BytesIO
from zipfile import ZipFile

from sqlmodel import col, select

from conference.calls.decision_tables import Decision
from conference.calls.panel_tables import Assignment, PanelMember, Review, Score
from conference.calls.submission_tables import Partner, PartnerRole, Submission, SubmissionState, SubmissionVersion
from conference.calls.submitting import save_draft, submit
from conference.calls.tables import Call
from conference.privacy.erasing import clean_up, erase
from conference.storage.personal import TAKEN_OUT
from tests.calls.cast import BEFORE_DEADLINE, DEADLINE
from tests.calls.files.cast import ADDRESS, MARK, NAME, House, pdf
from tests.calls.files.test_files import send_all
from tests.calls.files.test_record import LATER, judge
from tests.privacy.cast import in_files, in_tables

PDF = pdf("About me.")


async def export(house: House) -> tuple[dict[str, list[dict[str, object]]], dict[str, bytes]]:
    """All that the applicant takes away: tables, and files."""
    answer = await house.browsers["applicant"].post("/me/data/export")
    assert answer.status_code == 200
    with ZipFile(BytesIO(answer.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if name.startswith("files/")}
        return json.loads(archive.read("my-data.json")), files


async def test_who_applied_takes_away_all_but_what_they_were_not_told(house: House) -> None:
    await judge(house)
    before, files = await export(house)
    assert before["decision"] == []
    assert [row["state"] for row in before["submission"]] == ["submitted"]
    assert [list(row["answers"])[:2] for row in before["submission_version"]] == [["name", "institution"]]  # type: ignore[call-overload]
    assert ("review" in str(before["review"]), before["viewing"]) == (False, [])
    [kept] = house.shelf()
    assert files == {f"files/1-week-2021-{house.mine.number:04}-cv.pdf": kept.read_bytes()}
    async with house.database.writing() as db:
        told = (await db.exec(select(Decision).where(col(Decision.submission_id) == house.mine.id))).one()
        told.announced_at = LATER
        told.superseded_at = LATER
    after, _ = await export(house)
    [row] = after["decision"]
    assert (row["verdict"], row["reason"], "superseded_at" in row) == ("rejected", "As minuted.", False)


async def test_who_is_erased_has_no_submission_any_more_and_the_count_stays(house: House) -> None:
    await judge(house)
    await _name_them_elsewhere(house)
    async with house.database.writing() as db:
        said = select(Review).where(col(Review.submission_id) == house.mine.id)
        (await db.exec(said)).one().comment = f"{NAME} writes well."
    assert {each.partition(".")[0] for each in await in_tables(house.database)} >= {"submission", "submission_version", "review"}
    async with house.database.writing() as db:
        erasing = await erase(db, house.people["applicant"].id, DEADLINE, LATER, keep_words=True)
    await clean_up(house.database, house.settings.data, house.settings.mail_folder, [erasing])
    assert await in_tables(house.database) == set()
    assert in_files(house.settings.data) == set()
    assert house.shelf() == []
    async with house.database.reading() as db:
        left = await db.get_one(Submission, house.mine.id)
        assert (left.state, left.draft, left.withdrawn_at) == (SubmissionState.withdrawn, {}, DEADLINE)
        assert [score.value for score in await db.exec(select(Score))] == [3]
        other = (await db.exec(select(Submission).where(col(Submission.id) != house.mine.id))).one()
        counted = (await db.exec(select(SubmissionVersion).where(col(SubmissionVersion.id) == other.counted_id))).one()
        assert counted.answers["lead"] == {"name": TAKEN_OUT, "organisation": "A library", "email": TAKEN_OUT}
        assert counted.answers["country"] == "KE"


async def _name_them_elsewhere(house: House) -> None:
    """Somebody else names them as a referee."""
    async with house.database.writing() as db:
        call = await db.get_one(Call, house.made.call.id)
        theirs = (await db.exec(select(Submission).where(Submission.person_id == house.people["other"].id))).one()
        named = {"name": NAME, "organisation": "A library", "email": ADDRESS}
        await save_draft(db, theirs, {**theirs.draft, "lead": named}, BEFORE_DEADLINE)
        await submit(db, call, theirs, BEFORE_DEADLINE)
        db.add(Partner(submission_id=theirs.id, role=PartnerRole.referee, name=NAME, email=ADDRESS, email_key=ADDRESS, words=MARK))


async def test_who_sat_on_a_panel_and_is_erased_reads_nothing_more_and_their_scores_stay(house: House) -> None:
    await judge(house)
    async with house.database.writing() as db:
        await erase(db, house.people["assessor"].id, LATER, LATER, keep_words=True)
    async with house.database.reading() as db:
        mine = col(PanelMember.person_id) == house.people["assessor"].id
        assert (await db.exec(select(PanelMember.ended_at).where(mine))).one() == LATER
        assert (await db.exec(select(Assignment.ended_at))).one() == LATER
        assert [score.value for score in await db.exec(select(Score))] == [3]


async def test_a_file_that_was_in_no_version_goes_too(house: House) -> None:
    await house.send(PDF)
    await send_all(house)
    await house.send(pdf("Another."))
    assert len(house.shelf()) == 2
    async with house.database.writing() as db:
        erasing = await erase(db, house.people["applicant"].id, DEADLINE, LATER, keep_words=True)
    await clean_up(house.database, house.settings.data, house.settings.mail_folder, [erasing])
    assert (house.shelf(), await house.files()) == ([], [])
