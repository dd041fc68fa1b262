"""Breakout groups: made, drawn, chosen, moved, opened and called back; a person is in one at a time, in every database."""

from datetime import UTC, datetime, timedelta

from httpx2 import Response
from sqlmodel import col, select

from conference.meetings.groups import close_groups, draw_groups, make_groups, move_person, open_groups
from conference.meetings.queries import door_for, groups_of, meeting_of
from conference.meetings.rules import DoorState
from conference.meetings.tables import Meeting
from conference.people.tables import Person, RoleKind
from conference.record.tables import AuditEntry
from conference.registration.seats import book_seat
from conference.storage.database import Db
from tests.meetings.cast import DOOR, GROUPS, OPEN, TALK, WORKSHOP, Cast, Visitors, group_ids, members
from tests.meetings.services import BigBlueButton, Jitsi, claims_of
from tests.meetings.test_jitsi import follow, token_in
from tests.meetings.test_settings import beside, words_of
from tests.world import BEFORE, delegate, with_role

NAMES = "Blue\nRed\nGreen"


async def room_of(visitors: Visitors, who: str, path: str = DOOR) -> str:
    """The room that this person's door leads to."""
    room: str = claims_of(token_in(await visitors.link(who, path)))["room"]
    return room


async def test_the_door_leads_to_ones_group_while_groups_are_open_and_back_to_the_plenary(on_jitsi: Cast, jitsi: Jitsi) -> None:
    plenary = await on_jitsi.room()
    async with on_jitsi.house() as visitors:
        await visitors.post("moderator", GROUPS, names=NAMES)
        ids = await group_ids(on_jitsi)
        for who, name in (("ada", "Blue"), ("ben", "Red")):
            await visitors.post("moderator", f"{GROUPS}/moves", person=str(on_jitsi.people[who].id), group=ids[name])
        assert await room_of(visitors, "ada") == plenary
        await visitors.post("moderator", f"{GROUPS}/opening")
        link = await visitors.link("ada")
        rooms = [await room_of(visitors, who) for who in ("ada", "ben", "speaker")]
        looking_in = await room_of(visitors, "speaker", f"{DOOR}?group={ids['Red']}")
        sneaking = await visitors.get("ada", f"{DOOR}?group={ids['Red']}")
        await visitors.post("moderator", f"{GROUPS}/closing", minutes="0")
        after = [await room_of(visitors, who) for who in ("ada", "ben", "speaker")]
        too_late = await visitors.get("speaker", f"{DOOR}?group={ids['Red']}")
    assert [room.startswith(f"{plenary}-") for room in rooms] == [True, True, False]
    assert (len(set(rooms)), rooms[2], looking_in, after) == (3, plenary, rooms[1], [plenary] * 3)
    assert [(page.status_code, words_of(page)) for page in (sneaking, too_late)] == [(404, "There is no such group, or it is closed.")] * 2
    assert await follow(link) == (200, f"Ada in Accra is in {rooms[0]}")
    assert jitsi.why_not(rooms[1], token_in(link)) == "room"


async def test_on_bigbluebutton_a_group_is_a_meeting_of_its_own(on_bigbluebutton: Cast, bigbluebutton: BigBlueButton) -> None:
    plenary = await on_bigbluebutton.room()
    async with on_bigbluebutton.house() as visitors:
        await visitors.post("moderator", GROUPS, names=NAMES)
        blue = (await group_ids(on_bigbluebutton))["Blue"]
        await visitors.post("moderator", f"{GROUPS}/moves", person=str(on_bigbluebutton.people["ada"].id), group=blue)
        await visitors.post("moderator", f"{GROUPS}/opening")
        said = [(await follow(await visitors.link(who)))[1] for who in ("ada", "ben")]
    group = next(meeting for name, meeting in bigbluebutton.meetings.items() if name != plenary)
    assert said == ["Ada in Accra is in Blue · Hands-on workshop", "Ben in Bogota is in Hands-on workshop"]
    assert (group["meta_plenary"], group["name"]) == (plenary, "Blue · Hands-on workshop")


