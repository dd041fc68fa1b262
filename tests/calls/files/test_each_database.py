"""What goes, goes on each kind of database."""

from datetime import timedelta
from pathlib import Path

from sqlmodel import col, select

from conference.calls.decision_tables import Decision, Verdict
from conference.calls.file_tables import FileKind, SubmissionFile
from conference.calls.panel_tables import ConflictDeclaration, ConflictKind, Review, Score
from conference.calls.personal import sweep
from conference.calls.submission_tables import Partner, PartnerRole, Submission, SubmissionState, SubmissionVersion
from conference.calls.tables import Call, CallState
from conference.people.tables import Person
from conference.privacy.erasing import erase
from conference.speaking.shelf import place_of
from conference.storage.database import Database, Db
from tests.calls.cast import DEADLINE, CallWorld, applicant, assessor, build_call, sent_by
from tests.calls.files.cast import ADDRESS, NAME
from tests.world import build_world

LATER = DEADLINE + timedelta(days=30)
DUE = LATER + timedelta(days=365)


async def _turned_down(db: Db, made: CallWorld, data: Path, name: str) -> Submission:
    """With a file, a referee, a review, a conflict and a decision that was told."""
    submission = await sent_by(db, made.call, await applicant(db, name), lead={"name": NAME, "organisation": "", "email": ADDRESS})
    judge = await assessor(db, made.call, f"Assessor of {name}")
    file = SubmissionFile(
        submission_id=submission.id, question="cv", kind=FileKind.pdf, name="cv.pdf", size=1, digest="0" * 64, by_id=judge.id, made_at=LATER
    )
    place_of(data, file.id).parent.mkdir(parents=True, exist_ok=True)
    place_of(data, file.id).write_bytes(b"x")
    db.add(file)
    db.add(Partner(submission_id=submission.id, role=PartnerRole.referee, name=NAME, email=ADDRESS, email_key=ADDRESS))
    assert submission.counted_id
    review = Review(submission_id=submission.id, person_id=judge.id, version_id=submission.counted_id, comment="x", saved_at=LATER)
    db.add(review)
    await db.flush()
    db.add(Score(review_id=review.id, criterion="use", value=1))
    told = Decision(
        call_id=made.call.id, submission_id=submission.id, verdict=Verdict.rejected, reason="x", by_id=judge.id, decided_at=LATER
    )
    told.announced_at = LATER
    kind, who = ConflictKind.declared, made.organiser.id
    db.add_all([told, ConflictDeclaration(submission_id=submission.id, person_id=who, kind=kind, declared_at=LATER)])
    submission.state = SubmissionState.rejected
    return submission


async def test_an_erasure_and_the_end_of_a_calls_days(database: Database, tmp_path: Path) -> None:
    async with database.writing() as db:
        made = await build_call(db, await build_world(db))
        first = await _turned_down(db, made, tmp_path, "Librarian in Oslo")
        second = await _turned_down(db, made, tmp_path, "Librarian in Rome")
        undecided = await sent_by(db, made.call, await applicant(db, "Librarian in Riga"))
    async with database.writing() as db:
        erasing = [await erase(db, person, LATER, LATER, keep_words=True) for person in (first.person_id, undecided.person_id)]
    assert [len(each.uploads) for each in erasing] == [1, 0]
    async with database.reading() as db:
        states = {row.id: (row.state, row.draft) for row in await db.exec(select(Submission)) if row.id != second.id}
        emptied = select(SubmissionVersion.answers).where(col(SubmissionVersion.submission_id) == first.id)
        assert list(await db.exec(emptied)) == [{}]
    assert states == {first.id: (SubmissionState.rejected, {}), undecided.id: (SubmissionState.withdrawn, {})}
    async with database.writing() as db:
        call = await db.get_one(Call, made.call.id)
        call.state, call.decided_at = CallState.decided, LATER
    assert await sweep(database, tmp_path, DUE) == 3
    async with database.reading() as db:
        for table in (Submission, SubmissionVersion, SubmissionFile, Partner, Review, Score, Decision, ConflictDeclaration):
            assert (await db.exec(select(table))).all() == [], table
        assert (await db.get_one(Person, second.person_id)).name == "Librarian in Rome"
    left = [path.name for path in (tmp_path / "uploads").rglob("*") if path.is_file()]
    assert left == [erasing[0].uploads[0].hex]  # which goes after the erasure's commit (`clean_up`)
