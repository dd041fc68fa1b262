"""The organisers' desk: one look at the day, help asked and answered, silences lifted; by plain forms, for those who moderate."""

import re
import time
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from sqlmodel import col, select
from websockets.exceptions import InvalidStatus

from conference.people.actions import end_role, grant_role, know_person, sign_in
from conference.people.tables import RoleKind
from conference.record.tables import AuditEntry
from conference.storage.database import Db
from conference.wire.codes import BANNED
from tests.live.cast import Ear, World

DESK = "/manage/events/wi/desk"
NOW = f"{DESK}/now"
CUT_WITHIN = 5.0  # seconds


async def say(ear: Ear, command: str, **more: Any) -> str:
    """A command over the socket; the id of what it made."""
    client_id = uuid4().hex
    await ear.say(type=command, client_id=client_id, **more)
    while True:
        answer = await ear.until("acknowledged")
        if answer["client_id"] == client_id:
            return str(answer["subject_id"])


async def ask_help(world: World, name: str = "asker", kind: str = "sound", **more: Any) -> str:
    """Over the socket of the stage; the request's id."""
    async with world.ear(name) as ear:
        await ear.opened()
        return await say(ear, "ask_help", kind=kind, **more)


async def chat(world: World, name: str, text: str) -> str:
    """A message in the chat, which the moderator opens for it; its id."""
    settings = {"moderated": "before", "chat_open": True, "slow_seconds": 0, "held_words": "", "late_minutes": 10}
    async with world.ear("moderator") as moderator, world.ear(name) as ear:
        await moderator.opened()
        await ear.opened()
        await say(moderator, "set_stage", **settings)
        return await say(ear, "say", text=text)


async def acts(world: World) -> list[tuple[str, str]]:
    """The audit trail's acts at the desk: what, and by whom."""
    names = {person.id: name for name, person in world.cast.people.items()}
    async with world.house.database.reading() as db:
        rows = (await db.exec(select(AuditEntry).where(AuditEntry.event_id == world.cast.event.id).order_by(col(AuditEntry.id)))).all()
    about = ("help", "silence")
    return [(row.act, names[row.person_id]) for row in rows if row.person_id and row.act.startswith(about)]


def list_of(page: str, name: str) -> str:
    """One of the desk's lists, as markup."""
    found = re.search(rf'data-region="{name}">(.*?)\n</ul>', page, re.S)
    assert found
    return found[1]


async def test_the_desk_shows_what_is_on_who_is_there_and_what_waits(world: World) -> None:
    await chat(world, "voter", "Good morning")
    await ask_help(world)
    async with world.browser("asker") as asker, world.browser("moderator") as moderator, world.ear("voter"), world.ear():
        await asker.post(world.stage() + "/questions", data={"text": "Who pays?", "client_id": "1"})
        page = (await moderator.get(DESK)).text
    stages = list_of(page, "stages")
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", stages))
    assert re.findall(r"On now|Next|Opening|Tomorrow|About \d+ minutes late|\d requests? for help", words)[:4] == [
        "On now",
        "About 10 minutes late",
        "1 request for help",
        "Opening",
    ]
    assert "On this stage now: 1 person signed in and 1 visitor." in words
    assert "Questions waiting 1 Chat Open" in words
    assert stages.count('href="/manage/events/wi/sessions/opening/stage"') == 2
    assert stages.index("Opening") < stages.index("Tomorrow")
    assert "Yesterday" not in stages


@pytest.mark.parametrize(("name", "status"), [(None, 401), ("asker", 403), ("stranger", 403)])
async def test_the_desk_is_for_those_who_moderate(world: World, name: str | None, status: int) -> None:
    request, report = await ask_help(world), await ask_help(world, kind="conduct", text="Shouting")
    forms = [
        (f"{DESK}/announcements", {"text": "Hello", "minutes": "5"}),
        (f"{DESK}/announcements", {"text": "Hello", "minutes": "5", "preview": "yes"}),
        (f"{DESK}/announcements/{uuid4()}/ending", {}),
        (f"{DESK}/help/{request}/resolution", {"done": "Nothing"}),
        (f"{DESK}/help/{report}/silence", {"minutes": "5", "reason": "Because"}),
        (f"{DESK}/silences/{uuid4()}/lifting", {}),
    ]
    async with world.browser(name) as browser:
        looks = [
            await browser.get(path) for path in (DESK, NOW, f"{DESK}/announcements/preview?minutes=5", f"{DESK}/help/{report}/silence")
        ]
        sent = [await browser.post(path, data=typed) for path, typed in forms]
    assert [answer.status_code for answer in looks] == [303 if name is None else status] * len(looks)
    assert [answer.status_code for answer in sent] == [status] * len(sent)
    assert "asks for help" not in "".join(answer.text for answer in (*looks, *sent))
    assert await acts(world) == []


