"""Our traveller applies, twice over, with a partner, a referee and a file; is accepted; and waits to hear of another call."""

from datetime import date, timedelta

from sqlmodel import select

from conference.calls.decision_tables import Verdict
from conference.calls.definition import Definition
from conference.calls.opening import add_call
from conference.calls.rules import CallPlan
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call, CallKind, CallState
from tests.calls.applying.cast import ASKED, WHOLE
from tests.calls.cast import DEFINITION, CallWorld
from tests.calls.files.cast import pdf
from tests.calls.offered import tell
from tests.privacy.cast import NAME, Traveller
from tests.world import BEFORE

CALL, LATER_CALL = "/calls/wander", "/calls/wander-again"
OWN, OFFER = f"{CALL}/submission/1", f"{CALL}/offers/1"
THEIRS = {"a-partners-1-name": "Partner in Bergen", "a-partners-1-email": "bergen@partners.example"}
THEIRS |= {"a-partners-1-organisation": "Friends of Xyzzyq", "a-referee-1-organisation": "Once with Xyzzyq"}
THEIRS |= {"a-referee-1-name": "Referee in Graz", "a-referee-1-email": "graz@referees.example"}
ABOUT = pdf("Xyzzyq reads.", author=NAME)
PASSPORT = {"needed": "yes", "full_name": NAME, "number": "XYZZYQ1", "nationality": "MN", "born": "1990-01-01", "expires": "2031-01-01"}


async def apply(me: Traveller) -> None:
    """After `come`."""
    await _open_calls(me)
    assert (await me.post(f"{CALL}/submission")).status_code == 303
    personal = {**WHOLE["personal"], "a-name": NAME, "a-institution": "Xyzzyq Library", "a-country": "MN"}
    assert (await me.post(f"{OWN}/parts/personal", **personal)).status_code == 303
    said = {"a-issue": "Xyzzyq's readers are far away.", "stamp": "9", "then": "stay"}
    answer = await me.browser.post(f"{OWN}/parts/interests", data=said, files={"a-cv": (f"{NAME}.pdf", ABOUT, "text/html")})
    assert answer.status_code == 303, answer.text
    assert (await me.post(f"{OWN}/parts/more", **THEIRS, stamp="9")).status_code == 303
    for issue in ("Xyzzyq's readers are far away.", "Xyzzyq has more readers now."):
        assert (await me.post(f"{OWN}/parts/interests", **{"a-issue": issue, "stamp": "9"})).status_code == 303
        assert (await me.post(f"{OWN}/sending", **{"terms-1": "yes"})).status_code == 303
    await _offer(me)
    assert (await me.post(f"{OFFER}/acceptance", terms="yes")).status_code == 303
    assert (await me.post(f"{OFFER}/invitation", **PASSPORT)).status_code == 303
    assert (await me.post(f"{LATER_CALL}/interest")).status_code == 303


async def _open_calls(me: Traveller) -> None:
    event, opens, ends = me.house.world.event, BEFORE - timedelta(days=30), BEFORE + timedelta(days=1)
    asked = Definition.model_validate(DEFINITION | ASKED)
    async with me.house.database.writing() as db:
        for slug, opens_at in (("wander", opens), ("wander-again", ends)):
            plan = CallPlan(
                slug=slug,
                kind=CallKind.place,
                title="A year of wandering",
                zone="Europe/London",
                event_id=event.id,
                opens_at=opens_at,
                deadline_at=ends + timedelta(days=1),
                results_by=date(2021, 7, 26),
                places=2,
            )
            await add_call(db, plan, asked, opens, state=CallState.open)


async def _offer(me: Traveller) -> None:
    async with me.house.database.writing() as db:
        call = (await db.exec(select(Call).where(Call.slug == "wander"))).one()
        submission = (await db.exec(select(Submission).where(Submission.call_id == call.id))).one()
        made = CallWorld(me.house.world, call, me.house.people["organiser"])
        await tell(db, made, submission, Verdict.accepted, at=BEFORE)
