"""What ends with an offer; and that one which can't be settled keeps nobody else waiting."""

import pytest
from sqlmodel import select

from conference.calls.award_tables import Award
from conference.calls.offer_ends import give_up
from conference.calls.offer_forms import AmountForm, DayForm
from conference.calls.offers_due import settle_offers
from conference.calls.promoting import offer_to_next
from conference.calls.tables import Call, CallKind
from conference.calls.taking import accept
from conference.errors import Invalid
from conference.people.tables import Person
from conference.storage.database import Database
from tests.calls.offered import REAL, TOLD, build_told, later, offer_for, states


async def test_an_award_goes_no_further_once_its_offer_was_given_back(sqlite: Database) -> None:
    told = await build_told(sqlite, kind=CallKind.grant, capacity=None)
    async with sqlite.writing() as db:
        offer = await offer_for(db, told.submissions[0])
        await accept(db, told.call, offer, True, TOLD, REAL)
        assert [award.ended_at for award in await db.exec(select(Award))] == [None]
        await give_up(db, told.call, offer, "We have no staff for it.", later(1), REAL)
    async with sqlite.reading() as db:
        ended = [(award.ended_at, award.ended_reason) for award in await db.exec(select(Award))]
    assert ended == [(later(1), "The offer gave the place back.")]


async def test_an_offer_that_cannot_be_settled_keeps_nobody_else_waiting(sqlite: Database) -> None:
    told = await build_told(sqlite)
    async with sqlite.writing() as db:
        (await db.get_one(Person, told.submissions[0].person_id)).zone = "Nowhere/At_All"  # a fault in the data: no mail can be written
    await settle_offers(sqlite, later(20), REAL)
    assert await states(sqlite, told) == ["accepted", "cancelled", "accepted", "reserve", "rejected"]


async def test_what_is_offered_by_hand_keeps_to_what_the_call_gives(sqlite: Database) -> None:
    told = await build_told(sqlite, kind=CallKind.bursary, capacity=None)
    async with sqlite.writing() as db:
        (await db.get_one(Call, told.call.id)).budget_pence = 100_000
    for pence, said in ((None, "Say how much is awarded"), (2_000_000_001, "more than any call gives")):
        with pytest.raises(Invalid, match=said):
            async with sqlite.writing() as db:
                await offer_to_next(db, told.call, pence, TOLD, REAL, by=told.made.organiser.id)


@pytest.mark.parametrize("typed", ["500.²²", "５００", "1e3", "0", "-5", "99999999"])
def test_only_digits_are_an_amount(typed: str) -> None:
    with pytest.raises(Invalid):
        assert AmountForm(amount=typed).pence


@pytest.mark.parametrize("typed", ["9999-12-31", "0001-01-01", "2021-02-30"])
def test_a_day_that_no_clock_knows_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        DayForm.read({"day": typed})
