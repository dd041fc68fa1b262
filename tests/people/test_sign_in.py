"""Signing in by a mailed link: single use, 20 minutes, a button, and no word about who has an account."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from httpx2 import AsyncClient
from sqlalchemy import update
from sqlmodel import col, select

from conference.mail.tables import QueuedMail
from conference.people.actions import end_role
from conference.people.tables import MailedLink, Person, RoleKind, SignIn
from conference.storage.database import Database
from tests.world import BEFORE, World, delegate, with_role


@pytest.fixture
async def world(world: World, sqlite: Database) -> World:
    """The small world, with a delegate who can sign in."""
    async with sqlite.writing() as db:
        await delegate(db, world, "Delegate in Nairobi")
    return world


ADDRESS = "delegate-in-nairobi@delegates.example"


async def ask_for_link(browser: AsyncClient, email: str = ADDRESS, next_path: str = "/me") -> str:
    """The page that answers the form."""
    answer = await browser.post("/sign-in", data={"email": email, "next": next_path})
    assert answer.status_code == 200
    return answer.text


async def mails_to(sqlite: Database, email: str) -> list[QueuedMail]:
    async with sqlite.reading() as db:
        return list((await db.exec(select(QueuedMail).where(QueuedMail.to_address == email).order_by(col(QueuedMail.id)))).all())


async def mailed_path(sqlite: Database) -> str:
    """The path of the newest sign-in link."""
    mail = [mail for mail in await mails_to(sqlite, ADDRESS) if mail.template == "sign_in"][-1]
    return "/sign-in/" + str(mail.facts["link"]).rsplit("/", 1)[-1]


async def test_the_link_signs_in_once_by_its_button(browser: AsyncClient, sqlite: Database) -> None:
    await ask_for_link(browser)
    path = await mailed_path(sqlite)
    opened = [await browser.get(path), await browser.head(path), await browser.get(path)]
    assert [answer.status_code for answer in opened] == [200, 200, 200]
    pressed = await browser.post(path)
    assert (pressed.status_code, pressed.url.path) == (200, "/me")
    assert "Delegate in Nairobi" in pressed.text
    again = await browser.post(path)
    assert again.status_code == 409
    assert "This link has been used already, or its time is over." in again.text


async def test_a_link_is_over_after_twenty_minutes(browser: AsyncClient, sqlite: Database) -> None:
    await ask_for_link(browser)
    async with sqlite.writing() as db:
        link = (await db.exec(select(MailedLink))).all()[-1]
        assert link.expires_at - link.made_at == timedelta(minutes=20)
        await db.exec(update(MailedLink).values(expires_at=datetime.now(UTC)))
    assert (await browser.post(await mailed_path(sqlite))).status_code == 409


async def test_a_forged_link_is_refused(browser: AsyncClient, sqlite: Database) -> None:
    await ask_for_link(browser)
    path = await mailed_path(sqlite)
    assert (await browser.post(path[:-3] + "abc")).status_code == 409


async def test_known_and_unknown_addresses_get_the_same_words(browser: AsyncClient) -> None:
    known, unknown = await ask_for_link(browser), await ask_for_link(browser, "stranger@nowhere.example")
    plain = [
        re.sub(r'data-now="[^"]*"', "", page) for page in (known.replace(ADDRESS, "X"), unknown.replace("stranger@nowhere.example", "X"))
    ]
    assert plain[0] == plain[1]


async def test_at_most_five_mails_an_hour_go_to_one_address(browser: AsyncClient, sqlite: Database) -> None:
    for _ in range(7):
        await ask_for_link(browser, "stranger@nowhere.example")
    assert len(await mails_to(sqlite, "stranger@nowhere.example")) == 5


async def test_a_bad_address_keeps_what_was_typed_and_says_what_is_wrong(browser: AsyncClient) -> None:
    answer = await browser.post("/sign-in", data={"email": "nobody at home<b>", "next": "/me"})
    assert answer.status_code == 422
    assert "Enter an e-mail address in the right form, like name@example.org." in answer.text
    assert 'value="nobody at home&lt;b&gt;"' in answer.text


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "\thttps://evil.example"]
)
async def test_the_way_back_stays_on_this_site(browser: AsyncClient, sqlite: Database, evil: str) -> None:
    await ask_for_link(browser, next_path=evil)
    answer = await browser.post(await mailed_path(sqlite), follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_signing_out_ends_the_sign_in_itself(browser: AsyncClient, sqlite: Database) -> None:
    await ask_for_link(browser)
    await browser.post(await mailed_path(sqlite))
    cookie = {"Cookie": f"sign_in={browser.cookies['sign_in']}"}
    await browser.post("/sign-out")
    assert "sign_in" not in browser.cookies
    replayed = await browser.get("/me", headers=cookie)
    assert replayed.url.path == "/sign-in"
    async with sqlite.reading() as db:
        assert [row.ended_at is not None for row in (await db.exec(select(SignIn))).all()] == [True]


async def test_the_cookie_is_for_this_host_alone_and_no_script_reads_it(browser: AsyncClient, sqlite: Database) -> None:
    await ask_for_link(browser)
    answer = await browser.post(await mailed_path(sqlite), follow_redirects=False)
    cookie = next(value for value in answer.headers.get_list("set-cookie") if value.startswith("sign_in="))
    assert re.sub(r"sign_in=[^;]*", "sign_in=X", cookie) == "sign_in=X; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax"


async def test_another_sites_form_is_refused(browser: AsyncClient) -> None:
    answer = await browser.post(
        "/sign-in", data={"email": ADDRESS}, headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    )
    assert answer.status_code == 403


async def test_a_page_that_needs_somebody_leads_to_sign_in_and_back(browser: AsyncClient, sqlite: Database) -> None:
    asked = await browser.get("/me/details")
    assert str(asked.url.raw_path, "ascii") == "/sign-in?next=/me/details"
    await ask_for_link(browser, next_path="/me/details")
    pressed = await browser.post(await mailed_path(sqlite))
    assert pressed.url.path == "/me/details"


async def test_details_are_saved_and_mistakes_stay_beside_their_fields(browser: AsyncClient, sqlite: Database) -> None:
    await ask_for_link(browser)
    await browser.post(await mailed_path(sqlite))
    wrong = await browser.post(
        "/me/details", data={"name": " ", "country": "XX", "zone": "Africa/Nowhere", "organisation": "Central library"}
    )
    assert wrong.status_code == 422
    for sentence in (
        "Enter your name.",
        "Choose a country from the list.",
        "is not a time zone we know",
        'value="Africa/Nowhere"',
        'value="Central library"',
    ):
        assert sentence in wrong.text
    right = await browser.post("/me/details", data={"name": "ക്വിലോൺ വായനശാല", "country": "IN", "zone": "Asia/Kolkata", "organisation": ""})
    assert right.url.path == "/me"
    async with sqlite.reading() as db:
        person = (await db.exec(select(Person).where(Person.email == ADDRESS))).one()
    assert (person.name, person.country, person.zone, person.organisation) == ("ക്വിലോൺ വായനശാല", "IN", "Asia/Kolkata", "")


async def test_a_role_that_ended_no_longer_manages(browser: AsyncClient, sqlite: Database, world: World) -> None:
    async with sqlite.writing() as db:
        person = await with_role(db, world, "Delegate in Nairobi", RoleKind.organiser)
    await ask_for_link(browser)
    await browser.post(await mailed_path(sqlite))
    assert 'href="/manage"' in (await browser.get("/me")).text
    async with sqlite.writing() as db:
        await end_role(db, person, world.event.id, RoleKind.organiser, BEFORE)
    assert 'href="/manage"' not in (await browser.get("/me")).text


@pytest.mark.parametrize("path", ["//[", "/" + "a" * 600, "/\x00"])
async def test_an_odd_way_back_leads_home_and_breaks_nothing(browser: AsyncClient, path: str) -> None:
    assert (await browser.get("/sign-in", params={"next": path})).status_code == 200
    answer = await browser.post("/sign-in", data={"email": ADDRESS, "next": path}, headers={"Referer": "http://["})
    assert answer.status_code == 200


async def test_an_international_address_is_taken_in_the_form_that_mail_servers_know(browser: AsyncClient, sqlite: Database) -> None:
    await ask_for_link(browser, "someone@münchen.example.org")
    assert [mail.to_address for mail in await mails_to(sqlite, "someone@xn--mnchen-3ya.example.org")] == [
        "someone@xn--mnchen-3ya.example.org"
    ]
    refused = await browser.post("/sign-in", data={"email": "Jörg@example.org"})
    assert refused.status_code == 422


async def test_the_page_of_a_mailed_link_is_kept_nowhere(browser: AsyncClient, sqlite: Database) -> None:
    await ask_for_link(browser)
    assert (await browser.get(await mailed_path(sqlite))).headers["cache-control"] == "no-store"