async def test_a_desk_and_things_that_are_not_there_are_not_found(world: World) -> None:
    request = await ask_help(world)
    none = uuid4()
    async with world.browser("moderator") as moderator:
        looks = [
            await moderator.get(path)
            for path in ("/manage/events/none/desk", f"{DESK}/help/{none}/silence", f"{DESK}/help/{request}/silence")
        ]
        sent = [
            await moderator.post(path, data={"done": "Done", "minutes": "5", "reason": "Because"})
            for path in (
                f"{DESK}/announcements/{none}/ending",
                f"{DESK}/help/{none}/resolution",
                f"{DESK}/help/{none}/silence",
                f"{DESK}/help/{request}/silence",  # it reports nothing that somebody wrote
                f"{DESK}/silences/{none}/lifting",
            )
        ]
    assert [answer.status_code for answer in (*looks, *sent)] == [404] * 8


async def test_another_event_s_requests_silences_and_announcements_are_not_this_one_s(world: World) -> None:
    request = await ask_help(world)
    async with world.house.database.writing() as db:
        token = await _organiser_elsewhere(db, world)
    headers = {"Cookie": f"sign_in={token}", "Origin": world.origin}
    async with httpx2.AsyncClient(base_url=world.origin, headers=headers, trust_env=False) as elsewhere:
        page = await elsewhere.get("/manage/events/elsewhere/desk")
        sent = await elsewhere.post(f"/manage/events/elsewhere/desk/help/{request}/resolution", data={"done": "Done"})
        assert (page.status_code, "can’t hear" in page.text, sent.status_code) == (200, False, 404)
        assert (await elsewhere.get(DESK)).status_code == 403


async def test_help_that_is_asked_on_a_stage_is_at_the_desk_and_what_was_done_is_read_by_whoever_asked(world: World) -> None:
    async with world.ear("asker") as asker, world.ear("moderator", log="moderators") as queue, world.browser("moderator") as moderator:
        await asker.opened()
        await queue.opened()
        help_id = await say(asker, "ask_help", kind="sound", text="There is no sound since the break.")
        assert (await queue.until("help_changed"))["help"]["text"] == "There is no sound since the break."
        waiting = list_of((await moderator.get(DESK)).text, "help")
        assert [words in waiting for words in ("Asker in Nairobi", "can’t hear", "There is no sound since the break.", "Opening")] == [
            True
        ] * 4
        sent = await moderator.post(f"{DESK}/help/{help_id}/resolution", data={"done": "Load the page again, please.", "client_id": "1"})
        assert (sent.status_code, sent.headers["location"]) == (303, DESK)
        while not (mine := (await asker.until("mine"))["mine"])["help"][0]["done"]:
            pass
        assert [(each["id"], each["done"]) for each in mine["help"]] == [(help_id, "Load the page again, please.")]
        told = (await queue.until("help_changed"))["help"]
        assert (told["done"], told["resolved_by"]) == ("Load the page again, please.", "Moderator in London")
        page = (await moderator.get(DESK)).text
        assert ("can’t hear" in list_of(page, "help"), "Load the page again, please." in list_of(page, "resolved")) == (False, True)
    assert await acts(world) == [("help resolved", "moderator")]


