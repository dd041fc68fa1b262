"""Turns as people live them: a full event has a list, an offer is taken or left, a limit goes away, and every page says why."""

from datetime import UTC, datetime, timedelta

import pytest
from httpx2 import AsyncClient
from sqlmodel import col, select

from conference.errors import Forbidden, Invalid
from conference.mail.tables import Notice, QueuedMail
from conference.people.tables import Person
from conference.programme.tables import Event, Session
from conference.registration.actions import change_kind, give_place, register_person
from conference.registration.held import new_code
from conference.registration.kind_planning import KindPlan, add_kind, set_kind_pool
from conference.registration.letters import LETTER
from conference.registration.places import take_offered_place
from conference.registration.pooling import PoolPlan, change_pool, delete_pool, hold_back, make_pool
from conference.registration.queries import has_confirmed_place, standing_of, takes_part
from conference.registration.seats import book_seat, end_seats_without_entry, give_up_seat, seats_without_entry, set_seats
from conference.registration.tables import Booking, CapacityPool, PoolServes, Registration, WaitlistEntry
from conference.registration.turn_rules import why_words
from conference.registration.turns import settle_pool
from conference.registration.waiting import due_pools
from conference.storage.database import Database, Db
from tests.world import BEFORE, World, cookie_of, delegate

REAL = datetime(2026, 1, 5, 12, tzinfo=UTC)
REGISTER = "/events/wi-test/registration"
STRANGER = {"name": "Delegate in Accra", "email": "accra@delegates.example"}


async def limit(db: Db, world: World, places: int, *, offers: int | None = None, waiting: bool = True) -> CapacityPool:
    """The places of the event."""
    return await make_pool(db, world.event, PoolServes.event, PoolPlan("Places", places, waiting, offers), BEFORE, REAL)


async def somebody(db: Db, world: World, name: str) -> Person:
    return await delegate(db, world, name, registered=False)


async def mails(sqlite: Database) -> list[QueuedMail]:
    async with sqlite.reading() as db:
        return list((await db.exec(select(QueuedMail).order_by(col(QueuedMail.id)))).all())


def path_in(mail: QueuedMail) -> str:
    return "/" + str(mail.facts["link"]).split("/", 3)[3]


async def test_a_stranger_joins_the_list_of_a_full_event_by_the_mailed_link(browser: AsyncClient, sqlite: Database, world: World) -> None:
    async with sqlite.writing() as db:
        pool = await limit(db, world, 1)
        first = await delegate(db, world, "Delegate in Lima")
    page = await browser.get(REGISTER)
    assert "All 1 places at A day for libraries are taken." in page.text
    assert "Join the waiting list" in page.text
    sent = await browser.post(REGISTER, data=STRANGER)
    assert "confirm your turn" in sent.text
    mail = (await mails(sqlite))[-1]
    assert mail.template == "turn_confirm"
    done = await browser.post(path_in(mail))
    assert (done.url.path, "You are next in line: nobody is ahead of you." in done.text) == ("/events/wi-test/turn", True)
    async with sqlite.writing() as db:
        from_pool = await change_pool(db, await db.merge(world.event), pool.id, PoolPlan("Places", 2, True, None), BEFORE, REAL)
        assert (from_pool.taken, await has_confirmed_place(db, first.id, world.event.id)) == (2, True)
    assert "You have a place at A day for libraries." in (await browser.get("/events/wi-test/turn")).text
    assert [mail.template for mail in await mails(sqlite)][-1] == "place_promoted"
    assert "has a place for you: your turn on the waiting list came." in (await browser.get("/me")).text


async def test_a_turn_that_nobody_confirmed_is_passed_over_and_then_ends(browser: AsyncClient, sqlite: Database, world: World) -> None:
    async with sqlite.writing() as db:
        pool = await limit(db, world, 1)
        await delegate(db, world, "Delegate in Lima")
    await browser.post(REGISTER, data=STRANGER)
    async with sqlite.writing() as db:
        event = await db.merge(world.event)
        waits = await register_person(db, event, await somebody(db, world, "Delegate in Suva"), BEFORE, REAL)
        await change_pool(db, event, pool.id, PoolPlan("Places", 2, True, None), BEFORE, REAL)
        assert isinstance(waits, WaitlistEntry)
        assert waits.accepted_at == BEFORE
    late = datetime.now(UTC) + timedelta(minutes=31)
    async with sqlite.writing() as db:
        assert await due_pools(db, BEFORE, late) == [(world.event.id, pool.id)]
        await settle_pool(db, world.event.id, pool.id, BEFORE, late)
    answer = await browser.post(path_in((await mails(sqlite))[1]))
    assert (answer.status_code, "kept for 30 minutes and is over" in answer.text) == (409, True)


