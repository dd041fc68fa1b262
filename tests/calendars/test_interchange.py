"""What schedule apps get: the programme in the shapes that they read, with the identities that calendars have."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID
from xml.etree import ElementTree

import pytest

from conference.console.import_files import read_file
from conference.programme.actions import add_session, edit_session, release_programme
from conference.programme.drafting import draft_change
from conference.programme.importing_drafts import propose
from conference.programme.importing_lines import Does
from conference.programme.planned import planned_at
from conference.programme.queries import event_at, programme_of
from conference.programme.releases import SessionPlan, plan_of
from conference.programme.tables import Event, EventFormat, RegistrationKind, Room, SessionType, Speaker, Venue
from tests.calendars.cast import JUNE, PUBLISHED_AT, House, questions_to, tag_of
from tests.calendars.interchange_rules import breaches_of_json, breaches_of_xml

BOTH = ("xml", "json")
MINUTES = timedelta(minutes=1)


async def _night(house: House) -> None:
    """Two rooms of one name, over the night in which London's clocks go back, with a talk past midnight and one inside the hour twice."""
    async with house.database.writing() as db:
        starts, ends = datetime(2021, 10, 30, 8, tzinfo=UTC), datetime(2021, 10, 31, 18, tzinfo=UTC)
        event = Event(
            slug="wi",
            title="A night < “of” & libraries\x07",
            summary="All night.",
            about="About.",
            format=EventFormat.in_person,
            zone="Europe/London",
            starts_at=starts,
            ends_at=ends,
            registration=RegistrationKind.open,
            made_at=PUBLISHED_AT,
            modified_at=PUBLISHED_AT,
        )
        venues = [Venue(slug=name.lower(), name=name, zone="Europe/London") for name in ("East", "West")]
        db.add_all([event, *venues])
        await db.flush()
        rooms = [Room(event_id=event.id, venue_id=venue.id, slug=f"hall-{venue.slug}", name="Hall") for venue in venues]
        speaker = Speaker(event_id=event.id, slug="reader", name="A reader <in London>")
        db.add_all([*rooms, speaker])
        await db.flush()
        for title, at, minutes in (
            ("Tea", 8 * 60, 30),
            ("Past midnight", 14 * 60 + 30, 60),
            ("The hour twice", 16 * 60 + 30, 60),
            ("Breakfast", 22 * 60, 60),
        ):
            begins = starts + at * MINUTES
            plan = SessionPlan(
                title, SessionType.social, rooms[minutes == 60].id, begins, begins + minutes * MINUTES, abstract="One\r\n\ntwo \x0b<b>"
            )
            await add_session(db, event, plan, [speaker], PUBLISHED_AT, slug=title[:3].lower() if title == "Tea" else "", release=False)
        await release_programme(db, event, [], PUBLISHED_AT)


@pytest.mark.parametrize("event", ["wi-2021", "illp-2025", "wi"])
async def test_both_files_keep_the_rules_of_the_interchange(house: House, event: str) -> None:
    await _night(house)
    assert breaches_of_xml(await house.feed(f"/events/{event}/schedule.xml")) == []
    assert breaches_of_json(await house.feed(f"/events/{event}/schedule.json")) == []


async def test_the_rules_notice_what_is_wrong(house: House) -> None:
    sound = (await house.feed("/events/illp-2025/schedule.xml")).decode()
    for before, after, breach in (
        ("<duration>01:30</duration>", "<duration>90</duration>", "duration can't be “90”"),
        ('index="2"', 'index="3"', "days are not counted from 1"),
        (
            "T15:30:00+01:00</date>",
            "T15:30:00+00:00</date>",
            "an offset that the conference's zone has not then: 2025-07-09T15:30:00+00:00",
        ),
        ("<start>15:30</start>", "<start>14:30</start>", "start is not what date says: 14:30"),
        ("<track>", "<trick></trick><track>", "event has 1 trick"),
    ):
        assert breach in breaches_of_xml(sound.replace(before, after, 1).encode())
    doubled = json.loads(await house.feed("/events/wi-2021/schedule.json"))
    held = next(iter(doubled["schedule"]["conference"]["days"][0]["rooms"].values()))
    held.append(held[0])
    assert f"guid twice: {held[0]['guid']}" in breaches_of_json(json.dumps(doubled).encode())


async def test_days_go_by_the_events_clock_and_a_night_belongs_to_its_evening(house: House) -> None:
    await _night(house)
    root = ElementTree.fromstring(await house.feed("/events/wi/schedule.xml"))
    days = [
        (day.attrib["start"], day.attrib["end"], [(event.findtext("date"), event.findtext("title")) for event in day.iter("event")])
        for day in root.findall("day")
    ]
    assert days == [
        (
            "2021-10-30T04:00:00+01:00",
            "2021-10-31T04:00:00+00:00",
            [
                ("2021-10-30T17:00:00+01:00", "Tea"),
                ("2021-10-30T23:30:00+01:00", "Past midnight"),
                ("2021-10-31T01:30:00+01:00", "The hour twice"),
            ],
        ),
        ("2021-10-31T04:00:00+00:00", "2021-11-01T04:00:00+00:00", [("2021-10-31T06:00:00+00:00", "Breakfast")]),
    ]
    assert root.findtext("conference/title") == "A night < “of” & libraries"
    assert [room.get("name") for room in root.iter("room") if room.get("name")] == ["Hall, East", "Hall, West", "Hall, West"]


