"""Who may see what of a door: helpers names and who is there, and nothing else; everybody else nothing."""

from starlette.routing import Route

from conference.attendance_routes import attendance_routes
from tests.attendance.cast import DOOR, Week
from tests.console.cast import look

MANAGE = "/manage/events/week"
AT_DOOR = {"/door", "/door/list", "/door/list.xlsx", "/door/list.json", "/door/shell", "/door/worker.js", "/needs"}
ORGANISERS = {"/attendance", "/attendance.xlsx", "/badges", "/badges.pdf", "/sessions/a-visit-to-the-stacks/attendance"}


def pages() -> set[str]:
    """Every page under /manage that these routes have."""
    found = [route for route in attendance_routes() if isinstance(route, Route) and "GET" in (route.methods or ())]
    paths = {route.path.removeprefix("/manage/events/{event}") for route in found if route.path.startswith("/manage")}
    return {path.replace("{session}", "a-visit-to-the-stacks") for path in paths}


async def open_to(week: Week, who: str) -> set[str]:
    browser = week.browsers[who]
    return {path for path in pages() if (await browser.get(MANAGE + path)).status_code == 200}


async def test_every_page_is_somebodys(week: Week) -> None:
    assert pages() >= AT_DOOR | ORGANISERS
    assert await open_to(week, "organiser") >= AT_DOOR | ORGANISERS


async def test_a_helper_has_the_door_and_nothing_behind_it(week: Week) -> None:
    assert await open_to(week, "helper") == AT_DOOR
    for page in sorted(AT_DOOR - {"/door/list.xlsx"}):
        assert "people.example" not in (await week.browsers["helper"].get(f"{MANAGE}{page}?q=delegate")).text.replace(
            "helper@people.example", ""
        )
    assert "The door of A week for leaders" in (await look(week.browsers["helper"], "/me")).words


async def test_participants_moderators_and_strangers_see_no_door(week: Week) -> None:
    for who in ("nobody", "nairobi", "moderator", "stranger"):
        assert await open_to(week, who) == set()


async def test_only_the_doors_own_pages_may_use_the_camera(week: Week) -> None:
    helper = week.browsers["helper"]
    asked = {
        path: (await helper.get(path)).headers["permissions-policy"].split(",")[0]
        for path in (DOOR, f"{DOOR}/shell", f"{DOOR}/list", "/me")
    }
    assert asked == {DOOR: "camera=(self)", f"{DOOR}/shell": "camera=(self)", f"{DOOR}/list": "camera=()", "/me": "camera=()"}


async def test_what_a_phone_keeps_has_nobody_in_it(week: Week) -> None:
    shell = (await week.browsers["helper"].get(f"{DOOR}/shell")).text
    assert not [person.name for person in week.people.values() if person.name in shell]