async def offered(db: Db, world: World) -> tuple[Event, Session, Person, WaitlistEntry]:
    """A workshop with one seat, which was given up: it is on offer for half an hour to one of two who wait."""
    event, session = await db.get_one(Event, world.event.id), await db.get_one(Session, world.workshop.id)
    pool = await set_seats(db, event, session, 1, BEFORE, REAL)
    await change_pool(db, event, pool.id, PoolPlan("Workshop", 1, True, 30), BEFORE, REAL)
    people = [await delegate(db, world, name) for name in ("Delegate in Lima", "Delegate in Oslo", "Delegate in Suva")]
    for person in people:
        await book_seat(db, event, session, person, BEFORE, REAL)
    await give_up_seat(db, event, session, people[0], BEFORE, REAL)
    entry = (await db.exec(select(WaitlistEntry).where(WaitlistEntry.person_id == people[1].id))).one()
    return event, session, people[1], entry


async def test_an_offer_is_taken_on_its_page_after_its_mail(browser: AsyncClient, sqlite: Database, world: World) -> None:
    async with sqlite.writing() as db:
        _, session, person, entry = await offered(db, world)
        browser.cookies.update(await cookie_of(db, person))
    assert entry.offer_ends_at == BEFORE + timedelta(minutes=30)
    path = f"/events/wi-test/sessions/{session.slug}"
    page = await browser.get(path)
    assert "A seat is offered to you until 10:25 (BST, UTC+1)" in page.text
    assert "Take or leave the seat" in page.text
    assert "has room for you: take it until" in (await browser.get("/me")).text
    taken = await browser.post(path + "/turn/acceptance")
    assert "You have a seat in “Hands-on workshop”." in taken.text
    assert "A place was offered to you." in taken.text
    assert [mail.template for mail in await mails(sqlite)][-2:] == ["turn_offered", "seat_booked"]
    mine = (await browser.get("/me")).text
    assert ("has a seat for you" in mine, "has room for you" in mine) == (True, False)  # the offer's news went with the offer
    again = await browser.post(path + "/turn/acceptance")
    assert again.status_code == 200
    await browser.post(path + "/booking/cancellation")
    assert "has a seat for you" not in (await browser.get("/me")).text


async def test_who_waits_behind_an_offer_reads_why(sqlite: Database, world: World) -> None:
    async with sqlite.writing() as db:
        event, session, _, _ = await offered(db, world)
        last = (await db.exec(select(Person).where(Person.name == "Delegate in Suva"))).one()
        await set_seats(db, event, session, 4, BEFORE, REAL)
        more = [await delegate(db, world, f"Delegate {number}") for number in range(3)]
        for person in more[:2]:
            await book_seat(db, event, session, person, BEFORE, REAL)
        assert (await standing_of(db, last.id, event.id)).turns[session.id].entry.offered_at == BEFORE
        await book_seat(db, event, session, more[2], BEFORE, REAL)
        turn = (await standing_of(db, more[2].id, event.id)).turns[session.id]
    assert why_words(turn, "seat", BEFORE, "Europe/London") == (
        "You are next in line: nobody is ahead of you.",
        "2 offers are open until 10:25 (BST, UTC+1): what is not taken then is passed on.",
        "When it is your turn, a mail tells you, and the seat is kept for you for 30 minutes.",
    )


@pytest.mark.parametrize("by", ["the worker", "whoever comes by"])
async def test_an_offer_that_ends_goes_to_the_next_in_line_and_both_are_told(sqlite: Database, world: World, by: str) -> None:
    end = BEFORE + timedelta(minutes=30)
    async with sqlite.writing() as db:
        event, session, person, entry = await offered(db, world)
        assert await due_pools(db, end - timedelta(microseconds=1), REAL) == []
        if by == "the worker":
            for event_id, pool_id in await due_pools(db, end, REAL):
                await settle_pool(db, event_id, pool_id, end, REAL)
        else:
            await book_seat(db, event, session, await delegate(db, world, "Delegate in Nuuk"), end, REAL)
        assert entry.expired_at == end
        following = (await db.exec(select(WaitlistEntry).where(WaitlistEntry.turn == 2))).one()
        assert (following.offered_at, following.offer_ends_at) == (end, end + timedelta(minutes=30))
        told = (
            await db.exec(select(Notice.person_id, Notice.kind).where(Notice.kind != LETTER).order_by(col(Notice.made_at), col(Notice.id)))
        ).all()
        assert set(told) == {(person.id, "turn_offered"), (person.id, "turn_expired"), (following.person_id, "turn_offered")}


