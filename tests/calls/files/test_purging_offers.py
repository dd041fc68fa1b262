"""A call that was decided, told, offered and answered: what its days leave of it, on each kind of database."""

from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from conference.calls.award_tables import Award
from conference.calls.decision_tables import Decision
from conference.calls.feedback import answer_feedback, ask_feedback
from conference.calls.invitation_letters import answer_letter
from conference.calls.meeting_tables import Minute, MinuteKind, SelectionMeeting
from conference.calls.offer_ends import decline
from conference.calls.offer_tables import FeedbackRequest, InvitationLetter, Offer
from conference.calls.personal import sweep
from conference.calls.submission_tables import Submission, SubmissionState, SubmissionVersion
from conference.calls.tables import Call, CallState
from conference.calls.taking import accept
from conference.papers.tables import IssuedPaper, PaperKind
from conference.privacy.erasing import erase
from conference.storage.database import Database, Db
from tests.calls.offered import REAL, TOLD, build_told, later, offer_for

PASSPORT = {"full_name": "Somebody", "number": "123", "nationality": "KE", "born": "1990-01-01", "expires": "2031-01-01"}
SECRET = "a secret of the house, long enough for anything"


async def test_offers_letters_papers_and_minutes_when_a_calls_days_are_over(database: Database, tmp_path: Path) -> None:
    told = await build_told(database, capacity=None)
    taken, declined, _, _, turned_down = told.submissions
    async with database.writing() as db:
        offers = [await offer_for(db, each) for each in (taken, declined)]
        await accept(db, told.call, offers[0], True, later(1), REAL)
        await answer_letter(db, SECRET, told.call, offers[0], PASSPORT, later(1))
        await decline(db, told.call, offers[1], "My library needs me.", later(1), REAL)
        await ask_feedback(db, told.call, turned_down, later(1))
        await answer_feedback(db, told.call, turned_down.number, "Say more.", later(2), REAL, by=told.made.organiser.id)
        await _met(db, told.call, told.made.organiser.id, [taken, declined, turned_down])
        gone: dict[str, Any] = {"agreed_at": TOLD, "ended_at": later(1), "ended_reason": "They can’t come."}
        db.add_all([Award(submission_id=each.id, person_id=each.person_id, **gone) for each in (taken, declined)])
    async with database.writing() as db:
        call = await db.get_one(Call, told.call.id)
        call.state, call.decided_at = CallState.decided, TOLD
    assert await sweep(database, tmp_path, later(366)) == 3  # declined, the last on the reserve list, turned down
    assert await sweep(database, tmp_path, later(367)) == 0

    async with database.reading() as db:
        left = {row.id: row.state for row in await db.exec(select(Submission))}
        states = SubmissionState
        promoted = next(id_ for id_ in left if id_ not in (taken.id, declined.id))
        assert left == {taken.id: states.confirmed, declined.id: states.cancelled, promoted: states.accepted}
        answers = select(SubmissionVersion.answers).where(col(SubmissionVersion.submission_id) == declined.id)
        assert list(await db.exec(answers)) == [{}]
        assert {row.submission_id: row.word for row in await _all(db, Offer)} == {taken.id: "", declined.id: "", promoted: ""}
        assert {row.submission_id: row.reason for row in await _all(db, Decision)} == {
            taken.id: "As minuted.",
            declined.id: "",
            promoted: f"Moved up from place 1 of the reserve list. WEEK-2021-{declined.number:04} declined.",
        }
        assert {row.submission_id: row.words for row in await _all(db, Minute)} == {
            taken.id: "Noted.",
            declined.id: "",
            None: "",
            promoted: f"Moved up from place 1 of the reserve list. WEEK-2021-{declined.number:04} declined.",
        }
        assert [row.current_id for row in await _all(db, SelectionMeeting)] == [None]
        assert [row.offer_id for row in await _all(db, InvitationLetter)] == [offers[0].id]
        assert {row.submission_id: row.ended_reason for row in await _all(db, Award)} == {
            taken.id: "They can’t come.",
            declined.id: "[taken out]",
        }
        assert await _all(db, FeedbackRequest) == []
        letters = {row.subject_id for row in await _all(db, IssuedPaper) if row.kind is PaperKind.offer_letter}
        assert {offer.id for offer in offers} <= letters  # whoever has the letter can still verify it
    async with database.writing() as db:
        await erase(db, taken.person_id, later(368), REAL, keep_words=False)
    async with database.reading() as db:
        assert {row.ended_reason for row in await _all(db, Award)} == {"[taken out]"}
        assert await _all(db, InvitationLetter) == []


async def _met(db: Db, call: Call, who: UUID, submissions: list[Submission]) -> None:
    """The last of these is on the table still."""
    meeting = SelectionMeeting(call_id=call.id, opened_at=TOLD, opened_by_id=who, current_id=submissions[-1].id, current_at=TOLD)
    db.add(meeting)
    await db.flush()
    for each in submissions:
        line: dict[str, Any] = {"kind": MinuteKind.noted, "submission_id": each.id, "words": "Noted.", "by_id": who, "at": TOLD}
        db.add(Minute(call_id=call.id, meeting_id=meeting.id, **line))


async def _all(db: Db, table: type[Any]) -> list[Any]:
    return list(await db.exec(select(table)))
