"""Through the door to a Jitsi server: who gets in, as whom, and what a link opens for anybody else."""

import logging
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from httpx2 import AsyncClient

from conference.live.care_tables import Silence
from conference.live.tables import Stage
from tests.meetings.cast import DOOR, OPEN, STARTS, TALK_DOOR, WORKSHOP, Cast
from tests.meetings.services import OTHER_SECRET, SECRET, Jitsi, claims_of, signed
from tests.meetings.test_settings import words_of


async def follow(link: str) -> tuple[int, str]:
    """What the service answers to a browser that was sent there."""
    async with AsyncClient() as browser:
        answer = await browser.get(link)
    return answer.status_code, answer.text


def token_in(link: str) -> str:
    return parse_qs(urlsplit(link).query)["jwt"][0]


async def test_a_delegate_with_a_seat_gets_in_and_whoever_leads_moderates(on_jitsi: Cast, jitsi: Jitsi) -> None:
    room = await on_jitsi.room()
    async with on_jitsi.house() as visitors:
        for who in ("ada", "speaker", "moderator", "organiser"):
            assert (await follow(await visitors.link(who)))[0] == 200
    assert [(entered.room, entered.name, entered.moderates) for entered in jitsi.entered] == [
        (room, "Ada in Accra", False),
        (room, "Speaker of the workshop", True),
        (room, "Moderator in London", True),
        (room, "Organiser in London", True),
    ]


async def test_a_link_is_for_now_kept_nowhere_and_says_no_more_than_it_must(on_jitsi: Cast) -> None:
    async with on_jitsi.house() as visitors:
        answer = await visitors.get("ada", DOOR)
    claims = claims_of(token_in(answer.headers["location"]))
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"], answer.content) == ("no-store", "no-referrer", b"")
    assert claims["exp"] - claims["nbf"] in range(75 * 60, 76 * 60 + 1)  # 40 minutes are left, 35 after the end and 1 before
    assert claims["context"]["user"].keys() == {"id", "name", "affiliation", "moderator"}
    assert on_jitsi.people["ada"].email not in str(claims)
    assert on_jitsi.people["ada"].id.hex not in str(claims).replace("-", "")


async def test_a_server_whose_clock_is_behind_lets_people_in_at_once(on_jitsi: Cast) -> None:
    async with on_jitsi.house() as visitors:
        claims = claims_of(token_in(await visitors.link("ada")))
    assert claims["nbf"] <= datetime.now(UTC).timestamp() - 30


async def test_two_people_never_get_the_same_id_and_one_person_always_does(on_jitsi: Cast, jitsi: Jitsi) -> None:
    async with on_jitsi.house() as visitors:
        for who in ("ada", "ben", "ada"):
            await follow(await visitors.link(who))
    first, second, again = [entered.user_id for entered in jitsi.entered]
    assert first == again != second


async def test_everybody_else_is_told_in_a_sentence_what_is_in_their_way(on_jitsi: Cast) -> None:
    async with on_jitsi.house() as visitors:
        answers = {who: await visitors.get(who, DOOR) for who in ("nobody", "stranger", "registered")}
    assert answers["nobody"].status_code == 303
    assert answers["nobody"].headers["location"] == f"/sign-in?next={DOOR}"
    assert {who: (answer.status_code, words_of(answer)) for who, answer in answers.items() if who != "nobody"} == {
        "stranger": (403, "The meeting is for people who are registered for A day for libraries."),
        "registered": (403, "The meeting is for people who have a seat in “Hands-on workshop”, and you have none."),
    }


async def test_whoever_is_banned_from_the_stages_does_not_come_in_by_the_meeting_either(on_jitsi: Cast) -> None:
    async with on_jitsi.database.writing() as db:
        stage = Stage(event_id=on_jitsi.world.event.id, session_id=on_jitsi.world.talk.id)
        db.add(stage)
        await db.flush()
        ada, moderator = on_jitsi.people["ada"], on_jitsi.people["moderator"]
        db.add(
            Silence(
                event_id=stage.event_id, stage_id=stage.id, person_id=ada.id, moderator_id=moderator.id, name=ada.name, ban=True,
                reason="That was rude.", at=OPEN, until=OPEN + timedelta(hours=1),
            )
        )  # fmt: skip
    async with on_jitsi.house() as visitors:
        for path in (DOOR, TALK_DOOR, f"{DOOR}/group"):
            answer = await visitors.get("ada", path)
            assert (answer.status_code, "That was rude." in answer.text) == (403, True)
        assert (await visitors.post("ada", f"{DOOR}/group", group=str(on_jitsi.world.talk.id))).status_code == 403
        assert (await visitors.get("ben", DOOR)).status_code == 303


async def test_without_limited_seats_a_registration_is_enough(on_jitsi: Cast, jitsi: Jitsi) -> None:
    async with on_jitsi.house(STARTS - timedelta(minutes=30)) as visitors:
        assert (await follow(await visitors.link("registered", TALK_DOOR)))[0] == 200
        assert (await visitors.get("stranger", TALK_DOOR)).status_code == 403
    assert [entered.room for entered in jitsi.entered] == [await on_jitsi.room("talk")]


