"""Passwords for those who want one: the same answer in the same time for whoever asks, throttled, and devices that end."""

import asyncio
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from httpx2 import AsyncClient, Response
from sqlalchemy import update
from sqlmodel import col, select

from conference.errors import Invalid, TooMany
from conference.mail.tables import QueuedMail
from conference.people import ways_in
from conference.people.passwords import check_password, hashed, is_right
from conference.people.rules import device_words
from conference.people.tables import Password, PasswordTry, Person, SignIn
from conference.people.tries import FOR_ACCOUNT, FROM_NETWORK, network_of, take_try
from conference.record.tables import AuditEntry
from conference.storage.database import Database
from tests.people.test_sign_in import ADDRESS, ask_for_link, mailed_path, mails_to
from tests.world import World, delegate

GOOD = "four herons over reeds"
WRONG = "five herons over reeds"
SET = "/me/security/password"


@pytest.fixture
async def world(world: World, sqlite: Database) -> World:
    async with sqlite.writing() as db:
        await delegate(db, world, "Delegate in Nairobi")
        await delegate(db, world, "Delegate in Lagos")
    return world


async def with_password(browser: AsyncClient, sqlite: Database, password: str = GOOD) -> Response:
    """Signed in by a link, then set."""
    await ask_for_link(browser)
    await browser.post(await mailed_path(sqlite))
    return await browser.post(SET, data={"password": password, "repeated": password})


def told(answer: Response, email: str) -> str:
    """The page without the address, and without its forms' keys, which are others each time."""
    return re.sub(r'name="once" value="[^"]*"', "", answer.text.split("</head>")[1].replace(email, "X"))


async def by_password(browser: AsyncClient, password: str, email: str = ADDRESS, **headers: str) -> Response:
    return await browser.post("/sign-in/password", data={"email": email, "password": password, "next": "/me"}, headers=headers)


@pytest.mark.parametrize(
    "typed",
    [
        *("short", "a" * 30, "abcdefghijklmnop", "123456789012", "Password1234", "qwertyuiop12", "conference2025", "delegate-in-nairobi"),
        *("Delegate in Nairobi 1", "x" * 201, "            "),
    ],
)
def test_what_somebody_would_try_first_is_no_password(typed: str) -> None:
    with pytest.raises(Invalid):
        check_password(typed, ADDRESS, "Delegate in Nairobi")


@pytest.mark.parametrize("typed", [GOOD, "പുസ്തകശാല തുറന്നു വെച്ചു", "correct library battery staple", "k8#vQ!z0pLm2"])
def test_a_few_words_in_any_script_are_one(typed: str) -> None:
    assert check_password(typed, ADDRESS, "Delegate in Nairobi")


async def test_a_password_signs_in_and_its_hash_alone_is_kept(browser: AsyncClient, sqlite: Database) -> None:
    done = await with_password(browser, sqlite)
    assert "You have a password now. Your other devices are signed out." in done.text
    await browser.post("/sign-out")
    signed = await by_password(browser, GOOD)
    assert (signed.url.path, "Delegate in Nairobi" in signed.text) == ("/me", True)
    async with sqlite.reading() as db:
        row = (await db.exec(select(Password))).one()
        assert list(await db.exec(select(PasswordTry))) == []
        acts = list(await db.exec(select(AuditEntry.act).where(AuditEntry.act == "password set")))
    assert row.hash.startswith("$argon2id$")
    assert GOOD not in str([row, acts])
    assert acts == ["password set"]
    assert [mail.facts for mail in await mails_to(sqlite, ADDRESS) if mail.template == "password_set"] == [{"changed": False}]


