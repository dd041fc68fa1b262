"""How a person finds a calendar's address."""

from html.parser import HTMLParser

from conference.programme.queries import event_at
from conference.programme.tables import Track
from tests.calendars.cast import WI, House


class Links(HTMLParser):
    """Every link and every input's value of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.found += [(tag, value) for name in ("href", "value", "action") if (value := values.get(name))]


async def links_of(house: House, path: str) -> list[tuple[str, str]]:
    answer = await house.client.get(path)
    assert answer.status_code == 200, answer.text
    return Links(answer.text).found


async def test_the_subscribe_page_has_the_address_to_copy_and_a_link_that_opens_an_app(house: House) -> None:
    found = await links_of(house, "/events/wi-2021/subscribe")
    assert [("input", f"http://127.0.0.1:8000{WI}"), ("a", f"webcal://127.0.0.1:8000{WI}")] == [
        item for item in found if item[0] in ("a", "input") and item[1].endswith("programme.ics")
    ]


async def test_it_tells_the_steps_for_each_calendar_and_how_late_google_is(house: House) -> None:
    page = (await house.client.get("/events/illp-2025/subscribe")).text
    assert [page.count(f"<h3>{name}</h3>") for name in ("Google Calendar", "Apple Calendar", "Outlook", "Thunderbird")] == [1, 1, 1, 1]
    assert page.count("Google looks for changes every 8 to 24 hours") == 1


async def test_the_pages_of_an_event_lead_there_and_name_the_feed(house: House) -> None:
    for path in ("/events/wi-2021", "/events/wi-2021/programme"):
        found = await links_of(house, path)
        assert found.count(("link", WI)) == 1
        assert ("a", "/events/wi-2021/subscribe") in found
    assert ("a", "/events/wi-2021/subscribe") in await links_of(house, "/events/wi-2021/sessions/welcome")


async def test_one_s_own_page_offers_an_address_first_and_shows_it_then(house: House) -> None:
    await house.sign_in(await house.delegate("Amara"))
    before = await links_of(house, "/me")
    answer = await house.client.post("/me/calendar")
    after = await links_of(house, "/me")
    secret = await house.shown_path()
    assert (answer.status_code, answer.headers["location"]) == (303, "/me#calendar")
    assert ("form", "/me/calendar") in before
    assert [item for item in before if ".ics" in item[1]] == []
    assert [item for item in after if ".ics" in item[1]] == [
        ("input", f"http://127.0.0.1:8000{secret}"),
        ("a", f"webcal://127.0.0.1:8000{secret}"),
    ]
    assert ("form", "/me/calendar/rotation") in after


async def test_a_track_that_only_drafts_have_is_not_named(house: House) -> None:
    async with house.database.writing() as db:
        db.add(Track(event_id=(await event_at(db, "wi-2021")).id, slug="secret", name="A secret track"))
    found = await links_of(house, "/events/wi-2021/subscribe")
    told = (await house.client.get("/api/v1/events/wi-2021")).json()["tracks"]
    assert [address for _, address in found if "/tracks/" in address] == [f"/events/wi-2021/tracks/{one['slug']}.ics" for one in told]
    assert ("secret" in str(found), "building-bridges" in str(told), "secret" in str(told)) == (False, True, False)