async def test_both_files_say_the_same_with_the_identities_of_the_calendars(house: House) -> None:
    root = ElementTree.fromstring(await house.feed("/events/wi-2021/schedule.xml"))
    whole = json.loads(await house.feed("/events/wi-2021/schedule.json"))["schedule"]
    names = ("date", "start", "duration", "room", "slug", "url", "title", "type", "abstract")
    in_xml = {event.attrib["guid"]: [event.findtext(name) for name in names] for event in root.iter("event")}
    events = [event for day in whole["conference"]["days"] for held in day["rooms"].values() for event in held]
    assert {event["guid"]: [event[name] for name in names] for event in events} == in_xml
    assert (root.findtext("version"), whole["version"]) == ("1", "1")
    async with house.database.reading() as db:
        programme = await programme_of(db, await event_at(db, "wi-2021"))
    assert {UUID(guid) for guid in in_xml} == {facts.session.id for facts in programme}
    people = {(UUID(person["guid"]), person["name"]) for event in events for person in event["persons"]}
    assert people == {(speaker.id, speaker.name) for facts in programme for speaker in facts.speakers}
    assert {(UUID(room["guid"]), room["name"]) for room in whole["conference"]["rooms"]} == {
        (facts.room.id, facts.room.name) for facts in programme
    }


async def test_a_link_of_its_own_is_in_it_and_a_cancelled_session_is_not(house: House) -> None:
    await house.edit("welcome", JUNE, join_url="https://video.example/1?a=b&c=d")
    await house.cancel("keynote-andreas-mittrowann", "Ill.", JUNE)
    root = ElementTree.fromstring(await house.feed("/events/wi-2021/schedule.xml"))
    assert [(link.get("href"), link.text) for link in root.iter("link")] == [("https://video.example/1?a=b&c=d", "Join online")]
    whole = json.loads(await house.feed("/events/wi-2021/schedule.json"))["schedule"]
    assert "keynote-andreas" not in str(whole)
    assert b"keynote-andreas" not in ElementTree.tostring(root)
    assert (root.findtext("version"), whole["version"]) == ("3", "3")


@pytest.mark.parametrize("ending", BOTH)
async def test_a_poll_without_news_is_one_question_and_no_body(house: House, ending: str) -> None:
    path = f"/events/wi-2021/schedule.{ending}"
    first = await house.client.get(path)
    with questions_to(house.database) as asked:
        second = await house.client.get(path, headers=tag_of(first))
    assert (second.status_code, second.content, len(asked)) == (304, b"", 1)
    dated = await house.client.get(path, headers={"If-Modified-Since": first.headers["last-modified"]})
    assert dated.status_code == 304
    with questions_to(house.database) as asked:
        assert ((await house.client.get(path)).content, len(asked)) == (first.content, 1)
    expected = {"content-type": {"xml": "text/xml; charset=utf-8", "json": "application/json"}[ending], "cache-control": "public, no-cache"}
    assert {name: first.headers[name] for name in expected} == expected
    assert [name for name in ("set-cookie",) if name in first.headers] == []
    assert [(await house.client.request(method, path)).status_code for method in ("HEAD", "POST")] == [200, 405]


async def test_drafts_are_nobodys_until_they_are_released(house: House) -> None:
    before = [await house.feed(f"/events/wi-2021/schedule.{ending}") for ending in BOTH]
    async with house.database.writing() as db:
        planned = await planned_at(db, "wi-2021", "welcome")
        plan = SessionPlan(
            **{name: getattr(plan_of(planned.facts.session), name) for name in SessionPlan.__slots__} | {"title": "Welcome all"}
        )
        await draft_change(db, planned.facts.event, planned, plan, [], JUNE)
    assert [await house.feed(f"/events/wi-2021/schedule.{ending}") for ending in BOTH] == before
    async with house.database.writing() as db:
        facts = (await planned_at(db, "wi-2021", "welcome")).published
        assert facts
        await edit_session(db, facts.event, facts.session, plan, facts.speakers, JUNE)
    assert b"<title>Welcome all</title>" in await house.feed("/events/wi-2021/schedule.xml")


@pytest.mark.parametrize("event", ["wi-2021", "illp-2025"])
async def test_our_own_files_brought_in_again_would_change_nothing(house: House, event: str) -> None:
    for ending in BOTH:
        body = await house.feed(f"/events/{event}/schedule.{ending}")
        async with house.database.reading() as db:
            owner = await event_at(db, event)
            proposal = await propose(db, owner, await read_file(body, owner.zone))
            count = len(await programme_of(db, owner))
        done = {does: len(proposal.those(does)) for does in Does}
        assert done == {Does.nothing: count, Does.adds: 0, Does.changes: 0, Does.left: 0, Does.missing: 0}
        assert (proposal.troubles, proposal.warnings) == ((), ())