async def test_too_early_says_when_in_ones_own_time_and_after_the_end_it_is_over(on_jitsi: Cast) -> None:
    async with on_jitsi.house(STARTS - timedelta(minutes=11)) as visitors:
        early = {who: await visitors.get(who, DOOR) for who in ("ada", "speaker")}
    async with on_jitsi.house(STARTS + timedelta(hours=1, minutes=30)) as visitors:
        late = await visitors.get("ada", DOOR)
    opens = "The meeting opens 10 minutes before the start, at {} on Friday 25 June 2021 ({})."
    assert (early["ada"].status_code, words_of(early["ada"])) == (409, opens.format("12:50", "EAT, UTC+3"))
    assert (early["speaker"].status_code, words_of(early["speaker"])) == (409, opens.format("10:50", "BST, UTC+1"))
    assert (late.status_code, words_of(late)) == (409, "“Hands-on workshop” is over, and its meeting is closed.")


async def test_a_cancelled_session_and_one_that_meets_elsewhere_have_no_door(on_jitsi: Cast) -> None:
    async with on_jitsi.house() as visitors:
        await visitors.post("organiser", f"/manage{WORKSHOP}/meeting", meets="no")
        elsewhere = await visitors.get("ada", DOOR)
        await visitors.post("organiser", f"/manage{WORKSHOP}/meeting", meets="yes")
        await visitors.post("organiser", f"/manage{WORKSHOP}/cancellation", reason="The speaker is ill.", then="release")
        cancelled = await visitors.get("ada", DOOR)
    assert (elsewhere.status_code, words_of(elsewhere)) == (404, "This session has no meeting to enter here.")
    assert (cancelled.status_code, words_of(cancelled)) == (409, "“Hands-on workshop” was cancelled, so there is no meeting.")


async def test_a_link_opens_one_room_for_one_person_and_a_tampered_one_opens_nothing(on_jitsi: Cast, jitsi: Jitsi) -> None:
    talk = await on_jitsi.room("talk")
    async with on_jitsi.house() as visitors:
        link = await visitors.link("ada")
    room, token = await on_jitsi.room(), token_in(link)
    claims = claims_of(token)
    head, body, signature = token.split(".")
    moderating = signed({**claims, "context": {"user": {**claims["context"]["user"], "affiliation": "owner"}}}, OTHER_SECRET)
    tried = {
        "another room": (talk, token),
        "a room claimed without the secret": (talk, f"{head}.{signed({**claims, 'room': talk}).split('.')[1]}.{signature}"),
        "more rights": (room, f"{head}.{moderating.split('.')[1]}.{signature}"),
        "another secret": (room, moderating),
        "no signature": (room, f"{head}.{body}."),
        "nothing": (room, ""),
        "over": (room, signed({**claims, "exp": claims["nbf"] - 1})),
        "not yet": (room, signed({**claims, "nbf": claims["exp"]})),
        "another service's": (room, signed({**claims, "aud": "other"})),
    }
    assert {name: jitsi.why_not(*pair) for name, pair in tried.items()} == {
        "another room": "room",
        "a room claimed without the secret": "signature",
        "more rights": "signature",
        "another secret": "signature",
        "no signature": "signature",
        "nothing": "no token",
        "over": "exp",
        "not yet": "nbf",
        "another service's": "aud",
    }
    assert jitsi.why_not(room, token) == ""
    assert (await follow(link.replace(room, talk)))[0] == 403


async def test_neither_the_secret_nor_a_link_is_in_a_page_a_feed_or_the_log(on_jitsi: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with on_jitsi.house() as visitors:
        token = token_in(await visitors.link("ada"))
        paths = [WORKSHOP, DOOR + "/group", "/events/wi-test/programme", "/events/wi-test/programme.ics", "/me"]
        pages = [(await visitors.get("ada", path)).text for path in paths]
        pages += [(await visitors.get("organiser", path)).text for path in ("/manage/events/wi-test/meetings", f"/manage{WORKSHOP}/groups")]
    room = await on_jitsi.room()
    assert "/events/{event}/sessions/{session}/meeting" in caplog.text
    assert f"{DOOR}" in pages[1]
    for secret in (token, token.split(".")[2], SECRET, room):
        assert secret not in caplog.text
        assert [secret in page for page in pages] == [False] * len(pages)


async def test_the_page_before_the_door_says_where_one_stands(on_jitsi: Cast) -> None:
    async with on_jitsi.house() as visitors:
        said = {who: (await visitors.get(who, DOOR + "/group")).text for who in ("nobody", "stranger", "registered", "ada")}
    async with on_jitsi.house(OPEN + timedelta(hours=2)) as visitors:
        said["late"] = (await visitors.get("ada", DOOR + "/group")).text
    assert {who: (DOOR + '"' in page, "Register</a>" in page, f'href="/sign-in?next={DOOR}"' in page) for who, page in said.items()} == {
        "nobody": (True, False, True),
        "stranger": (False, True, False),
        "registered": (False, False, False),
        "ada": (True, False, False),
        "late": (False, False, False),
    }
