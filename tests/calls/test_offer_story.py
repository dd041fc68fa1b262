"""From the meeting's decisions to the reserve's place: announced together, one declines, the next has the letter, the minutes say so."""

from sqlmodel import col, select

from conference.calls.announcing import announce
from conference.calls.deciding import Plan, decide
from conference.calls.decision_tables import Verdict
from conference.calls.meeting_tables import Minute
from conference.calls.offer_ends import decline
from conference.mail.tables import QueuedMail
from conference.storage.database import Database
from tests.calls.cast import applicant, build_call, sent_by
from tests.calls.offered import NAMES, REAL, TOLD, mails, offer_for
from tests.world import build_world

VERDICTS = (Verdict.accepted, Verdict.accepted, Verdict.reserve, Verdict.reserve, Verdict.rejected)


async def test_who_declines_after_the_announcement_lets_the_first_reserve_move_up(sqlite: Database) -> None:
    letters = dict.fromkeys(("received", "accepted", "reserve", "rejected"), "Answer by {respond_by}.")
    async with sqlite.writing() as db:
        made = await build_call(db, await build_world(db), letters=letters)
        sent = [await sent_by(db, made.call, await applicant(db, name)) for name in NAMES]
        for submission, verdict in zip(sent, VERDICTS, strict=True):
            await decide(db, made.call, submission, Plan(verdict, "Minuted."), TOLD, by=made.organiser)
        await announce(db, made.call, TOLD, REAL, by=made.organiser)
    async with sqlite.reading() as db:
        told = (
            await db.exec(select(QueuedMail).where(col(QueuedMail.template) == "call_decision").order_by(col(QueuedMail.to_name)))
        ).all()
    assert {mail.to_name: mail.facts["submission_path"] for mail in told} == {
        "Archivist in Quito": "/calls/week-2021/offers/2",
        "Curator in Tartu": "/calls/week-2021/submission/4",
        "Librarian in Apia": "/calls/week-2021/submission/5",
        "Librarian in Hanoi": "/calls/week-2021/submission/3",
        "Librarian in Nairobi": "/calls/week-2021/offers/1",
    }
    assert told[0].facts["letter"] == "Answer by the end of Friday 9 April 2021 in London."
    async with sqlite.writing() as db:
        await decline(db, made.call, await offer_for(db, sent[1]), "", TOLD, REAL)
    assert await mails(sqlite, "offer_promoted") == ["Librarian in Hanoi"]
    async with sqlite.reading() as db:
        minutes = (await db.exec(select(Minute).order_by(col(Minute.id)))).all()
    assert minutes[-1].words == "Moved up from place 1 of the reserve list. WEEK-2021-0002 declined."
