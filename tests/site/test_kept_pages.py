"""Public pages are kept as bytes, and never say what is no more so."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conference.clock import Clock
from conference.programme.queries import session_at
from conference.site import showing
from conference.site.showing import next_change
from tests.calendars.cast import FUNDRAISING, JUNE, House, opened, questions_to, tag_of
from tests.site.cast import text_of, titles

PROGRAMME, WELCOME = "/events/wi-2021/programme", "/events/wi-2021/sessions/welcome"
PAGES = [
    "/events/wi-2021",
    PROGRAMME,
    f"{PROGRAMME}?type=workshop",
    WELCOME,
    "/events/wi-2021/speakers",
    "/events/wi-2021/speakers/eman-bushulaibi",
]
API = ["/api/v1/events", "/api/v1/events/wi-2021", "/api/v1/events/wi-2021/sessions", "/api/v1/events/wi-2021/speakers"]
DAY = datetime(2021, 6, 25, 8, 20, tzinfo=UTC)


def clock_of(house: House) -> Clock:
    found: Any = house.client._transport.app.app.state.house.clock  # type: ignore[attr-defined]
    assert isinstance(found, Clock)
    return found


def live_at(house: House, at: datetime) -> None:
    """A rehearsal's clock in this process: it stands at this moment, as far as the tests' few milliseconds go."""
    clock_of(house).offset = at - datetime.now(UTC)


@pytest.mark.parametrize("path", PAGES + API)
async def test_a_second_reader_costs_no_question_and_no_template(house: House, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.client.get(path)
    first = await house.client.get(path)  # once the state was looked up, it holds for a second
    templates: Any = house.client._transport.app.app.state.house.templates  # type: ignore[attr-defined]
    monkeypatch.setattr(templates, "get_template", lambda name: pytest.fail(f"{name} was asked for"))
    with questions_to(house.database) as asked:
        again, known = await house.client.get(path), await house.client.get(path, headers=tag_of(first))
    assert (again.content, again.headers["etag"], asked) == (first.content, first.headers["etag"], [])
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", first.headers["etag"])
    assert (known.headers["vary"], known.headers["cache-control"]) == (first.headers["vary"], first.headers["cache-control"])


async def test_a_page_is_honest_about_who_may_keep_it(house: House) -> None:
    for _ in range(2):
        answer = await house.client.get(PROGRAMME)
        assert (answer.headers["cache-control"], sorted(answer.headers["vary"].split(", "))) == (
            "private, no-cache",
            ["Accept-Encoding", "Cookie"],
        )
        assert ("set-cookie" in answer.headers, "content-security-policy" in answer.headers) == (False, True)


async def test_head_is_answered_as_get_would_be(house: House) -> None:
    whole = await house.client.get(PROGRAMME)
    head = await house.client.head(PROGRAMME)
    assert (head.status_code, head.headers["etag"], head.headers["content-length"]) == (
        200,
        whole.headers["etag"],
        whole.headers["content-length"],
    )


async def test_a_zone_in_a_cookie_that_this_house_does_not_read_changes_nobody_else_s_page(house: House) -> None:
    for cookie in ("__Host-zone=Asia/Kolkata", "browser_zone=Asia/Kolkata; zone=Africa/Nairobi", "zone=Asia/Kolkata"):
        page = (await house.client.get(PROGRAMME, headers={"Cookie": cookie})).text
    assert page.count('data-shown="Asia/Kolkata"') == 1


async def test_each_reader_has_the_page_in_their_own_zone_and_encoding(house: House) -> None:
    for _ in range(2):
        for zone in ("Africa/Nairobi", "Asia/Kolkata"):
            page = (await house.client.get(PROGRAMME, headers={"Cookie": f"browser_zone={zone}"})).text
            assert page.count(f'data-shown="{zone}"') == 1
        for encoding in ("gzip", "br", "identity"):
            answer = await house.client.get(PROGRAMME, headers={"Accept-Encoding": encoding})
            assert (answer.headers.get("content-encoding", "identity"), "Welcome" in titles(answer.text)) == (encoding, True)


async def test_a_release_is_on_the_page_at_once(house: House) -> None:
    first = await house.client.get(PROGRAMME)
    await house.client.get(PROGRAMME)
    await house.edit("welcome", JUNE, title="Welcome to all")
    second = await house.client.get(PROGRAMME, headers=tag_of(first))
    assert (second.status_code, titles(second.text)[0]) == (200, "Welcome to all")


async def test_another_process_is_heard_within_a_second(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conference.web.kept.LOOK_AGAIN", 0.0)
    async with opened(house.settings) as other:
        await text_of(house.client, PROGRAMME)
        await other.edit("welcome", JUNE, title="Welcome to all")
        assert titles(await text_of(house.client, PROGRAMME))[0] == "Welcome to all"


async def test_a_seat_that_was_taken_is_counted_on_the_page_at_once(house: House) -> None:
    live_at(house, DAY)
    before = await text_of(house.client, PROGRAMME)
    await house.book(await house.delegate("Ada"), FUNDRAISING, DAY)
    after = await text_of(house.client, PROGRAMME)
    seats = re.compile(r"(\d+) seats left")
    left, now_left = seats.findall(before), seats.findall(after)
    assert now_left == [str(int(left[0]) - 1), *left[1:]]


async def test_what_belongs_to_somebody_is_neither_kept_nor_answered_from_what_is(house: House) -> None:
    strange = await text_of(house.client, PROGRAMME)
    await house.sign_in(await house.delegate("Ada"))
    own = await house.client.get(PROGRAMME)
    assert (own.headers["cache-control"], "Ada" in own.text, "etag" in own.headers) == ("no-store", True, False)
    house.client.cookies.clear()
    assert await text_of(house.client, PROGRAMME) == strange


async def test_a_sentence_for_one_visitor_is_seen_by_that_visitor_alone(house: House) -> None:
    strange = await text_of(house.client, PROGRAMME)
    told = await house.client.get(PROGRAMME, headers={"Cookie": "flash=Times%20are%20now%20shown%20for%20Kolkata."})
    assert ("now shown for Kolkata" in told.text, "flash" in told.headers["set-cookie"]) == (True, True)
    assert await text_of(house.client, PROGRAMME) == strange


async def test_a_rehearsals_clock_that_jumps_takes_the_page_along(house: House) -> None:
    seen = []
    for at in (DAY, DAY + timedelta(hours=1), DAY, None):
        clock_of(house).offset = at - datetime.now(UTC) if at else None
        page = await text_of(house.client, PROGRAMME)
        seen.append(
            ("Rehearsal." in page, "09:20 in London" in page, "10:20 in London" in page, 'class="slot is-now"' in page or "is-now" in page)
        )
    assert seen == [(True, True, False, False), (True, False, True, True), (True, True, False, False), (False, False, False, False)]


MINUTES = st.integers(0, 12 * 60 * 60)  # seconds from seven in the morning


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seconds=MINUTES, path=st.sampled_from(PAGES))
async def test_until_the_moment_that_it_names_a_page_would_be_the_same(house: House, seconds: int, path: str) -> None:
    """Made anew just before its end it is the same; nothing else tells the shelf that time has passed."""
    at = datetime(2021, 6, 25, 6, 0, tzinfo=UTC) + timedelta(seconds=seconds)
    ends: list[datetime | None] = []
    real: Any = showing.next_change

    def noted(*given: Any) -> datetime | None:
        ends.append(real(*given))
        return ends[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(showing, "next_change", noted)
        first = await _made_at(house, path, at)
        end = min(filter(None, (ends[0], at + timedelta(minutes=15))))
        last = await _made_at(house, path, end - timedelta(milliseconds=400))
    assert first == last


async def test_at_the_moment_that_it_names_a_page_is_another(house: House) -> None:
    five_before = datetime(2021, 6, 25, 8, 55, tzinfo=UTC)
    made = [await _made_at(house, PROGRAMME, five_before + timedelta(seconds=seconds)) for seconds in (1, 55, 60)]
    assert (made[0] == made[1], made[1] == made[2]) == (True, False)


async def _made_at(house: House, path: str, at: datetime) -> str:
    """The page as made at this moment, without what only rehearsals say."""
    app: Any = house.client._transport.app.app  # type: ignore[attr-defined]
    app.state.answers._kept.clear()
    live_at(house, at)
    page = await text_of(house.client, path)
    head, _, rest = page.partition('<aside class="rehearsal"')
    return head.partition("<head>")[2] + rest.partition("</aside>")[2]


async def test_a_session_that_is_soon_changes_its_page_by_the_minute(house: House) -> None:
    async with house.database.reading() as db:
        session = (await session_at(db, "wi-2021", "welcome")).session
    start = session.starts_at

    def after(**before: float) -> timedelta | None:
        change = next_change([start - timedelta(hours=1), start], [session], start - timedelta(**before))
        return start - change if change else None

    assert after(minutes=61) == timedelta(hours=1)
    assert after(minutes=5) == timedelta(minutes=4)
    assert after(minutes=4, seconds=59) == timedelta(minutes=4)
    assert after(seconds=1) == timedelta()
    assert after(minutes=0) is None
