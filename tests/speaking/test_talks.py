"""A talk's words: proposed by its speakers, reviewed by organisers; nobody's are lost, and nobody else has a say."""

import asyncio
from dataclasses import replace

import pytest
from sqlmodel import col, delete, select

from conference.mail.tables import Notice
from conference.people.actions import grant_role
from conference.people.tables import Person, RoleKind
from conference.programme.drafting import draft_cancellation, draft_change, draft_new
from conference.programme.planned import planned_at
from conference.programme.queries import releases_of
from conference.programme.releases import plan_of
from conference.programme.releasing import release_drafts
from conference.programme.tables import Event, SessionDraft, SessionSpeaker
from conference.speaking.talk_page import counted_countries
from conference.speaking.wording import pieces_between
from tests.console.cast import Fields, Page, change, look, send
from tests.speaking.cast import EVENT, MANAGE, PDF, PROFILE, SESSION, TALK, WORKSHOP, House
from tests.world import BEFORE

QUEUE = f"{MANAGE}/proposals"
STORED = {"title": "A better title", "abstract": "One.\n\nTwo."}


async def propose(house: House, who: str = "speaker", **typed: str) -> Page:
    return await change(house.browsers[who], TALK, **(typed or STORED))


async def review(house: House) -> tuple[str, Fields]:
    """Where the newest proposal is decided about, and the form there."""
    path = f"{QUEUE}/{(await house.proposals())[-1].id}"
    return path, (await look(house.browsers["organiser"], path)).form(path)


async def decide(house: House, **typed: str) -> Page:
    path, form = await review(house)
    return await send(house.browsers["organiser"], path, form | typed)


async def drafts(house: House) -> list[dict[str, str]]:
    async with house.database.reading() as db:
        return [draft.patch for draft in await db.exec(select(SessionDraft))]


# Who may: each row somebody, each column (their own talk if they have one, another's, the profile of `speaker`).
@pytest.mark.parametrize(
    ("who", "talk", "workshop", "profile"),
    [
        ("nobody", 303, 303, 303),
        ("guest", 403, 403, 403),
        ("delegate", 403, 403, 403),
        ("moderator", 403, 403, 403),
        ("organiser", 403, 403, 403),
        ("stranger", 403, 403, 403),
        ("speaker", 200, 403, 200),
        ("partner", 200, 403, 403),
        ("other", 403, 200, 403),
    ],
)
async def test_a_talk_is_for_its_own_speakers_and_a_profile_for_one(house: House, who: str, talk: int, workshop: int, profile: int) -> None:
    browser = house.browsers[who]
    assert [(await browser.get(path)).status_code for path in (TALK, f"{WORKSHOP}/talk", PROFILE)] == [talk, workshop, profile]
    before = await house.session(), await house.speaker("speaker")
    refused = {200: 422, 303: 401}  # an empty form of one's own; nobody at all
    acts = ((TALK, talk), (f"{WORKSHOP}/talk", workshop))
    for path, status in acts:
        for act in ("", "/co-speakers", "/resources"):
            assert ((await browser.post(path + act)).status_code, path, act) == (refused.get(status, status), path, act)
    for act in ("/photo", "/times"):
        assert (await browser.post(PROFILE + act)).status_code == refused.get(profile, profile)
    assert (await browser.post(PROFILE + "/photo/removal")).status_code == {200: 303, 303: 401}.get(profile, profile)
    assert await house.proposals() == []
    assert (await house.session()).modified_at == before[0].modified_at


