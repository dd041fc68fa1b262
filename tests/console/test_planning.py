"""An organiser adds, moves, renames and cancels sessions: each save is one release, and says what changed."""

from datetime import UTC, datetime, timedelta

from conference.files import folder
from conference.programme.choices import choices_of
from conference.programme.forms import SessionForm, plan_from, speakers_from, typed_from
from conference.programme.queries import events, programme_of
from conference.programme.releases import plan_of
from conference.programme.streams import CAPTIONS_WRONG, HOST_WRONG
from conference.seed import load_programmes
from conference.seed_format import read_seed
from conference.storage.database import Database
from tests.console.cast import MANAGE, TALK, WORKSHOP, Console, Fields, change, look, send

NEW = f"{MANAGE}/sessions"
A_PANEL: Fields = {
    "title": "A panel on maps",
    "abstract": "First paragraph.\r\n\r\nSecond.",
    "type": "panel",
    "track": "people",
    "room": "side",
    "day": "2021-06-25",
    "starts": "14:00",
    "ends": "15:00",
    "audience": "booking",
    "join_url": "https://meet.example/maps",
    "stream_url": "https://live.example/maps/index.m3u8",
    "captions_url": "https://live.example/maps/captions.vtt",
    "illustrative": "The time.",
    "speaker-bea": "yes",
}


def london(hour: int, minute: int = 0) -> datetime:
    """A time of the day on London's clock, which is an hour ahead of UTC in June."""
    return datetime(2021, 6, 25, hour - 1, minute, tzinfo=UTC)


async def test_a_new_session_is_all_that_was_typed(console: Console) -> None:
    page = await send(console.organiser, NEW, A_PANEL)
    assert (page.status, page.said) == (200, "Released as version 2: added to the programme.")
    facts = await console.session("a-panel-on-maps")
    session = facts.session
    assert (session.title, session.abstract, session.type) == ("A panel on maps", "First paragraph.\n\nSecond.", "panel")
    assert (session.starts_at, session.ends_at) == (london(14), london(15))
    assert (facts.room.slug, facts.track and facts.track.slug) == ("side", "people")
    assert [speaker.slug for speaker in facts.speakers] == ["bea"]
    assert (session.for_everyone, session.join_url, session.illustrative) == (False, "https://meet.example/maps", "The time.")
    assert session.sequence == 0


async def test_the_form_of_a_session_shows_what_is_saved(console: Console) -> None:
    await send(console.organiser, NEW, A_PANEL)
    shown = (await look(console.organiser, f"{NEW}/a-panel-on-maps")).form(f"{NEW}/a-panel-on-maps")
    assert shown.pop("seen") == (await console.session("a-panel-on-maps")).session.modified_at.isoformat() + "/-"
    assert shown == A_PANEL | {"abstract": "First paragraph.\n\nSecond."}


async def test_the_clock_is_said_in_words(console: Console) -> None:
    assert "On London’s clock (BST, UTC+1)" in (await look(console.organiser, TALK)).words


async def test_moving_a_session_is_a_release_and_raises_its_sequence_once(console: Console) -> None:
    page = await change(console.organiser, TALK, starts="12:15", ends="13:00", room="side")
    words = "time changed from 10:00–11:00 to 12:15–13:00; room changed from Main stage to Side room, The hall"
    assert page.said == f"Released as version 2: {words}."
    session = (await console.session("opening-keynote")).session
    assert (session.starts_at, session.ends_at, session.sequence) == (london(12, 15), london(13), 1)
    release = (await console.releases())[0]
    assert (release.number, release.person_id) == (2, console.people["organiser"].id)
    assert [line["field"] for line in release.changes] == ["room_id", "starts_at", "ends_at"]


async def test_a_new_title_is_a_release_and_leaves_the_sequence(console: Console) -> None:
    page = await change(console.organiser, TALK, title="  Opening   words ")
    assert page.said == "Released as version 2: title changed from “Opening keynote” to “Opening words”."
    session = (await console.session("opening-keynote")).session
    assert (session.title, session.sequence) == ("Opening words", 0)


