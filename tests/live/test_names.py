"""Who is here, by consent: only who said so, only while they are here, to nobody who is not registered, and no longer than they like."""

from datetime import UTC, datetime

from sqlmodel import col, select

from conference.live.presence import Presences
from conference.live.showing import HereNow, hide_name, names_here, others_words, show_name
from conference.record.tables import AuditEntry
from conference.registration.actions import cancel_registration
from conference.storage.database import Database
from tests.live.cast import NAMES, World, make_cast
from tests.live.hall import SPEAKER, bring_speaker

NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)


async def listed(world: World, name: str) -> dict[str, object]:
    async with world.browser(name) as browser:
        found: dict[str, object] = (await browser.get(world.stage() + "/names.json")).json()
    return found


async def show(world: World, name: str, switch: str = "on") -> int:
    async with world.browser(name) as browser:
        return (await browser.post("/events/wi/stage-name", data={"show": switch})).status_code


async def test_nobody_s_name_is_shown_who_did_not_say_so(world: World) -> None:
    async with world.ear("asker"), world.ear("voter"), world.ear():
        assert await listed(world, "voter") == {
            "names": [],
            "words": "2 people who are signed in and 1 visitor; nobody shows their name.",
            "shows": False,
        }
        assert await show(world, "asker") == 303
        shown = {"names": [NAMES["asker"]], "words": "And 1 more person who is signed in and 1 visitor."}
        assert await listed(world, "voter") == {**shown, "shows": False}
        assert await listed(world, "asker") == {**shown, "shows": True}
        assert await show(world, "asker", "off") == 303
        assert (await listed(world, "voter"))["names"] == []  # at once


async def test_who_left_is_not_here_whatever_they_said(world: World) -> None:
    await show(world, "asker")
    async with world.ear("asker"):
        assert (await listed(world, "voter"))["names"] == [NAMES["asker"]]
    async with world.ear("voter"):
        pass
    assert await listed(world, "voter") == {"names": [], "words": "Nobody has this stage open at the moment.", "shows": False}


async def test_only_those_who_take_part_may_read_names_or_show_theirs(world: World) -> None:
    await bring_speaker(world)
    await show(world, "asker")
    async with world.ear("asker"):
        for name, status in ((None, 303), ("stranger", 403), ("voter", 200), ("speaker", 200), ("moderator", 200)):
            async with world.browser(name) as browser:
                pages = [await browser.get(world.stage() + view) for view in ("/names", "/names.json")]
            assert [page.status_code for page in pages] == [status, status]
            assert [NAMES["asker"] in page.text for page in pages] == [status == 200] * 2
    assert [await show(world, name) for name in ("stranger", "moderator", "voter")] == [403, 303, 303]
    async with world.browser() as nobody:
        assert (await nobody.post("/events/wi/stage-name", data={"show": "on"})).status_code == 401


async def test_one_can_always_take_it_back_and_it_is_written_down(world: World) -> None:
    await show(world, "voter")
    await show(world, "voter")
    now = world.house.clock.now()
    async with world.house.database.writing() as db:
        await cancel_registration(db, world.cast.event, world.cast.people["voter"], now, now)
    assert await show(world, "voter", "off") == 303
    async with world.house.database.reading() as db:
        noted = await db.exec(select(AuditEntry.act).where(col(AuditEntry.act).startswith("name ")).order_by(col(AuditEntry.id)))
        assert noted.all() == ["name shown", "name hidden"]


async def test_the_form_leads_back_to_this_site_alone(world: World) -> None:
    async with world.browser("voter") as voter:
        kept = await voter.post("/events/wi/stage-name", data={"show": "on", "next": world.stage() + "/names"})
        elsewhere = await voter.post("/events/wi/stage-name", data={"show": "off", "next": "//evil.example"})
    assert [answer.headers["location"] for answer in (kept, elsewhere)] == [world.stage() + "/names", "/"]


async def test_several_processes_know_who_is_where(database: Database) -> None:
    cast = await make_cast(database, NOW)
    here, there = Presences(shared=True), Presences(shared=True)
    asker, voter = cast.people["asker"], cast.people["voter"]
    async with database.writing() as db:
        for person in (asker, voter):
            await show_name(db, cast.event, person, NOW, NOW)
    here.enter(cast.session.id, asker.id)
    there.enter(cast.session.id, voter.id)
    there.enter(cast.session.id, cast.people["moderator"].id)
    for _ in range(2):
        for each in (here, there):
            await each.exchange(database, NOW)
    async with database.reading() as db:
        both = HereNow((NAMES["asker"], NAMES["voter"]), "And 1 more person who is signed in.")
        assert [await names_here(db, each, cast.session, NOW) for each in (here, there)] == [both, both]
    async with database.writing() as db:
        await hide_name(db, cast.event, voter, NOW)
    here.leave(cast.session.id, asker.id)  # its row is still there for a moment
    async with database.reading() as db:
        assert await names_here(db, here, cast.session, NOW) == HereNow((), "2 people who are signed in; nobody shows their name.")


def test_the_others_are_counted_in_words() -> None:
    counts = [(0, 0, 0), (2, 0, 0), (2, 1, 0), (2, 3, 1), (0, 1, 0), (0, 0, 2)]
    assert [others_words(*each) for each in counts] == [
        "Nobody has this stage open at the moment.",
        "",
        "And 1 more person who is signed in.",
        "And 3 more people who are signed in and 1 visitor.",
        "1 person who is signed in; nobody shows their name.",
        "2 visitors; nobody shows their name.",
    ]


async def test_a_hundred_names_are_enough(sqlite: Database) -> None:
    cast = await make_cast(sqlite, NOW, [f"delegate-{number:03}" for number in range(103)])
    presences = Presences(shared=False)
    async with sqlite.writing() as db:
        for name, person in cast.people.items():
            if name.startswith("delegate"):
                presences.enter(cast.session.id, person.id)
                await show_name(db, cast.event, person, NOW, NOW)
    async with sqlite.reading() as db:
        here = await names_here(db, presences, cast.session, NOW)
    assert (len(here.names), here.names[0], here.words) == (100, "delegate-000", "And 3 more people who are signed in.")
    assert SPEAKER not in here.names
