"""Rooms, tracks, speakers and venues: added, changed and removed by form; what that publishes is a release, and calendars are told."""

from datetime import UTC, datetime
from uuid import UUID

from sqlmodel import select

from conference.programme.drafting import draft_change
from conference.programme.planned import planned_at
from conference.programme.release_words import news_of
from conference.programme.releases import plan_of
from conference.programme.tables import Room, Session, Speaker, Track, Venue
from tests.console.cast import MANAGE, TALK, Console, change, look, send
from tests.world import BEFORE

ROOMS, ROOM, SPEAKER, TRACK = f"{MANAGE}/rooms", f"{MANAGE}/rooms/main", f"{MANAGE}/speakers/ada", f"{MANAGE}/tracks/people"
VENUES = f"{MANAGE}/venues"


async def sessions(console: Console) -> dict[str, Session]:
    async with console.database.reading() as db:
        return {one.slug: one for one in await db.exec(select(Session).where(Session.event_id == console.world.event.id))}


async def test_a_room_is_added_and_can_be_chosen(console: Console) -> None:
    page = await send(console.organiser, ROOMS, {"name": "  The  attic ", "venue": "hall", "capacity": "12"})
    assert (page.status, page.said) == (200, "“The attic” is added.")
    assert "The attic The hall, for 12 people Not used" in page.words
    assert [release.number for release in await console.releases()] == [1]
    assert "The attic, The hall" in (await look(console.organiser, TALK)).words


async def test_what_is_typed_wrongly_is_said_beside_its_field(console: Console) -> None:
    page = await send(console.organiser, ROOMS, {"name": " ", "venue": "nowhere", "capacity": "many"})
    assert (page.status, page.beside["name"]) == (422, "Enter a name.")
    assert page.beside["capacity"] == "Enter a whole number from 1 to 100000, or leave this empty."
    assert (await send(console.organiser, ROOMS, {"name": "A", "venue": "nowhere"})).beside == {"venue": "Choose a venue from the list."}
    venue = {"name": "V", "kind": "place", "zone": "Nowhere", "latitude": "200", "opens": "9"}
    assert sorted((await send(console.organiser, VENUES, venue)).beside) == ["latitude", "opens", "zone"]
    halves = {"name": "V", "kind": "place", "zone": "london", "latitude": "51.5", "opens": "18:00", "closes": "09:00"}
    assert (await send(console.organiser, VENUES, halves)).beside == {
        "longitude": "Enter both coordinates, or neither.",
        "closes": "It must close after it opens, on the same day.",
    }


async def test_renaming_a_room_is_a_release_and_raises_each_sequence_in_it_once(console: Console) -> None:
    assert "calendars are told of a new place" in (await look(console.organiser, ROOM)).words
    page = await change(console.organiser, ROOM, name="Great stage")
    words = "place is now called “Great stage (online)” (before: “Main stage (online)”)"
    assert page.said == f"Saved, and released as version 2 for 2 sessions: {words}."
    after = await sessions(console)
    assert {slug: one.sequence for slug, one in after.items()} == {"opening-keynote": 1, "hands-on-workshop": 1}
    release = (await console.releases())[0]
    assert [news.title for news in news_of(release.changes, "Europe/London", {})] == ["Opening keynote", "Hands-on workshop"]
    assert release.person_id == console.people["organiser"].id
    again = await change(console.organiser, ROOM)
    assert again.said == "Saved. Nothing that calendars say changed by it."
    assert [release.number for release in await console.releases()] == [2, 1]


async def test_a_new_capacity_is_no_release(console: Console) -> None:
    assert (await change(console.organiser, ROOM, capacity="40")).said == "Saved. Nothing that calendars say changed by it."
    assert {one.sequence for one in (await sessions(console)).values()} == {0}


async def test_renaming_a_track_or_a_speaker_is_a_release_without_a_new_sequence(console: Console) -> None:
    await change(console.organiser, TALK, track="people", **{"speaker-ada": "yes"})
    before = (await sessions(console))["opening-keynote"]
    assert (await change(console.organiser, TRACK, name="Everybody")).said == (
        "Saved, and released as version 3 for 1 session: track is now called “Everybody” (before: “People”)."
    )
    page = await change(console.organiser, SPEAKER, organisation="A library")
    assert page.said == (
        "Saved, and released as version 4 for 1 session: speaker is now called “Speaker A (A library)” (before: “Speaker A”)."
    )
    after = (await sessions(console))["opening-keynote"]
    assert (after.sequence, after.modified_at >= before.modified_at) == (before.sequence, True)
    assert (await change(console.organiser, SPEAKER, biography="Ada reads.")).said == "Saved. Nothing that calendars say changed by it."


async def test_dates_in_a_biography_that_cannot_be_right_are_shown_beside_it(console: Console) -> None:
    page = await change(console.organiser, SPEAKER, biography="She speaks on Thursday 25 June 2021.")
    assert "A date to look at again. The text is kept as you typed it. Thursday 25 June 2021 25 June 2021 is a Friday" in page.words


async def test_what_is_used_is_not_removed_and_what_is_not_goes(console: Console) -> None:
    page = await send(console.organiser, f"{ROOM}/removal", {})
    assert page.said == (
        "“Main stage” is used by 2 sessions, so it can’t be removed. Drafts and cancelled sessions count too. Give them another room first."
    )
    assert (await send(console.organiser, f"{ROOMS}/side/removal", {})).said == "“Side room” is removed."
    assert (await send(console.organiser, f"{VENUES}/hall/removal", {})).said == "“The hall” is removed."
    page = await send(console.organiser, f"{VENUES}/online/removal", {})
    assert page.said == "“Online” is used by 1 room, so it can’t be removed. Move its rooms to another venue first."
    assert (await send(console.organiser, f"{TRACK}/removal", {})).said == "“People” is removed."
    async with console.database.reading() as db:
        mine = [room.slug for room in await db.exec(select(Room).where(Room.event_id == console.world.event.id))]
        assert (mine, list(await db.exec(select(Track)))) == (["main"], [])


