"""Offers after a selection: answered in time, or the next on the reserve list has them; the place at the event is kept meanwhile."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from conference.calls.decision_tables import Decision, Verdict
from conference.calls.offer_ends import decline, give_more_time, give_up, settle_offer, withdraw
from conference.calls.offer_rules import OfferState, end_of, offer_state
from conference.calls.offer_tables import Offer
from conference.calls.offers_due import settle_offers
from conference.calls.promoting import offer_to_next
from conference.calls.tables import Call, CallKind
from conference.calls.taking import accept
from conference.errors import Conflict, Invalid, Refusal
from conference.people.actions import know_person
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.registration.actions import cancel_registration, register_person
from conference.registration.queries import registration_of
from conference.registration.tables import Registration
from conference.storage.database import Database
from tests.calls.cast import applicant, sent_by
from tests.calls.offered import LATE_DAY, REAL, TOLD, UNTIL, Told, build_told, event_pool, later, mails, offer_for, states, tell

NAIROBI, QUITO, HANOI, TARTU, APIA = range(5)


async def test_who_gets_a_yes_has_fourteen_days_on_the_calls_clock_and_a_place_is_kept(sqlite: Database) -> None:
    told = await build_told(sqlite)
    async with sqlite.reading() as db:
        offers = [await offer_for(db, submission) for submission in told.submissions[:2]]
    assert [(offer.slot, offer.respond_by, offer.fee_pence, offer.vat_percent) for offer in offers] == [
        (1, UNTIL, 230000, 20),
        (2, UNTIL, 230000, 20),
    ]
    assert await event_pool(sqlite) == (0, 2)
    assert await states(sqlite, told) == ["accepted", "accepted", "reserve", "reserve", "rejected"]


async def test_accepting_takes_the_terms_and_gives_the_kept_place_by_the_same_registration(sqlite: Database) -> None:
    told = await build_told(sqlite)
    with pytest.raises(Invalid, match="accept the terms"):
        await _accept(sqlite, told, NAIROBI, terms=False)
    await _accept(sqlite, told, NAIROBI)
    await _accept(sqlite, told, NAIROBI)  # a second press changes nothing
    async with sqlite.reading() as db:
        offer = await offer_for(db, told.submissions[NAIROBI])
        place = await db.get_one(Registration, offer.registration_id)
    assert (place.person_id, place.confirmed_at, place.held_back_id) == (offer.person_id, TOLD, offer.held_back_id)
    assert await event_pool(sqlite) == (1, 1)
    assert (await states(sqlite, told))[NAIROBI] == "confirmed"
    assert await mails(sqlite, "offer_accepted") == await mails(sqlite, "registration_confirmed") == ["Librarian in Nairobi"]


async def test_a_kept_place_is_nobody_elses_however_early_they_come(sqlite: Database) -> None:
    told = await build_told(sqlite, capacity=3)
    opens = told.made.world.event.registration_opens_at
    assert opens
    async with sqlite.writing() as db:
        event = await db.get_one(Event, told.made.world.event.id)
        for number in range(3):
            person = await know_person(db, f"{number}@early.example", "Early", opens)
            try:
                await register_person(db, event, person, opens, REAL)
            except Conflict:
                assert number > 0
    assert await event_pool(sqlite) == (1, 2)
    await _accept(sqlite, told, NAIROBI)
    assert await event_pool(sqlite) == (2, 1)


async def test_a_letter_never_promises_a_place_that_is_not_there(sqlite: Database) -> None:
    with pytest.raises(Conflict, match="has no free place to offer: all 1 are taken or kept"):
        await build_told(sqlite, capacity=1)


async def test_a_call_never_has_more_offers_than_places(sqlite: Database) -> None:
    told = await build_told(sqlite, capacity=None)
    with pytest.raises(Conflict, match="All 2 places of A week of learning are offered or taken"):
        async with sqlite.writing() as db:
            await offer_to_next(db, told.call, None, TOLD, REAL, by=told.made.organiser.id)
    assert await states(sqlite, told) == ["accepted", "accepted", "reserve", "reserve", "rejected"]


async def test_who_declines_leaves_the_place_to_the_next_on_the_reserve_list_once(sqlite: Database) -> None:
    told = await build_told(sqlite)
    await _decline(sqlite, told, QUITO, "My grant fell through.")
    with pytest.raises(Conflict, match="You have declined this offer"):
        await _decline(sqlite, told, QUITO)
    assert await states(sqlite, told) == ["accepted", "cancelled", "accepted", "reserve", "rejected"]
    async with sqlite.reading() as db:
        offer = await offer_for(db, told.submissions[HANOI])
        decisions = (await db.exec(select(Decision).where(Decision.submission_id == told.submissions[HANOI].id))).all()
    assert (offer.slot, offer.respond_by) == (2, UNTIL)
    assert [(one.verdict, one.superseded_at, one.reason) for one in decisions] == [
        (Verdict.reserve, TOLD, "As minuted."),
        (Verdict.accepted, None, "Moved up from place 1 of the reserve list. WEEK-2021-0002 declined."),
    ]
    assert await mails(sqlite, "offer_promoted") == ["Librarian in Hanoi"]
    assert await event_pool(sqlite) == (0, 2)


async def test_an_offer_that_nobody_answers_lapses_at_its_instant_and_moves_on(sqlite: Database) -> None:
    told = await build_told(sqlite)
    await settle_offers(sqlite, UNTIL - timedelta(microseconds=1), REAL)
    assert await states(sqlite, told) == ["accepted", "accepted", "reserve", "reserve", "rejected"]
    assert await mails(sqlite, "offer_reminder") == ["Archivist in Quito", "Librarian in Nairobi"]
    with pytest.raises(Conflict, match="The time to answer this offer is over"):
        await _accept(sqlite, told, NAIROBI, at=UNTIL)
    await settle_offers(sqlite, UNTIL, REAL)
    await settle_offers(sqlite, UNTIL, REAL)
    assert await states(sqlite, told) == ["cancelled", "cancelled", "accepted", "accepted", "rejected"]
    assert await mails(sqlite, "offer_lapsed") == ["Archivist in Quito", "Librarian in Nairobi"]
    assert await mails(sqlite, "offer_promoted") == ["Curator in Tartu", "Librarian in Hanoi"]
    assert await event_pool(sqlite) == (0, 2)


async def test_an_empty_reserve_list_leaves_the_place_to_everybody(sqlite: Database) -> None:
    told = await build_told(sqlite)
    for who in (NAIROBI, QUITO, HANOI, TARTU):
        await _decline(sqlite, told, who)
    assert await states(sqlite, told) == ["cancelled"] * 4 + ["rejected"]
    assert await event_pool(sqlite) == (0, 0)


async def test_giving_an_accepted_place_back_ends_the_registration_too(sqlite: Database) -> None:
    told = await build_told(sqlite)
    await _accept(sqlite, told, NAIROBI)
    async with sqlite.writing() as db:
        await give_up(db, told.call, await offer_for(db, told.submissions[NAIROBI]), "Ill.", later(5), REAL)
    assert await states(sqlite, told) == ["cancelled", "accepted", "accepted", "reserve", "rejected"]
    assert await event_pool(sqlite) == (0, 2)
    assert await _registered(sqlite, told, NAIROBI) is False


async def test_a_registration_that_is_cancelled_at_the_event_passes_the_offer_on(sqlite: Database) -> None:
    told = await build_told(sqlite)
    await _accept(sqlite, told, NAIROBI)
    async with sqlite.writing() as db:
        event, person = await db.get_one(Event, told.made.world.event.id), await db.get_one(Person, told.submissions[NAIROBI].person_id)
        await cancel_registration(db, event, person, later(1), REAL)
    await settle_offers(sqlite, later(1), REAL)
    assert await states(sqlite, told) == ["cancelled", "accepted", "accepted", "reserve", "rejected"]
    assert await event_pool(sqlite) == (0, 2)


async def test_an_organiser_takes_an_offer_back_with_a_reason_and_the_person_is_told(sqlite: Database) -> None:
    told = await build_told(sqlite)
    await _accept(sqlite, told, QUITO)
    async with sqlite.writing() as db:
        offer = await offer_for(db, told.submissions[QUITO])
        await withdraw(db, told.call, offer, "Not employed in a library.", later(1), REAL, by=told.made.organiser.id)
    assert await mails(sqlite, "offer_withdrawn") == ["Archivist in Quito"]
    assert await states(sqlite, told) == ["accepted", "cancelled", "accepted", "reserve", "rejected"]
    assert await _registered(sqlite, told, QUITO) is False


async def test_an_organiser_gives_more_time_and_never_less(sqlite: Database) -> None:
    told = await build_told(sqlite)
    longer = end_of(LATE_DAY, "Europe/London")
    async with sqlite.writing() as db:
        offer = await offer_for(db, told.submissions[NAIROBI])
        await give_more_time(db, told.call, offer, longer, TOLD, by=told.made.organiser.id)
        with pytest.raises(Invalid, match="later day"):
            await give_more_time(db, told.call, offer, UNTIL, TOLD, by=told.made.organiser.id)
    await settle_offers(sqlite, UNTIL, REAL)
    assert await states(sqlite, told) == ["accepted", "cancelled", "accepted", "reserve", "rejected"]
    await _accept(sqlite, told, NAIROBI, at=longer - timedelta(microseconds=1))


async def test_nobody_moves_up_once_the_event_has_begun(sqlite: Database) -> None:
    told = await build_told(sqlite)
    await _accept(sqlite, told, NAIROBI)
    begun = told.made.world.event.starts_at
    async with sqlite.writing() as db:
        await give_up(db, told.call, await offer_for(db, told.submissions[NAIROBI]), "", begun, REAL)
    assert await states(sqlite, told) == ["cancelled", "accepted", "reserve", "reserve", "rejected"]


async def test_a_bursary_is_money_without_a_place_and_only_an_organiser_passes_money_on(sqlite: Database) -> None:
    told = await build_told(sqlite, capacity=1, kind=CallKind.bursary, places=None)
    async with sqlite.writing() as db:
        call = await db.get_one(Call, told.call.id)
        call.budget_pence = 100_000
        paid = await sent_by(db, call, await applicant(db, "Librarian in Oslo"))
        await tell(db, told.made, paid, Verdict.accepted, pence=60_000)
    await _decline(sqlite, told, NAIROBI)  # no amount: the next in line has it
    assert (await states(sqlite, told))[HANOI] == "accepted"
    assert await event_pool(sqlite) == (0, 0)
    async with sqlite.writing() as db:
        with pytest.raises(Conflict, match=r"£400 of the budget are left, so £400\.01 can’t be offered"):
            async with db.begin_nested():
                await offer_to_next(db, told.call, 40_001, later(1), REAL, by=told.made.organiser.id)
        await decline(db, told.call, await offer_for(db, paid), "", later(1), REAL)
    assert (await states(sqlite, told))[TARTU] == "reserve"
    async with sqlite.writing() as db:
        await offer_to_next(db, told.call, 60_000, later(1), REAL, by=told.made.organiser.id)
    await _accept(sqlite, told, TARTU, at=later(2))
    async with sqlite.reading() as db:
        offer = await offer_for(db, told.submissions[TARTU])
    assert (offer.amount_pence, offer.registration_id, offer_state(offer, later(2))) == (60_000, None, OfferState.accepted)


async def test_an_answer_and_the_clock_at_the_same_moment_move_one_person_up_exactly_once(database: Database) -> None:
    told = await build_told(database)
    offer_id = await _offer_id(database, told, QUITO)

    async def lapse() -> None:
        async with database.writing() as db:
            await settle_offer(db, told.call.id, offer_id, UNTIL, REAL)

    async def say_no() -> None:
        async with database.writing() as db:
            await decline(db, told.call, await db.get_one(Offer, offer_id), "", UNTIL - timedelta(seconds=1), REAL)

    ended = await asyncio.gather(*(act() for act in (lapse, say_no) * 4), return_exceptions=True)
    assert {type(one) for one in ended if one is not None} <= {Conflict}
    assert await states(database, told) == ["accepted", "cancelled", "accepted", "reserve", "rejected"]
    assert await mails(database, "offer_promoted") == ["Librarian in Hanoi"]
    assert await event_pool(database) == (0, 2)


async def test_accepting_and_taking_back_at_the_same_moment_leave_one_truth(database: Database) -> None:
    told = await build_told(database)
    offer_id = await _offer_id(database, told, NAIROBI)

    async def take() -> None:
        await _accept(database, told, NAIROBI)

    async def take_back() -> None:
        async with database.writing() as db:
            await withdraw(db, told.call, await db.get_one(Offer, offer_id), "A mistake.", TOLD, REAL, by=told.made.organiser.id)

    ended = await asyncio.gather(take(), take_back(), take(), take_back(), return_exceptions=True)
    assert all(one is None or isinstance(one, Refusal) for one in ended)
    assert await states(database, told) == ["cancelled", "accepted", "accepted", "reserve", "rejected"]
    assert await event_pool(database) == (0, 2)
    assert await _registered(database, told, NAIROBI) is False


async def test_the_database_itself_refuses_a_second_offer_of_one_place(sqlite: Database) -> None:
    told = await build_told(sqlite)
    async with sqlite.reading() as db:
        first = await offer_for(db, told.submissions[NAIROBI])
        reserve = (await db.exec(select(Decision).where(col(Decision.submission_id) == told.submissions[HANOI].id))).one()
    copy = first.model_dump(exclude={"id"}) | {"submission_id": told.submissions[HANOI].id, "decision_id": reserve.id}
    with pytest.raises(IntegrityError, match="slot"):
        async with sqlite.writing() as db:
            db.add(Offer(**copy))


async def _accept(database: Database, told: Told, who: int, *, terms: bool = True, at=TOLD) -> None:  # type: ignore[no-untyped-def]
    async with database.writing() as db:
        await accept(db, told.call, await offer_for(db, told.submissions[who]), terms, at, REAL)


async def _decline(database: Database, told: Told, who: int, word: str = "") -> None:
    async with database.writing() as db:
        await decline(db, told.call, await offer_for(db, told.submissions[who]), word, TOLD, REAL)


async def _offer_id(database: Database, told: Told, who: int):  # type: ignore[no-untyped-def]
    async with database.reading() as db:
        return (await offer_for(db, told.submissions[who])).id


async def _registered(database: Database, told: Told, who: int) -> bool:
    async with database.reading() as db:
        return await registration_of(db, told.submissions[who].person_id, told.made.world.event.id) is not None