async def test_people_without_a_group_choose_one_with_space(on_jitsi: Cast) -> None:
    async with on_jitsi.house() as visitors:
        await visitors.post("moderator", GROUPS, names="Blue\nRed", capacity="1")
        await visitors.post("moderator", f"{GROUPS}/opening")
        ids = await group_ids(on_jitsi)
        first = await visitors.post("ada", f"{DOOR}/group", group=ids["Blue"], next=WORKSHOP)
        offered = (await visitors.get("ben", f"{DOOR}/group")).text
        full = await visitors.post("ben", f"{DOOR}/group", group=ids["Blue"])
        again = await visitors.post("ada", f"{DOOR}/group", group=ids["Red"])
        away = await visitors.post("ben", f"{DOOR}/group", group=ids["Red"], next="https://elsewhere.example")
        others = [(await visitors.post(who, f"{DOOR}/group", group=ids["Red"])).status_code for who in ("nobody", "stranger", "registered")]
    assert (first.status_code, first.headers["location"]) == (303, WORKSHOP)
    assert [f"Join “{name}”" in offered for name in ("Blue", "Red")] == [False, True]
    assert (full.status_code, words_of(full)) == (409, "The group “Blue” is full. Choose another, or stay in the plenary.")
    assert (again.status_code, words_of(again)) == (409, "You are in the group “Blue” already. Who leads the session can move you.")
    assert (away.status_code, away.headers["location"], others) == (303, "/", [401, 403, 403])
    assert await members(on_jitsi) == {"Ada in Accra": "Blue", "Ben in Bogota": "Red"}


async def test_a_draw_is_even_and_leaves_out_who_leads_or_has_no_seat(on_jitsi: Cast) -> None:
    moments = OPEN, datetime.now(UTC)
    world, moderator = on_jitsi.world, on_jitsi.people["moderator"]
    async with on_jitsi.database.writing() as db:
        people = [await delegate(db, world, f"Delegate {number}") for number in range(8)]
        for person in (*people, on_jitsi.people["speaker"]):
            await book(db, on_jitsi, person)
        await make_groups(db, world.event, world.workshop, NAMES, None, *moments, by=moderator.id)
        assert await draw_groups(db, world.event, world.workshop, *moments, by=moderator.id) == 10
        meeting, _ = await found(db, on_jitsi)
        assert sorted(room.taken for room in await groups_of(db, meeting.id)) == [3, 3, 4]
        present = {person.id for person in people[:4]} | {on_jitsi.people["registered"].id}
        assert await draw_groups(db, world.event, world.workshop, *moments, by=moderator.id, present=present) == 4
    assert sorted(await members(on_jitsi)) == [f"Delegate {number}" for number in range(4)]


async def test_a_draw_that_does_not_fit_or_comes_while_groups_are_open_is_refused(on_jitsi: Cast) -> None:
    async with on_jitsi.house() as visitors:
        answers = [await visitors.post("moderator", f"{GROUPS}/draw"), await visitors.post("moderator", f"{GROUPS}/opening")]
        await visitors.post("moderator", GROUPS, names="Only", capacity="1")
        answers.append(await visitors.post("moderator", f"{GROUPS}/draw"))
        await visitors.post("moderator", f"{GROUPS}/opening")
        answers += [await visitors.post("moderator", f"{GROUPS}/{act}") for act in ("draw", "opening")]
        answers.append(await visitors.post("moderator", GROUPS, names=NAMES))
        await visitors.post("moderator", f"{GROUPS}/closing", minutes="0")
        answers.append(await visitors.post("moderator", f"{GROUPS}/closing", minutes="0"))
        answers.append(await visitors.post("organiser", f"/manage{TALK}/groups/opening"))
    open_now = "The groups are open now. Call everybody back to the plenary first."
    assert [(answer.status_code, words_of(answer)) for answer in answers] == [
        (409, "There are no groups yet. Make some first."),
        (409, "There are no groups yet. Make some first."),
        (409, "An even draw of 2 people puts 2 into a group, but only 1 fit. Make more groups."),
        (409, open_now),
        (409, open_now),
        (409, open_now),
        (409, "The groups are closed: everybody is in the plenary."),
        (409, "There are no groups yet. Make some first."),
    ]


async def test_the_way_back_has_a_moment_and_everybody_is_told_in_their_own_time(on_jitsi: Cast) -> None:
    world, moderator, ada = on_jitsi.world, on_jitsi.people["moderator"], on_jitsi.people["ada"]
    real_now, after = datetime.now(UTC), timedelta(minutes=5)
    async with on_jitsi.database.writing() as db:
        blue, *_ = await make_groups(db, world.event, world.workshop, NAMES, None, OPEN, real_now, by=moderator.id)
        await move_person(db, world.event, world.workshop, ada.id, blue.id, OPEN, real_now, by=moderator.id)
        await open_groups(db, world.event, world.workshop, OPEN, real_now, by=moderator.id)
        before = await door_for(db, world.workshop, world.event, ada, OPEN)
        assert await close_groups(db, world.event, world.workshop, after, OPEN, real_now, by=moderator.id) == OPEN + after
        still = await door_for(db, world.workshop, world.event, ada, OPEN + after - timedelta(seconds=1))
        back = await door_for(db, world.workshop, world.event, ada, OPEN + after, zone="Asia/Tokyo")
    assert (before.words, before.group) == ("You are in the group “Blue”: the door leads there.", "Blue")
    assert still.words == "You are in the group “Blue”: the door leads there. Back to the plenary at 13:25 (EAT, UTC+3)."
    assert (back.state, back.words, back.group, back.href) == (
        DoorState.open,
        "The groups are closed: the door leads to the plenary.",
        "",
        DOOR,
    )