async def test_rows_of_another_talk_are_not_found_through_ones_own(house: House) -> None:
    await propose(house)
    [proposal] = await house.proposals()
    await house.send_file("speaker", f"{TALK}/resources", "file", PDF, what="Slides", audience="public", shown_from="at_once")
    page = await look(house.browsers["nobody"], SESSION)
    resource = page.text.split("/resources/")[1][:36]
    other, own = house.browsers["other"], f"{WORKSHOP}/talk"
    for path in (f"{own}/proposals/{proposal.id}/withdrawal", f"{own}/resources/{resource}/removal"):
        assert (await other.post(path)).status_code == 404
    assert (await other.get(f"{WORKSHOP}/resources/{resource}")).status_code == 404
    stranger = house.browsers["stranger"]
    assert (await stranger.get(f"/manage/events/elsewhere/proposals/{proposal.id}")).status_code == 404
    assert (await stranger.post(f"/manage/events/elsewhere/proposals/{proposal.id}", data={"decision": "accept"})).status_code == 404
    assert [each.withdrawn_at for each in await house.proposals()] == [None]


async def test_who_was_taken_out_of_a_session_has_no_way_in_at_once(house: House) -> None:
    async with house.database.writing() as db:
        theirs = col(SessionSpeaker.speaker_id) == house.speakers["partner"].id
        await db.exec(delete(SessionSpeaker).where(theirs))
    partner = house.browsers["partner"]
    assert [(await partner.get(TALK)).status_code, (await partner.post(TALK, data=STORED)).status_code] == [403, 403]
    assert (await partner.get(PROFILE.replace("speaker/profile", "partner/profile"))).status_code == 200


async def test_a_change_waits_for_review_and_others_see_it_once_it_is_released(house: House) -> None:
    assert (await propose(house)).said == "Proposed: the organisers review it."
    assert "Waits for review" in (await look(house.browsers["partner"], TALK)).words
    assert (await house.session()).title == "Opening keynote"
    page = await look(house.browsers["organiser"], f"{MANAGE}/speaking")
    assert "To review: 1" in page.words
    path, _ = await review(house)
    page = await look(house.browsers["organiser"], path)
    assert '<del><span class="unseen">removed: </span>Opening keynote</del>' in page.text
    assert '<ins><span class="unseen">added: </span>A better title</ins>' in page.text
    assert (await decide(house, decision="accept")).said == "Accepted: it is a draft now, and published with the next release."
    assert (await house.session()).title == "Opening keynote"
    assert await drafts(house) == [STORED]
    assert "It will be published with their next release" in (await house.letter("proposal_accepted")).replace("=\n", "")
    async with house.database.writing() as db:
        event = await db.get_one(Event, house.world.event.id)
        await release_drafts(db, event, BEFORE)
    session = await house.session()
    assert (session.title, session.abstract, session.sequence) == ("A better title", "One.\n\nTwo.", 0)


async def test_accepted_and_released_at_once_is_one_release_of_this_session_alone(any_house: House) -> None:
    house = any_house
    async with house.database.writing() as db:
        event = await db.get_one(Event, house.world.event.id)
        planned = await planned_at(db, "wi-test", "hands-on-workshop")
        plan = replace(plan_of(planned.facts.session), title="Not yet")
        await draft_change(db, event, planned, plan, planned.facts.speakers, BEFORE)
    await propose(house)
    assert (await decide(house, decision="accept", release="yes")).said == "Accepted and released."
    assert (await house.session()).title == "A better title"
    assert (await house.session("hands-on-workshop")).title == "Hands-on workshop"
    async with house.database.reading() as db:
        newest = (await releases_of(db, house.world.event))[0]
        [notice] = (await db.exec(select(Notice).where(Notice.kind == "proposal_accepted"))).all()
    assert (newest.number, newest.note) == (2, "Words of “Opening keynote”, proposed by its speakers.")
    assert (notice.person_id, notice.path) == (house.people["speaker"].id, TALK)
    letter = (await house.letter("proposal_accepted")).replace("=\n", "")
    assert "and it is published." in letter


