"""A schedule file of another system comes in, is released, and goes out again: what is kept is what docs/interchange.md says."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from conference.people.actions import grant_role
from conference.people.tables import RoleKind
from conference.programme.planned import planned_programme
from conference.programme.queries import event_at
from conference.programme.releasing import release_drafts
from conference.programme.tables import Event
from tests.calendars.interchange_rules import breaches_of_json, breaches_of_xml
from tests.console.cast import Console, Page
from tests.console.importers import confirm, field_named, table, upload
from tests.world import BEFORE

ROOT = Path(__file__).parents[2]
FILE = (ROOT / "tests/fixtures/exchange/schedule.xml").read_bytes()
IMPORT, CONFIRM = "/manage/events/night/import", "/manage/events/night/import/confirmation"
GREAT_HALL = "2f1c7e0a-98f1-5d0f-8f5e-0c8f4a6b1d01"
LONG_NIGHT = """Readings over the hour that comes twice.

Bring a blanket.

– Tea
– A lamp (which (https://lamps.example/))

The poems: https://poems.example/?a=1&b=2
Programme as PDF: https://talks.example/media/nightdays/programme.pdf"""


@pytest.fixture
async def night(console: Console) -> Console:
    """An event of two days and the night in which London's clocks go back, with a venue to be and nothing in it."""
    span = {"starts_at": datetime(2021, 10, 29, 23, tzinfo=UTC), "ends_at": datetime(2021, 10, 31, 18, tzinfo=UTC)}
    async with console.database.writing() as db:
        event = Event(**console.autumn.model_dump(exclude={"id", "revision"}) | span | {"slug": "night", "title": "Night"})
        db.add(event)
        await db.flush()
        await grant_role(db, await db.merge(console.people["organiser"]), event.id, RoleKind.organiser, BEFORE)
    return console


async def bring(console: Console, data: bytes) -> Page:
    return await upload(console.organiser, data, IMPORT)


async def take(console: Console, preview: Page) -> Page:
    """All that is new is made, all rooms in the hall."""
    rooms: dict[str, str | None] = {
        field_named(preview, f"Room “{name}”"): "venue:hall" for name in ("Great hall", "Side room", "Workshop 1")
    }
    return await confirm(console.organiser, preview, CONFIRM, **rooms)


async def released(console: Console) -> bytes:
    async with console.database.writing() as db:
        await release_drafts(db, await event_at(db, "night"), BEFORE)
    return (await console.organiser.get("/events/night/schedule.xml")).content


def fields_of(event: ElementTree.Element, room_guid: str) -> dict[str, Any]:
    """An event's fields, by the names that docs/interchange.md uses."""
    fields: dict[str, Any] = {child.tag: child.text or "" for child in event} | event.attrib
    for name in ("links", "attachments"):
        fields[name] = [(each.get("href"), each.text) for each in event.findall(f"{name}/*")]
    fields["persons"] = [(person.get("guid"), person.text) for person in event.findall("persons/person")]
    fields["recording"] = (event.findtext("recording/license"), event.findtext("recording/optout"))
    return fields | {"room": (room_guid, event.findtext("room"))}


def events_of(body: bytes) -> dict[str, dict[str, Any]]:
    rooms = ElementTree.fromstring(body).iterfind("day/room")
    return {event.attrib["guid"]: fields_of(event, room.attrib["guid"]) for room in rooms for event in room.iterfind("event")}


def documented() -> dict[str, str]:
    """What docs/interchange.md says becomes of each field."""
    part = (ROOT / "docs/interchange.md").read_text().partition("| field | what becomes of it | how |")[2].partition("\n\n")[0]
    return dict(re.findall(r"^\| (\w+) \| ([\w ]+) \|", part, re.MULTILINE))


async def test_what_comes_in_goes_out_as_the_table_in_the_docs_says(night: Console) -> None:
    said = await take(night, await bring(night, FILE))
    assert said.said == "5 sessions added, as drafts. Nobody else sees them until you release them."
    out = await released(night)
    assert breaches_of_xml(out) == []
    assert breaches_of_json((await night.organiser.get("/events/night/schedule.json")).content) == []
    before, after = events_of(FILE), events_of(out)
    fates = documented()
    assert set(fates) == {name for fields in before.values() for name in fields} - {"code"}
    kept = {name for name, fate in fates.items() if fate == "kept"} - {"abstract"}
    assert {guid: {name: fields[name] for name in kept} for guid, fields in after.items()} == {
        guid: {name: fields[name] for name in kept} for guid, fields in before.items()
    }
    for guid, fields in before.items():
        assert all(word in after[guid]["abstract"] for word in (fields["abstract"], fields["subtitle"])), guid
    emptied = {
        name: {str(fields.get(name, "")) for fields in after.values()} for name, fate in fates.items() if fate in ("dropped", "as text")
    }
    assert emptied == {"subtitle": {""}, "description": {""}, "links": {"[]"}, "attachments": {"[]"}, "language": {""}, "logo": {""}}
    assert {fields["recording"] for fields in after.values()} == {("", "true")}
    long_night = next(fields for fields in after.values() if fields["title"] == "The long night")
    assert (long_night["abstract"], long_night["room"][0], long_night["slug"]) == (LONG_NIGHT, GREAT_HALL, "night-the-long-night")


async def test_the_same_file_again_and_our_own_files_would_change_nothing(night: Console) -> None:
    await take(night, await bring(night, FILE))
    assert "Nothing would change" in (await bring(night, FILE)).words
    out = await released(night)
    for path in (
        "/events/night/schedule.xml",
        "/events/night/schedule.json",
        "/manage/events/night/programme.csv",
        "/manage/events/night/programme.xlsx",
    ):
        preview = await bring(night, (await night.organiser.get(path)).content)
        assert "Nothing would change" in preview.words, path
    assert "Nothing would change" in (await bring(night, FILE)).words
    assert out == (await night.organiser.get("/events/night/schedule.xml")).content


async def test_speakers_are_shared_and_the_night_stays_in_its_hours(night: Console) -> None:
    await take(night, await bring(night, FILE))
    async with night.database.reading() as db:
        planned = await planned_programme(db, await event_at(db, "night"))
    assert [
        (f"{one.facts.session.starts_at:%d %H:%M}", f"{one.facts.session.ends_at:%d %H:%M}", one.facts.session.title) for one in planned
    ] == [
        ("30 08:30", "30 09:15", "Open shelves after closing time"),
        ("30 08:30", "30 09:15", "Opening words & “why nights?”"),
        ("30 22:30", "31 01:30", "The long night"),
        ("31 01:30", "31 02:00", "Half past one, again"),
        ("31 10:00", "31 11:30", "Lamps to build"),
    ]
    speakers = {speaker.id for one in planned for speaker in one.facts.speakers}
    assert len(speakers) == 2


async def test_one_talk_at_two_events_has_two_identities_and_each_is_found_again(night: Console) -> None:
    await take(night, await bring(night, FILE))
    path = "/manage/events/autumn"
    stranger = night.browsers["stranger"]
    preview = await upload(stranger, FILE, f"{path}/import")
    rooms: dict[str, str | None] = {
        field_named(preview, f"Room “{name}”"): "venue:library" for name in ("Great hall", "Side room", "Workshop 1")
    }
    await confirm(stranger, preview, f"{path}/import/confirmation", **rooms)
    async with night.database.reading() as db:
        here, there = [await planned_programme(db, await event_at(db, slug)) for slug in ("night", "autumn")]
    ids = [{one.facts.session.id for one in planned if one.draft} for planned in (here, there)]
    assert ({str(id_) for id_ in ids[0]}, len(ids[1]), ids[0] & ids[1]) == (set(events_of(FILE)), 5, set())
    again = await upload(stranger, FILE, f"{path}/import")
    assert "Nothing would change" in again.words


async def test_a_change_in_the_file_is_a_change_in_words(night: Console) -> None:
    await take(night, await bring(night, FILE))
    await released(night)
    moved = FILE.replace(b"2021-10-31T10:00:00+00:00", b"2021-10-31T10:30:00+00:00").replace(b"<start>10:00<", b"<start>10:30<")
    assert table(await bring(night, moved), "Would change") == [
        ["Lamps to build Moved", "time changed from 10:00–11:30 to 10:30–12:00", "Line 113"]
    ]
    whole = json.loads((await night.organiser.get("/events/night/schedule.json")).content)
    whole["schedule"]["conference"]["days"].pop()
    preview = await bring(night, json.dumps(whole).encode())
    assert "Cancel “Lamps to build”" in preview.words


async def test_rooms_that_share_a_guid_are_told_apart_by_their_names(night: Console) -> None:
    shared = re.sub(rb'(<room name="[^"]+" guid=)"[^"]+"', rb'\1"' + GREAT_HALL.encode() + rb'"', FILE)
    await take(night, await bring(night, shared))
    async with night.database.reading() as db:
        rooms = {one.facts.room.id: one.facts.room.name for one in await planned_programme(db, await event_at(db, "night"))}
    assert (sorted(rooms.values()), GREAT_HALL in map(str, rooms)) == (["Great hall", "Side room", "Workshop 1"], False)


async def test_times_written_on_another_clock_are_the_same_instants_and_it_is_said(night: Console) -> None:
    elsewhere = FILE.replace(b"2021-10-31T10:00:00+00:00", b"2021-10-31T11:00:00+01:00").replace(b"<start>10:00<", b"<start>10:00<")
    preview = await bring(night, elsewhere)
    written = "The time is written at UTC+1, while London’s clock is at UTC+0 then. The instant counts."
    assert table(preview, "Worth a look") == [
        ["Line 113", "date", written],
        ["Line 113", "start", "“start” is not what “date” says. “date” counts."],
    ]
    assert "Sunday 31 October 2021, 10:00–11:30" in preview.words


async def test_bad_events_of_a_file_are_named_by_their_line(night: Console) -> None:
    spoilt = FILE.replace(b"<duration>01:30</duration>", b"<duration>long</duration>").replace(
        b"2021-10-31T01:30:00+00:00", b"0001-01-01T00:00:00Z"
    )
    preview = await bring(night, spoilt)
    assert table(preview, "Rows that are left out") == [
        ["Line 90", "date", "Write a day with a year such as 2021."],
        ["Line 113", "duration", "“long” is not a duration such as 01:30."],
    ]
    assert len(table(preview, "Would be added")) == 3
