"""Mail in the browser: what I want, the way out, and an organiser who writes to many."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from httpx2 import ASGITransport, AsyncClient
from sqlmodel import select

from conference.app import create_app
from conference.correspondence.letters_due import write_what_is_due
from conference.mail.outbox import send_waiting
from conference.mail.tables import Circular, MailPurpose, MailState, QueuedMail, Wish
from conference.mail.wishes import choices_of, choose, stop_token
from conference.people.tables import Person
from conference.settings import Settings
from conference.storage.database import Database
from conference.web.render import environment
from tests.correspondence.cast import NOW, Month
from tests.mail.post_office import PostOffice, text_of
from tests.world import cookie_of, delegate

DESK = "/manage/events/wi-test/mail"
NEW = f"{DESK}/circulars"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
async def people(month: Month, by_smtp: Settings, sqlite: Database) -> AsyncIterator[dict[str, AsyncClient]]:
    """Browsers of the delegate, the organiser and a stranger."""
    async with sqlite.writing() as db:
        other = await delegate(db, month.world, "Other", registered=False)
        cookies = {
            "delegate": await cookie_of(db, month.delegate),
            "organiser": await cookie_of(db, month.organiser),
            "other": await cookie_of(db, other),
        }
    app = create_app(by_smtp)
    opened = {
        name: AsyncClient(transport=ASGITransport(app=app), base_url=by_smtp.base_url, cookies=cookies.get(name, {}))
        for name in ("nobody", *cookies)
    }
    yield opened
    for client in opened.values():
        await client.aclose()
    await app.app.state.house.database.close()  # type: ignore[attr-defined]


async def wanted(month: Month) -> set[Wish]:
    async with month.database.reading() as db:
        return {wish for wish, yes in (await choices_of(db, month.delegate.id, month.world.event.id)).items() if yes}


async def test_one_click_stops_one_kind_of_mail_of_one_event_without_signing_in(
    month: Month, people: dict[str, AsyncClient], by_smtp: Settings
) -> None:
    address = "/mail/stop/" + stop_token(by_smtp.secret_key, month.delegate.id, month.world.event.id, MailPurpose.reminder)
    assert "Stop this mail" in (await people["nobody"].get(address)).text
    assert Wish.reminder in await wanted(month)  # scanners look at links
    for _ in range(2):
        answer = await people["nobody"].post(address, content="List-Unsubscribe=One-Click", headers=FORM)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert await wanted(month) == {Wish.announcement, Wish.interest}
    assert (await people["nobody"].post(address[:-3] + "abc")).status_code == 409
    assert (await people["nobody"].post("/mail/stop/x")).status_code == 409


async def test_i_choose_what_i_get_of_my_events_and_of_no_other(month: Month, people: dict[str, AsyncClient]) -> None:
    saved = await people["delegate"].post("/me/mail/wi-test", content="invitation=yes", headers=FORM)
    assert saved.status_code == 303
    assert await wanted(month) == {Wish.invitation, Wish.interest}  # what was not shown stays
    assert (await people["other"].post("/me/mail/wi-test", content="", headers=FORM)).status_code == 404
    assert (await people["delegate"].post("/me/mail", content="language=xx", headers=FORM)).status_code == 422
    await people["delegate"].post("/me/mail", content="language=sw", headers=FORM)
    async with month.database.reading() as db:
        assert (await db.get_one(Person, month.delegate.id)).language == "sw"


async def test_an_organiser_signs_the_event_s_mail(month: Month, people: dict[str, AsyncClient]) -> None:
    wrong = await people["organiser"].post(f"{DESK}/sender", content="name=Team&reply_to=team%0Aevil@x", headers=FORM)
    assert (wrong.status_code, "Enter an e-mail address in the right form" in wrong.text) == (422, True)
    await people["organiser"].post(f"{DESK}/sender", content="name=Team&reply_to=team@events.example", headers=FORM)
    assert 'value="team@events.example"' in (await people["organiser"].get(DESK)).text


async def write(people: dict[str, AsyncClient], **typed: str) -> str:
    body = "&".join(
        f"{name}={value}" for name, value in ({"audience": "everybody", "subject": "News", "body": "Bring+a+coat."} | typed).items()
    )
    answer = await people["organiser"].post(NEW, content=body, headers=FORM)
    assert answer.status_code == 303
    return str(answer.headers["location"])


async def test_a_mail_to_many_goes_when_it_was_approved_for_and_not_to_whom_it_does_not_concern(
    month: Month, people: dict[str, AsyncClient], by_smtp: Settings, post_office: PostOffice
) -> None:
    async with month.database.writing() as db:
        stopped = await delegate(db, month.world, "Stopped")
        await delegate(db, month.world, "Seen")
        await choose(db, stopped.id, month.world.event.id, Wish.announcement, False, NOW)
    page = await write(people, body="Bring+%7B%7B+name+%7D%7D+a+coat.")
    assert "{{ name }}" in (await people["organiser"].get(page)).text.replace("&#123;", "{")
    soon = datetime.now(UTC) + timedelta(days=2)
    await people["organiser"].post(page, content=f"when=later&day={soon:%Y-%m-%d}&clock=12:00", headers=FORM)
    due = soon.replace(hour=12, minute=0, second=0, microsecond=0)
    assert await write_what_is_due(month.database, due - timedelta(hours=2), NOW, rehearsed=False) == 0
    assert await write_what_is_due(month.database, due, NOW, rehearsed=True) == 0  # a rehearsal sends nothing that was meant
    assert [await write_what_is_due(month.database, due, NOW, rehearsed=False) for _ in range(2)] == [3, 0]
    await send_waiting(month.database, by_smtp, environment(), NOW)
    got = {to: letter for to, letter in post_office.letters if letter["Subject"] == "News"}
    assert set(got) == {"delegate@demo.example", "seen@delegates.example"}
    assert "Dear Delegate in Nairobi,\n\nBring {{ name }} a coat.\n" in text_of(got["delegate@demo.example"])


async def test_a_mail_to_many_is_stopped_before_it_goes(month: Month, people: dict[str, AsyncClient]) -> None:
    page = await write(people)
    await people["organiser"].post(page, content="when=now", headers=FORM)
    await write_what_is_due(month.database, datetime.now(UTC), NOW, rehearsed=False)
    await people["organiser"].post(f"{page}/stopping")
    assert [mail.state for mail in await month.written("circular")] == [MailState.stopped]
    assert (await people["organiser"].post(page, content="when=now", headers=FORM)).status_code == 409
    assert (await people["organiser"].post(f"{page}/stopping")).status_code == 409
    async with month.database.reading() as db:
        assert (await db.exec(select(Circular))).one().stopped_at is not None


async def test_what_is_typed_wrong_comes_back_with_a_sentence(people: dict[str, AsyncClient]) -> None:
    for typed, sentence in (
        ("audience=session:1&subject=a&body=b", "Choose who gets"),
        ("audience=everybody&subject=&body=b", "what the mail is about"),
    ):
        answer = await people["organiser"].post(NEW, content=typed, headers=FORM)
        assert (answer.status_code, sentence in answer.text) == (422, True)
    page = await write(people)
    for typed, sentence in (
        ("when=later", "Enter the day"),
        ("when=later&day=2020-01-01&clock=10:00", "This time is over"),
        ("", "Choose when"),
    ):
        answer = await people["organiser"].post(page, content=typed, headers=FORM)
        assert (answer.status_code, sentence in answer.text) == (422, True)


async def test_every_mail_can_be_looked_at_and_its_html_runs_and_loads_nothing(people: dict[str, AsyncClient]) -> None:
    desk = (await people["organiser"].get(DESK)).text
    templates = re.findall(rf'href="({DESK}/templates/\w+)"', desk)
    assert len(templates) > 15
    for path in templates:
        assert (await people["organiser"].get(path)).status_code == 200
        part = await people["organiser"].get(f"{path}/html")
        assert (part.status_code, "default-src 'none'" in part.headers["content-security-policy"]) == (200, True)
    assert (await people["organiser"].get(f"{DESK}/templates/nothing")).status_code == 404


async def test_an_organiser_tries_a_mail_and_sends_again_what_got_no_answer(
    month: Month, people: dict[str, AsyncClient], by_smtp: Settings, post_office: PostOffice
) -> None:
    await people["organiser"].post(f"{DESK}/templates/reminder/test")
    later, post_office.hangs_up = datetime.now(UTC) + timedelta(minutes=1), True
    await send_waiting(month.database, by_smtp, environment(), later)
    post_office.hangs_up = False
    async with month.database.reading() as db:
        unsure = (await db.exec(select(QueuedMail).where(QueuedMail.state == MailState.unsure, QueuedMail.template == "reminder"))).one()
    assert str(unsure.id) in (await people["organiser"].get(DESK)).text
    assert (await people["organiser"].post(f"{DESK}/{unsure.id}/again")).status_code == 303
    assert (await people["organiser"].post(f"{DESK}/{unsure.id}/again")).status_code == 409
    await send_waiting(month.database, by_smtp, environment(), later)
    assert [letter["Subject"] for _, letter in post_office.letters].count("Test: One week to go: A day for libraries") == 2