async def test_requests_come_oldest_first_and_those_looked_after_stand_apart(world: World) -> None:
    ids = [
        await ask_help(world, name, "other", text=f"Request {number}")
        for number, name in enumerate(("asker", "voter", "asker", "voter"), 1)
    ]
    async with world.browser("moderator") as moderator:
        for help_id in (ids[1], ids[2]):
            assert (await moderator.post(f"{DESK}/help/{help_id}/resolution", data={"done": "Seen to."})).status_code == 303
        page = (await moderator.get(DESK)).text
    assert re.findall(r"Request \d", list_of(page, "help")) == ["Request 1", "Request 4"]
    assert re.findall(r"Request \d", list_of(page, "resolved")) == ["Request 3", "Request 2"]
    assert "Help: 2 requests wait" in page


async def test_without_saying_what_was_done_nothing_is_resolved_and_what_was_typed_stays(world: World) -> None:
    help_id = await ask_help(world)
    async with world.browser("moderator") as moderator:
        for typed, sentence in (("  ", "Say what was done: the person who asked reads it."), ("x" * 301, "This note has 301 characters")):
            sent = await moderator.post(f"{DESK}/help/{help_id}/resolution", data={"done": typed})
            assert (sent.status_code, sentence in sent.text, typed in sent.text) == (422, True, True)
            assert sent.text.count(f'id="done-{help_id.replace("-", "")}"') == 1
        assert "can’t hear" in list_of((await moderator.get(DESK)).text, "help")
    assert await acts(world) == []


async def test_a_request_is_looked_after_once_however_often_and_by_whomever_the_form_is_sent(world: World) -> None:
    help_id = await ask_help(world)
    async with world.house.database.writing() as db:
        await grant_role(db, world.cast.people["voter"], world.cast.event.id, RoleKind.organiser, world.house.clock.now())
    path, form = f"{DESK}/help/{help_id}/resolution", {"done": "Seen to.", "client_id": f"desk-{help_id.replace('-', '')}"}
    async with world.browser("moderator") as moderator, world.browser("voter") as organiser:
        sent = [await moderator.post(path, data=form), await moderator.post(path, data=form), await organiser.post(path, data=form)]
    assert [answer.status_code for answer in sent] == [303, 303, 409]
    assert "Moderator in London has looked after this already: Seen to." in sent[2].text
    assert await acts(world) == [("help resolved", "moderator")]


async def test_whoever_wrote_what_is_reported_is_silenced_from_the_desk_and_the_silence_is_lifted_there(world: World) -> None:
    report = await ask_help(world, kind="conduct", about_id=await chat(world, "voter", "Go home"))
    async with world.browser("moderator") as moderator, world.ear("voter") as voter:
        await voter.opened()
        waiting = list_of((await moderator.get(DESK)).text, "help")
        assert [words in waiting for words in ("Go home", "Silence Voter in Sydney", f"{DESK}/help/{report}/silence")] == [True] * 3
        typed = {"minutes": "", "reason": ""}
        wrong = await moderator.post(f"{DESK}/help/{report}/silence", data={"minutes": "soon", "reason": "Said so before."})
        assert (wrong.status_code, "Type how many minutes" in wrong.text, "Said so before." in wrong.text) == (422, True, True)
        empty = await moderator.post(f"{DESK}/help/{report}/silence", data={"minutes": "5", "reason": " "})
        assert (empty.status_code, "Say why" in empty.text) == (422, True)
        typed = {"minutes": "5", "reason": "We are polite here.", "client_id": "1"}
        assert (await moderator.post(f"{DESK}/help/{report}/silence", data=typed)).status_code == 303
        assert (await voter.until("mine"))["mine"]["silence"]["reason"] == "We are polite here."
        silences = list_of((await moderator.get(DESK)).text, "silences")
        shown = ("Voter in Sydney", "may not write", "We are polite here.", "By Moderator in London", "Opening")
        assert [words in silences for words in shown] == [True] * 5
        lift = re.search(rf'"({DESK}/silences/[^"]+/lifting)"', silences)
        assert lift
        assert [(await moderator.post(lift[1])).status_code for _ in range(2)] == [303, 409]
        assert (await voter.until("mine"))["mine"]["silence"] is None
        assert "We are polite here." not in list_of((await moderator.get(DESK)).text, "silences")
    assert await acts(world) == [("silence begun", "moderator"), ("silence lifted", "moderator")]


