"""A person's own calendar: what they book, give up, speak at, and are registered for."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from sqlmodel import select

from conference.people.tables import Person
from conference.programme.queries import event_at
from conference.programme.tables import Speaker
from conference.registration.actions import cancel_registration, give_place, register_person
from tests.calendars.cast import FUNDRAISING, JUNE, WI, House, event_lines, opened, questions_to, read_alike
from tests.ics.readers import Read

WORKSHOP = "Workshop: Fundraising for international projects"
HOUR = timedelta(hours=1)


async def own(house: House, path: str) -> dict[str, Read]:
    return read_alike(await house.feed(path))


async def test_whoever_takes_part_in_nothing_has_an_empty_and_valid_calendar(house: House) -> None:
    path = await house.secret_path(await house.delegate("Amara", registered=False))
    feed = await house.feed(path)
    assert read_alike(feed) == {}
    assert (feed[:17], feed[-15:]) == (b"BEGIN:VCALENDAR\r\n", b"END:VCALENDAR\r\n")


async def test_whoever_is_registered_has_what_is_for_everybody(house: House) -> None:
    events = await own(house, await house.secret_path(await house.delegate("Amara")))
    public = read_alike(await house.feed(WI))
    assert (events["Welcome"].uid, events["Welcome"].starts) == (public["Welcome"].uid, public["Welcome"].starts)
    assert events["Welcome"].description.endswith(
        "In your calendar because you are registered for Working Internationally for Libraries 2021."
    )
    assert WORKSHOP not in events


async def test_a_seat_booked_given_up_and_booked_again_rises_in_sequence_each_time(house: House) -> None:
    person = await house.delegate("Amara")
    path = await house.secret_path(person)
    seen = []
    for step, act in enumerate((house.book, house.give_up, house.book, house.give_up)):
        await act(person, FUNDRAISING, JUNE + (step + 1) * HOUR)
        feed = await house.feed(path)
        [event] = [event for summary, event in read_alike(feed).items() if WORKSHOP in summary]
        seen.append((event.summary, event.status, event.sequence, event_lines(feed, event.summary)["DTSTAMP"]))
    assert seen == [
        (WORKSHOP, "CONFIRMED", 1, "20210601T130000Z"),
        (f"Cancelled: {WORKSHOP}", "CANCELLED", 2, "20210601T140000Z"),
        (WORKSHOP, "CONFIRMED", 3, "20210601T150000Z"),
        (f"Cancelled: {WORKSHOP}", "CANCELLED", 4, "20210601T160000Z"),
    ]


async def test_a_turn_on_the_waiting_list_is_no_seat_until_it_becomes_one(house: House) -> None:
    crowd = [await house.delegate(f"Delegate{number}") for number in range(20)]
    amara = await house.delegate("Amara")
    for person in [*crowd, amara]:
        await house.book(person, FUNDRAISING, JUNE + HOUR)
    path = await house.secret_path(amara)
    assert WORKSHOP not in await own(house, path)
    await house.give_up(crowd[0], FUNDRAISING, JUNE + 2 * HOUR)
    assert (await own(house, path))[WORKSHOP].status == "CONFIRMED"


async def test_whoever_speaks_has_the_session_without_being_registered(house: House) -> None:
    amara = await house.delegate("Amara", registered=False)
    path = await house.secret_path(amara)
    await link_speaker(amara)(house)
    events = await own(house, path)
    assert [event.starts[:10] for event in events.values()] == ["2021-06-25"]
    assert [event.description.endswith("In your calendar because you speak at it.") for event in events.values()] == [True]


async def test_a_place_at_the_week_brings_the_week_and_giving_it_back_takes_it(house: House) -> None:
    amara = await house.delegate("Amara", registered=False)
    path = await house.secret_path(amara)
    async with house.database.writing() as db:
        week, person = await event_at(db, "illp-2025"), await db.merge(amara)
        await give_place(db, week, person, None, JUNE, JUNE)
    had = await own(house, path)
    async with house.database.writing() as db:
        await cancel_registration(db, week, await db.merge(person), JUNE + HOUR, JUNE)
    left = await own(house, path)
    assert had["Vision and strategy"].starts == "2025-07-10T09:00:00Z"
    assert {f"Cancelled: {summary}": event.uid for summary, event in had.items()} == {summary: event.uid for summary, event in left.items()}
    assert {event.sequence for event in had.values()} == {0}
    assert {event.sequence for event in left.values()} == {1}


async def test_whoever_comes_back_has_everything_back_with_a_higher_sequence(house: House) -> None:
    amara = await house.delegate("Amara")
    path = await house.secret_path(amara)
    async with house.database.writing() as db:
        day, person = await event_at(db, "wi-2021"), await db.merge(amara)
        await cancel_registration(db, day, person, JUNE + HOUR, JUNE)
        await register_person(db, day, person, JUNE + 2 * HOUR, JUNE)
    welcome = (await own(house, path))["Welcome"]
    assert (welcome.sequence, welcome.status) == (2, "CONFIRMED")


async def test_what_is_over_stays_as_it_was_when_a_registration_is_cancelled_later(house: House) -> None:
    amara = await house.delegate("Amara")
    path = await house.secret_path(amara)
    at_lunch = datetime(2021, 6, 25, 11, 45, tzinfo=UTC)
    async with house.database.writing() as db:
        await cancel_registration(db, await event_at(db, "wi-2021"), await db.merge(amara), at_lunch, JUNE)
    events = (await own(house, path)).values()
    assert {event.status for event in events if event.ends <= "2021-06-25T11:45:00Z"} == {"CONFIRMED"}
    assert {event.status for event in events if event.ends > "2021-06-25T11:45:00Z"} == {"CANCELLED"}


async def test_a_session_cancelled_by_the_organisers_is_a_tombstone_here_too(house: House) -> None:
    path = await house.secret_path(await house.delegate("Amara"))
    await house.cancel("welcome", "The speaker is ill.", JUNE + HOUR)
    tombstone = (await own(house, path))["Cancelled: Welcome"]
    assert (tombstone.sequence, tombstone.status) == (1, "CANCELLED")


async def test_a_poll_without_news_asks_one_question_and_gets_no_feed(house: House) -> None:
    path = await house.secret_path(await house.delegate("Amara"))
    first = await house.client.get(path)
    with questions_to(house.database) as asked:
        second = await house.client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (second.status_code, second.content, len(asked)) == (304, b"", 1)


async def test_every_change_is_seen_by_the_next_poll(house: House) -> None:
    """The feed is kept in memory, so each thing that may change it must be noticed."""
    amara = await house.delegate("Amara")
    path = await house.secret_path(amara)
    tags = [(await house.client.get(path)).headers["etag"]]
    for change in (book(amara), give_up(amara), rename, move_home(amara), link_speaker(amara)):
        await change(house)
        tags.append((await house.client.get(path)).headers["etag"])
    assert len(set(tags)) == 6


async def test_the_own_feed_is_the_same_bytes_in_another_process(house: House) -> None:
    amara = await house.delegate("Amara")
    await house.book(amara, FUNDRAISING, JUNE)
    path = await house.secret_path(amara)
    first = await house.feed(path)
    async with opened(house.settings) as restarted:
        assert await restarted.feed(path) == first


Change = Callable[[House], Awaitable[None]]


def book(person: Person) -> Change:
    return lambda house: house.book(person, FUNDRAISING, JUNE + HOUR)


def give_up(person: Person) -> Change:
    return lambda house: house.give_up(person, FUNDRAISING, JUNE + 2 * HOUR)


async def rename(house: House) -> None:
    await house.edit("welcome", JUNE + 3 * HOUR, title="Welcome to all")


def move_home(person: Person) -> Change:
    async def change(house: House) -> None:
        async with house.database.writing() as db:
            (await db.merge(person)).zone = "Africa/Nairobi"

    return change


def link_speaker(person: Person) -> Change:
    async def change(house: House) -> None:
        async with house.database.writing() as db:
            speaker = (await db.exec(select(Speaker).where(Speaker.slug == "darren-henley"))).one()
            speaker.person_id = person.id

    return change
