"""The pages of offers: one's own and nobody else's, the organisers' side with the same checklist, passport details, feedback."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from httpx2 import ASGITransport, AsyncClient, Response
from pypdfium2 import PdfDocument
from sqlmodel import col, select

from conference.app import create_app
from conference.calls.offer_tables import FeedbackRequest, InvitationLetter
from conference.calls.offers_due import settle_offers
from conference.calls.sealing import unseal
from conference.calls.tables import CallVersion
from conference.clock import Clock
from conference.errors import Conflict
from conference.mail.tables import QueuedMail
from conference.people.tables import Person
from conference.record.tables import AuditEntry
from conference.settings import Settings
from conference.storage.database import Database
from tests.calls.cast import assessor
from tests.calls.offered import TOLD, Told, build_told, mails, states
from tests.world import cookie_of, delegate

MINE, SECOND, THIRD, NO = (f"/calls/week-2021/offers/{number}" for number in (1, 2, 3, 5))
DESK = "/manage/calls/week-2021/offers"
PASSPORT = {
    "needed": "yes",
    "full_name": "NAME AS PRINTED",
    "number": "X1234567",
    "nationality": "KE",
    "born": "1985-02-03",
    "expires": "2029-01-01",
}


@dataclass(slots=True)
class Offices:
    """A house after the decisions were told, and a browser for everybody."""

    told: Told
    browsers: dict[str, AsyncClient]
    database: Database
    clock: Clock

    def __getitem__(self, who: str) -> AsyncClient:
        return self.browsers[who]

    def at(self, moment: datetime) -> None:
        self.clock.offset = moment - datetime.now(UTC)


@pytest.fixture
async def offices(sqlite: Database, settings: Settings) -> AsyncIterator[Offices]:
    told = await build_told(sqlite)
    async with sqlite.writing() as db:
        sent = told.submissions
        people = {
            name: await db.get_one(Person, sent[place].person_id) for place, name in enumerate(("mine", "second", "third", "fourth", "no"))
        }
        people["organiser"] = told.made.organiser
        people["assessor"] = await assessor(db, told.call, "Assessor in Leeds")
        people["stranger"] = await delegate(db, told.made.world, "Delegate in Lima", registered=False)
        cookies = {name: await cookie_of(db, person) for name, person in people.items()}
    app = create_app(settings)
    house = app.app.state.house  # type: ignore[attr-defined]
    async with AsyncExitStack() as stack:
        made = {
            name: await stack.enter_async_context(
                AsyncClient(transport=ASGITransport(app=app), base_url=settings.base_url, cookies=cookies.get(name, {}))
            )
            for name in ("nobody", *people)
        }
        yield _ready(Offices(told, made, sqlite, house.clock))
    await house.database.close()


def _ready(made: Offices) -> Offices:
    made.at(TOLD + timedelta(hours=1))
    return made


async def test_an_offer_is_its_persons_alone_and_the_desk_its_organisers(offices: Offices) -> None:
    everybody = ("nobody", "mine", "second", "third", "no", "assessor", "stranger", "organiser")
    got = {
        path: [(await offices[who].get(path)).status_code for who in everybody]
        for path in (MINE, DESK, f"{DESK}/1", f"{DESK}/1/invitation")
    }
    assert got == {
        MINE: [303, 200, 404, 404, 404, 404, 404, 404],
        DESK: [303, 403, 403, 403, 403, 403, 403, 200],
        f"{DESK}/1": [303, 403, 403, 403, 403, 403, 403, 200],
        f"{DESK}/1/invitation": [303, 403, 403, 403, 403, 403, 403, 404],
    }
    acts = [f"{MINE}/{act}" for act in ("acceptance", "refusal", "departure", "invitation")] + [
        f"{DESK}/1/withdrawal",
        f"{DESK}/1/deadline",
        DESK,
    ]
    for act in acts:
        for who in ("nobody", "second", "third", "no", "assessor", "stranger"):
            assert (await _post(offices[who], act, terms="yes", reason="Mine.", day="2021-05-01", **PASSPORT)).status_code in (
                401,
                403,
                404,
            )
    assert await states(offices.database, offices.told) == ["accepted", "accepted", "reserve", "reserve", "rejected"]
    assert (await offices["mine"].get("/calls/week-2021/offer")).headers["location"] == MINE
    assert (await offices["third"].get("/calls/week-2021/offer")).status_code == 404


async def test_terms_that_are_not_accepted_come_back_with_a_sentence_and_then_the_checklist_is_the_same_on_both_sides(
    offices: Offices,
) -> None:
    shown = _words(await offices["mine"].get(MINE))
    assert "Please answer by the end of Friday 9 April 2021 in London" in shown
    assert "£2,300, of which £1,916.67 net and £383.33 VAT at 20 %" in shown
    assert "We offer you a place." in shown
    assert "An offer waits for your answer: A week of learning Answer by the end of Friday 9 April" in _words(
        await offices["mine"].get("/me")
    )
    assert "An offer waits" not in _words(await offices["third"].get("/me"))
    back = await _post(offices["mine"], f"{MINE}/acceptance")
    assert (back.status_code, "Tick the box if you accept the terms" in back.text) == (422, True)
    assert (await _post(offices["mine"], f"{MINE}/acceptance", terms="yes")).status_code == 303
    assert "Accepted, and confirmed by you . See what is still to do." in _words(await offices["mine"].get("/me"))
    expected = [
        ("Answer the offer", "Done"),
        ("The place", "Done"),
        ("The fee", "To do"),
        ("Invitation letter", "To do"),
        ("Certificate of completion", "Later"),
    ]
    assert _checklist(await offices["mine"].get(MINE)) == _checklist(await offices["organiser"].get(f"{DESK}/1")) == expected
    desk = _words(await offices["organiser"].get(DESK))
    assert "Accepted 1 of 2 places" in desk
    assert "WEEK-2021-0001 Librarian in Nairobi accepted 2 of 4 done" in desk
    offices.at(datetime(2021, 5, 14, 23, 0, tzinfo=UTC))  # the end of the day 42 days before
    assert ("Invitation letter", "Overdue") in _checklist(await offices["mine"].get(MINE))
    assert "2 of 4 done, 2 overdue" in _words(await offices["organiser"].get(DESK))


async def test_a_passport_is_asked_only_of_who_needs_a_letter_kept_sealed_and_deleted_on_its_day(
    offices: Offices, settings: Settings
) -> None:
    path = f"{MINE}/invitation"
    assert (await offices["mine"].get(path)).status_code == 409  # before anything is accepted
    await _post(offices["mine"], f"{MINE}/acceptance", terms="yes")
    lacking = await _post(offices["mine"], path, needed="yes", full_name="NAME AS PRINTED")
    assert lacking.status_code == 422
    assert "Enter the passport’s number." in lacking.text
    assert 'value="NAME AS PRINTED"' in lacking.text
    assert "Passport number" not in (await offices["mine"].get(path)).text
    assert "Passport number" in (await offices["mine"].get(f"{path}?needed=yes")).text
    assert (await _post(offices["mine"], path, needed="no")).status_code == 303
    assert ("Invitation letter", "Not needed") in _checklist(await offices["mine"].get(MINE))
    assert (await _post(offices["mine"], path, **PASSPORT)).status_code == 303
    async with offices.database.reading() as db:
        [letter] = (await db.exec(select(InvitationLetter))).all()
    assert "X1234567" not in letter.model_dump_json()
    assert unseal(settings.secret_key, letter.sealed)["number"] == "X1234567"
    with pytest.raises(Conflict, match="secret has changed"):
        unseal("another secret", letter.sealed)
    assert "X1234567" not in (await offices["organiser"].get(f"{DESK}/1")).text
    assert "X1234567" in (await offices["organiser"].get(f"{DESK}/1/invitation")).text
    async with offices.database.reading() as db:
        [looked] = (await db.exec(select(AuditEntry).where(AuditEntry.act == "passport details read"))).all()
    assert looked.person_id == offices.told.made.organiser.id
    assert (await offices["mine"].get(f"{path}.pdf")).status_code == 404  # not written yet
    assert (await _post(offices["organiser"], f"{DESK}/1/invitation")).status_code == 303
    for who, address in (("mine", f"{path}.pdf"), ("organiser", f"{DESK}/1/invitation.pdf")):
        page = PdfDocument((await offices[who].get(address)).content)[0]
        assert "X1234567" in page.get_textpage().get_text_bounded()
    assert [(await offices[who].get(f"{path}.pdf")).status_code for who in ("third", "organiser")] == [404, 404]
    assert ("Invitation letter", "Done") in _checklist(await offices["mine"].get(MINE))
    await settle_offers(offices.database, letter.purge_at - timedelta(microseconds=1), letter.purge_at)
    assert "X1234567" in (await offices["mine"].get(path)).text
    await settle_offers(offices.database, letter.purge_at, letter.purge_at)
    assert "X1234567" not in (await offices["mine"].get(path)).text
    page = PdfDocument((await offices["mine"].get(f"{path}.pdf")).content)[0]
    assert "X1234567" not in page.get_textpage().get_text_bounded()
    assert (await offices["organiser"].get(f"{DESK}/1/invitation")).status_code == 404


async def test_giving_back_takes_the_passport_away_at_once(offices: Offices) -> None:
    await _post(offices["mine"], f"{MINE}/acceptance", terms="yes")
    await _post(offices["mine"], f"{MINE}/invitation", **PASSPORT)
    assert (await _post(offices["mine"], f"{MINE}/departure", word="Ill.")).status_code == 303
    async with offices.database.reading() as db:
        [letter] = (await db.exec(select(InvitationLetter))).all()
    assert (letter.sealed, letter.purged_at is not None) == ("", True)
    assert (await offices["third"].get(THIRD)).status_code == 200


async def test_an_organiser_gives_time_takes_back_and_offers_what_is_free(offices: Offices) -> None:
    organiser = offices["organiser"]
    assert (await _post(organiser, f"{DESK}/1/deadline", day="2021-04-01")).status_code == 422
    assert (await _post(organiser, f"{DESK}/1/deadline", day="2021-04-12")).status_code == 303
    assert "the end of Monday 12 April 2021 in London" in _words(await offices["mine"].get(MINE))
    assert (await _post(organiser, f"{DESK}/1/withdrawal")).status_code == 422
    assert (await _post(organiser, f"{DESK}/1/withdrawal", reason="Sent twice.")).status_code == 303
    assert "The organisers have taken this offer back." in _words(await offices["mine"].get(MINE))
    full = await _post(organiser, DESK)
    assert (full.status_code, "All 2 places of A week of learning are offered or taken" in full.text) == (409, True)
    await _post(offices["second"], f"{SECOND}/refusal", word="I can’t travel.")
    assert "I can’t travel." in _words(await organiser.get(f"{DESK}/2"))
    assert await states(offices.database, offices.told) == ["cancelled", "cancelled", "accepted", "accepted", "rejected"]
    assert await mails(offices.database, "offer_promoted") == ["Curator in Tartu", "Librarian in Hanoi"]


async def test_a_no_may_be_asked_about_and_is_answered_once(offices: Offices) -> None:
    path, desk = "/calls/week-2021/feedback/5", "/manage/calls/week-2021/feedback/5"
    got = [(await offices[who].get(path)).status_code for who in ("nobody", "mine", "third", "no", "stranger", "organiser")]
    assert got == [303, 404, 404, 200, 404, 404]
    assert (await offices["organiser"].get(desk)).status_code == 404  # nobody asked yet
    for _ in range(2):
        assert (await _post(offices["no"], path)).status_code == 303
    assert (await _post(offices["organiser"], desk)).status_code == 422
    assert (await _post(offices["organiser"], desk, answer="Say more of what you would use at home.")).status_code == 303
    assert (await _post(offices["organiser"], desk, answer="Twice.")).status_code == 409
    assert "Say more of what you would use at home." in _words(await offices["no"].get(path))
    assert await mails(offices.database, "feedback_answered") == ["Librarian in Apia"]
    async with offices.database.reading() as db:
        assert len((await db.exec(select(FeedbackRequest))).all()) == 1


async def test_an_offer_keeps_the_terms_that_it_was_made_with(offices: Offices) -> None:
    async with offices.database.writing() as db:
        [version] = (await db.exec(select(CallVersion))).all()
        newer = version.definition | {"terms": "Everything is ours."}
        db.add(CallVersion(call_id=version.call_id, number=2, definition=newer, published_at=TOLD))
    shown = _words(await offices["mine"].get(MINE))
    assert "Material may be shown to others." in shown
    assert "Everything is ours." not in shown


async def test_the_letter_to_who_moved_up_names_the_day_on_both_clocks(offices: Offices) -> None:
    async with offices.database.writing() as db:
        third = await db.get_one(Person, offices.told.submissions[2].person_id)
        third.zone = "Asia/Ho_Chi_Minh"
    await _post(offices["second"], f"{SECOND}/refusal")
    async with offices.database.reading() as db:
        mail = (await db.exec(select(QueuedMail).where(col(QueuedMail.template) == "offer_promoted"))).one()
    assert mail.facts["until"] == ("the end of Friday 9 April 2021 in London: 06:00 on Saturday 10 April 2021 (UTC+7) on your clock")
    assert (mail.facts["words"], mail.facts["offer_path"], mail.facts["reference"]) == ("We offer you a place.", THIRD, "WEEK-2021-0003")


async def _post(browser: AsyncClient, path: str, **typed: str) -> Response:
    return await browser.post(path, data=typed)


def _words(answer: Response) -> str:
    """The page's text, in one line."""
    main = re.search(r"<main.*</main>", answer.text, re.DOTALL)
    assert main, answer.text[:500]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main[0])).split())


def _checklist(answer: Response) -> list[tuple[str, str]]:
    """Each title and its state."""
    items = re.findall(r'checklist__title">(.*?)</span>\s*<span class="checklist__state">(.*?)</span></span>', answer.text, re.DOTALL)
    return [(_plain(title), _plain(state)) for title, state in items]


def _plain(markup: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", markup)).strip()