async def test_wrong_none_and_unknown_get_the_same_page_in_the_same_time(browser: AsyncClient, sqlite: Database) -> None:
    await with_password(browser, sqlite)
    await browser.post("/sign-out")
    asked = {"wrong": ADDRESS, "none": "delegate-in-lagos@delegates.example", "unknown": "stranger@nowhere.example"}
    took: dict[str, list[float]] = {name: [] for name in asked}
    pages = {}
    for _ in range(4):
        for name, email in asked.items():
            began = time.perf_counter()
            answer = await by_password(browser, WRONG, email)
            took[name].append(time.perf_counter() - began)
            pages[name] = (answer.status_code, told(answer, email))
    assert pages["wrong"][0] == 422
    assert pages["wrong"] == pages["none"] == pages["unknown"]
    fastest = [min(each) for each in took.values()]
    assert max(fastest) < 5 * min(fastest), took  # a hash takes many times as long as all the rest, also on a busy machine


async def test_an_account_is_throttled_and_a_forged_header_does_not_help(browser: AsyncClient, sqlite: Database) -> None:
    await with_password(browser, sqlite)
    await browser.post("/sign-out")
    answers = [await by_password(browser, WRONG, **{"X-Forwarded-For": f"203.0.113.{n}"}) for n in range(FOR_ACCOUNT + 1)]
    assert [answer.status_code for answer in answers] == [422] * FOR_ACCOUNT + [429]
    right = await by_password(browser, GOOD, **{"X-Forwarded-For": "198.51.100.7"})
    assert right.status_code == 429
    assert "or use the link by mail" in right.text
    async with sqlite.reading() as db:
        assert set(await db.exec(select(PasswordTry.network))) == {"127.0.0.0/24"}
        assert ADDRESS not in str(list(await db.exec(select(PasswordTry))))
    assert (await browser.post("/sign-in", data={"email": ADDRESS})).status_code == 200  # the mailed link works at once


async def test_while_a_password_is_looked_at_others_write(browser: AsyncClient, sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at, enough = asyncio.Event(), asyncio.Event()

    async def slowly(typed: str, stored: str) -> bool:
        looked_at.set()
        await enough.wait()
        return False

    monkeypatch.setattr(ways_in, "is_right", slowly)
    asked = asyncio.create_task(by_password(browser, WRONG))
    await looked_at.wait()
    try:
        async with asyncio.timeout(2), sqlite.writing() as db:
            assert len((await db.exec(select(PasswordTry))).all()) == 1  # and it is counted already
    finally:
        enough.set()
    assert (await asked).status_code == 422


async def test_one_network_can_try_only_so_many_accounts_and_others_still_can(sqlite: Database) -> None:
    now = datetime.now(UTC)
    async with sqlite.writing() as db:
        for n in range(FROM_NETWORK):
            await take_try(db, "secret", f"{n}@x.example", "203.0.113.9", now)
        with pytest.raises(TooMany):
            await take_try(db, "secret", "another@x.example", "203.0.113.200", now)
        await take_try(db, "secret", "another@x.example", "198.51.100.1", now)
        await take_try(db, "secret", "another@x.example", "203.0.113.200", now + timedelta(minutes=16))


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.0.2.77", "192.0.2.0/24"), ("2001:db8:1:2::3", "2001:db8:1::/48"), ("::ffff:192.0.2.77", "192.0.2.0/24"), ("", "unknown")],
)
def test_neighbours_are_one_network(address: str, network: str) -> None:
    assert network_of(address) == network


async def test_changing_it_needs_a_fresh_sign_in_and_ends_other_devices(browser: AsyncClient, sqlite: Database) -> None:
    await with_password(browser, sqlite)
    await by_password(browser, GOOD)
    async with sqlite.writing() as db:
        await db.exec(update(SignIn).values(made_at=datetime.now(UTC) - timedelta(hours=1)))
    asked = await browser.post(SET, data={"password": WRONG, "repeated": WRONG})
    assert asked.url.path == "/sign-in/again"
    again = await browser.post("/sign-in/again", data={"by": "password", "password": GOOD, "next": "/me/security"})
    assert again.url.path == "/me/security"
    unlike = await browser.post(SET, data={"password": WRONG, "repeated": GOOD})
    assert (unlike.status_code, "This is not what you typed above." in unlike.text) == (422, True)
    assert "Your password is changed." in (await browser.post(SET, data={"password": WRONG, "repeated": WRONG})).text
    removed = await browser.post(SET + "/removal")
    assert "Your password is removed." in removed.text
    await browser.post("/sign-out")
    assert (await by_password(browser, WRONG)).status_code == 422