async def test_a_code_opens_a_place_that_is_held_back_and_nothing_else_does(sqlite: Database, world: World) -> None:
    async with sqlite.writing() as db:
        pool = await limit(db, world, 2)
        held, code = await hold_back(db, world.event, pool.id, "speakers", 1, BEFORE, REAL, with_code=True)
        assert code.replace("-", "") not in (held.code_hash or "")
        await delegate(db, world, "Delegate in Lima")
        waits = await register_person(db, world.event, await somebody(db, world, "Delegate in Oslo"), BEFORE, REAL)
        assert isinstance(waits, WaitlistEntry)
        with pytest.raises(Invalid, match="No places are kept under this code"):
            await register_person(db, world.event, await somebody(db, world, "Delegate in Suva"), BEFORE, REAL, code=new_code())
        speaker = await somebody(db, world, "Speaker")
        got = await register_person(db, world.event, speaker, BEFORE, REAL, code=code.lower().replace("-", " "))
        assert isinstance(got, Registration)
        assert (pool.taken, pool.held, held.used) == (2, 0, 1)
        with pytest.raises(Invalid, match="All 1 places that were kept for speakers are taken"):
            await register_person(db, world.event, await somebody(db, world, "Another"), BEFORE, REAL, code=code)


async def test_held_back_places_that_end_go_to_those_who_wait(sqlite: Database, world: World) -> None:
    end = BEFORE + timedelta(minutes=3)
    async with sqlite.writing() as db:
        pool = await limit(db, world, 2)
        await hold_back(db, world.event, pool.id, "bursaries", 2, BEFORE, REAL, ends_at=end)
        waits = await register_person(db, world.event, await somebody(db, world, "Delegate in Oslo"), BEFORE, REAL)
        assert isinstance(waits, WaitlistEntry)
        await settle_pool(db, world.event.id, pool.id, end, REAL)
        assert (waits.accepted_at, pool.taken, pool.held) == (end, 1, 0)


async def test_a_limit_that_goes_away_leaves_everybody_with_a_place_and_one_set_later_counts_them(sqlite: Database, world: World) -> None:
    async with sqlite.writing() as db:
        event, session, _, _ = await offered(db, world)
        pool = (await db.exec(select(CapacityPool).where(CapacityPool.serves == PoolServes.sessions))).one()
        assert await delete_pool(db, event, pool.id, BEFORE, REAL) == 2
        seats = (await db.exec(select(Booking.pool_id).where(col(Booking.given_up_at).is_(None)))).all()
        assert list(seats) == [None, None]
        with pytest.raises(Invalid, match="so there can't be fewer than 2"):
            await set_seats(db, event, session, 1, BEFORE, REAL)
        await db.rollback()
    async with sqlite.writing() as db:
        event, session, _, _ = await offered(db, world)
        pool = (await db.exec(select(CapacityPool).where(CapacityPool.serves == PoolServes.sessions))).one()
        await delete_pool(db, event, pool.id, BEFORE, REAL)
        again = await set_seats(db, event, session, 2, BEFORE, REAL)
        assert (again.taken, again.capacity) == (2, 2)


async def test_recordings_only_takes_no_place_and_no_seat_and_can_become_more(sqlite: Database, world: World) -> None:
    async with sqlite.writing() as db:
        event, pool = await db.merge(world.event), await limit(db, world, 1, offers=60)
        kind = await add_kind(db, event, KindPlan("recordings", "Recordings only", "", False), None, BEFORE, REAL)
        person = await somebody(db, world, "Delegate in Oslo")
        await register_person(db, event, person, BEFORE, REAL, kind=kind)
        assert (await has_confirmed_place(db, person.id, event.id), await takes_part(db, person.id, event.id)) == (True, False)
        with pytest.raises(Forbidden, match="“Recordings only”, which has no seats in sessions"):
            await book_seat(db, event, await db.merge(world.workshop), person, BEFORE, REAL)
        given = await give_place(db, event, await somebody(db, world, "Delegate in Lima"), None, BEFORE, REAL)
        assert isinstance(await change_kind(db, event, person, None, BEFORE, REAL), WaitlistEntry)
        assert await has_confirmed_place(db, person.id, event.id)
        await change_pool(db, event, pool.id, PoolPlan("Places", 2, True, 60), BEFORE, REAL)
        await take_offered_place(db, event, person, BEFORE, REAL)
        assert await takes_part(db, person.id, event.id)
        assert (pool.taken, given.pool_id) == (2, pool.id)


