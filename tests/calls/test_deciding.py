"""Deciding, before anybody is told."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from conference.calls.deciding import Plan, decide, move_up_the_list, undo_decision
from conference.calls.decision_tables import Decision, Verdict
from conference.calls.meeting import note_down, open_meeting, take_item
from conference.calls.minutes import minutes_of
from conference.calls.panel_tables import ConflictDeclaration, ConflictKind
from conference.calls.personal import everything_about, forget
from conference.calls.standings import reserve_list, standing_decisions
from conference.calls.submission_tables import Submission, SubmissionState
from conference.errors import Conflict, Invalid, NotFound
from conference.people.tables import Person
from conference.storage.database import Database, Db
from conference.storage.personal import Erasing, Whom
from tests.calls.cast import DEADLINE, CallWorld, applicant, assessor, build_call, sent_by
from tests.world import build_world

AFTER = DEADLINE + timedelta(days=20)
CITIES = ("Nairobi", "Bergen", "Kollam", "Lima", "Suva")


@dataclass(slots=True)
class Decided:
    """A call for two places whose deadline has passed, with five submissions and a chair."""

    made: CallWorld
    chair: Person
    sent: list[Submission]

    async def decide(self, db: Db, index: int, verdict: Verdict, *, by: Person | None = None, reason: str = "As discussed.") -> Decision:
        return await decide(db, self.made.call, self.sent[index], Plan(verdict, reason), AFTER, by=by or self.chair)


async def build_decided(db: Db, **how: object) -> Decided:
    made = await build_call(db, await build_world(db), **how)  # type: ignore[arg-type]
    chair = await assessor(db, made.call, "Chair of the panel", chair=True)
    sent = [await sent_by(db, made.call, await applicant(db, f"Librarian in {city}")) for city in CITIES]
    return Decided(made, chair, sent)


@pytest.fixture
async def db(sqlite: Database) -> AsyncIterator[Db]:
    async with sqlite.writing() as opened:
        yield opened


async def test_a_decision_is_minuted_and_changes_nothing_that_the_applicant_knows(db: Db) -> None:
    cast = await build_decided(db)
    before = cast.sent[0].model_dump()
    await cast.decide(db, 0, Verdict.accepted, reason="  Strong on digital preservation. ")
    await db.refresh(cast.sent[0])
    assert cast.sent[0].model_dump() == before
    [line] = await minutes_of(db, cast.made.call.id)
    assert (line.kind, line.words, line.by_id) == ("decided", "Strong on digital preservation.", cast.chair.id)


async def test_the_applicants_own_data_are_the_same_before_and_after_deciding(db: Db) -> None:
    cast = await build_decided(db)
    whom = Whom(cast.sent[0].person_id)
    before = await everything_about(db, whom)
    await cast.decide(db, 0, Verdict.accepted, reason="Strong.")
    await open_meeting(db, cast.made.call, AFTER, by=cast.chair)
    await take_item(db, cast.made.call, cast.sent[0], AFTER, by=cast.chair)
    await note_down(db, cast.made.call, cast.sent[0], "Strong indeed.", AFTER, by=cast.chair)
    assert await everything_about(db, whom) == before
    await forget(db, whom, Erasing(now=AFTER, real_now=AFTER, keep_words=False))
    assert [line.words for line in await minutes_of(db, cast.made.call.id)] == ["", "", "", ""]


async def test_a_reason_is_asked_for(db: Db) -> None:
    cast = await build_decided(db)
    with pytest.raises(Invalid, match="Say why"):
        await cast.decide(db, 0, Verdict.rejected, reason="  ")


async def test_no_more_are_accepted_than_there_are_places_and_one_taken_back_is_free_again(db: Db) -> None:
    cast = await build_decided(db)
    for index in (0, 1):
        await cast.decide(db, index, Verdict.accepted)
    with pytest.raises(Conflict, match="All 2 places"):
        await cast.decide(db, 2, Verdict.accepted)
    await undo_decision(db, cast.made.call, cast.sent[0], AFTER, by=cast.chair)
    await cast.decide(db, 2, Verdict.accepted)
    standing = await standing_decisions(db, cast.made.call.id)
    assert {each.id for each in cast.sent if each.id in standing} == {cast.sent[1].id, cast.sent[2].id}


async def test_the_same_place_is_not_counted_twice_when_a_decision_is_made_again(db: Db) -> None:
    cast = await build_decided(db)
    for index in (0, 1, 0):
        await cast.decide(db, index, Verdict.accepted)
    assert len(await standing_decisions(db, cast.made.call.id)) == 2


async def test_the_place_of_whoever_withdrew_is_free(db: Db) -> None:
    cast = await build_decided(db)
    for index in (0, 1):
        await cast.decide(db, index, Verdict.accepted)
    cast.sent[0].state = SubmissionState.withdrawn
    await db.flush()
    await cast.decide(db, 2, Verdict.accepted)
    with pytest.raises(Conflict, match="withdrawn"):
        await cast.decide(db, 0, Verdict.rejected)


async def test_the_reserve_list_is_in_the_order_of_deciding_until_somebody_is_moved(db: Db) -> None:
    cast = await build_decided(db)
    for index in (3, 1, 2):
        await cast.decide(db, index, Verdict.reserve)
    assert [each.number for _, each in await reserve_list(db, cast.made.call.id)] == [4, 2, 3]
    await move_up_the_list(db, cast.made.call, cast.sent[2], AFTER, by=cast.chair)
    await undo_decision(db, cast.made.call, cast.sent[3], AFTER, by=cast.chair)
    await cast.decide(db, 0, Verdict.reserve)
    assert [each.number for _, each in await reserve_list(db, cast.made.call.id)] == [3, 2, 1]
    with pytest.raises(Conflict, match="first"):
        await move_up_the_list(db, cast.made.call, cast.sent[2], AFTER, by=cast.chair)


async def test_nothing_is_decided_before_the_deadline(db: Db) -> None:
    cast = await build_decided(db)
    with pytest.raises(Conflict, match="deadline"):
        await decide(db, cast.made.call, cast.sent[0], Plan(Verdict.rejected, "No."), DEADLINE - timedelta(microseconds=1), by=cast.chair)


async def test_who_has_a_conflict_decides_nothing_of_it_and_learns_nothing(db: Db) -> None:
    cast = await build_decided(db)
    db.add(ConflictDeclaration(submission_id=cast.sent[0].id, person_id=cast.chair.id, kind=ConflictKind.declared, declared_at=AFTER))
    await db.flush()
    for act in (cast.decide(db, 0, Verdict.accepted), undo_decision(db, cast.made.call, cast.sent[0], AFTER, by=cast.chair)):
        with pytest.raises(NotFound, match="no such submission"):
            await act
    await cast.decide(db, 0, Verdict.accepted, by=cast.made.organiser)


async def test_nobody_decides_on_what_they_sent_themselves(db: Db) -> None:
    cast = await build_decided(db)
    own = await sent_by(db, cast.made.call, cast.made.organiser)
    with pytest.raises(NotFound):
        await decide(db, cast.made.call, own, Plan(Verdict.accepted, "Of course."), AFTER, by=cast.made.organiser)


async def test_money_is_awarded_within_the_limits_of_the_call_and_its_budget(db: Db) -> None:
    cast = await build_decided(db, places=None, award={"least_pence": 7_000_00, "most_pence": 20_000_00})
    cast.made.call.budget_pence = 30_000_00

    async def award(index: int, pence: int | None) -> None:
        await decide(db, cast.made.call, cast.sent[index], Plan(Verdict.accepted, "Yes.", pence), AFTER, by=cast.chair)

    for pence, words in ((None, "how much"), (6_999_99, "at least £7,000"), (20_000_01, "at most £20,000")):
        with pytest.raises(Invalid, match=words):
            await award(0, pence)
    await award(0, 20_000_00)
    with pytest.raises(Conflict, match="Only £10,000 of the budget is left"):
        await award(1, 10_000_01)
    await award(1, 10_000_00)


async def test_money_belongs_to_a_call_that_gives_some(db: Db) -> None:
    cast = await build_decided(db)
    with pytest.raises(Invalid, match="amount"):
        await decide(db, cast.made.call, cast.sent[0], Plan(Verdict.accepted, "Yes.", 100), AFTER, by=cast.chair)