async def test_what_is_only_drafted_counts_as_used(console: Console) -> None:
    async with console.database.writing() as db:
        ada = (await db.exec(select(Speaker).where(Speaker.slug == "ada"))).one()
        planned = await planned_at(db, "wi-test", "opening-keynote")
        await draft_change(db, planned.facts.event, planned, plan_of(planned.facts.session), [ada], BEFORE)
    page = await send(console.organiser, f"{SPEAKER}/removal", {})
    assert page.said.startswith("“Speaker A” is used by 1 session, so it can’t be removed.")


async def test_a_venue_is_changed_only_by_those_who_organise_every_event_there(console: Console) -> None:
    page = await look(console.organiser, f"{VENUES}/library")
    assert "Another event, which you do not organise, has rooms there too." in page.words
    values = {"name": "Mine", "kind": "place", "zone": "Europe/London"}
    assert (await send(console.organiser, f"{VENUES}/library", values)).status == 403
    autumn = "/manage/events/autumn/venues/library"
    stranger = console.browsers["stranger"]
    page = await change(stranger, autumn, address="1 High Street", opens="09:00", closes="17:30")
    words = "place is now called “A library, 1 High Street” (before: “A library”)"
    assert page.said == f"Saved, and released as version 2 for 1 session: {words}."
    async with console.database.reading() as db:
        venue = (await db.exec(select(Venue).where(Venue.slug == "library"))).one()
        assert (str(venue.opens), str(venue.closes)) == ("09:00:00", "17:30:00")


async def test_only_organisers_come_here_and_pieces_of_other_events_are_not_found(console: Console) -> None:
    for who, status in {"moderator": 403, "delegate": 403, "stranger": 403}.items():
        assert (await look(console.browsers[who], ROOMS)).status == status
        assert (await send(console.browsers[who], ROOM, {"name": "Mine", "venue": "online"})).status == status
        assert (await send(console.browsers[who], f"{ROOM}/removal", {})).status == status
    assert (await look(console.organiser, f"{ROOMS}/library")).status == 404
    assert (await send(console.organiser, f"{ROOMS}/library/removal", {})).status == 404


async def test_the_event_itself_is_changed_and_says_what_that_publishes(console: Console) -> None:
    details = f"{MANAGE}/details"
    shown = (await look(console.organiser, details)).form(details)
    assert {name: shown[name] for name in ("first_day", "starts", "last_day", "ends", "zone")} == {
        "first_day": "2021-06-25",
        "starts": "10:00",
        "last_day": "2021-06-25",
        "ends": "17:00",
        "zone": "Europe/London",
    }
    assert (await change(console.organiser, details)).said == "Saved. Nothing that calendars say changed by it."
    page = await change(console.organiser, details, about="We meet on Thursday 25 June 2021.", free_days="2021-06-26", ends="18:00")
    assert page.said == "Saved. Nothing that calendars say changed by it."
    assert "25 June 2021 is a Friday, not a Thursday." in page.words
    assert (await change(console.organiser, details, title="A day for all")).said == "Saved, and released as version 2."
    wrong = await change(console.organiser, details, ends="10:30", free_days="tomorrow")
    assert wrong.beside == {"free_days": "Enter days as year-month-day, one on each line, such as 2025-07-12."}
    wrong = await change(console.organiser, details, starts="10:30")
    assert wrong.beside == {"starts": "“Opening keynote” would be outside the event’s own dates. Move or cancel it first."}
    event = (await console.session("opening-keynote")).event
    assert (event.title, event.free_days, event.ends_at) == ("A day for all", ["2021-06-26"], datetime(2021, 6, 25, 17, tzinfo=UTC))


async def test_another_zone_of_the_event_raises_the_sequences_and_leaves_the_instants(console: Console) -> None:
    before = await sessions(console)
    page = await change(console.organiser, f"{MANAGE}/details", zone="Europe/Paris", starts="11:00", ends="18:00")
    assert page.said == "Saved, and released as version 2."
    after = await sessions(console)
    assert {slug: (one.sequence, one.starts_at) for slug, one in after.items()} == {
        slug: (1, one.starts_at) for slug, one in before.items()
    }
    assert all(UUID(line["session"]) for line in (await console.releases())[0].changes)


async def test_a_calendar_that_follows_the_event_gets_the_new_place_under_the_same_identity(console: Console) -> None:
    feed = "/events/wi-test/programme.ics"
    wanted = ("UID", "SEQUENCE", "LOCATION")

    async def followed() -> list[str]:
        text = (await console.browsers["nobody"].get(feed)).text.replace("\r\n ", "")
        return [line for line in text.splitlines() if line.split(":")[0] in wanted and not line.startswith(f"UID:{console.world.event.id}")]

    before = await followed()
    await change(console.organiser, ROOM, name="Great stage")
    after = await followed()
    assert before.count("SEQUENCE:0") == after.count("SEQUENCE:1") == 2
    changed = [line.replace("SEQUENCE:0", "SEQUENCE:1").replace("LOCATION:Main stage", "LOCATION:Great stage") for line in before]
    assert after == changed
    assert after != before