async def test_whose_turn_for_recordings_only_comes_keeps_no_seat_that_others_wait_for(sqlite: Database, world: World) -> None:
    async with sqlite.writing() as db:
        event, workshop = await db.merge(world.event), await db.merge(world.workshop)
        await set_seats(db, event, workshop, 1, BEFORE, REAL)
        few = await make_pool(db, event, PoolServes.tickets, PoolPlan("Recordings", 0, True, None), BEFORE, REAL)
        kind = await add_kind(db, event, KindPlan("recordings", "Recordings only", "", False), few.id, BEFORE, REAL)
        person, other = await delegate(db, world, "Delegate in Oslo"), await delegate(db, world, "Delegate in Lima")
        await book_seat(db, event, workshop, person, BEFORE, REAL)
        await book_seat(db, event, workshop, other, BEFORE, REAL)
        assert isinstance(await change_kind(db, event, person, kind, BEFORE, REAL), WaitlistEntry)
        assert await seats_without_entry(db, BEFORE) == []
        await change_pool(db, event, few.id, PoolPlan("Recordings", 1, True, None), BEFORE, REAL)
        assert await seats_without_entry(db, BEFORE) == [(event.id, person.id)]
        await end_seats_without_entry(db, event.id, person.id, BEFORE, REAL)
        assert await seats_without_entry(db, BEFORE) == []
        seated = await db.exec(select(Booking.person_id).where(col(Booking.given_up_at).is_(None)))
        assert list(seated) == [other.id]


async def test_a_kind_brings_its_places_and_turns_into_another_limit(sqlite: Database, world: World) -> None:
    async with sqlite.writing() as db:
        event = await db.merge(world.event)
        small = await make_pool(db, event, PoolServes.tickets, PoolPlan("Room", 1, True, None), BEFORE, REAL)
        large = await make_pool(db, event, PoolServes.tickets, PoolPlan("Hall", 2, True, None), BEFORE, REAL)
        kind = await add_kind(db, event, KindPlan("in-the-room", "In the room", "", True), small.id, BEFORE, REAL)
        people = [await somebody(db, world, f"Delegate {number}") for number in range(3)]
        for person in people:
            await register_person(db, event, person, BEFORE, REAL, kind=kind)
        assert (small.taken, large.taken) == (1, 0)
        await set_kind_pool(db, event, kind, large.id, BEFORE, REAL)
        assert (small.taken, large.taken) == (0, 2)
        turn = (await standing_of(db, people[2].id, event.id)).place_turn
        assert turn
        assert turn.ahead == 0


async def test_two_sessions_share_their_seats_and_one_list(sqlite: Database, world: World) -> None:
    async with sqlite.writing() as db:
        event, talk, workshop = await db.merge(world.event), await db.merge(world.talk), await db.merge(world.workshop)
        people = [await delegate(db, world, f"Delegate {number}") for number in range(4)]
        await set_seats(db, event, workshop, 1, BEFORE, REAL)
        for person in people[:2]:
            await book_seat(db, event, workshop, person, BEFORE, REAL)
        both = [talk.id, workshop.id]
        pool = await make_pool(db, event, PoolServes.sessions, PoolPlan("Both", 1, True, None), BEFORE, REAL, sessions=both)
        await book_seat(db, event, talk, people[2], BEFORE, REAL)
        assert (await standing_of(db, people[2].id, event.id)).ahead == {talk.id: 1}
        await give_up_seat(db, event, workshop, people[0], BEFORE, REAL)
        await give_up_seat(db, event, workshop, people[1], BEFORE, REAL)
        assert (await standing_of(db, people[2].id, event.id)).booked == {talk.id}
        assert pool.taken == 1


async def test_a_cancelled_session_takes_offers_back_and_keeps_turns_in_case(sqlite: Database, world: World) -> None:
    async with sqlite.writing() as db:
        _, session, person, entry = await offered(db, world)
        session.cancelled_at = BEFORE
        await db.flush()
        [(event_id, pool_id)] = await due_pools(db, BEFORE, REAL)
        await settle_pool(db, event_id, pool_id, BEFORE, REAL)
        assert (entry.offered_at, await due_pools(db, BEFORE, REAL)) == (None, [])
        session.cancelled_at = None
        await db.flush()
        await settle_pool(db, event_id, pool_id, BEFORE, REAL)
        assert entry.offered_at == BEFORE
        await settle_pool(db, event_id, pool_id, session.ends_at, REAL)
        closed = (await db.exec(select(WaitlistEntry.closed_at).where(WaitlistEntry.turn == 2))).one()
        assert (entry.expired_at, closed) == (entry.offer_ends_at, session.ends_at)
        assert (await standing_of(db, person.id, event_id)).turns == {}
