"""A call, and what is sent to it."""

from datetime import timedelta

from conference.calls.queries import counted_version
from conference.calls.submission_tables import SubmissionState
from conference.calls.submitting import save_draft, submit, versions_of
from conference.storage.database import Database
from tests.calls.cast import DEADLINE, applicant, build_call, sent_by
from tests.world import build_world


async def test_the_last_version_before_the_deadline_counts_and_the_instant_itself_is_late(sqlite: Database) -> None:
    async with sqlite.writing() as db:
        made = await build_call(db, await build_world(db))
        submission = await sent_by(db, made.call, await applicant(db, "Librarian in Nairobi"))
        await save_draft(db, submission, submission.draft | {"issue": "Just in time."}, DEADLINE)
        in_time = await submit(db, made.call, submission, DEADLINE - timedelta(microseconds=1))
        late = await submit(db, made.call, submission, DEADLINE)
        counted = await counted_version(db, submission)
    assert [version.number for version in await _versions(sqlite, submission)] == [1, 2, 3]
    assert (in_time.late, late.late) == (False, True)
    assert counted
    assert counted.number == 2
    assert submission.state == SubmissionState.submitted


async def _versions(sqlite: Database, submission):  # type: ignore[no-untyped-def]
    async with sqlite.reading() as db:
        return await versions_of(db, submission)