async def test_declined_needs_a_reason_which_the_speaker_is_told(house: House) -> None:
    async with house.database.writing() as db:
        (await db.get_one(Person, house.people["speaker"].id)).zone = "Asia/Amman"
    await propose(house)
    page = await decide(house, decision="decline", reason=" ")
    assert (page.status, page.beside) == (422, {"reason": "Say why in a sentence: the speaker reads it."})
    assert (await decide(house, decision="decline", reason="Too long.\n\n{{ x }}")).said == "Declined: whoever proposed it is told why."
    letter = (await house.letter("proposal_declined")).replace("=\n", "")
    assert [words in letter for words in ("Too long.", "{{ x }}", "12:00", "UTC+3")] == [True] * 4
    page = await look(house.browsers["speaker"], TALK)
    assert "The organisers write: “Too long." in page.words
    news = (await look(house.browsers["speaker"], "/me")).words
    assert "Opening keynote stays as it is: your change was declined. Too long." in news
    assert page.form(TALK)["title"] == "Opening keynote"
    assert (await drafts(house), (await house.session()).title) == ([], "Opening keynote")


async def test_two_co_speakers_who_edit_at_once_lose_nothing(any_house: House) -> None:
    house = any_house
    mine = (await look(house.browsers["partner"], TALK)).form(TALK) | {"title": "The partner's", "abstract": "Mine."}
    await propose(house)
    page = await send(house.browsers["partner"], TALK, mine)
    assert page.status == 409
    assert page.beside == {"title": "As saved now: A better title", "abstract": "As saved now: One.\n\nTwo."}
    form = page.form(TALK)
    assert (form["title"], form["abstract"]) == ("The partner's", "Mine.")
    assert [each.title for each in await house.proposals()] == ["A better title"]
    assert (await send(house.browsers["partner"], TALK, form)).status == 200
    assert [(each.title, each.person_id) for each in await house.proposals()] == [("The partner's", house.people["partner"].id)]


async def test_of_two_who_press_at_once_one_is_told_what_the_other_proposed(any_house: House) -> None:
    forms = {name: (await look(any_house.browsers[name], TALK)).form(TALK) | {"title": f"By {name}"} for name in ("speaker", "partner")}
    pages = await asyncio.gather(*(send(any_house.browsers[name], TALK, form) for name, form in forms.items()))
    assert sorted(page.status for page in pages) == [200, 409]
    [kept] = await any_house.proposals()
    [late] = [page for page in pages if page.status == 409]
    assert late.beside == {"title": f"As saved now: {kept.title}"}
    assert {late.form(TALK)["title"], kept.title} == {"By speaker", "By partner"}


async def test_what_was_read_is_what_is_decided(house: House) -> None:
    await propose(house)
    path, form = await review(house)
    await propose(house, title="Quite another title", abstract="")
    page = await send(house.browsers["organiser"], path, form | {"decision": "accept"})
    assert (page.status, "Quite another title" in page.words, "Nothing was decided" in page.words) == (409, True, True)
    assert await drafts(house) == []
    page = await send(house.browsers["organiser"], path, page.form(path) | {"decision": "accept"})
    assert (await drafts(house)) == [{"title": "Quite another title"}]
    assert (await send(house.browsers["organiser"], path, form | {"decision": "decline", "reason": "No."})).status == 409


async def test_a_proposal_is_taken_back_by_its_button_or_by_typing_what_is_published(house: House) -> None:
    await propose(house)
    [first] = await house.proposals()
    await send(house.browsers["partner"], f"{TALK}/proposals/{first.id}/withdrawal", {})
    await propose(house)
    page = await propose(house, title="Opening keynote", abstract="")
    assert page.said == "That is what is published, so nothing waits for review."
    assert [each.withdrawn_at is None for each in await house.proposals()] == [False, False]
    assert (await house.browsers["speaker"].post(f"{TALK}/proposals/{first.id}/withdrawal")).status_code == 409


async def test_only_what_was_proposed_is_changed_and_organisers_see_what_they_changed_since(house: House) -> None:
    await propose(house, title="A better title", abstract="")
    async with house.database.writing() as db:
        event = await db.get_one(Event, house.world.event.id)
        planned = await planned_at(db, "wi-test", "opening-keynote")
        plan = replace(plan_of(planned.facts.session), title="Theirs", abstract="Theirs too.")
        await draft_change(db, event, planned, plan, planned.facts.speakers, BEFORE)
    path, _ = await review(house)
    assert "It is planned as “Theirs”." in (await look(house.browsers["organiser"], path)).words
    await decide(house, decision="accept")
    assert await drafts(house) == [{"title": "A better title", "abstract": "Theirs too."}]
    assert "Theirs" not in (await look(house.browsers["speaker"], TALK)).words


