"""One's own page says what one applied for, puts an offer that waits before all else, and says what a panel still has to read."""

from datetime import timedelta

import pytest

from conference.calls.decision_tables import Verdict
from conference.calls.panel_tables import Assignment
from conference.calls.submitting import start_submission
from tests.calls.applying.cast import House
from tests.calls.applying.conftest import house
from tests.calls.cast import BEFORE_DEADLINE, DEADLINE, assessor, sent_by
from tests.calls.offered import TOLD, tell
from tests.world import cookie_of

__all__ = ["house"]


@pytest.mark.parametrize("verdict", [Verdict.accepted, Verdict.reserve])
async def test_from_a_draft_to_an_answer(house: House, verdict: Verdict) -> None:
    async with house.database.writing() as db:
        await start_submission(db, house.made.call, house.people["applicant"], BEFORE_DEADLINE)
    line = "What I applied for A week of learning, WEEK-2021-0001"
    assert f"{line} Not sent yet . Send it before 12:00 on Thursday 4 February 2021 (GMT, UTC+0)." in (await house.look("/me")).words
    await house.write_whole()
    await house.send()
    assert f"{line} Sent . You hear by Friday 26 March 2021." in (await house.look("/me")).words
    async with house.database.writing() as db:
        await tell(db, house.made, await db.merge(await house.submission()), verdict, 1 if verdict == Verdict.reserve else None)
    house.at(TOLD + timedelta(days=1))
    page = await house.look("/me")
    if verdict == Verdict.reserve:
        assert f"{line} On the reserve list . We write to you if a place becomes free." in page.words
        return
    assert "An offer waits for your answer: A week of learning Answer by the end of Friday 9 April 2021 in London." in page.words
    assert page.text.index("/calls/week-2021/offers/1") < page.text.index("What I applied for")
    await house.press("/calls/week-2021/offers/1/acceptance", terms="yes")
    page = await house.look("/me")
    assert ("An offer waits" in page.words, f"{line} Accepted, and confirmed by you . See what is still to do." in page.words) == (
        False,
        True,
    )


async def test_a_member_of_a_panel_sees_what_is_left_to_read(house: House) -> None:
    async with house.database.writing() as db:
        reader = await assessor(db, house.made.call, "Assessor in Leeds")
        for who in ("applicant", "other"):
            sent = await sent_by(db, house.made.call, house.people[who])
            db.add(Assignment(submission_id=sent.id, person_id=reader.id, made_at=BEFORE_DEADLINE))
        cookie = await cookie_of(db, reader)
    house.browsers["nobody"].cookies.update(cookie)
    assert (
        "A week of learning Reading begins at 12:00 on Thursday 4 February 2021 (GMT, UTC+0)." in (await house.look("/me", "nobody")).words
    )
    house.at(DEADLINE)
    page = await house.look("/me", "nobody")
    assert "What I read for a panel A week of learning 2 of 2 still to read, by" in page.words
    assert 'href="/panel/week-2021"' in page.text