async def test_choosing_speakers_is_a_release_and_their_order_stays(console: Console) -> None:
    await change(console.organiser, TALK, **{"speaker-bea": "yes"})
    page = await change(console.organiser, TALK, **{"speaker-ada": "yes"})
    assert page.said == "Released as version 3: speakers changed."
    assert [speaker.slug for speaker in (await console.session("opening-keynote")).speakers] == ["bea", "ada"]
    again = await change(console.organiser, TALK)
    assert again.said == "Nothing was changed, so nothing was released."


async def test_saving_without_a_change_releases_nothing(console: Console) -> None:
    before = (await console.session("opening-keynote")).session.modified_at
    assert (await change(console.organiser, TALK)).said == "Nothing was changed, so nothing was released."
    assert [release.number for release in await console.releases()] == [1]
    assert (await console.session("opening-keynote")).session.modified_at == before


async def test_the_form_of_every_session_that_ships_changes_nothing_by_itself(sqlite: Database) -> None:
    async with sqlite.writing() as db:
        await load_programmes(db, read_seed(folder("seed_data")), london(9), lambda line: None)
        looked_at = []
        for event in await events(db):
            choices = await choices_of(db, event)
            for facts in await programme_of(db, event):
                typed, plan = typed_from(facts), plan_of(facts.session)
                assert plan_from(SessionForm.read(typed), event, choices, plan) == plan
                assert tuple(speakers_from(typed, choices, facts.speakers)) == facts.speakers
                looked_at.append(facts.session.slug)
    assert len(looked_at) == 19 + 36


async def test_nothing_typed_is_lost_when_fields_need_another_look(console: Console) -> None:
    wrong = A_PANEL | {
        "title": " ",
        "day": "25/06/2021",
        "starts": "half past two",
        "room": "",
        "type": "talk",
        "join_url": "javascript:alert(1)",
        "stream_url": "https://video.example/watch/maps",
        "captions_url": "http://live.example/captions.vtt",
    }
    page = await send(console.organiser, NEW, wrong)
    assert page.status == 422
    assert page.beside == {
        "title": "Enter a title.",
        "type": "Choose a type from the list.",
        "day": "Enter the day as year-month-day, such as 2021-06-25.",
        "starts": "Enter a time on the 24-hour clock, such as 09:30 or 14:05.",
        "join_url": "Enter a full address that starts with https://, or leave this empty to use the session's own stage.",
        "stream_url": HOST_WRONG,
        "captions_url": CAPTIONS_WRONG,
    }
    kept = page.form(NEW)
    assert {name: kept[name] for name in ("day", "starts", "ends", "join_url", "illustrative", "speaker-bea", "audience", "track")} == {
        name: wrong[name] for name in ("day", "starts", "ends", "join_url", "illustrative", "speaker-bea", "audience", "track")
    }
    assert kept["abstract"] == "First paragraph.\n\nSecond."
    assert [release.number for release in await console.releases()] == [1]


async def test_a_plan_that_cannot_be_is_refused_beside_its_field(console: Console) -> None:
    backwards = await change(console.organiser, TALK, starts="12:00", ends="11:00")
    assert (backwards.status, backwards.beside) == (422, {"ends": "The end must be after the start."})
    outside = await change(console.organiser, TALK, day="2021-06-26")
    assert (outside.status, outside.beside) == (
        422,
        {"starts": "The start must lie within the event, which lasts from 10:00 to 17:00 on Friday 25 June 2021."},
    )
    elsewhere = await change(console.organiser, TALK, room="library", track="none-such")
    assert elsewhere.beside == {"room": "Choose a room from the list.", "track": "Choose a track from the list."}
    assert (await console.session("opening-keynote")).session.starts_at == london(10)


async def test_times_that_the_clock_skips_or_repeats_are_refused_beside_their_field(console: Console) -> None:
    visit, browser = "/manage/events/autumn/sessions/a-visit", console.browsers["stranger"]
    spring = await change(browser, visit, day="2021-03-28", starts="01:30", ends="03:00")
    assert (spring.status, list(spring.beside)) == (422, ["starts"])
    assert spring.beside["starts"].startswith("01:30 on Sunday 28 March 2021 does not happen in London")
    autumn = await change(browser, visit, day="2021-10-31", starts="00:30", ends="01:30")
    assert (autumn.status, list(autumn.beside)) == (422, ["ends"])
    assert autumn.beside["ends"].startswith("01:30 on Sunday 31 October 2021 happens twice in London")
    assert autumn.form(visit)["ends"] == "01:30"
    after = await change(browser, visit, day="2021-10-31", starts="00:30", ends="02:30")
    assert after.said == "Released as version 2: time changed from Thu 1 July, 10:00–11:00 to Sun 31 October, 00:30–02:30."
    session = (await console.session("a-visit", "autumn")).session
    assert session.ends_at - session.starts_at == timedelta(hours=3)  # the hour from 01:00 passed twice


