"""Writing an application: nothing typed is lost, no window overwrites another in silence, nobody else gets near it."""

from typing import Any

from sqlmodel import select

from conference.calls.submission_tables import SubmissionState
from conference.calls.tables import Call, CallState
from tests.calls.applying.cast import CALL, INTERESTS, MORE, OWN, PERSONAL, House
from tests.calls.cast import BEFORE_DEADLINE, DEADLINE
from tests.console.cast import page_of

EVERYTHING = {
    "a-staff": "1,200", "a-cost": "£7,500.50", "a-kind": "School", "a-days-2": "Tuesday", "a-may": "yes",
    "a-partners-1-name": "Partner in Kerala", "a-partners-1-organisation": "A library", "a-partners-1-email": "p@kerala.example",
    "a-partners-3-name": "Partner in Cologne", "a-partners-3-email": "p@cologne.example",
    "a-referee-1-name": "Referee in Lagos", "a-referee-1-email": "r@lagos.example",
}  # fmt: skip


async def test_every_kind_of_answer_is_kept_and_shown_again_and_what_cannot_be_read_stays_as_it_was_typed(house: House) -> None:
    assert (await house.press(f"{CALL}/submission")).status == 200
    saved = await house.fill(MORE, **{name.replace("-", "__"): value for name, value in EVERYTHING.items()})
    assert saved.said == "Saved."
    draft = (await house.submission()).draft
    assert draft == {
        "staff": 1200,
        "cost": 750050,
        "kind": "School",
        "days": ["Tuesday"],
        "may": True,
        "partners": [
            {"name": "Partner in Kerala", "organisation": "A library", "email": "p@kerala.example"},
            {"name": "Partner in Cologne", "organisation": "", "email": "p@cologne.example"},
        ],
        "referee": {"name": "Referee in Lagos", "organisation": "", "email": "r@lagos.example"},
    }
    shown = (await house.look(MORE)).form(MORE)
    assert (shown["a-cost"], shown["a-staff"], shown["a-partners-2-name"]) == ("7500.50", "1200", "Partner in Cologne")

    odd = {"a__staff": "a dozen", "a__cost": "12.345", "a__partners__1__email": "not an address"}
    await house.fill(MORE, **odd)
    again = await house.look(f"{MORE}?look=1")
    shown = again.form(MORE)
    assert (shown["a-staff"], shown["a-cost"], shown["a-partners-1-email"]) == ("a dozen", "12.345", "not an address")
    assert again.beside == {
        "a-staff": "Enter a whole number, in digits.",
        "a-cost": "Enter an amount in pounds, like 7500 or 7500.50.",
        "a-partners-1-name": "Partner in Kerala: enter an e-mail address in the right form, like name@example.org.",
    }
    assert '<a href="#a-partners-1-name">' in again.text


async def test_words_are_counted_and_a_part_says_how_far_it_is(house: House) -> None:
    await house.press(f"{CALL}/submission")
    await house.fill(INTERESTS, a__issue="word " * 51)
    look = await house.look(f"{INTERESTS}?look=1")
    assert look.beside == {"a-issue": "This has 51 words: use at most 50."}
    assert "51 of at most 50 words" in look.words
    assert "1 of 1 answered, 1 to look at" in look.words
    await house.fill(PERSONAL, a__name="Librarian", a__since="2015-02-30")
    page = await house.look(OWN)
    assert "Personal Details 2 of 4 answered, 1 to look at" in page.words
    await house.fill(INTERESTS, a__issue="– 図書館 –")  # signs without spaces count each, a dash is no word
    assert "3 of at most 50 words" in (await house.look(INTERESTS)).words


async def _autosave(house: House, stamp: int, **typed: str) -> tuple[int, dict[str, Any]]:
    fields = {"stamp": str(stamp)} | {name.replace("__", "-"): value for name, value in typed.items()}
    answer = await house.browsers["applicant"].post(f"{PERSONAL}/draft", data=fields, headers={"Accept": "application/json"})
    return answer.status_code, answer.json()


