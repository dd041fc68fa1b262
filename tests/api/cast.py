"""A program that reads, and the token that its owner makes for it."""

import re
from urllib.parse import urlencode

from httpx2 import Response

from conference.people.tables import Person
from tests.calendars.cast import House

API, TOKENS = "/api/v1", "/me/tokens"
ALL = ("profile", "registrations", "bookings", "sessions")


async def make_token(house: House, person: Person, *scopes: str, name: str = "My badge", lasts: str = "90") -> str:
    """By the form on the page, as its owner sees it once."""
    page = await post(house, person, TOKENS, {"name": name, "lasts": lasts, **{f"scope-{scope}": "yes" for scope in scopes}})
    shown = re.search(r'id="token" value="([^"]+)"', page.text)
    assert shown, page.text
    return shown[1]


async def post(house: House, person: Person, path: str, fields: dict[str, str]) -> Response:
    await house.sign_in(person)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await house.client.post(path, content=urlencode(fields), headers=headers)
    house.client.cookies.clear()
    return answer


async def look(house: House, person: Person, path: str) -> str:
    await house.sign_in(person)
    page = (await house.client.get(path)).text
    house.client.cookies.clear()
    return page


async def ask(house: House, path: str, token: str = "", **headers: str) -> Response:
    bearer = {"Authorization": f"Bearer {token}"} if token else {}
    return await house.client.get(f"{API}{path}", headers=bearer | headers)
