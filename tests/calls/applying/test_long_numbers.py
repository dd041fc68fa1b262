"""Addresses with numbers that no database takes lead nowhere, for whoever asks."""

import re

import pytest
from starlette.routing import Route

from conference.calls_routes import calls_routes
from tests.calls.applying.cast import House


@pytest.mark.parametrize("length", [10, 5000])
async def test_a_number_that_is_too_long_is_the_address_of_nothing(house: House, length: int) -> None:
    paths = {
        route.path for route in calls_routes() if isinstance(route, Route) and ":int}" in route.path and "GET" in (route.methods or ())
    }
    statuses = set()
    for path in paths:
        address = re.sub(r"\{\w+:int\}", "9" * length, path.replace("{call}", "week-2021").replace("{part}", "personal"))
        address = re.sub(r"\{\w+:uuid\}", "00000000-0000-0000-0000-000000000000", address).replace("{question}", "cv")
        statuses.add((await house.browsers["organiser"].get(address)).status_code)
    assert (len(paths) > 12, statuses) == (True, {404})