async def test_two_windows_never_overwrite_each_other_in_silence(house: House) -> None:
    await house.press(f"{CALL}/submission")
    code, told = await _autosave(house, 0, a__name="Typed in one window", a__institution="A library")
    assert (code, told["stamp"], told["progress"]) == (200, 1, "2 of 4 answered")
    assert told["said"].startswith("Saved at ")
    code, told = await _autosave(house, 0, a__name="Typed in another", a__institution="A library", a__country="KE")
    assert (code, told["stamp"], told["there"]) == (409, 2, {"name": {"a-name": "Typed in one window"}})
    assert (await house.submission()).draft == {"name": "Typed in one window", "institution": "A library", "country": "KE"}

    stale = {"stamp": "0", "a-name": "Typed in another", "a-institution": "A library", "a-country": "KE", "a-since": ""}
    both = page_of(await house.browsers["applicant"].post(PERSONAL, data=stale))
    assert both.status == 409
    assert both.form(PERSONAL)["a-name"] == "Typed in another"
    assert "There it says: “Typed in one window”" in both.beside["a-name"]
    assert (await house.submission()).draft["name"] == "Typed in one window"
    await house.press(PERSONAL, **both.form(PERSONAL))
    assert (await house.submission()).draft["name"] == "Typed in another"


async def test_a_saving_whose_answer_was_lost_does_no_harm_when_it_comes_again(house: House) -> None:
    await house.press(f"{CALL}/submission")
    first = await _autosave(house, 0, a__name="Once")
    again = await _autosave(house, 0, a__name="Once")
    assert (first[0], again[0], again[1]["stamp"]) == (200, 200, 1)


async def test_two_presses_begin_one_application_and_another_after_it_is_withdrawn(house: House) -> None:
    await house.press(f"{CALL}/submission")
    assert (await house.press(f"{CALL}/submission")).status == 409
    assert (await house.look(f"{CALL}/submission")).status == 303
    assert (await house.press(f"{OWN}/withdrawal")).said == "WEEK-2021-0001 is withdrawn. Nobody will decide on it."
    assert (await house.submission()).state == SubmissionState.withdrawn
    assert (await house.press(f"{OWN}/parts/personal", **{"stamp": "0", "a-name": "Too late"})).status == 409
    await house.press(f"{CALL}/submission")
    assert ((await house.submission(2)).state, (await house.submission(2)).slot) == (SubmissionState.draft, 1)


async def test_nobody_else_opens_an_application_by_any_address(house: House) -> None:
    await house.write_whole()
    await house.send()
    for who in ("other", "organiser", "stranger"):
        for path in (OWN, PERSONAL, f"{OWN}/preview", f"{OWN}/versions/1"):
            assert (await house.look(path, who)).status == 404
        for path in (PERSONAL, f"{PERSONAL}/draft", f"{OWN}/sending", f"{OWN}/withdrawal"):
            assert (await house.press(path, who)).status == 404
    for who in ("applicant", "other", "stranger"):
        assert (await house.look(f"{DESK_ONE}", who)).status == 403
    assert len(await house.versions()) == 1


DESK_ONE = "/manage/calls/week-2021/submissions/1"


async def test_a_stranger_gets_a_link_whether_or_not_somebody_has_the_address(house: House) -> None:
    typed = {"name": "Librarian in Oslo", "email": "oslo@oslo.example"}
    new = await house.press(f"{CALL}/submission", "nobody", **typed)
    known = await house.press(f"{CALL}/submission", "nobody", **typed | {"email": house.people["applicant"].email})
    assert new.words.replace(typed["email"], "") == known.words.replace(house.people["applicant"].email, "")
    assert [mail.to_address for mail in await house.mails("call_begin")] == [typed["email"], house.people["applicant"].email]
    link = (await house.mails("call_begin"))[0].facts["link"].removeprefix(house.settings.base_url)
    signed_in = await house.browsers["nobody"].post(link)
    assert signed_in.headers["location"] == f"{CALL}/submission"
    assert "You are signed in as Librarian in Oslo" in (await house.look(f"{CALL}/submission", "nobody")).words
    wrong = await house.press(f"{CALL}/submission", "nobody")
    assert wrong.status in (200, 303)


async def test_nothing_is_taken_by_a_call_that_is_suspended_or_not_open_yet(house: House) -> None:
    await house.press(f"{CALL}/submission")
    house.at(DEADLINE.replace(year=2020))
    assert "opens at 09:00 on Monday 11 January 2021" in (await house.press(PERSONAL, **{"stamp": "0", "a-name": "x"})).words
    assert (await house.press(f"{CALL}/submission", "other")).status == 409
    house.at(BEFORE_DEADLINE)
    async with house.database.writing() as db:
        call = (await db.exec(select(Call))).one()
        call.state = CallState.suspended
    assert "suspended" in (await house.press(f"{OWN}/sending")).words
    assert (await house.submission()).draft == {}
