"""Somebody mistypes a setting: the sentence says which, and what it must be."""

import asyncio

import pytest
import uvicorn
from httpx2 import AsyncClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from conference.errors import BadSettings
from conference.house import server_config
from conference.settings import Settings, read_settings
from tests.servers import free_port

DATABASE = "CONFERENCE_DATABASE_URL "
BASE = "CONFERENCE_BASE_URL must be the address that people open, such as https://events.example.org, without a path."
MAIL = "CONFERENCE_MAIL_URL must be folder: (mail is kept under DATA/mail), smtp://[user:password@]host:port, or smtps://...."
SENDER = "CONFERENCE_MAIL_FROM must be one address, alone or with a name, such as Library Conferences <no-reply@example.org>."
HOST = DATABASE + "names a host, but a file needs three slashes, such as sqlite:///var/conference.db (four from the root)."
MEMORY = DATABASE + "must name a file, such as sqlite:///var/conference.db: what is only in memory can't be shared or kept."
UNREADABLE = DATABASE + "can't be read: write sqlite:///file or postgresql://user:password@host:port/name."
BROKER = (
    "CONFERENCE_BROKER_URL must be memory:// (one process), or Valkey's or Redis's address: redis://[user:password@]host:6379/0, "
    "rediss://... by TLS, valkey:// and valkeys:// likewise, or unix:///path."
)
PROXIES = "must be the IP addresses or networks of your own proxies, with commas, such as 10.0.0.1, 192.168.7.0/24."
COUNT = "must be a whole number from 1 to 9999999."
COUNTS = ("sockets", "sockets_per_address", "sockets_per_person")


def given(setting: str, value: str) -> Settings:
    return read_settings(demo=True, **{setting: value})


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        *(("mail_from", sender, SENDER) for sender in ("Library", "", "a@b.example, c@d.example", "Lib <no reply@x>", "a@b.x\nBcc: c@d")),
        *(("mail_url", url, MAIL) for url in ("smtp://h:abc", "smtp://h:99999", "smtp://h:0", "smtp://", "smtp://h h", "smtp://[h")),
        *(
            ("base_url", f"https://{rest}", BASE)
            for rest in ("h#part", "h#", "h?", "me@h", "me:word@h", "h:abc", "h:99999", "h h", "h\n", "h\t", "h/path", "")
        ),
        *(("database_url", url, HOST) for url in ("sqlite://tmp/x.db", "sqlite+aiosqlite://tmp/x.db")),
        *(
            ("database_url", url, MEMORY)
            for url in ("sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true")
        ),
        *(("database_url", url, UNREADABLE) for url in ("sqlite:x.db", "postgresql://h:abc/name")),
        *(
            ("broker_url", url, BROKER)
            for url in (
                "",
                "memory:",
                "redis",
                "redis://",
                "redis:///0",
                "amqp://h",
                "http://h",
                "redis://h:abc",
                "redis://h:0",
                "redis://h h",
            )
        ),
        *(
            ("broker_url", f"redis://{rest}", BROKER)
            for rest in ("h/name", "h/0/1", "h/-1", "h?socket_timeout=99", "h?db=1", "h#", ":w#d@h", "h\n")
        ),
        *(("broker_url", f"rediss://h?{query}", BROKER) for query in ("ssl_cert_reqs=none", "ssl_ca_certs=", "ssl_ca_certs=a&db=1")),
        *(("broker_url", f"unix:{rest}", BROKER) for rest in ("", "//", "///", "//host/path", "///path?db=x", "///path?protocol=3")),
        *(
            ("trusted_proxies", proxies, f"CONFERENCE_TRUSTED_PROXIES {PROXIES}")
            for proxies in ("*", "proxy.example.org", "10.0.0.1 10.0.0.2", "10.0.0.1,", "10.0.0.256", "10.0.0.1/8", "10.0.0.0/33")
        ),
        *(
            (name, number, f"CONFERENCE_{name.upper()} {COUNT}")
            for name in COUNTS
            for number in ("", "0", "-1", "1.5", "many", "10000000", "٣")
        ),
    ],
)
def test_a_mistyped_setting_is_refused(setting: str, value: str, sentence: str) -> None:
    with pytest.raises(BadSettings) as refused:
        given(setting, value)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("mail_from", "no-reply@example.org"),
        ("mail_from", '"Libraries, all" <no-reply@example.org>'),
        ("mail_url", "smtps://user:p%40ss@mail.example.org:465"),
        ("base_url", "http://[::1]:8000"),
        ("database_url", "sqlite:////var/lib/conference.db"),
        ("database_url", "postgresql://user:word@host:5432/name"),
        ("database_url", "postgresql://user@/name?host=/run/postgresql"),
        ("broker_url", "memory://"),
        *(("broker_url", f"{scheme}://user:p%40ss@post.example.org:6380/3") for scheme in ("redis", "rediss", "valkey", "valkeys")),
        ("broker_url", "redis://[::1]"),
        ("broker_url", "valkeys://post.example.org/?ssl_ca_certs=/etc/ssl/own.pem"),
        ("broker_url", "unix:///run/valkey.sock?db=2"),
        ("trusted_proxies", "10.0.0.1,192.168.7.0/24,::1,fd00::/8"),
    ],
)
def test_a_setting_that_can_be_used_is_kept_as_it_is(setting: str, value: str) -> None:
    assert getattr(given(setting, value), setting) == value


def test_counts_and_proxies_as_people_write_them() -> None:
    assert [getattr(read_settings(demo=True, **{name: "2500"}), name) for name in COUNTS] == [2500, 2500, 2500]
    assert [getattr(read_settings(demo=True), name) for name in COUNTS] == [15_000, 1000, 20]
    assert given("trusted_proxies", " 10.0.0.1 , ::1 ").trusted_proxies == "10.0.0.1,::1"
    assert given("trusted_proxies", " ").trusted_proxies == ""


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        ("", "203.0.113.9", "127.0.0.1 http"),
        ("10.0.0.1", "203.0.113.9", "127.0.0.1 http"),
        ("127.0.0.0/8", "203.0.113.9", "203.0.113.9 https"),
        ("127.0.0.1,10.0.0.1", "198.51.100.7, 203.0.113.9, 10.0.0.1", "203.0.113.9 https"),
    ],
)
async def test_where_people_come_from_is_believed_of_our_own_proxies_alone(proxies: str, forwarded: str, seen: str) -> None:
    async def where(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"{request.client.host if request.client else None} {request.url.scheme}")

    port, settings = free_port(), read_settings(demo=True, trusted_proxies=proxies)
    server = uvicorn.Server(server_config(settings, Starlette(routes=[Route("/", where)]), "127.0.0.1", port))
    task = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has nothing to wait for
        await asyncio.sleep(0.01)
    async with AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{port}", headers={"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"})
    server.should_exit = True
    await task
    assert answer.text == seen