async def test_before_it_is_published_a_change_applies_at_once(house: House) -> None:
    async with house.database.writing() as db:
        event = await db.get_one(Event, house.world.event.id)
        plan = replace(plan_of(house.world.talk), title="To come")
        await draft_new(db, event, plan, [house.speakers["speaker"]], BEFORE)
    path = f"{EVENT}/sessions/to-come/talk"
    assert [(await house.browsers[name].get(path)).status_code for name in ("speaker", "partner", "nobody")] == [200, 404, 303]
    assert "Not published yet" in (await look(house.browsers["speaker"], "/me/talks")).words
    page = await change(house.browsers["speaker"], path, title="To come, soon", abstract="Some words.")
    assert page.said == "Saved. The organisers publish it with the programme."
    [patch] = await drafts(house)
    assert (patch["title"], patch["abstract"], await house.proposals()) == ("To come, soon", "Some words.", [])
    assert (await send(house.browsers["speaker"], path, {"title": "Blind", "seen": "nothing"})).status == 409


async def test_a_co_speaker_is_proposed_decided_and_invited(house: House) -> None:
    typed = {"name": "Third speaker", "email": "third@speakers.example", "word": "She wrote half of it."}
    page = await send(house.browsers["speaker"], f"{TALK}/co-speakers", typed | {"email": "nowhere"})
    assert (page.status, list(page.beside), page.form(f"{TALK}/co-speakers")["word"]) == (422, ["email"], typed["word"])
    assert (await send(house.browsers["speaker"], f"{TALK}/co-speakers", typed)).said.startswith("Proposed:")
    page = await send(house.browsers["partner"], f"{TALK}/co-speakers", typed | {"email": "THIRD@speakers.example"})
    assert page.beside == {"email": "Somebody with this address is proposed already, and the organisers will decide."}
    assert (await decide(house, decision="accept")).said.startswith("Accepted: Third speaker is invited by mail.")
    await send(house.browsers["invited"], await house.link(), {})
    assert (await house.browsers["invited"].get(TALK)).status_code == 403
    async with house.database.writing() as db:
        await release_drafts(db, await db.get_one(Event, house.world.event.id), BEFORE)
    page = await look(house.browsers["invited"], TALK)
    assert (page.status, "Speaker in Amman" in page.words, "Partner in Lagos" in page.words) == (200, True, True)


async def test_a_cancelled_talk_keeps_its_words(house: House) -> None:
    await propose(house)
    async with house.database.writing() as db:
        event = await db.get_one(Event, house.world.event.id)
        await draft_cancellation(db, event, await planned_at(db, "wi-test", "opening-keynote"), "Ill.", BEFORE)
        await release_drafts(db, event, BEFORE)
    assert (await decide(house, decision="accept")).status == 409
    assert (await decide(house, decision="decline", reason="It is cancelled.")).status == 200


async def test_an_organiser_who_speaks_too_has_both_sides(house: House) -> None:
    async with house.database.writing() as db:
        await grant_role(db, await db.get_one(Person, house.people["speaker"].id), house.world.event.id, RoleKind.organiser, BEFORE)
    await propose(house)
    path = f"{QUEUE}/{(await house.proposals())[0].id}"
    assert (await house.browsers["speaker"].get(path)).status_code == 200


def test_a_difference_is_both_texts_word_by_word() -> None:
    before, after = "Libraries and  the sea,\n\nin two parts.", "Libraries at the sea,\n\nin three short parts."
    pieces = pieces_between(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == after
    assert pieces_between("", "") == ()


def test_a_country_of_few_is_not_named() -> None:
    assert counted_countries(["KE"] * 4 + ["GB"] * 3 + ["TV", "TV", "", "XX"]) == ((("Kenya", 4), ("United Kingdom", 3)), 4)
