"""What every answer carries, and what no request can do: errors included."""

import re

import pytest
from httpx2 import AsyncClient
from starlette.requests import Request
from starlette.routing import Route

from conference.programme.actions import edit_session
from conference.programme.releases import plan_of
from conference.settings import Settings
from conference.storage.database import Database
from tests.servers import serving
from tests.world import BEFORE, World

EVIL = "<script>alert(1)</script>\"'{{7*7}}"


PATHS = [
    ("GET", "/", 200),
    ("GET", "/events/wi-test/programme", 200),
    ("GET", "/nothing/here", 404),
    ("DELETE", "/sign-in", 405),
    ("GET", "/me", 303),
    ("POST", "/events/wi-test/sessions/hands-on-workshop/booking", 401),
    ("GET", "/healthz", 200),
    ("GET", "/static/x/css/tokens.css", 200),
    ("GET", "/static/x/../../pyproject.toml", 404),
    ("GET", "/static/x/css/%2e%2e/%2e%2e/pyproject.toml", 404),
]


@pytest.mark.parametrize(("method", "path", "status"), PATHS)
async def test_every_answer_carries_the_safe_headers(browser: AsyncClient, method: str, path: str, status: int) -> None:
    answer = await browser.request(method, path, follow_redirects=False)
    assert answer.status_code == status
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert (policy["default-src"], policy["script-src"], policy["style-src"], policy["frame-ancestors"]) == (
        "'none'",
        "'self'",
        "'self'",
        "'none'",
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "server" not in answer.headers or "uvicorn" in answer.headers["server"]


async def test_no_page_has_inline_script_or_style(browser: AsyncClient) -> None:
    for path in ("/", "/events/wi-test", "/events/wi-test/programme", "/sign-in", "/nothing"):
        page = (await browser.get(path)).text
        assert re.findall(r"<script(?![^>]*\bsrc=)(?! type=\"application/ld\+json\">)", page) == []  # a block of data is never run
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=\"", page) == []
        assert re.findall(r"(?:src|href)=\"(?:https?:)?//(?!127\.0\.0\.1)", page) == []


async def test_words_from_people_are_never_alive(browser: AsyncClient, sqlite: Database, world: World) -> None:
    async with sqlite.writing() as db:
        event, session = await db.merge(world.event), await db.merge(world.talk)
        plan = plan_of(session)
        changed = {name: getattr(plan, name) for name in type(plan).__slots__} | {"title": EVIL, "abstract": EVIL, "illustrative": EVIL}
        await edit_session(db, event, session, type(plan)(**changed), [], BEFORE)
    for path in ("/", "/events/wi-test", "/events/wi-test/programme", f"/events/wi-test/sessions/{world.talk.slug}"):
        page = (await browser.get(path)).text
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert(1)" not in page


async def test_a_huge_body_is_refused_before_it_is_read(browser: AsyncClient) -> None:
    answer = await browser.post(
        "/sign-in", content=b"email=" + b"a" * (2 * 1024 * 1024), headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 413
    assert "That was too much at once" in answer.text
    cut = await browser.post(
        "/sign-in", content=b"email=" + b"a" * (5 * 1024 * 1024), headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert cut.status_code == 413


async def test_a_form_with_a_hundred_thousand_fields_is_refused(browser: AsyncClient) -> None:
    body = "&".join(f"f{number}=1" for number in range(50_000))
    answer = await browser.post("/sign-in", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 400


async def test_whoever_asks_for_json_is_refused_in_json(browser: AsyncClient) -> None:
    answer = await browser.get("/events/none", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()) == (404, {"error": "not_found", "sentence": "There is no event at this address."})


async def test_a_fault_is_a_calm_page_with_a_reference_and_no_details(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(request: Request) -> None:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr("conference.app.routes", lambda _settings: [Route("/broken", broken)])
    async with serving(settings) as address, AsyncClient(base_url=address) as client:
        answer = await client.get("/broken")
    assert answer.status_code == 500
    assert re.search(r"Reference: <strong>[0-9a-f]{12}</strong>", answer.text)
    assert "secret of the house" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_personal_pages_are_stored_nowhere_and_public_ones_depend_on_the_cookie(browser: AsyncClient) -> None:
    public, error = await browser.get("/"), await browser.get("/nothing")
    assert (public.headers["cache-control"], "Cookie" in public.headers["vary"]) == ("private, no-cache", True)
    assert error.headers["cache-control"] == "no-store"


async def test_static_files_are_kept_for_a_year_under_their_own_version_only(browser: AsyncClient) -> None:
    page = (await browser.get("/")).text
    current = re.search(r'href="(/static/[0-9a-f]{12}/css/tokens.css)"', page)
    assert current
    assert (await browser.get(current[1])).headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (await browser.get("/static/old/css/tokens.css")).headers["cache-control"] == "no-cache"


async def test_ready_and_alive(browser: AsyncClient) -> None:
    assert (await browser.get("/healthz")).text == "ok"
    assert (await browser.get("/readyz")).json() == {"ready": True}


@pytest.mark.parametrize(
    "path", ["/events/%00", "/events/wi-test/sessions/%00", "/events/wi-test/speakers/%00", "/events/%00/programme.ics"]
)
async def test_no_address_with_nul_reaches_the_database(browser: AsyncClient, path: str) -> None:
    assert (await browser.get(path)).status_code == 404


async def test_half_of_a_surrogate_pair_never_gets_in(browser: AsyncClient) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\na+2D0-b@example.org\r\n--x--\r\n'
    answer = await browser.post("/sign-in", content=body, headers={"Content-Type": "multipart/form-data; boundary=x; charset=utf-7"})
    assert answer.status_code in (200, 400, 422)