async def test_two_sessions_may_have_the_same_title_and_none_takes_the_address_of_the_form(console: Console) -> None:
    for title in ("New", "New"):
        await send(console.organiser, NEW, A_PANEL | {"title": title})
    page = await look(console.organiser, f"{MANAGE}/programme")
    assert [f"{NEW}/new-2" in page.text, f"{NEW}/new-3" in page.text] == [True, True]
    assert (await look(console.organiser, f"{NEW}/new")).form(NEW)["title"] == ""


async def test_cancelling_says_first_whom_it_concerns_and_then_asks_why(console: Console) -> None:
    await console.browsers["delegate"].post("/events/wi-test/sessions/hands-on-workshop/booking")
    asked = await look(console.organiser, f"{WORKSHOP}/cancellation")
    assert "1 person has a seat." in asked.words
    silent = await send(console.organiser, f"{WORKSHOP}/cancellation", {"reason": "  "})
    assert (silent.status, silent.beside) == (422, {"reason": "Say why: people read it on the session’s page."})
    assert (await console.session("hands-on-workshop")).session.cancelled_at is None

    page = await send(console.organiser, f"{WORKSHOP}/cancellation", {"reason": "The tutor is ill."})
    assert page.said == "“Hands-on workshop” is cancelled. Released as version 2."
    session = (await console.session("hands-on-workshop")).session
    assert (session.cancel_reason, session.sequence) == ("The tutor is ill.", 1)
    assert [line["what"] for line in (await console.releases())[0].changes] == ["cancelled"]


async def test_a_cancelled_session_stays_in_the_list_and_cannot_be_changed(console: Console) -> None:
    opened = (await look(console.organiser, TALK)).form(TALK)
    await send(console.organiser, f"{TALK}/cancellation", {"reason": "Flooded."})
    listed = await look(console.organiser, f"{MANAGE}/programme")
    assert "Opening keynote Cancelled 10:00–11:00" in listed.words
    shown = await look(console.organiser, TALK)
    assert ("This session is cancelled Flooded." in shown.words, TALK in shown.forms) == (True, False)
    assert (await send(console.organiser, TALK, opened | {"title": "Again"})).status == 409
    assert (await send(console.organiser, f"{TALK}/cancellation", {"reason": "Twice."})).status == 409
    assert [release.number for release in await console.releases()] == [2, 1]


async def test_the_releases_tell_what_changed_and_by_whom(console: Console) -> None:
    await change(console.organiser, TALK, ends="10:45", audience="booking", type="panel", track="people", abstract="New words.")
    await send(console.organiser, f"{TALK}/cancellation", {"reason": "Flooded."})
    page = await look(console.organiser, f"{MANAGE}/releases")
    assert [number for number in ("Version 3", "Version 2", "Version 1") if number in page.words] == ["Version 3", "Version 2", "Version 1"]
    assert "Opening keynote : cancelled" in page.words
    told = (
        "Opening keynote : end changed from 11:00 to 10:45; type changed from Keynote to Panel; abstract changed; "
        "track changed from none to People; now by booking"
    )
    assert told in page.words
    assert "Friday 25 June 2021, 09:55 (BST, UTC+1), by Organiser in London" in page.words


