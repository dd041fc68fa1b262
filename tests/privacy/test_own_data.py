"""My data: taken away in one file, corrected, agreed to, and erased by choice; and what stands in the way."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from zipfile import ZipFile

import pytest
from httpx2 import Response
from sqlalchemy import update
from sqlmodel import col, delete, select

from conference.live.folding import fold
from conference.live.lines import LoggedEvent
from conference.live.messages import Said, Snapshot
from conference.live.queries import cut_of, lines_after
from conference.live.tables import Log, Question
from conference.live.talk_tables import ChatMessage
from conference.live.views import snapshot
from conference.mail.actions import queue_mail
from conference.mail.tables import QueuedMail
from conference.people.consents import people_who_agreed
from conference.people.tables import Consent, ConsentPurpose, Person, SignIn
from conference.privacy.erasing import erase
from conference.privacy.tables import DataRequest
from conference.record.tables import AuditEntry, IdempotencyKey
from conference.registration.tables import Registration
from tests.console.cast import look, send
from tests.privacy.applying import ABOUT, apply
from tests.privacy.around import take_part_around
from tests.privacy.cast import ADDRESS, NAME, Traveller, come, in_tables, speak, take_part, talk_live
from tests.speaking.cast import EVENT, MANAGE, PDF, House
from tests.world import BEFORE

DATA, ERASURE = "/me/data", "/me/data/erasure"


async def export_of(me: Traveller) -> Response:
    return await me.browser.post("/me/data/export")


async def test_everything_is_in_one_file_for_programs_and_for_spreadsheets(house: House) -> None:
    me = await come(house)
    await take_part(me)
    await talk_live(me)
    await speak(me)
    await take_part_around(me)
    await apply(me)
    await me.post("/me/details", name="=1+1", organisation="@SUM(A1)", country="MN", zone="")
    answer = await export_of(me)
    assert (answer.status_code, answer.headers["content-type"], answer.headers["cache-control"]) == (200, "application/zip", "no-store")
    with ZipFile(io.BytesIO(answer.content)) as made:
        whole = json.loads(made.read("my-data.json"))
        names = set(made.namelist())
        person = list(csv.DictReader(io.StringIO(made.read("tables/person.csv").decode("utf-8-sig"))))
        assert [made.read(name) for name in sorted(names) if name.endswith(".pdf")] == [PDF, ABOUT]
    assert [row["email"] for row in whole["person"]] == [ADDRESS]
    assert [(row["name"], row["organisation"]) for row in person] == [("'=1+1", "'@SUM(A1)")]
    assert {f"tables/{table}.csv" for table in whole} < names
    filled = {table for table, rows in whole.items() if rows}
    assert filled == {
        *("address_change", "api_token", "audit_entry", "ballot", "booking", "chat_message", "consent", "data_request"),
        *("feed_token", "green_room_note", "help_request", "mailed_link", "password", "person", "question", "queued_mail"),
        *("registration", "role", "shown_name", "sign_in", "silence", "speaker", "speaker_invitation", "speaker_profile"),
        *("stage_command", "star", "talk_proposal", "talk_resource", "vote", "waitlist_entry", "notice", "pool_line"),
        *("registration_answer", "terms_acceptance", "waiting_form", "interest", "group_registration", "place_invitation"),
        *("check_in", "door_scan", "stage_time", "mail_choice", "calendar_invitation", "returned_mail", "reminder"),
        *("event_sender", "idempotency_key", "submission", "submission_version", "submission_file", "submission_partner", "decision"),
        *("offer", "invitation_letter", "call_interest", "issued_paper", "invoice"),
    }
    assert [(row["question"], row["words"]) for row in whole["registration_answer"]] == [("Who helps you?", ["Xyzzyq's sister"])]
    assert [row["terms"] for row in whole["terms_acceptance"]] == ["Be kind."]
    assert {row["name"] for row in whole["place_invitation"]} == {"Colleague in Oslo", "Delegate in Riga"}
    text = json.dumps(whole)
    assert not any(word in text for word in ("token_hash", "$argon2", '"hash"'))
    async with house.database.reading() as db:
        others = [each.email for each in await db.exec(select(Person).where(Person.email != ADDRESS))]
    assert [email for email in others if email in text] == []


async def test_what_was_taken_away_is_kept_nowhere_for_a_second_press(house: House) -> None:
    browser = house.browsers["delegate"]
    for _ in range(2):
        answer = await browser.post("/me/data/export", data={"once": "a-key-of-twenty-two-22"})
        assert answer.headers["content-type"] == "application/zip"
    async with house.database.reading() as db:
        assert list(await db.exec(select(IdempotencyKey))) == []


async def test_taking_everything_away_or_erasing_asks_for_a_fresh_sign_in(house: House) -> None:
    browser = house.browsers["delegate"]
    async with house.database.writing() as db:
        long_ago = datetime.now(UTC) - timedelta(hours=1)
        await db.exec(update(SignIn).values(made_at=long_ago))
    for path in ("/me/data/export", ERASURE):
        answer = await browser.post(path, data={"words": "go", "sure": "yes"})
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in/again?next=/me/data")
    assert (await browser.get(DATA)).headers["cache-control"] == "no-store"
    await browser.post("/sign-in/again", data={"next": DATA})
    pressed = await browser.post(await house.link("sign_in"))
    assert (pressed.status_code, pressed.headers["location"]) == (303, DATA)
    assert (await browser.post("/me/data/export")).status_code == 200
    async with house.database.reading() as db:
        mine = select(SignIn).where(SignIn.person_id == house.people["delegate"].id).order_by(col(SignIn.id))
        assert [row.ended_at is None for row in await db.exec(mine)] == [False, True]  # the new one took this browser's place


async def test_consents_are_chosen_each_by_itself_and_end_as_easily(house: House) -> None:
    browser, person = house.browsers["delegate"], house.people["delegate"]
    page = await look(browser, DATA)
    assert "checked" not in page.text
    await send(browser, "/me/data/consents/wi-test", {"photos": "yes", "participant_list": "yes"})
    await send(browser, "/me/data/consents/wi-test", {"photos": "yes"})
    async with house.database.reading() as db:
        rows = {row.purpose: row for row in await db.exec(select(Consent).where(Consent.person_id == person.id))}
        agreed = [await people_who_agreed(db, house.world.event.id, purpose) for purpose in ConsentPurpose]
    assert {purpose: row.ended_at is None for purpose, row in rows.items()} == {"photos": True, "participant_list": False}
    assert agreed == [set(), {person.id}, set()]
    assert (await house.browsers["stranger"].post("/me/data/consents/wi-test", data={"photos": "yes"})).status_code == 422
    assert (await look(house.browsers["organiser"], f"{MANAGE}/processing")).words.count("I may be seen in photos of the event 1") == 1


async def test_what_one_cannot_change_the_organisers_are_asked_to(house: House) -> None:
    browser, organiser = house.browsers["delegate"], house.browsers["organiser"]
    wrong = await send(browser, "/me/data/corrections", {"event": "elsewhere", "text": "My badge"})
    assert (wrong.status, wrong.beside) == (422, {"event": "Choose one of your events."})
    await send(browser, "/me/data/corrections", {"event": "wi-test", "text": "My badge says <b>Nairobbi</b>"})
    async with house.database.reading() as db:
        row = (await db.exec(select(DataRequest))).one()
        told = (await db.exec(select(QueuedMail).where(QueuedMail.template == "data_request"))).all()
    assert [mail.person_id for mail in told] == [house.people["organiser"].id]
    assert "Nairobbi" not in str([mail.facts for mail in told])
    asked = await look(organiser, f"{MANAGE}/processing")
    assert "&lt;b&gt;Nairobbi" in asked.text
    answer = f"{MANAGE}/processing/requests/{row.id}/answer"
    assert (await house.browsers["stranger"].post(answer, data={"answer": "No"})).status_code == 403
    assert (await house.browsers["stranger"].post(answer.replace("wi-test", "elsewhere"), data={"answer": "No"})).status_code == 404
    assert (await send(organiser, answer, {"answer": "Printed anew."})).said == "Answered: they read it on their own page."
    assert (await organiser.post(answer, data={"answer": "Twice"})).status_code == 409
    assert "Printed anew." in (await look(browser, DATA)).words


@pytest.mark.parametrize("words", ["stay", "go"])
async def test_what_open_pages_hear_of_an_erasure_makes_them_say_what_a_fresh_page_says(house: House, words: str) -> None:
    me = await come(house)
    await talk_live(me)
    before = await _snapshots(house)
    await me.post(ERASURE, words=words, sure="yes")
    after = await _snapshots(house)
    for log in Log:
        held = before[log]
        async with house.database.reading() as db:
            lines = await lines_after(db, house.world.talk.id, log, held.seq, 100)
        assert lines
        for _, text in lines:
            heard = Said.validate_json(text)
            assert isinstance(heard, LoggedEvent)
            held = fold(held, heard)
        assert held == after[log]
    async with house.database.reading() as db:
        questions = {row.id: row for row in await db.exec(select(Question))}
        message = await db.get_one(ChatMessage, me.ids["message"])
    stays = words == "stay"
    assert questions[me.ids["shown"]].text == ("[taken out] here: which reading room is open at night?" if stays else "[taken out]")
    assert (questions[me.ids["shown"]].withdrawn_at is None, message.deleted_at is None) == (stays, stays)
    assert questions[me.ids["waiting"]].text == "[taken out]"  # nobody has seen it
    assert questions[me.ids["others"]].votes == 1


async def _snapshots(house: House) -> dict[Log, Snapshot]:
    async with house.database.reading() as db:
        cut = await cut_of(db, house.world.talk.id, None)
    return {log: snapshot(cut.state, log, cut.heads.of(log), None) for log in Log}


async def test_organisers_read_who_took_what_out_and_say_on_which_ground_they_keep_it(house: House) -> None:
    organiser = house.browsers["organiser"]
    await house.browsers["moderator"].get(f"{EVENT}/sessions/opening-keynote/stage/questions.csv")
    saved = await send(organiser, f"{MANAGE}/processing/grounds/live", {"words": "Agreed with everybody <here>"})
    assert saved.said == "Saved: asking, voting and talking during sessions."
    page = await look(organiser, f"{MANAGE}/processing")
    assert "Moderator in London questions exported" in page.words
    assert 'value="Agreed with everybody &lt;here&gt;"' in page.text
    wrong = await send(organiser, f"{MANAGE}/processing/grounds/live", {"words": " "})
    assert (wrong.status, "Say on which ground." in wrong.words) == (422, True)
    answers = [await house.browsers[who].get(f"{MANAGE}/processing") for who in ("moderator", "delegate", "stranger", "nobody")]
    assert [answer.status_code for answer in answers] == [403, 403, 403, 303]


async def test_the_only_organiser_stays_until_there_is_another(house: House) -> None:
    organiser = house.browsers["organiser"]
    shown = await look(organiser, ERASURE)
    assert "A day for libraries would have no organiser any more." in shown.words
    assert (await organiser.post(ERASURE, data={"words": "stay", "sure": "yes"})).status_code == 409
    async with house.database.reading() as db:
        assert (await db.get_one(Person, house.people["organiser"].id)).erased_at is None


async def test_erasing_needs_both_answers(house: House) -> None:
    page = await send(house.browsers["delegate"], ERASURE, {})
    assert (page.status, set(page.beside)) == (422, {"words", "sure"})


async def test_an_organiser_erases_who_takes_part_in_their_events_alone(house: House) -> None:
    organiser = house.browsers["organiser"]
    async with house.database.reading() as db:
        mine = select(Registration).where(Registration.person_id == house.people["delegate"].id)
        place = f"{MANAGE}/registrations/{(await db.exec(mine)).one().id}"
    erasure = f"{place}/erasure"
    assert f'href="{erasure}"' in (await organiser.get(f"{place}/cancellation")).text
    assert [(await house.browsers[who].get(erasure)).status_code for who in ("moderator", "stranger", "delegate")] == [403, 403, 403]
    await house.browsers["delegate"].post("/events/elsewhere/registration")
    refused = await organiser.get(erasure)
    assert refused.status_code == 403
    assert "They can erase their data themselves" in refused.text
    async with house.database.writing() as db:
        await db.exec(delete(Registration).where(col(Registration.event_id) == house.elsewhere.id))
    assert "Erase Delegate in Nairobi" in (await look(organiser, erasure)).words
    done = await send(organiser, erasure, {"words": "stay", "sure": "yes"})
    assert done.said == "It is done: nothing here leads to that person any more."
    async with house.database.reading() as db:
        gone = await db.get_one(Person, house.people["delegate"].id)
        entry = (await db.exec(select(AuditEntry).where(AuditEntry.act == "person erased"))).one()
    assert (gone.name, entry.person_id) == ("A delegate", house.people["organiser"].id)
    assert (await house.browsers["delegate"].get("/me")).status_code == 303


async def test_who_was_erased_on_either_database_gets_no_mail_and_may_come_again_as_somebody_new(any_house: House) -> None:
    me = await come(any_house)
    await take_part(me)
    await talk_live(me)
    await take_part_around(me)
    first = await me.person()
    assert (await me.post(ERASURE, words="stay", sure="yes")).status_code == 303
    assert await in_tables(any_house.database) == set()
    async with any_house.database.writing() as db:
        gone = await db.get_one(Person, first.id)
        assert await queue_mail(db, "address_taken", gone.email, datetime.now(UTC)) is None
        await erase(db, first.id, BEFORE, datetime.now(UTC), keep_words=True)  # what came in meanwhile goes the second time
    again = await come(any_house)
    assert (await again.person()).id != first.id
    assert (await again.person()).name == NAME
