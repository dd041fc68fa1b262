"""The roll is searched, narrowed and sorted alike on every database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from conference.errors import Invalid
from conference.people.actions import know_person
from conference.people.tables import Person
from conference.programme.tables import Event, Session
from conference.registration.actions import cancel_registration, give_place
from conference.registration.roll import countries_at, guest_zones, roll_of
from conference.registration.roll_filter import RollFilter, RollOrder, RollState, roll_filter
from conference.registration.seats import book_seat
from conference.registration.tables import Registration, TicketKind
from conference.storage.database import Database, Db
from tests.world import BEFORE, World, build_world

PEOPLE = (  # name, organisation, country, zone
    ("Librarian in Ærøskøbing", "Ærø Bibliotek", "DK", None),
    ("Librarian in Łódź", "Biblioteka Miejska", "PL", "Europe/Warsaw"),
    ("Librarian in São Paulo", "", "BR", None),
    ("Librarian in İzmir", "Kütüphane", None, None),
    ("librarian in Zürich", "Stadtbibliothek", "CH", "Europe/Zurich"),
)


async def everybody(db: Db, world: World) -> list[Person]:
    people = []
    for number, (name, organisation, country, zone) in enumerate(PEOPLE):
        address = f"person-{number}@libraries.example"
        person = await know_person(db, address, name, BEFORE, zone=zone, country=country, organisation=organisation)
        await give_place(db, world.event, person, None, BEFORE + number * timedelta(days=1), datetime.now(UTC))
        people.append(person)
    return people


async def names(db: Db, event: Event, **wanted: object) -> list[str]:
    return [row.name.rpartition(" in ")[2] for row in await roll_of(db, event, RollFilter(**wanted))]  # type: ignore[arg-type]


async def test_a_search_knows_no_accents_capitals_or_order_of_words(database: Database) -> None:
    async with database.writing() as db:
        world = await build_world(db)
        await everybody(db, world)
        for asked, found in (
            ("aeroskobing", ["Ærøskøbing"]),
            ("ŁÓDŹ", ["Łódź"]),
            ("lodz", ["Łódź"]),
            ("paulo sao", ["São Paulo"]),
            ("IZMIR", ["İzmir"]),
            ("kutuphane", ["İzmir"]),
            ("PERSON-4@", ["Zürich"]),
            ("biblioteka", ["Łódź"]),
            ("nobody", []),
            ("100% _", []),
        ):
            assert (asked, await names(db, world.event, q=asked)) == (asked, found)
        assert await names(db, world.event, order=RollOrder.name) == ["Ærøskøbing", "İzmir", "Łódź", "São Paulo", "Zürich"]
        assert await names(db, world.event) == ["Zürich", "İzmir", "São Paulo", "Łódź", "Ærøskøbing"]
        assert await names(db, world.event, order=RollOrder.country) == ["São Paulo", "Zürich", "Ærøskøbing", "Łódź", "İzmir"]


async def test_a_filter_finds_by_place_seat_turn_country_and_day(sqlite: Database) -> None:
    async with sqlite.writing() as db:
        world = await build_world(db, seats=1)
        people = await everybody(db, world)
        event, workshop = await db.get_one(Event, world.event.id), await db.get_one(Session, world.workshop.id)
        for person in people[:2]:
            await book_seat(db, event, workshop, person, BEFORE, BEFORE)
        await cancel_registration(db, event, people[4], BEFORE, BEFORE)
        recordings = TicketKind(event_id=event.id, slug="recordings", name="Recordings only", takes_part=False)
        db.add(recordings)
        await db.flush()
        (await db.exec(select(Registration).where(Registration.person_id == people[3].id))).one().kind_id = recordings.id
        for wanted, found in (
            ({"seat": "hands-on-workshop"}, ["Ærøskøbing"]),
            ({"seat": "any"}, ["Ærøskøbing"]),
            ({"waits": "hands-on-workshop"}, ["Łódź"]),
            ({"state": RollState.cancelled}, ["Zürich"]),
            ({"state": RollState.pending}, []),
            ({"country": "BR"}, ["São Paulo"]),
            ({"since": date(2021, 6, 27)}, ["İzmir", "São Paulo"]),
            ({"given": True}, []),
            ({"kind": "recordings"}, ["İzmir"]),
            ({"q": "librarian", "waits": "any"}, ["Łódź"]),
        ):
            assert (wanted, await names(db, event, **wanted)) == (wanted, found)
        assert await countries_at(db, event) == {"DK": 1, "PL": 1, "BR": 1}


async def test_people_without_a_zone_are_counted_by_their_country_or_said_to_be_unknown(sqlite: Database) -> None:
    async with sqlite.writing() as db:
        world = await build_world(db)
        await everybody(db, world)
        known = await guest_zones(db, world.event)
    zones = {"Europe/Copenhagen": 1, "Europe/Warsaw": 1, "America/Sao_Paulo": 1, "Europe/Zurich": 1}
    assert (known.zones, known.told, known.by_country, known.unknown, known.total) == (zones, 2, 2, 1, 5)


def test_an_address_says_what_it_asks_for_and_is_read_back() -> None:
    wanted = RollFilter("a & b", RollState.pending, "KE", "hands-on-workshop", "any", True, "in-the-room", date(2021, 6, 1), RollOrder.name)
    assert roll_filter(wanted.chosen, {"hands-on-workshop"}, {"in-the-room"}) == wanted
    assert (RollFilter().as_query(), RollFilter(order=RollOrder.name).narrows) == ("", False)


def test_what_cannot_be_asked_for_is_said_beside_each_field() -> None:
    with pytest.raises(Invalid) as no:
        roll_filter({"state": "gone", "seat": "none", "since": "yesterday", "country": "Kenya", "order": "loud"}, set())
    assert set(no.value.fields) == {"state", "seat", "since", "country", "order"}
