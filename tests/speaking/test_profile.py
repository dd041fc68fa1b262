"""Oneself as a speaker: what others read of it, when one can speak on whose clock, and being forgotten."""

import json
from datetime import UTC, datetime

from sqlmodel import select

from conference.people.tables import Person
from conference.programme.tables import Event
from conference.speaking.actions import forget
from conference.speaking.queries import availability_of, everything_about
from conference.speaking.tables import SpeakerInvitation, SpeakerProfile, TalkProposal, TalkResource
from tests.console.cast import change, look, send
from tests.speaking.cast import EVENT, MANAGE, PDF, PROFILE, TALK, House, picture

TIMES = f"{PROFILE}/times"
TWENTY_FIFTH = {"day": "2021-06-25", "zone": "Australia/Sydney"}


async def test_biography_pronouns_and_links_are_public_at_once_and_move_the_revision(house: House) -> None:
    before = house.world.event.revision
    typed = {"biography": "Born <here>.\n\nWorks there.", "pronouns": " she / her ", "link-2": "https://www.libraries.example/me"}
    assert (await change(house.browsers["speaker"], PROFILE, **typed)).said == "Saved, and shown on your page."
    page = await look(house.browsers["nobody"], f"{EVENT}/speakers/speaker")
    public = ("Born &lt;here&gt;.", "<p>Works there.</p>", "she / her", ">libraries.example</a>")
    assert [words for words in public if words not in page.text] == []
    async with house.database.reading() as db:
        assert (await db.get_one(Event, house.world.event.id)).revision == before + 1


async def test_a_profile_with_mistakes_comes_back_whole(house: House) -> None:
    typed = {"biography": "x" * 3001, "pronouns": "they", "link-1": "javascript:alert(1)", "link-3": "https://fine.example/"}
    page = await change(house.browsers["speaker"], PROFILE, **typed)
    assert (page.status, list(page.beside)) == (422, ["biography"])
    page = await send(house.browsers["speaker"], PROFILE, page.form(PROFILE) | {"biography": "Short."})
    assert (page.status, list(page.beside)) == (422, ["link-1"])
    assert page.form(PROFILE) == typed | {"biography": "Short.", "link-2": ""}
    assert (await house.speaker("speaker")).biography == ""


async def test_times_are_typed_on_the_speaker_s_clock_and_read_on_the_event_s(house: House) -> None:
    speaker = house.browsers["speaker"]
    speaker.cookies.set("browser_zone", "Australia/Sydney")
    opened = await look(speaker, PROFILE)
    assert "On Sydney’s clock (AEST, UTC+10)." in opened.words
    page = await send(speaker, TIMES, opened.form(TIMES) | {"starts": "18:00", "ends": "01:30"})
    assert page.said == "Added: the organisers see it on the event’s clock."
    page = await look(house.browsers["organiser"], f"{MANAGE}/speaking/speaker")
    assert "Friday 25 June 2021 09:00–16:30 in London (BST, UTC+1)" in page.words
    async with house.database.reading() as db:
        spans = await availability_of(db, house.world.event)
    assert spans == {house.speakers["speaker"].id: ((datetime(2021, 6, 25, 8, 0, tzinfo=UTC), datetime(2021, 6, 25, 15, 30, tzinfo=UTC)),)}


async def test_a_time_that_can_t_be_is_said_beside_its_field(house: House) -> None:
    speaker = house.browsers["speaker"]
    await send(speaker, TIMES, TWENTY_FIFTH | {"starts": "18:00", "ends": "20:00"})
    for typed, field in (
        (TWENTY_FIFTH | {"starts": "19:00", "ends": "21:00"}, "starts"),
        (TWENTY_FIFTH | {"starts": "25:00", "ends": "21:00"}, "starts"),
        ({"day": "2021-03-28", "zone": "Europe/London", "starts": "01:30", "ends": "05:00"}, "starts"),
        ({"day": "25 June", "zone": "Europe/London", "starts": "01:30", "ends": "05:00"}, "day"),
    ):
        page = await send(speaker, TIMES, typed)
        assert (page.status, list(page.beside), page.form(TIMES)) == (422, [field], typed)
    assert (await send(speaker, TIMES, TWENTY_FIFTH | {"zone": "Mars/Base", "starts": "1:00", "ends": "2:00"})).status == 422
    page = await look(speaker, PROFILE)
    removal = next(action for action in page.forms if action.startswith(f"{TIMES}/"))
    assert (await house.browsers["partner"].post(removal)).status_code == 403
    partner = removal.replace("/speakers/speaker/", "/speakers/partner/")
    assert (await house.browsers["partner"].post(partner)).status_code == 404
    assert (await send(speaker, removal, {})).said == "Removed."


async def test_everything_about_a_person_and_nothing_about_others_is_told_and_then_forgotten(any_house: House) -> None:
    house = any_house
    await send(house.browsers["organiser"], f"{MANAGE}/speaking/spare", {"email": house.people["guest"].email, "word": "Come."})
    await send(house.browsers["invited"], await house.link(), {})
    await change(house.browsers["speaker"], TALK, title="Mine")
    await send(house.browsers["speaker"], TIMES, TWENTY_FIFTH | {"starts": "18:00", "ends": "20:00"})
    await house.send_file("speaker", f"{PROFILE}/photo", "photo", picture(), alt="Portrait")
    await house.send_file("speaker", f"{TALK}/resources", "file", PDF, what="Slides", audience="public", shown_from="at_once")
    async with house.database.reading() as db:
        me, guest = [await everything_about(db, house.people[name]) for name in ("speaker", "guest")]
    assert {name: len(rows) for name, rows in me.items()} == {
        "speakers": 1,
        "profiles": 1,
        "times": 1,
        "invitations": 0,
        "proposals": 1,
        "resources": 1,
    }
    assert [row["email"] for row in guest["invitations"]] == [house.people["guest"].email]
    json.dumps([me, guest])
    async with house.database.writing() as db:
        files = [await forget(db, await db.get_one(Person, house.people[name].id)) for name in ("speaker", "guest")]
    assert [len(each) for each in files] == [2, 0]
    async with house.database.reading() as db:
        assert [list(await db.exec(select(table))) for table in (TalkProposal, TalkResource)] == [[], []]
        assert [row.speaker_id for row in await db.exec(select(SpeakerProfile))] == []
        assert [row.email for row in await db.exec(select(SpeakerInvitation))] == ["forgotten@invalid.invalid"]
        left = [await everything_about(db, house.people[name]) for name in ("speaker", "guest")]
    assert [row["biography"] for row in left[0].pop("speakers")] == [""]  # the name in the programme is the programme's to take out
    assert [row for each in left for name, rows in each.items() if name != "speakers" for row in rows] == []
