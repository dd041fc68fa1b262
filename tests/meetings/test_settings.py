"""An organiser names the event's service: the secret goes in and never comes out."""

import re
from html import unescape

from httpx2 import Response
from sqlmodel import col, select

from conference.meetings.tables import Meeting, MeetingSecret, MeetingService
from conference.record.tables import AuditEntry
from conference.storage.database import Database
from tests.meetings.cast import SERVICE, TALK, WORKSHOP, Cast, Visitors
from tests.meetings.services import APPLICATION, OTHER_SECRET, SECRET

JITSI = {"kind": "jitsi", "address": "https://meet.example.org/", "application": APPLICATION, "secret": SECRET}
MEETS = f"/manage{WORKSHOP}/meeting"


def words_of(page: Response) -> str:
    """A refusal's sentence."""
    lead = re.search(r'<p class="lead">(.*?)</p>', page.text, re.DOTALL)
    return unescape(lead[1]) if lead else ""


def beside(page: Response) -> dict[str, str]:
    """The sentence beside each field that needs another look."""
    found = re.findall(r'<p class="field__error" id="([^"]+)-error">.*?<span>(.*?)</span></p>', page.text, re.DOTALL)
    return {name: unescape(sentence) for name, sentence in found}


async def saved(database: Database) -> tuple[str, str, str, str]:
    async with database.reading() as db:
        service, secret = (await db.exec(select(MeetingService, MeetingSecret.secret).join(MeetingSecret))).one()
    return service.kind, service.address, service.application, secret


async def acts(database: Database) -> list[tuple[str, dict[str, object]]]:
    """The audit trail's lines about meetings."""
    words = ("meeting service set", "meeting service dropped", "meets on the service", "meets elsewhere")
    async with database.reading() as db:
        rows = await db.exec(select(AuditEntry).where(col(AuditEntry.act).in_(words)).order_by(col(AuditEntry.id)))
        return [(row.act, row.details) for row in rows]


async def named(visitors: Visitors, **changes: str) -> Response:
    return await visitors.post("organiser", SERVICE, **{**JITSI, **changes})


async def test_a_service_is_named_and_its_secret_kept_when_left_empty(without_service: Cast) -> None:
    async with without_service.house() as visitors:
        assert (await named(visitors)).status_code == 303
        assert (await named(visitors, secret="", application="another-id")).status_code == 303
    assert await saved(without_service.database) == ("jitsi", "https://meet.example.org", "another-id", SECRET)


async def test_the_secret_is_never_shown_again_and_never_in_the_audit_trail(without_service: Cast) -> None:
    async with without_service.house() as visitors:
        await named(visitors)
        again = await named(visitors, secret=OTHER_SECRET, address="nowhere")
        page = await visitors.get("organiser", SERVICE)
    facts = {"service": "jitsi", "address": "https://meet.example.org", "application": APPLICATION, "new_secret": True}
    assert again.status_code == 422
    assert "https://meet.example.org" in page.text
    assert [SECRET in shown.text or OTHER_SECRET in shown.text for shown in (page, again)] == [False, False]
    assert await acts(without_service.database) == [("meeting service set", facts)]


async def test_a_kept_secret_does_not_go_along_to_another_service(without_service: Cast) -> None:
    wanted = {"secret": "Enter the secret of this service: the one that is kept belongs to another."}
    async with without_service.house() as visitors:
        await named(visitors)
        assert beside(await named(visitors, secret="", address="https://other.example.org")) == wanted
        assert beside(await named(visitors, secret="", kind="bigbluebutton")) == wanted
        await named(visitors, secret=OTHER_SECRET, address="https://other.example.org")
    assert await saved(without_service.database) == ("jitsi", "https://other.example.org", APPLICATION, OTHER_SECRET)


async def test_what_is_missing_or_unsafe_is_said_beside_its_field(without_service: Cast) -> None:
    async with without_service.house() as visitors:
        answers = {
            "nothing": await visitors.post("organiser", SERVICE),
            "no secret": await named(visitors, secret=""),
            "a short secret": await named(visitors, secret="short"),
            "no application": await named(visitors, application=""),
            "not https": await named(visitors, address="http://meet.example.org"),
        }
    assert {name: (answer.status_code, list(beside(answer))) for name, answer in answers.items()} == {
        "nothing": (422, ["kind", "address"]),
        "no secret": (422, ["secret"]),
        "a short secret": (422, ["secret"]),
        "no application": (422, ["application"]),
        "not https": (422, ["address"]),
    }


async def test_a_session_meets_on_the_service_in_a_room_of_its_own_until_it_does_not(without_service: Cast) -> None:
    async with without_service.house() as visitors:
        too_soon = await visitors.post("organiser", MEETS, meets="yes")
        await named(visitors)
        for _ in range(2):
            assert (await visitors.post("organiser", MEETS, meets="yes")).status_code == 303
        await visitors.post("organiser", f"/manage{TALK}/meeting", meets="yes")
        async with without_service.database.reading() as db:
            rooms = [meeting.room for meeting in await db.exec(select(Meeting))]
        await visitors.post("organiser", MEETS, meets="no")
    assert (too_soon.status_code, words_of(too_soon)) == (409, "A day for libraries has no meeting service yet. Name one first.")
    assert [len(room) for room in set(rooms)] == [32, 32]
    assert [act for act, _ in await acts(without_service.database)] == [
        "meeting service set",
        "meets on the service",
        "meets on the service",
        "meets elsewhere",
    ]


async def test_a_forgotten_service_takes_its_secret_along_and_closes_the_doors(on_jitsi: Cast) -> None:
    async with on_jitsi.house() as visitors:
        await visitors.link("ada")
        await visitors.post("organiser", f"{SERVICE}/removal")
        assert (await visitors.get("ada", f"{WORKSHOP}/meeting")).status_code == 404
    async with on_jitsi.database.reading() as db:
        assert [*await db.exec(select(MeetingSecret)), *await db.exec(select(MeetingService))] == []


async def test_only_organisers_of_the_event_come_here(on_jitsi: Cast) -> None:
    async with on_jitsi.house() as visitors:
        for who, status in (("organiser", 200), ("moderator", 403), ("speaker", 403), ("ada", 403), ("nobody", 303)):
            assert (await visitors.get(who, SERVICE)).status_code == status
        for who, status in (("moderator", 403), ("speaker", 403), ("ada", 403), ("nobody", 401)):
            tried = [await visitors.post(who, path, **JITSI, meets="no") for path in (SERVICE, f"{SERVICE}/removal", MEETS)]
            assert [answer.status_code for answer in tried] == [status] * 3
    kind, address, application, secret = await saved(on_jitsi.database)
    assert (kind, application, secret, address.startswith("http://127.0.0.1:")) == ("jitsi", APPLICATION, SECRET, True)
