"""An organiser who applies, too: who reads it, what is said of it and what becomes of it is not for them to see, nor to change."""

from sqlmodel import select

from conference.calls.panel_tables import Assignment, ConflictDeclaration, ConflictKind, Review
from conference.people.actions import grant_role
from conference.people.tables import RoleKind
from tests.calls.cast import OPENS
from tests.calls.panel.conftest import READING, Panel
from tests.calls.room import scores
from tests.console.cast import look, send

MANAGED = "/manage/calls/week-2021/panel"
MINE, THEIRS = "WEEK-2021-0001", "WEEK-2021-0002"


async def test_an_organiser_has_no_hand_in_what_they_applied_with_themselves(panel: Panel) -> None:
    async with panel.database.writing() as db:
        mine, theirs = panel.submissions[:2]
        await grant_role(db, panel.applicants[0], panel.made.world.event.id, RoleKind.organiser, OPENS)
        for key, value in (("first", 4), ("second", 1)):
            await scores(db, mine, panel.people[key], value)
            await scores(db, theirs, panel.people[key], value)
        declared = ConflictDeclaration(
            submission_id=mine.id, person_id=panel.people["third"].id, kind=ConflictKind.same_institution, declared_at=READING
        )
        db.add(declared)
        assignment = (await db.exec(select(Assignment).where(Assignment.submission_id == mine.id))).first()
        review = (await db.exec(select(Review).where(Review.submission_id == mine.id))).first()
        assert assignment
        assert review
    organiser, applies = panel.browsers["organiser"], panel.browsers["Grace Wanjiru"]
    for page in ("readings", "conflicts", "calibration"):
        shown = [(await look(browser, f"{MANAGED}/{page}")).text for browser in (organiser, applies)]
        assert [MINE in text for text in shown] == [True, False], page
        assert page == "conflicts" or [THEIRS in text for text in shown] == [True, True]
    to_their_friend = {"number": "1", "member": str(panel.people["third"].id), "decision": "apart", "words": "x"}
    for path, status in (
        ("readings", 422),
        ("conflicts", 422),
        (f"readings/{assignment.id}/ending", 404),
        (f"reviews/{review.id}/return", 404),
        (f"conflicts/{declared.id}/ending", 404),
    ):
        assert (await send(applies, f"{MANAGED}/{path}", to_their_friend)).status == status, path
    assert (await send(organiser, f"{MANAGED}/conflicts/{declared.id}/ending", {})).status == 200
