"""Tokens: made once, shown once, kept as a hash, asked for what they may read, over when they are over."""

import logging
import re
from datetime import timedelta

import pytest
from sqlmodel import select

from conference.api import endpoint
from conference.api.rules import MOST_TOKENS
from conference.api.tables import ApiToken
from conference.people.rules import token_hash
from tests.api.cast import ALL, TOKENS, ask, look, make_token, post
from tests.calendars.cast import FUNDRAISING, JUNE, House, tag_of

PATHS = {"profile": "/me", "registrations": "/me/registrations", "bookings": "/me/bookings", "sessions": "/me/sessions"}


async def rows(house: House) -> list[ApiToken]:
    async with house.database.reading() as db:
        return list((await db.exec(select(ApiToken))).all())


async def test_a_token_is_shown_once_and_stored_as_its_hash(house: House) -> None:
    ada = await house.delegate("Ada")
    token = await make_token(house, ada, "profile", "bookings")
    (row,) = await rows(house)
    assert (row.token_hash, row.scopes, row.name, row.expires_at - row.made_at) == (
        token_hash(token),
        ["profile", "bookings"],
        "My badge",
        timedelta(days=90),
    )
    page = await look(house, ada, TOKENS)
    assert ("My badge" in page, token in page, "Never" in page) == (True, False, True)


@pytest.mark.parametrize("scope", ALL)
async def test_a_token_reads_what_its_scopes_say_and_nothing_else(house: House, scope: str) -> None:
    token = await make_token(house, await house.delegate("Ada"), scope)
    answers = {name: (await ask(house, path, token)).status_code for name, path in PATHS.items()}
    assert answers == {name: 200 if name == scope else 403 for name in ALL}
    other = next(name for name in ALL if name != scope)
    refused = await ask(house, PATHS[other], token)
    assert refused.json() == {
        "error": "insufficient_scope",
        "sentence": f"This token may not read that: it lacks the scope “{other}”. Its owner can make another at /me/tokens.",
    }
    assert refused.headers["www-authenticate"] == 'Bearer realm="conference", error="insufficient_scope"'


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer ", "Basic QTpC", "Bearer conference_nobodys", "Bearer é"])
async def test_without_a_token_that_works_nothing_is_told(house: House, header: str | None) -> None:
    await make_token(house, await house.delegate("Ada"), *ALL)
    answer = await house.client.get("/api/v1/me", headers={b"Authorization": header.encode()} if header else {})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
    assert answer.headers["www-authenticate"] == 'Bearer realm="conference", error="invalid_token"'
    assert answer.headers["cache-control"] == "no-store"


async def test_a_sign_in_is_no_token(house: House) -> None:
    await house.sign_in(await house.delegate("Ada"))
    assert (await house.client.get("/api/v1/me")).status_code == 401


async def test_a_revoked_token_is_over_at_once_and_nobody_else_can_revoke_it(house: House) -> None:
    ada, eve = await house.delegate("Ada"), await house.delegate("Eve")
    token = await make_token(house, ada, "profile")
    (row,) = await rows(house)
    assert (await post(house, eve, f"{TOKENS}/{row.id}/revocation", {})).status_code == 404
    assert (await ask(house, "/me", token)).status_code == 200
    assert (await post(house, ada, f"{TOKENS}/{row.id}/revocation", {})).status_code == 303
    assert (await ask(house, "/me", token)).status_code == 401
    assert "Revoked" in await look(house, ada, TOKENS)


