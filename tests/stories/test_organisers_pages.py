"""Every page of the organisers: no serious barrier, one heading, nothing that scrolls sideways."""

from pathlib import Path

import pytest

from tests.stories.barriers import troubles
from tests.stories.conftest import Opens
from tests.stories.test_everybody import KEYNOTE

MANAGE = "/manage/events/wi-2021"
ORGANISE = [
    "/manage",
    MANAGE,
    f"{MANAGE}/programme",
    f"{MANAGE}/releases",
    f"{MANAGE}/processing",
    f"{MANAGE}/sessions/new",
    f"{MANAGE}/sessions/workshop-fundraising",
    f"{MANAGE}/sessions/workshop-fundraising/seats",
    f"{MANAGE}/sessions/workshop-fundraising/cancellation",
    f"{MANAGE}/import",
    f"{MANAGE}/desk",
    f"{MANAGE}/meetings",
    f"{MANAGE}/sessions/workshop-fundraising/groups",
    f"{MANAGE}/registrations",
    f"{MANAGE}/form",
    f"{MANAGE}/registrations?q=delegate",
    f"{MANAGE}/registrations/export",
    f"{MANAGE}/places",
    f"{MANAGE}/figures",
    f"{MANAGE}/hours",
    f"{MANAGE}/speaking",
    f"{MANAGE}/speaking/eman-bushulaibi",
    f"{MANAGE}/proposals",
    f"{MANAGE}/roles",
    f"{MANAGE}/door?q=delegate",
    f"{MANAGE}/door/list",
    f"{MANAGE}/door/shell",
    f"{MANAGE}/attendance",
    f"{MANAGE}/sessions/workshop-fundraising/attendance",
    f"{MANAGE}/badges",
    f"{MANAGE}/papers",
    f"{MANAGE}/certificates",
    "/manage/events/illp-2025/invoices",
    f"{MANAGE}/mail",
    f"{MANAGE}/mail/circulars",
    f"{MANAGE}/mail/templates/reminder",
    "/manage/events/illp-2025/needs",
    f"{MANAGE}/grid",
    f"{MANAGE}/rooms",
    f"{MANAGE}/venues/online",
    f"{MANAGE}/details",
    f"{MANAGE}/key-dates",
    f"{MANAGE}/copy?slug=wi-2022&title=WI&first_day=2022-06-25",
    f"/manage{KEYNOTE}/stage",
    "/manage/rehearsal",
    "/manage/calls",
    "/manage/calls/new",
    "/manage/calls/illp-2025",
    "/manage/calls/illp-2025/settings",
    "/manage/calls/illp-2025/definition",
]
PLANNING = ORGANISE.index("/manage/events/illp-2025/needs")  # where the second half begins


@pytest.mark.parametrize("paths", [ORGANISE[:PLANNING], ORGANISE[PLANNING:]], ids=["the event", "its programme"])
async def test_axe_finds_nothing_and_no_page_scrolls_sideways(opens: Opens, pictures: Path, paths: list[str]) -> None:
    assert await troubles(opens, pictures, "organiser", paths) == {}
