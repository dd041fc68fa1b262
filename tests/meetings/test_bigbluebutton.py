"""Through the door to a BigBlueButton server: the room is made first, the link is one person's, and a server that fails does no harm."""

import asyncio
import hashlib
import logging
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from httpx2 import ASGITransport, AsyncClient

from conference.meetings import links
from conference.meetings.bigbluebutton import Room, StrangeAnswer, create_address, created_in, join_address
from conference.meetings.rules import Guest
from conference.meetings.tables import ServiceKind
from conference.settings import Settings
from conference.storage.database import Database
from tests.meetings.cast import DOOR, TALK_DOOR, WORKSHOP, Cast, gather_cast
from tests.meetings.services import SECRET, BigBlueButton
from tests.meetings.test_settings import words_of

AWAY = "The meeting’s own service does not answer as it should. Wait a minute, then try the door again."
Answer = Callable[[asyncio.StreamWriter], object]


def checksum_of(call: str, query: str) -> str:
    return hashlib.sha256(f"{call}{query}{SECRET}".encode()).hexdigest()


async def follow(link: str) -> str:
    async with AsyncClient() as browser:
        return (await browser.get(link)).text


async def test_the_room_is_made_once_and_everybody_joins_it_by_their_role(on_bigbluebutton: Cast, bigbluebutton: BigBlueButton) -> None:
    async with on_bigbluebutton.house() as visitors:
        for who in ("ada", "speaker", "ben"):
            assert (await follow(await visitors.link(who))).endswith(" is in Hands-on workshop")
        home = visitors.address + WORKSHOP
    room = await on_bigbluebutton.room()
    made = bigbluebutton.meetings[room]
    assert (list(bigbluebutton.meetings), bigbluebutton.creations) == ([room], 3)
    assert {name: made[name] for name in ("name", "duration", "logoutURL")} == {
        "name": "Hands-on workshop",
        "duration": "105",
        "logoutURL": home,
    }
    assert [(entered.name, entered.moderates) for entered in bigbluebutton.entered] == [
        ("Ada in Accra", False),
        ("Speaker of the workshop", True),
        ("Ben in Bogota", False),
    ]
    assert len({entered.user_id for entered in bigbluebutton.entered}) == 3


async def test_a_link_is_of_no_use_for_another_room_role_or_time(on_bigbluebutton: Cast, bigbluebutton: BigBlueButton) -> None:
    async with on_bigbluebutton.house() as visitors:
        link, talk = await visitors.link("ada"), await visitors.link("organiser")
    other, room = await on_bigbluebutton.room("talk"), await on_bigbluebutton.room()
    bigbluebutton.meetings[other] = bigbluebutton.meetings[room]
    created = bigbluebutton.meetings[room]["createTime"]
    tried = [link.replace(room, other), link.replace("VIEWER", "MODERATOR"), link + "0", link.replace("checksum", "check"), talk[:-64]]
    assert ["<messageKey>checksumError" in await follow(one) for one in tried] == [True] * 5
    bigbluebutton.meetings[room]["createTime"] = created + "1"  # the meeting ended, and there is another
    assert "<messageKey>mismatchCreateTimeParam" in await follow(link)
    bigbluebutton.meetings[room]["createTime"] = created
    assert await follow(link) == "Ada in Accra is in Hands-on workshop"


async def test_the_server_made_for_these_tests_wants_create_first_and_no_parameter_it_does_not_know(bigbluebutton: BigBlueButton) -> None:
    there, guest, room = "http://bbb/bigbluebutton", Guest("id", "Ada", moderates=False), Room("room", "Name", 5, "http://home", "plenary")
    unknown = f"meetingID=room&name=Name&passphrase=x&checksum={checksum_of('create', 'meetingID=room&name=Name&passphrase=x')}"
    paths = [
        join_address(there, SECRET, "room", "1", guest),
        f"{there}/api/create?meetingID=room&name=Name",
        f"{there}/api/create?{unknown}",
        create_address(there, SECRET, room),
        create_address(there, SECRET, room),
        create_address(there, SECRET, replace(room, minutes=6)),
    ]
    async with AsyncClient(transport=ASGITransport(app=bigbluebutton.app)) as browser:
        said = [re.findall("<(?:messageKey|returncode)>([^<]+)", (await browser.get(path)).text) for path in paths]
    assert said == [
        ["FAILED", "invalidMeetingIdentifier"],
        ["FAILED", "checksumError"],
        ["FAILED", "unknownParameter"],
        ["SUCCESS"],
        ["SUCCESS", "duplicateWarning"],
        ["FAILED", "idNotUnique"],
    ]