async def test_devices_are_listed_and_ended_one_by_one_or_all(browser: AsyncClient, sqlite: Database) -> None:
    phone = {"User-Agent": "Mozilla/5.0 (Linux; Android 16) Chrome/140.0 Mobile Safari/537.36 <b>evil</b>"}
    await ask_for_link(browser)
    await browser.post(await mailed_path(sqlite), headers=phone)
    phone_cookie = browser.cookies["sign_in"]
    browser.cookies.clear()
    await ask_for_link(browser)
    await browser.post(await mailed_path(sqlite), headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})
    page = (await browser.get("/me/security")).text
    assert ("Chrome on Android" in page, "Firefox on Linux" in page, "evil" in page) == (True, True, False)
    async with sqlite.reading() as db:
        rows = {row.device: row.id for row in await db.exec(select(SignIn).where(col(SignIn.ended_at).is_(None)))}
        other = (await db.exec(select(Person).where(Person.email == "delegate-in-lagos@delegates.example"))).one()
    await browser.post(f"/me/security/devices/{rows['Chrome on Android']}/ending")
    assert (await browser.get("/me", headers={"Cookie": f"sign_in={phone_cookie}"})).url.path == "/sign-in"
    async with sqlite.writing() as db:
        foreign = SignIn(person_id=other.id, token_hash="x", made_at=datetime.now(UTC), expires_at=datetime.now(UTC) + timedelta(days=1))
        db.add(foreign)
    assert (await browser.post(f"/me/security/devices/{foreign.id}/ending")).status_code == 404
    assert (await browser.post("/me/security/sign-out")).url.path == "/"
    assert (await browser.get("/me")).url.path == "/sign-in"
    async with sqlite.reading() as db:
        assert [row.person_id for row in await db.exec(select(SignIn).where(col(SignIn.ended_at).is_(None)))] == [other.id]


async def test_another_address_is_confirmed_there_and_the_old_one_is_told(browser: AsyncClient, sqlite: Database) -> None:
    await ask_for_link(browser)
    await browser.post(await mailed_path(sqlite))
    pages = [
        told(await browser.post("/me/details/address", data={"email": email}), email)
        for email in ("new@delegates.example", "delegate-in-lagos@delegates.example")
    ]
    assert pages[0] == pages[1]
    async with sqlite.reading() as db:
        mails = {mail.to_address: mail for mail in await db.exec(select(QueuedMail)) if mail.template.startswith("address")}
    assert {address: mail.template for address, mail in mails.items()} == {
        "new@delegates.example": "address_confirm",
        "delegate-in-lagos@delegates.example": "address_taken",
    }
    path = Path("/me/address") / str(mails["new@delegates.example"].facts["link"]).rsplit("/", 1)[-1]
    opened = await browser.get(str(path))
    assert (opened.status_code, opened.headers["cache-control"]) == (200, "no-store")
    assert "From now on you sign in with new@delegates.example." in (await browser.post(str(path))).text
    assert (await browser.post(str(path))).status_code == 409
    assert [mail.template for mail in await mails_to(sqlite, ADDRESS)][-1] == "address_changed"
    async with sqlite.reading() as db:
        assert (await db.exec(select(Person.email_key).where(Person.name == "Delegate in Nairobi"))).one() == "new@delegates.example"


async def test_a_hash_of_something_else_is_never_right() -> None:
    assert [await is_right(GOOD, stored) for stored in ("", "no hash", await hashed(WRONG))] == [False, False, False]


def test_devices_are_words_of_ours() -> None:
    assert device_words("curl/8.0 <script>") == "A browser"
    assert device_words("Mozilla/5.0 (iPhone; CPU) AppleWebKit Version/19.0 Mobile Safari/604.1") == "Safari on an iPhone"
