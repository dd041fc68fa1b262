"""Sending: the last version in time counts, the instant itself is late, what came late is kept and may be taken, with a reason."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest

from conference.calls.queries import lock_call
from conference.calls.submission_tables import SubmissionState
from tests.calls.applying.cast import CALL, DESK, INTERESTS, OWN, PERSONAL, House
from tests.calls.cast import DEADLINE
from tests.console.cast import words


async def test_an_application_is_looked_at_sent_changed_and_sent_again(house: House) -> None:
    await house.press(f"{CALL}/submission")
    bare = await house.look(f"{OWN}/preview")
    assert "Personal Details: 0 of 4 answered Professional and Personal Interests: 0 of 1 answered" in bare.words
    asked = (await house.look(f"{PERSONAL}?look=1")).beside
    assert list(asked.values())[:3] == ["Fill this in: Your name", "Fill this in: Your institution", "Choose an answer: Where you work"]
    assert (await house.send()).status == 422
    assert await house.versions() == []

    await house.write_whole()
    preview = await house.look(f"{OWN}/preview")
    assert "Works outside the UK: yes, Kenya Three years: yes, 2015–2021, 5 full years" in preview.words
    refused = await house.press(f"{OWN}/sending", **{"terms-0": "yes"})
    assert refused.beside == {"terms-1": "Read the terms, and tick the box if you accept them: without that nothing can be sent."}
    sent = await house.send()
    assert sent.said.startswith("Sent. It arrived at 12:00 on Monday 1 February 2021 (GMT, UTC+0): version 1 counts.")

    await house.fill(INTERESTS, a__issue="Our readers are further away than we said.")
    assert "Changed since you sent it" in (await house.look(OWN)).words
    await house.send()
    first, second = await house.versions()
    assert (first.answers["issue"], second.answers["issue"]) == (
        "Our readers are far away.",
        "Our readers are further away than we said.",
    )
    assert first.terms_at == first.arrived_at
    submission = await house.submission()
    assert (submission.counted_id, submission.state) == (second.id, SubmissionState.submitted)
    assert "Our readers are far away." in (await house.look(f"{OWN}/versions/1")).words
    letter = await house.letter("submission_received")
    assert letter.startswith("We have your application: WEEK-2021-0001\n\nDear Librarian in Nairobi,\n\nWe have it, Librarian in Nairobi.")
    assert "“Professional and Personal Interests”\n\nThe issue you bring\nOur readers are further away than we said." in letter
    assert len(await house.mails("submission_received")) == 2


async def test_what_arrives_whole_before_the_instant_counts_and_the_instant_is_late(any_house: House) -> None:
    house = any_house
    await house.write_whole()
    clock = house.app.state.house.clock
    moments = [DEADLINE - timedelta(microseconds=1), DEADLINE]
    clock.now = lambda: moments[0]
    assert (await house.send()).said.startswith("Sent. It arrived at 11:59 on Thursday 4 February 2021")
    clock.now = lambda: moments[1]
    late = await house.send()
    assert late.said.startswith("This arrived at 12:00 on Thursday 4 February 2021 (GMT, UTC+0), after the deadline.")
    assert [(version.late, version.arrived_at) for version in await house.versions()] == [(False, moments[0]), (True, moments[1])]
    submission = await house.submission()
    assert (submission.counted_id, submission.submitted_at) == ((await house.versions())[0].id, moments[0])
    assert "What you had sent before still counts." in late.words


async def test_a_form_that_arrived_in_time_counts_though_the_house_was_busy_until_after_it(house: House) -> None:
    await house.write_whole()
    house.at(DEADLINE - timedelta(seconds=0.25))
    async with house.database.writing() as db:  # one writer: the form waits until this is over
        await lock_call(db, house.made.call.id)
        sending = asyncio.create_task(house.browsers["applicant"].post(f"{OWN}/sending", data={"terms-1": "yes"}))
        await asyncio.sleep(0.5)
        assert not sending.done()
    assert (await sending).status_code == 303
    [version] = await house.versions()
    assert (version.late, version.arrived_at < DEADLINE) == (False, True)


@pytest.mark.parametrize(
    ("zone", "shown"), [("Pacific/Auckland", "Friday 5 February 2021 01:00"), ("America/Los_Angeles", "Thursday 4 February 2021 04:00")]
)
async def test_the_deadline_stands_on_the_readers_clock_and_as_it_was_published(house: House, zone: str, shown: str) -> None:
    await house.write_whole()
    page = await house.look(f"{OWN}?zone={zone}")
    assert shown in page.words
    assert "4 February" in page.words
    assert "12:00 in London" in page.words


async def test_what_came_late_is_kept_told_and_counts_once_an_organiser_has_said_why(house: House) -> None:
    await house.write_whole()
    house.at(DEADLINE + timedelta(hours=1))
    assert "after the deadline" in (await house.send()).said
    submission, [version] = await house.submission(), await house.versions()
    assert (submission.state, submission.counted_id, version.late) == (SubmissionState.draft, None, True)
    letter = await house.letter("submission_late")
    assert "The deadline was 12:00 on Thursday 4 February 2021 (GMT, UTC+0)" in letter
    assert "It is kept as you sent it, and nothing is lost." in letter
    assert "Came late" in (await house.look(DESK, "organiser")).words

    taking = f"{DESK}/1/versions/{version.id}/acceptance"
    assert (await house.press(taking, "organiser")).beside == {
        "reason": "Say why it counts all the same: it stays on record, and the applicant reads it."
    }
    assert (await house.press(f"{DESK}/1/versions/{uuid4()}/acceptance", "organiser", reason="x")).status == 404
    for who, status in (("applicant", 403), ("stranger", 403), ("nobody", 401)):
        assert (await house.press(taking, who, reason="A power cut.")).status == status
    done = await house.press(taking, "organiser", reason="A power cut in all of Nairobi.")
    assert done.said == "It counts from now on. The applicant is told, with your reason."
    assert "Organiser of the call: A power cut in all of Nairobi." in done.words
    submission = await house.submission()
    assert (submission.state, submission.counted_id, submission.submitted_at) == (SubmissionState.submitted, version.id, version.arrived_at)
    assert (submission.late_by_id, submission.late_reason) == (house.people["organiser"].id, "A power cut in all of Nairobi.")
    assert "A power cut in all of Nairobi." in await house.letter("submission_late_counts")


async def test_staff_enter_an_application_for_somebody_who_cannot_use_the_form(house: House) -> None:
    assert (await house.press(DESK, "organiser")).beside == {"name": "Enter your name.", "email": "Enter your e-mail address."}
    begun = await house.press(DESK, "organiser", name="Librarian in Accra", email="accra@accra.example")
    assert begun.said == "WEEK-2021-0001 is begun for Librarian in Accra. Type what they sent you, then send it."
    again = await house.press(DESK, "organiser", name="Librarian in Accra", email="accra@accra.example")
    assert again.beside["email"].startswith("There is an application of this person already")
    assert (await house.look(OWN, "stranger")).status == 404
    for part in ("personal", "interests"):
        await house.fill(
            f"{OWN}/parts/{part}", "organiser", a__name="L", a__institution="A", a__country="GH", a__since="2020-01-01", a__issue="Far."
        )
    assert "Librarian in Accra has read these terms and accepts them" in (await house.look(f"{OWN}/preview", "organiser")).words
    await house.send("organiser")
    [version] = await house.versions()
    assert version.by_id == house.people["organiser"].id
    letter = await house.letter("submission_received")
    assert "The organisers entered it for you." in letter
    assert (await house.mails("submission_received"))[0].to_address == "accra@accra.example"
    one = await house.look(f"{DESK}/1", "organiser")
    assert "sent by Organiser of the call" in one.words
    assert "Three years: no, 2020–2021, 1 full year" in one.words  # a fact for a person to decide on, no rejection
    assert (await house.submission()).state == SubmissionState.submitted


async def test_organisers_see_that_a_draft_is_there_and_nothing_of_what_is_in_it(house: House) -> None:
    await house.write_whole()
    assert "WEEK-2021-0001 Librarian in Nairobi Not sent yet" in (await house.look(DESK, "organiser")).words
    one = await house.look(f"{DESK}/1", "organiser")
    assert "Nobody reads a draft" in one.words
    assert "far away" not in one.text
    assert (await house.look(f"{DESK}?state=submitted", "organiser")).words.count("WEEK-2021-0001") == 0


async def test_tabs_that_send_and_withdraw_at_once_end_in_one_of_both(any_house: House) -> None:
    house = any_house
    await house.write_whole()
    await house.send()
    presses = [house.send(), house.press(f"{OWN}/withdrawal"), house.send(), house.press(f"{CALL}/submission", "other"), house.send()]
    answers = await asyncio.gather(*presses)
    assert {answer.status for answer in answers} <= {200, 303, 409}
    versions, submission = await house.versions(), await house.submission()
    assert [version.number for version in versions] == list(range(1, len(versions) + 1))
    assert (submission.state, submission.counted_id) == (SubmissionState.withdrawn, versions[-1].id)
    assert (await house.submission(2)).person_id == house.people["other"].id


async def test_names_that_would_break_a_mail_or_a_page_stay_words(house: House) -> None:
    await house.write_whole()
    await house.fill(INTERESTS, a__issue="<script>alert(1)</script>\nBcc: all@example.org\n\nhttps://bad.example {{ 7*7 }} {title}")
    assert "<script>alert(1)" not in (await house.look(f"{OWN}/preview")).text
    await house.send()
    letter = await house.letter("submission_received")
    assert "{{ 7*7 }} {title}" in letter
    assert words((await house.look(f"{OWN}/versions/1")).text).count("<script>alert(1)</script>") == 1


async def test_a_form_whose_last_bytes_come_after_the_instant_is_late(house: House) -> None:
    await house.write_whole()
    house.at(DEADLINE - timedelta(seconds=0.2))

    async def slowly() -> AsyncIterator[bytes]:
        yield b"terms-1="
        await asyncio.sleep(0.4)
        yield b"yes"

    headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": "11"}
    assert (await house.browsers["applicant"].post(f"{OWN}/sending", content=slowly(), headers=headers)).status_code == 303
    [version] = await house.versions()
    assert (version.late, version.arrived_at >= DEADLINE) == (True, True)