async def test_a_form_with_mistakes_comes_back_and_strangers_groups_and_people_are_not_found(on_jitsi: Cast) -> None:
    ada = str(on_jitsi.people["ada"].id)
    async with on_jitsi.house() as visitors:
        wrong: dict[str, Response] = {
            "no names": await visitors.post("moderator", GROUPS),
            "a word": await visitors.post("moderator", GROUPS, names="Blue", capacity="many"),
        }
        await visitors.post("organiser", f"/manage{TALK}/groups", names="Other")
        other = (await group_ids(on_jitsi))["Other"]
        await visitors.post("moderator", GROUPS, names=NAMES)
        blue = (await group_ids(on_jitsi))["Blue"]
        wrong["nobody"] = await visitors.post("moderator", f"{GROUPS}/moves", group=blue)
        strange = [
            (await visitors.post("moderator", f"{GROUPS}/moves", person=who, group=group)).status_code
            for who, group in ((ada, other), (str(on_jitsi.people["registered"].id), blue), (other, blue))
        ]
        await visitors.post("moderator", f"{GROUPS}/opening")
        wrong["when"] = await visitors.post("moderator", f"{GROUPS}/closing", minutes="7")
    assert {name: (page.status_code, list(beside(page))) for name, page in wrong.items()} == {
        "no names": (422, ["names"]),
        "a word": (422, ["capacity"]),
        "nobody": (422, ["person"]),
        "when": (422, ["minutes"]),
    }
    assert (strange, await members(on_jitsi)) == ([404] * 3, {})


async def test_only_those_who_moderate_or_organise_make_groups(on_jitsi: Cast) -> None:
    async with on_jitsi.house() as visitors:
        looks = {who: (await visitors.get(who, GROUPS)).status_code for who in on_jitsi.cookies}
        acts = {
            who: {
                (await visitors.post(who, GROUPS + act, names=NAMES)).status_code for act in ("", "/draw", "/moves", "/opening", "/closing")
            }
            for who in ("speaker", "ada", "nobody")
        }
    may = {"moderator", "organiser"}
    assert looks == {who: 200 if who in may else 403 for who in on_jitsi.cookies}
    assert acts == {"speaker": {403}, "ada": {403}, "nobody": {401}}
    assert await group_ids(on_jitsi) == {}


async def test_who_moved_whom_is_in_the_audit_trail(on_jitsi: Cast) -> None:
    ada = on_jitsi.people["ada"].id
    async with on_jitsi.house() as visitors:
        await visitors.post("moderator", GROUPS, names=NAMES)
        for group in ((await group_ids(on_jitsi))["Red"], ""):
            await visitors.post("moderator", f"{GROUPS}/moves", person=str(ada), group=group)
    async with on_jitsi.database.reading() as db:
        rows = await db.exec(select(AuditEntry).where(AuditEntry.act == "moved to group").order_by(col(AuditEntry.id)))
        lines = [(row.person_id, row.details) for row in rows]
    moderator = on_jitsi.people["moderator"].id
    assert lines == [(moderator, {"moved": str(ada), "group": "Red"}), (moderator, {"moved": str(ada), "group": ""})]


async def found(db: Db, cast: Cast) -> tuple[Meeting, object]:
    pair = await meeting_of(db, cast.world.workshop.id)
    assert pair
    return pair


async def book(db: Db, cast: Cast, person: Person) -> None:
    if person.name.startswith("Delegate"):
        await book_seat(db, cast.world.event, cast.world.workshop, person, BEFORE, datetime.now(UTC))


async def test_a_moderator_of_the_event_who_is_made_one_later_is_not_drawn(on_jitsi: Cast) -> None:
    world, by = on_jitsi.world, on_jitsi.people["moderator"].id
    async with on_jitsi.database.writing() as db:
        helper = await with_role(db, world, "Delegate who helps", RoleKind.moderator)
        await delegate(db, world, "Delegate who helps")
        await book(db, on_jitsi, helper)
        await make_groups(db, world.event, world.workshop, "Blue", None, OPEN, datetime.now(UTC), by=by)
        assert await draw_groups(db, world.event, world.workshop, OPEN, datetime.now(UTC), by=by) == 2
    assert await members(on_jitsi) == {"Ada in Accra": "Blue", "Ben in Bogota": "Blue"}