async def test_the_name_of_whoever_asked_anonymously_is_said_to_be_hidden_from_the_audience(world: World) -> None:
    question = await world.ask_and_approve("Whose fault is it?", 1, anonymous=True)
    await ask_help(world, "voter", "conduct", about_id=question)
    async with world.browser("moderator") as moderator:
        assert "Silence Asker in Nairobi (anonymous to the audience)" in (await moderator.get(DESK)).text


async def test_a_banned_person_s_sockets_are_cut_in_time_and_none_opens_until_it_is_lifted(world: World) -> None:
    report = await ask_help(world, kind="conduct", about_id=await chat(world, "voter", "Go home"))
    async with world.browser("moderator") as moderator, world.ear("voter") as voter, world.ear("asker") as other:
        await voter.opened()
        await other.opened()
        began = time.monotonic()
        typed = {"minutes": "60", "reason": "That was enough.", "ban": "yes"}
        assert (await moderator.post(f"{DESK}/help/{report}/silence", data=typed)).status_code == 303
        assert (await voter.close_code(), time.monotonic() - began < CUT_WITHIN) == (BANNED.code, True)
        await other.say(type="ping", client_id="here")
        assert (await other.until("pong"))["client_id"] == "here"
        async with world.browser("voter") as banned:
            stage = await banned.get(world.stage())
            assert (stage.status_code, "The reason: That was enough." in stage.text) == (403, True)
            asked = await banned.post(world.stage() + "/questions", data={"text": "May I?", "client_id": "1"})
        assert (asked.status_code, "A moderator has closed this event’s stages for you" in asked.text.replace("&#39;", "’")) == (403, True)
        with pytest.raises(InvalidStatus) as refused:
            async with world.ear("voter"):
                pass
        assert (refused.value.response.status_code, b"That was enough." in (refused.value.response.body or b"")) == (403, True)
        page = (await moderator.get(DESK)).text
        assert "may not see the stages" in list_of(page, "silences")
        lift = re.search(rf'"({DESK}/silences/[^"]+/lifting)"', page)
        assert lift
        assert (await moderator.post(lift[1])).status_code == 303
        async with world.ear("voter") as back:
            await back.opened()


async def test_its_script_hears_only_of_changes_and_a_sentence_for_the_next_page_is_not_lost(world: World) -> None:
    async with world.browser("moderator") as moderator:
        first = await moderator.get(NOW)
        same = await moderator.get(NOW, headers={"If-None-Match": first.headers["etag"]})
        assert (first.status_code, same.status_code, same.content) == (200, 304, b"")
        help_id = await ask_help(world)
        after = await moderator.get(NOW, headers={"If-None-Match": first.headers["etag"]})
        assert (after.status_code, f'data-key="{help_id}"' in after.text, "<html" in after.text) == (200, True, False)
        await moderator.post(f"{DESK}/help/{help_id}/resolution", data={"done": "Seen to."})
        await moderator.get(NOW)
        assert "The person who asked reads what was done." in (await moderator.get(DESK)).text


async def test_whoever_loses_the_role_loses_the_desk(world: World) -> None:
    async with world.browser("moderator") as moderator:
        assert (await moderator.get(DESK)).status_code == 200
        async with world.house.database.writing() as db:
            await end_role(db, world.cast.people["moderator"], world.cast.event.id, RoleKind.moderator, world.house.clock.now())
        assert [(await moderator.get(path)).status_code for path in (DESK, NOW)] == [403, 403]


async def test_the_event_s_overview_leads_to_the_desk(world: World) -> None:
    async with world.browser("moderator") as moderator:
        assert f'href="{DESK}"' in (await moderator.get("/manage/events/wi")).text


async def _organiser_elsewhere(db: Db, world: World) -> str:
    """Of another event; the token of their sign-in."""
    now, event = world.house.clock.now(), world.cast.event
    other = type(event)(**{**event.model_dump(exclude={"id"}), "slug": "elsewhere", "title": "Elsewhere"})
    db.add(other)
    await db.flush()
    person = await know_person(db, "elsewhere@stage.example", "Organiser elsewhere", now)
    await grant_role(db, person, other.id, RoleKind.organiser, now)
    return await sign_in(db, person.id, now)