async def test_everybody_else_is_refused_before_the_server_is_asked(on_bigbluebutton: Cast, bigbluebutton: BigBlueButton) -> None:
    async with on_bigbluebutton.house() as visitors:
        statuses = [(await visitors.get(who, DOOR)).status_code for who in ("nobody", "stranger", "registered")]
        other = await visitors.get("stranger", TALK_DOOR)
    assert (statuses, other.status_code, bigbluebutton.creations) == ([303, 403, 403], 403, 0)


@asynccontextmanager
async def answering(answer: Answer) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that says this, whatever it is asked; its address, and what it was asked."""
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        try:
            answer(writer)
            await writer.drain()
            await reader.read()
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bigbluebutton", asked
    finally:
        server.close()


def says(body: bytes, status: str = "200 OK", *headers: str) -> Answer:
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""])
    return lambda writer: writer.write(head.encode() + body)


SOUND = b"<response><returncode>SUCCESS</returncode><createTime>1</createTime></response>"
ENTITIES = b'<!DOCTYPE r [<!ENTITY a "SUCCESS">]><response><returncode>&a;</returncode><createTime>1</createTime></response>'


@pytest.mark.parametrize(
    "answer",
    [
        says(b"<response><returncode>FAILED</returncode><messageKey>checksumError</messageKey></response>"),
        says(b"Welcome to nginx!"),
        says(b"\xff\xfe<"),
        says(ENTITIES),
        says(SOUND.replace(b">1<", b">1&amp;role=MODERATOR<")),
        says(SOUND + b" " * 70_000),
        says(SOUND, "500 Oh"),
        says(b"", "302 Found", "Location: http://127.0.0.1:1/elsewhere"),
        lambda writer: writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 70_000),
        lambda writer: writer.write(b"nonsense\r\n\r\n"),
        lambda writer: writer.close(),
    ],
    ids=["refuses", "no XML", "no text", "entities", "words for a number", "long", "fails", "sends on", "endless", "nonsense", "hangs up"],
)
async def test_a_server_that_answers_strangely_is_a_calm_sentence(
    answer: Answer, sqlite: Database, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with answering(answer) as (address, asked):
        cast = await gather_cast(sqlite, settings, ServiceKind.bigbluebutton, address)
        async with cast.house() as visitors:
            page = await visitors.get("ada", DOOR)
    checksum = parse_qs(urlsplit(asked[0].split()[1].decode()).query)["checksum"][0]
    assert (page.status_code, words_of(page), page.headers["cache-control"], len(asked)) == (503, AWAY, "no-store", 1)
    assert "the meeting service of event" in caplog.text
    for secret in (checksum, SECRET, await cast.room(), address):
        assert (secret in page.text, secret in caplog.text) == (False, False)


async def test_a_server_that_is_down_or_says_nothing_is_waited_for_five_seconds_at_most(
    sqlite: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert links.CALL_SECONDS == 5
    monkeypatch.setattr(links, "CALL_SECONDS", 0.5)
    async with answering(lambda writer: writer.write(b"HTTP/1.1 200 OK\r\nX: ")) as (address, _):
        cast = await gather_cast(sqlite, settings, ServiceKind.bigbluebutton, address)
        async with cast.house() as visitors:
            began = time.monotonic()
            silent = await visitors.get("ada", DOOR)
            took = time.monotonic() - began
    async with cast.house() as visitors:
        down = await visitors.get("ada", DOOR)
        elsewhere = await visitors.get("ada", WORKSHOP)
    assert [(page.status_code, words_of(page)) for page in (silent, down)] == [(503, AWAY)] * 2
    assert 0.4 < took < 10  # a busy machine answers late, one that waits for ever never
    assert elsewhere.status_code == 200


def test_the_checksum_is_the_one_of_the_server_s_reference() -> None:
    """Its example, with SHA-256 in the place of SHA-1: the call's name, the query, the secret."""
    address = create_address(
        "https://bbb.example.org/bigbluebutton", SECRET, Room("abc123", "Test Meeting", 60, "https://home.example.org/x")
    )
    query = "meetingID=abc123&name=Test+Meeting&duration=60&logoutURL=https%3A%2F%2Fhome.example.org%2Fx"
    assert address == f"https://bbb.example.org/bigbluebutton/api/create?{query}&checksum={checksum_of('create', query)}"


def test_names_fit_and_strange_answers_hold_nothing_of_themselves() -> None:
    def name(title: str) -> str:
        return parse_qs(urlsplit(create_address("https://b", SECRET, Room("r", title, 1, "h"))).query)["name"][0]

    assert [name("x" * 100), name("A"), name("Ελλάδα & co")] == ["x" * 64, "Meeting A", "Ελλάδα & co"]
    assert created_in(SOUND) == "1"
    with pytest.raises(StrangeAnswer, match=r"^a document type$"):
        created_in(ENTITIES)