async def test_a_token_ends_when_its_time_is_over(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    token = await make_token(house, await house.delegate("Ada"), "profile", lasts="30")
    (row,) = await rows(house)
    for moment, status in ((row.expires_at - timedelta(seconds=1), 200), (row.expires_at, 401)):
        monkeypatch.setattr(endpoint, "real_now", lambda request, moment=moment: moment)
        assert (await ask(house, "/me", token)).status_code == status


async def test_its_owner_sees_when_it_was_last_used(house: House) -> None:
    ada = await house.delegate("Ada")
    token = await make_token(house, ada, "profile")
    await ask(house, "/me", token)
    (row,) = await rows(house)
    assert row.last_used_at
    await ask(house, "/me", token)
    assert (await rows(house))[0].last_used_at == row.last_used_at  # noted once a minute
    assert "Never" not in await look(house, ada, TOKENS)


async def test_a_token_is_in_no_log_line(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = await make_token(house, await house.delegate("Ada"), "profile")
    await ask(house, "/me", token)
    await ask(house, "/me/sessions", token)
    assert "/api/v1/me/sessions" in caplog.text
    assert token not in caplog.text


@pytest.mark.parametrize(
    ("typed", "beside"),
    [
        ({"name": " ", "lasts": "90", "scope-profile": "yes"}, {"name": "Enter a name by which you will know this token."}),
        ({"name": "x" * 81, "lasts": "90", "scope-profile": "yes"}, {"name": "This name is too long: use at most 80 characters."}),
        ({"name": "A", "lasts": "9999", "scope-profile": "yes"}, {"lasts": "Choose how long it works."}),
        ({"name": "A", "lasts": "90"}, {"scope-profile": "Choose at least one thing that the token may read."}),
    ],
)
async def test_a_form_with_a_mistake_comes_back_with_a_sentence_beside_the_field(
    house: House, typed: dict[str, str], beside: dict[str, str]
) -> None:
    answer = await post(house, await house.delegate("Ada"), TOKENS, typed)
    found = dict(re.findall(r'<p class="field__error" id="([^"]+)-error">.*?<span>(.*?)</span></p>', answer.text, re.DOTALL))
    assert (answer.status_code, found, await rows(house)) == (422, beside, [])


async def test_there_is_an_end_to_how_many_one_person_has(house: House) -> None:
    ada = await house.delegate("Ada")
    for number in range(MOST_TOKENS):
        await make_token(house, ada, "profile", name=f"Number {number}")
    answer = await post(house, ada, TOKENS, {"name": "One more", "lasts": "90", "scope-profile": "yes"})
    assert (answer.status_code, "Revoke one that you don’t need any more" in answer.text, len(await rows(house))) == (
        409,
        True,
        MOST_TOKENS,
    )


async def test_own_data_is_ones_own(house: House) -> None:
    ada, eve = await house.delegate("Ada"), await house.delegate("Eve", registered=False)
    await house.book(ada, FUNDRAISING, JUNE)
    hers, eves = await make_token(house, ada, *ALL), await make_token(house, eve, *ALL)
    profile = (await ask(house, "/me", hers)).json()
    assert (profile["email"], profile["scopes"]) == ("ada@delegates.example", list(ALL))
    places = (await ask(house, "/me/registrations", hers)).json()["registrations"]
    assert [(place["event"]["slug"], place["state"]) for place in places] == [("wi-2021", "confirmed")]
    seats = (await ask(house, "/me/bookings", hers)).json()["bookings"]
    assert [(seat["state"], seat["session"]["slug"], seat["since"]["at"]) for seat in seats] == [
        ("booked", FUNDRAISING, "2021-06-01T12:00:00Z")
    ]
    sessions = (await ask(house, "/me/sessions", hers)).json()["sessions"]
    why = {one["session"]["slug"]: one["because"] for one in sessions}
    assert (why[FUNDRAISING], why["welcome"]) == (["booked"], ["everyone"])
    for scope, key in (("registrations", "registrations"), ("bookings", "bookings"), ("sessions", "sessions")):
        assert (await ask(house, PATHS[scope], eves)).json()[key] == []


async def test_own_data_that_is_still_the_same_is_a_304_for_its_owner_alone(house: House) -> None:
    ada, eve = await house.delegate("Ada"), await house.delegate("Eve")
    hers, eves = await make_token(house, ada, *ALL), await make_token(house, eve, *ALL)
    first = await ask(house, "/me", hers)
    assert (first.headers["cache-control"], "Authorization" in first.headers["vary"]) == ("private, no-cache", True)
    assert (await ask(house, "/me", hers, **tag_of(first))).status_code == 304
    assert (await ask(house, "/me", eves, **tag_of(first))).json()["email"] == "eve@delegates.example"
    assert (await ask(house, "/me", **tag_of(first))).status_code == 401