async def test_a_draft_waits_is_looked_through_and_released_with_a_note(console: Console) -> None:
    kept = await change(console.organiser, TALK, starts="12:15", ends="13:00", then="draft")
    assert kept.said == "Kept as a draft. Nobody else sees it until you release it."
    assert "Nobody gets" not in kept.words
    public = await look(console.browsers["delegate"], "/events/wi-test/programme")
    assert ("12:15" in public.words, "10:00" in public.words) == (False, True)
    assert "Opening keynote Moved 12:15–13:00" in (await look(console.organiser, f"{MANAGE}/programme")).words

    page = await look(console.organiser, f"{MANAGE}/release")
    assert "Opening keynote : time changed from 10:00–11:00 to 12:15–13:00" in page.words
    assert "1 person gets a mail about what concerns them." in page.words
    done = await send(
        console.organiser, f"{MANAGE}/release", page.form(f"{MANAGE}/release") | {"note": "The hall is taken in the morning."}
    )
    assert done.said == "Released as version 2: time changed from 10:00–11:00 to 12:15–13:00."
    assert "The hall is taken in the morning." in done.words
    public = await look(console.browsers["delegate"], "/events/wi-test/programme")
    assert "12:15" in public.words


async def test_a_form_that_does_not_say_release_publishes_nothing(console: Console) -> None:
    opened = (await look(console.organiser, TALK)).form(TALK)
    for then in ({"then": ""}, {"then": "publish"}):
        page = await send(console.organiser, TALK, opened | {"title": "Quiet"} | then)
        opened = page.form(TALK) | {"title": "Quieter"}
        assert "Kept as a draft" in page.said
    assert [release.number for release in await console.releases()] == [1]


async def test_a_release_publishes_what_was_looked_at_and_nothing_else(console: Console) -> None:
    await change(console.organiser, TALK, title="First", then="draft")
    seen = (await look(console.organiser, f"{MANAGE}/release")).form(f"{MANAGE}/release")
    await change(console.organiser, TALK, title="Second", then="draft")
    page = await send(console.organiser, f"{MANAGE}/release", seen | {"note": "Mine"})
    assert (page.status, page.form(f"{MANAGE}/release")["note"]) == (409, "Mine")
    assert "The plan changed after you opened this page" in page.words
    assert (await console.session("opening-keynote")).session.title == "Opening keynote"


async def test_a_note_whose_date_cannot_be_right_is_asked_about_once(console: Console) -> None:
    await change(console.organiser, TALK, title="Changed", then="draft")
    typed = (await look(console.organiser, f"{MANAGE}/release")).form(f"{MANAGE}/release") | {"note": "Moved to Monday 25 June 2021."}
    page = await send(console.organiser, f"{MANAGE}/release", typed)
    assert (page.status, "Nothing is released yet." in page.words, "Friday" in page.words) == (422, True, True)
    done = await send(console.organiser, f"{MANAGE}/release", page.form(f"{MANAGE}/release"))
    assert "Moved to Monday 25 June 2021." in done.words


async def test_a_version_is_taken_back(console: Console) -> None:
    await change(console.organiser, TALK, title="Wrong")
    asked = await look(console.organiser, f"{MANAGE}/releases/2/undoing")
    assert "title changed from “Opening keynote” to “Wrong”" in asked.words
    page = await send(console.organiser, f"{MANAGE}/releases/2/undoing", {})
    assert page.said == "Version 2 is taken back, as version 3."
    assert (await console.session("opening-keynote")).session.title == "Opening keynote"


async def test_whom_it_concerns_reads_of_it_on_the_own_page_until_it_is_put_away(console: Console) -> None:
    await change(console.organiser, TALK, starts="12:15", ends="13:00")
    delegate = console.browsers["delegate"]
    page = await look(delegate, "/me")
    assert "Opening keynote has a new time." in page.words
    assert "You are told because it is for everybody who takes part." in page.words
    page = await send(delegate, "/me/notices/reading", page.form("/me/notices/reading"))
    assert "has a new time" not in page.words


async def test_what_changed_twice_is_told_once_as_it_is_now(console: Console) -> None:
    await change(console.organiser, TALK, starts="12:15", ends="13:00", room="side")
    await change(console.organiser, TALK, starts="13:15", ends="14:00", room="side")
    page = await look(console.browsers["delegate"], "/me")
    assert page.words.count("Opening keynote has a new time and a new place.") == page.words.count("You are told because") == 1
    news = page.words.split("News for you")[1].split("I have read this")[0]
    assert ("13:15–14:00" in news, "12:15" in news, "Now in: Side room" in news) == (True, False, True)
    await send(console.browsers["delegate"], "/me/notices/reading", page.form("/me/notices/reading"))
    assert "News for you" not in (await look(console.browsers["delegate"], "/me")).words
