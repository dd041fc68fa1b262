"""An invitation: it comes by mail, answers once by a button, can be sent again and withdrawn, and opens no more than it should."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlmodel import select

from conference.people.queries import has_role, person_by_email
from conference.people.tables import Person, RoleKind
from conference.speaking.rules import INVITATION_LASTS
from conference.speaking.tables import SpeakerInvitation, SpeakerProfile
from tests.console.cast import look, send
from tests.speaking.cast import MANAGE, SESSION, TALK, House

SPARE = f"{MANAGE}/speaking/spare"
AT = "spare@speakers.example"


async def invite(house: House, email: str = AT, word: str = "") -> str:
    """The path in the mail."""
    page = await send(house.browsers["organiser"], SPARE, {"email": email, "word": word})
    assert page.said == "Spare speaker is invited by mail."
    return await house.link()


async def person(house: House, email: str) -> Person | None:
    async with house.database.reading() as db:
        return await person_by_email(db, email)


async def later(house: House, much: timedelta) -> None:
    """Let the invitations and what was mailed be older than they are."""
    async with house.database.writing() as db:
        for invitation in await db.exec(select(SpeakerInvitation)):
            invitation.invited_at -= much
            invitation.expires_at -= much
        for profile in await db.exec(select(SpeakerProfile)):
            profile.mailed_at = profile.mailed_at - much if profile.mailed_at else None


async def test_looking_accepts_nothing_and_the_button_signs_in_with_the_role(house: House) -> None:
    path, invited = await invite(house, word="We liked your paper."), house.browsers["invited"]
    for _ in range(2):
        page = await look(invited, path)
        assert [said in page.words for said in ("We liked your paper.", "The organisers invite Spare speaker.")] == [True, True]
    assert await person(house, AT) is None
    page = await send(invited, path, {})
    assert page.said == "Thank you: you speak at A day for libraries. Here you can add what is still missing."
    made = await person(house, AT)
    assert made is not None
    assert (made.name, (await house.speaker("spare")).person_id) == ("Spare speaker", made.id)
    async with house.database.reading() as db:
        assert await has_role(db, made.id, house.world.event.id, RoleKind.speaker)
        assert not await has_role(db, made.id, house.elsewhere.id, RoleKind.speaker)
    assert (await look(house.browsers["organiser"], SPARE)).words.count("Accepted") == 1


async def test_an_address_that_is_known_keeps_its_name_and_may_speak_at_several_events(house: House) -> None:
    delegate = house.people["delegate"]
    first = await invite(house, delegate.email)
    assert "your account keeps its name" in (await look(house.browsers["invited"], first)).words
    await send(house.browsers["invited"], first, {})
    await send(house.browsers["stranger"], "/manage/events/elsewhere/speaking/spare", {"email": delegate.email.upper()})
    await send(house.browsers["invited"], await house.link(), {})
    known = await person(house, delegate.email)
    assert known is not None
    assert (known.id, known.name) == (delegate.id, "Delegate in Nairobi")
    page = await look(house.browsers["delegate"], "/me/talks")
    assert ("A day for libraries" in page.words, "Another day" in page.words) == (True, True)


async def test_of_two_who_press_at_once_one_is_too_late(any_house: House) -> None:
    house = any_house
    path = await invite(house)
    answers = await asyncio.gather(*(house.browsers[name].post(path) for name in ("invited", "nobody")))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    late = next(answer for answer in answers if answer.status_code == 409)
    assert "was accepted already: sign in with the address" in late.text
    assert "sign_in" not in late.cookies
    assert (await house.browsers["guest"].get(path)).status_code == 409


async def test_a_withdrawn_invitation_can_not_be_accepted(house: House) -> None:
    path = await invite(house)
    opened = await look(house.browsers["invited"], path)
    assert opened.status == 200
    assert (await send(house.browsers["organiser"], f"{SPARE}/withdrawal", {})).said.startswith("Taken back")
    page = await send(house.browsers["invited"], path, {})
    assert (page.status, "have withdrawn this invitation" in page.words) == (409, True)
    assert await person(house, AT) is None
    assert (await house.browsers["organiser"].post(f"{SPARE}/withdrawal")).status_code == 409


async def test_whoever_declines_says_why_and_the_organisers_read_it(house: House) -> None:
    path = await invite(house)
    page = await send(house.browsers["invited"], f"{path}/decline", {"word": "x" * 501})
    assert (page.status, "x" * 501 in page.text, list(page.beside)) == (422, True, ["word"])
    await send(house.browsers["invited"], f"{path}/decline", {"word": "I am <away> then."})
    page = await look(house.browsers["organiser"], SPARE)
    assert ("Declined" in page.words, "I am <away> then." in page.words) == (True, True)
    assert (await send(house.browsers["invited"], path, {})).status == 409
    assert await person(house, AT) is None
    assert (await look(house.browsers["invited"], await invite(house))).status == 200


async def test_a_link_is_over_after_two_weeks_until_it_is_sent_again(house: House) -> None:
    path = await invite(house)
    await later(house, INVITATION_LASTS)
    page = await send(house.browsers["invited"], path, {})
    assert (page.status, "Ask the organisers to send it again." in page.words) == (409, True)
    assert (await send(house.browsers["organiser"], f"{SPARE}/reminder", {})).said == "A reminder to Spare speaker is on its way."
    assert await house.link("speaker_reminded") == path
    assert (await send(house.browsers["invited"], path, {})).status == 200


async def test_a_speaker_has_at_most_one_mail_a_day(house: House) -> None:
    await invite(house)
    organiser = house.browsers["organiser"]
    assert (await organiser.post(f"{SPARE}/reminder")).status_code == 429
    await later(house, timedelta(hours=24))
    assert [(await organiser.post(f"{SPARE}/reminder")).status_code for _ in range(2)] == [303, 429]
    assert len(await house.mails("speaker_reminded")) == 1
    assert (await organiser.post(SPARE, data={"email": AT.upper()})).status_code == 429
    missing = f"{MANAGE}/speaking/speaker/reminder"
    assert [(await organiser.post(missing)).status_code for _ in range(2)] == [303, 429]
    assert [mail.facts["missing"] for mail in await house.mails("speaker_missing")] == [
        [
            "Your biography",
            "A photo of you",
            "Your slides, or a link to them",
            "Whether you agree to be recorded (on your speaker’s page of the stage)",
        ]
    ]


async def test_another_address_closes_the_link_that_went_to_the_first(house: House) -> None:
    first = await invite(house)
    second = await invite(house, "right@speakers.example")
    assert [(await house.browsers["invited"].get(path)).status_code for path in (first, second)] == [409, 200]
    page = await send(house.browsers["organiser"], SPARE, {"email": "no address", "word": "Kept."})
    assert (page.status, page.form(SPARE), list(page.beside)) == (422, {"email": "no address", "word": "Kept."}, ["email"])
    page = await send(house.browsers["organiser"], SPARE, {"email": house.people["speaker"].email})
    assert page.beside == {"email": "Whoever has this address is another speaker of this event already."}


async def test_a_forged_link_opens_nothing_and_is_not_repeated(house: House) -> None:
    path = await invite(house)
    for forged in (path[:-2] + "xx", "/speaking/invitations/ey", "/speaking/invitations/é"):
        page = await look(house.browsers["nobody"], forged)
        assert (page.status, forged.rsplit("/", 1)[-1] in page.text) == (409, False)


async def test_the_mail_says_when_in_the_reader_s_zone_and_takes_no_orders_from_what_was_typed(house: House) -> None:
    async with house.database.writing() as db:
        (await db.get_one(Person, house.people["delegate"].id)).zone = "Africa/Nairobi"
        (await db.get_one(type(house.speakers["spare"]), house.speakers["spare"].id)).name = "Spare speaker"
    word = "Dear you,\nBcc: everybody@example.org\n\n{{ link }} {% raw %}"
    await invite(house, house.people["delegate"].email, word)
    letter = await house.letter("speaker_invited")
    head, _, body = letter.partition("\n\n")
    assert "Bcc" not in head
    assert "Subject: Will you speak at A day for libraries?" in head.replace("\n ", " ")
    assert "everybody@example.org" in body
    assert "EAT" in body
    assert "{{ link }}" in body.replace("=7B", "{")


async def test_a_new_speaker_is_added_invited_and_planned_for_a_session(house: House) -> None:
    page = await send(house.browsers["organiser"], f"{MANAGE}/speaking", {"name": "New", "email": "", "organisation": "A library"})
    assert (page.status, page.beside) == (422, {"email": "Enter an e-mail address in the right form, like name@example.org."})
    assert page.form(f"{MANAGE}/speaking")["organisation"] == "A library"
    typed = {"name": "New speaker", "email": AT, "session": "opening-keynote"}
    page = await send(house.browsers["organiser"], f"{MANAGE}/speaking", typed)
    assert page.said == "New speaker is invited by mail. That they speak in “Opening keynote” is a draft until you release it."
    assert page.words.count("Opening keynote (draft)") == 1
    await send(house.browsers["invited"], await house.link(), {})
    assert "New speaker" not in (await look(house.browsers["nobody"], SESSION)).words
    assert (await look(house.browsers["invited"], TALK)).status == 403


async def test_whose_access_is_closed_loses_it_at_once(house: House) -> None:
    speaker = house.browsers["speaker"]
    assert (await speaker.get(TALK)).status_code == 200
    await send(house.browsers["organiser"], f"{MANAGE}/speaking/speaker/withdrawal", {})
    assert [(await speaker.get(path)).status_code for path in (TALK, "/me/talks")] == [403, 200]
    assert (await speaker.post(TALK, data={"title": "Mine"})).status_code == 403
    async with house.database.reading() as db:
        assert not await has_role(db, house.people["speaker"].id, house.world.event.id, RoleKind.speaker)
        assert await has_role(db, house.people["partner"].id, house.world.event.id, RoleKind.speaker)


async def test_the_list_says_where_everybody_stands(house: House) -> None:
    await invite(house)
    page = await look(house.browsers["organiser"], f"{MANAGE}/speaking")
    assert "Accepted: 3, invited: 1, declined: 0, not invited: 0." in page.words
    moment = datetime.now(UTC)
    assert f"{moment:%B %Y}" in page.words


async def test_a_name_that_is_taken_out_of_the_programme_takes_its_invitation_along(any_house: House) -> None:
    path = await invite(any_house)
    page = await send(any_house.browsers["organiser"], f"{MANAGE}/speakers/spare/removal", {})
    assert (page.status, "is removed" in page.said) == (200, True)
    async with any_house.database.reading() as db:
        assert [list(await db.exec(select(table))) for table in (SpeakerInvitation, SpeakerProfile)] == [[], []]
    assert (await any_house.browsers["invited"].get(path)).status_code == 409
