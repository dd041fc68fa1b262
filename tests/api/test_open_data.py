"""The programme for programs."""

from datetime import datetime

import pytest

from tests.api.cast import API, ask
from tests.calendars.cast import JUNE, WI, House, read_alike, tag_of
from tests.ics.cast import spelled

EVENT = "/events/wi-2021"
OPEN = ["/events", EVENT, f"{EVENT}/sessions", f"{EVENT}/sessions/welcome", f"{EVENT}/speakers", "/openapi.json"]


async def test_sessions_are_those_of_the_calendar_at_the_same_instants(house: House) -> None:
    told = (await ask(house, f"{EVENT}/sessions")).json()["sessions"]
    here = {one["uid"]: (one["title"], one["starts"]["at"], one["ends"]["at"], one["sequence"]) for one in told if one["type"] != "break"}
    feed = read_alike(await house.feed(WI)).values()
    assert here == {read.uid: (read.summary, read.starts, read.ends, read.sequence) for read in feed if read.uid in here}
    assert len(here) == sum("/sessions/" in read.description for read in feed) == 16


async def test_a_moment_is_an_instant_and_how_it_reads_where_it_counts(house: House) -> None:
    starts = (await ask(house, f"{EVENT}/sessions/welcome")).json()["starts"]
    assert starts == {"at": "2021-06-25T09:00:00Z", "zone": "Europe/London", "local": "2021-06-25T10:00:00", "offset": "+01:00"}
    assert spelled(datetime.fromisoformat(starts["local"] + starts["offset"])) == starts["at"]


async def test_an_event_names_what_its_sessions_refer_to(house: House) -> None:
    event = (await ask(house, "/events/illp-2025")).json()
    sessions = (await ask(house, "/events/illp-2025/sessions")).json()["sessions"]
    assert {one["room"]["slug"] for one in sessions} <= {room["slug"] for room in event["rooms"]}
    assert {one["track"]["slug"] for one in sessions if one["track"]} == {track["slug"] for track in event["tracks"]}
    assert [event["slug"] for event in (await ask(house, "/events")).json()["events"]] == ["illp-2025", "wi-2021"]


async def test_speakers_come_with_what_they_speak_at(house: House) -> None:
    speakers = {one["slug"]: one["sessions"] for one in (await ask(house, f"{EVENT}/speakers")).json()["speakers"]}
    assert speakers["eman-bushulaibi"] == ["keynote-eman-bushulaibi"]


async def test_a_change_is_told_with_a_new_tag_and_a_cancellation_stays(house: House) -> None:
    first = await ask(house, f"{EVENT}/sessions/welcome")
    await house.cancel("welcome", "Illness.", JUNE)
    second = await ask(house, f"{EVENT}/sessions/welcome", **tag_of(first))
    told = second.json()
    assert (second.status_code, told["status"], told["cancel_reason"], told["sequence"], told["join"]) == (
        200,
        "cancelled",
        "Illness.",
        1,
        None,
    )
    assert (told["uid"], told["modified_at"]) == (first.json()["uid"], "2021-06-01T12:00:00Z")
    assert (await ask(house, f"{EVENT}/sessions/welcome", **tag_of(second))).status_code == 304


@pytest.mark.parametrize("path", OPEN)
async def test_any_page_may_read_it_without_credentials(house: House, path: str) -> None:
    answer = await ask(house, path, Origin="https://elsewhere.example")
    assert (answer.headers["access-control-allow-origin"], answer.headers["access-control-expose-headers"]) == ("*", "ETag")
    assert "access-control-allow-credentials" not in answer.headers
    again = await ask(house, path, **tag_of(answer))
    assert (again.status_code, again.headers["access-control-allow-origin"]) == (304, "*")


async def test_a_page_elsewhere_may_send_the_tag_along(house: House) -> None:
    asked = {
        "Origin": "https://elsewhere.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }
    answer = await house.client.options(f"{API}{EVENT}", headers=asked)
    assert (answer.status_code, answer.headers["access-control-allow-headers"], answer.headers["access-control-allow-methods"]) == (
        204,
        "If-None-Match",
        "GET, HEAD",
    )


async def test_an_address_that_is_none_is_answered_as_json_too(house: House) -> None:
    answer = await ask(house, "/nothing/here")
    assert (answer.status_code, answer.json()) == (404, {"error": "http", "sentence": "Nothing here"})


@pytest.mark.parametrize("path", ["/events/nothing", f"{EVENT}/sessions/nothing", "/events/a%00b"])
async def test_what_is_not_there_is_said_as_json(house: House, path: str) -> None:
    answer = await ask(house, path)
    assert (answer.status_code, answer.json()["error"], answer.json()["sentence"][-1]) == (404, "not_found", ".")


@pytest.mark.parametrize("path", [*OPEN[:-1], "/me"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_nothing_can_be_changed(house: House, path: str, method: str) -> None:
    answer = await house.client.request(method, f"{API}{path}")
    assert (answer.status_code, answer.headers["allow"].startswith("GET, HEAD")) == (405, True)
    assert answer.json() == {"error": "method", "sentence": "This can only be read."}


async def test_head_has_the_headers_of_get_and_no_body(house: House) -> None:
    got, head = await ask(house, EVENT), await house.client.head(f"{API}{EVENT}")
    assert (head.status_code, head.headers["etag"], head.content) == (200, got.headers["etag"], b"")
