"""The registration form: what an event asks, what people answer, who reads it, and when it goes."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from httpx2 import AsyncClient
from sqlmodel import col, select

from conference.errors import Invalid
from conference.people.actions import know_person
from conference.people.tables import Person, RoleKind
from conference.registration.form_actions import purge_due_answers
from conference.registration.form_queries import acceptances_of, answers_of, answers_seen_by, form_of
from conference.registration.form_reading import field_name, read_filled, typed_of
from conference.registration.form_rules import FormAsked, QuestionPlan, why_new_version
from conference.registration.form_tables import AnswerKind, RegistrationAnswer, RegistrationQuestion, SeenBy
from conference.registration.invitations import purge_due_invitations
from conference.registration.personal import everything_about, forget
from conference.registration.questions import add_question, change_question, publish_terms
from conference.registration.roll import countries_at, guest_zones, roll_of
from conference.registration.roll_filter import RollFilter
from conference.registration.tables import Registration
from conference.storage.database import Database
from conference.storage.personal import Erasing, Whom
from tests.registration.test_registering import FORM, REGISTER, mails, path_in
from tests.world import BEFORE, TEN_IN_LONDON, World, cookie_of, with_role

MANAGE = "/manage/events/wi-test/form"


def plan(
    label: str, kind: AnswerKind, *options: str, required: bool = True, keep: int = 30, seen_by: SeenBy = SeenBy.organisers
) -> QuestionPlan:
    return QuestionPlan(label, "", kind, options, required, keep, seen_by)


COUNTRY = plan("Country where you work", AnswerKind.country)
MEALS = plan("What do you eat?", AnswerKind.several, "Vegetarian", "Vegan", "No nuts", required=False, keep=7, seen_by=SeenBy.catering)


@pytest.fixture
async def asked(sqlite: Database, world: World) -> dict[str, str]:
    """An event that asks two things and has terms; the names of their fields."""
    async with sqlite.writing() as db:
        country = await add_question(db, world.event, COUNTRY, BEFORE)
        meals = await add_question(db, world.event, MEALS, BEFORE)
        await publish_terms(db, world.event, "Be kind.", BEFORE)
    return {"country": field_name(country), "meals": field_name(meals)}


async def all_answers(sqlite: Database) -> list[tuple[str, list[str]]]:
    """Names of registrations, and what they said."""
    async with sqlite.reading() as db:
        rows = (
            select(Registration.name, RegistrationAnswer.words)
            .join(Registration)
            .join(RegistrationQuestion)
            .order_by(col(RegistrationQuestion.position))
        )
        return [(name, list(words)) for name, words in await db.exec(rows)]


async def sign_in_as(sqlite: Database, browser: AsyncClient, person: Person) -> None:
    async with sqlite.writing() as db:
        browser.cookies.update(await cookie_of(db, person))


async def test_a_strangers_answers_count_when_the_link_is_opened(
    browser: AsyncClient, sqlite: Database, world: World, asked: dict[str, str]
) -> None:
    wrong = await browser.post(REGISTER, data={"name": "", "email": "nowhere", asked["country"]: "XX", asked["meals"] + "-2": "Vegan"})
    assert wrong.status_code == 422
    assert re.findall(r'<li><a href="#([^"]+)">', wrong.text) == ["name", "email", asked["country"], "terms-1"]  # as they stand on the page
    assert ("Choose one of the choices given." in wrong.text, 'value="Vegan" checked' in wrong.text) == (True, True)
    filled = {**FORM, asked["country"]: "KE", asked["meals"] + "-2": "Vegan", asked["meals"] + "-3": "No nuts", "terms-1": "yes"}
    await browser.post(REGISTER, data=filled)
    assert await all_answers(sqlite) == []
    await browser.post(path_in((await mails(sqlite))[0]))
    assert await all_answers(sqlite) == [("Delegate in Accra", ["KE"]), ("Delegate in Accra", ["Vegan", "No nuts"])]
    async with sqlite.reading() as db:
        [registration] = (await db.exec(select(Registration))).all()
        [(acceptance, terms)] = await acceptances_of(db, registration.id)
        assert [(row.name, row.country) for row in await roll_of(db, world.event, RollFilter(country="KE"))] == [
            ("Delegate in Accra", "KE")
        ]
        assert (await countries_at(db, world.event), (await guest_zones(db, world.event)).unknown) == ({"KE": 1}, 0)
    assert (terms.number, acceptance.accepted_at) == (1, registration.confirmed_at)


async def test_nobody_changes_the_answers_of_a_known_person_by_typing_their_address(
    browser: AsyncClient, sqlite: Database, asked: dict[str, str]
) -> None:
    filled = {**FORM, asked["country"]: "GH", "terms-1": "yes"}
    await browser.post(REGISTER, data=filled)
    await browser.post(path_in((await mails(sqlite))[0]))
    await browser.post("/sign-out")
    await browser.post(REGISTER, data={**filled, "name": "Somebody else", asked["country"]: "PE"})
    known = (await mails(sqlite))[-1]
    assert known.template == "registration_known"
    await browser.post(path_in(known))
    assert await all_answers(sqlite) == [("Delegate in Accra", ["GH"])]


async def test_of_two_who_typed_one_address_the_one_whose_link_is_opened_counts(
    browser: AsyncClient, sqlite: Database, asked: dict[str, str]
) -> None:
    await browser.post(REGISTER, data={**FORM, asked["country"]: "PE", "terms-1": "yes", "name": "A stranger"})
    await browser.post(REGISTER, data={**FORM, asked["country"]: "GH", "terms-1": "yes"})
    await browser.post(path_in((await mails(sqlite))[1]))
    assert await all_answers(sqlite) == [("Delegate in Accra", ["GH"])]


async def test_my_answers_are_mine_to_change_and_new_terms_are_asked_again(
    browser: AsyncClient, sqlite: Database, world: World, asked: dict[str, str]
) -> None:
    async with sqlite.writing() as db:
        person = await know_person(db, FORM["email"], FORM["name"], BEFORE)
    await sign_in_as(sqlite, browser, person)
    await browser.post(REGISTER, data={asked["country"]: "GH", asked["meals"] + "-1": "Vegetarian", "terms-1": "yes"})
    assert "Something is still to be said" not in (await browser.get(REGISTER)).text
    async with sqlite.writing() as db:
        await publish_terms(db, world.event, "Be kind, and early.", BEFORE)
    assert "The terms (version 2)" in (await browser.get(REGISTER)).text
    edited = {"name": "Delegate in Kumasi", asked["country"]: "GH"}
    refused = await browser.post(REGISTER + "/answers", data={**edited, "terms-1": "yes"})
    assert (refused.status_code, "Read the terms" in refused.text) == (422, True)
    await browser.post(REGISTER + "/answers", data={**edited, "terms-2": "yes"})
    assert await all_answers(sqlite) == [("Delegate in Kumasi", ["GH"])]
    page = (await browser.get(REGISTER + "/answers")).text
    assert re.findall(r"Version (\d), on Friday 25 June 2021", page) == ["1", "2"]
    assert "no-store" in (await browser.get(REGISTER + "/answers")).headers["cache-control"]


async def test_only_whoever_needs_an_answer_reads_it_and_it_goes_on_its_day(
    browser: AsyncClient, sqlite: Database, world: World, asked: dict[str, str]
) -> None:
    await browser.post(REGISTER, data={**FORM, asked["country"]: "KE", asked["meals"] + "-2": "Vegan", "terms-1": "yes"})
    await browser.post(path_in((await mails(sqlite))[0]))
    async with sqlite.reading() as db:
        seen = {who: [row[2].words for row in await answers_seen_by(db, world.event.id, who)] for who in SeenBy}
    assert seen == {SeenBy.organisers: [["KE"]], SeenBy.door: [], SeenBy.catering: [["Vegan"]], SeenBy.access: []}
    ends = TEN_IN_LONDON + timedelta(hours=7)
    for days, gone, left in ((6, 0, 2), (7, 1, 1), (29, 0, 1), (30, 1, 0)):
        async with sqlite.writing() as db:
            assert await purge_due_answers(db, ends + timedelta(days=days)) == gone
        assert len(await all_answers(sqlite)) == left


async def test_what_was_answered_goes_with_the_place(browser: AsyncClient, sqlite: Database, asked: dict[str, str]) -> None:
    await browser.post(REGISTER, data={**FORM, asked["country"]: "KE", "terms-1": "yes"})
    await browser.post(path_in((await mails(sqlite))[0]))
    await browser.post(REGISTER + "/cancellation")
    async with sqlite.writing() as db:
        assert await purge_due_answers(db, datetime.now(UTC)) == 1


async def test_an_organiser_makes_a_form_in_the_browser_and_answered_questions_are_never_lost(
    browser: AsyncClient, sqlite: Database, world: World
) -> None:
    async with sqlite.writing() as db:
        organiser = await with_role(db, world, "Organiser in Leeds", RoleKind.organiser)
        stranger = await with_role(db, world, "Moderator in York", RoleKind.moderator)
    await sign_in_as(sqlite, browser, stranger)
    assert (await browser.get(MANAGE)).status_code == 403
    await sign_in_as(sqlite, browser, organiser)
    typed = {"label": "Kind of library", "kind": "one_choice", "options": "Public\nSchool", "keep_days": "30", "seen_by": "organisers"}
    short = await browser.post(MANAGE + "/questions", data={**typed, "options": "Public"})
    assert (short.status_code, "Enter at least two choices" in short.text) == (422, True)
    await browser.post(MANAGE + "/questions", data=typed)
    await browser.post(MANAGE + "/questions", data={**typed, "label": "Shoe size", "kind": "number"})
    async with sqlite.writing() as db:
        kind, shoes = (await form_of(db, world.event.id)).questions
    await browser.post(f"{MANAGE}/questions/{shoes.id}/position", data={"direction": "up"})
    await browser.post(REGISTER, data={field_name(kind): "School", field_name(shoes): "41"})
    await browser.post(f"{MANAGE}/questions/{shoes.id}/retirement")
    await browser.post(f"{MANAGE}/questions/{kind.id}", data={**typed, "label": "Which library?", "meaning": "same"})
    await browser.post(f"{MANAGE}/questions/{kind.id}", data={**typed, "options": "Public\nResearch", "meaning": "same"})
    async with sqlite.reading() as db:
        [asked] = (await form_of(db, world.event.id)).questions
        [registration] = (await db.exec(select(Registration))).all()
        said = await answers_of(db, registration.id)
        labels = {row.id: (row.label, row.version) for row in (await db.exec(select(RegistrationQuestion))).all()}
    assert (asked.thread_id, asked.version, asked.options) == (kind.thread_id, 2, ["Public", "Research"])
    assert {labels[question]: words for question, words in said.items()} == {("Which library?", 1): ["School"], ("Shoe size", 1): ["41"]}
    assert (await browser.get(f"{MANAGE}/questions/{uuid4()}")).status_code == 404
    await browser.post(MANAGE + "/eligibility", data={"words": "Librarians.", "reason": "It is about libraries."})
    await browser.post("/sign-out")
    assert "It is about libraries." in (await browser.get(REGISTER)).text


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (plan("Diet?", AnswerKind.several, "Vegetarian", "Vegan", "No nuts", "Halal", keep=7, seen_by=SeenBy.catering), ""),
        (plan("Diet?", AnswerKind.several, "Vegetarian", "Vegan", keep=7, seen_by=SeenBy.catering), "“No nuts” can’t be chosen any more"),
        (plan("Diet?", AnswerKind.short_text, keep=7, seen_by=SeenBy.catering), "another kind of answer is asked for"),
        (plan("Diet?", AnswerKind.several, *MEALS.options, keep=7, seen_by=SeenBy.organisers), "other people read the answers"),
        (plan("Diet?", AnswerKind.several, *MEALS.options, keep=8, seen_by=SeenBy.catering), "the answers are kept longer"),
        (plan("Diet?", AnswerKind.several, *MEALS.options, keep=6, seen_by=SeenBy.catering), ""),
    ],
)
async def test_answers_never_stand_for_what_people_were_not_asked(sqlite: Database, world: World, changed: QuestionPlan, why: str) -> None:
    async with sqlite.writing() as db:
        question = await add_question(db, world.event, MEALS, BEFORE)
        assert why_new_version(question, changed) == why
        unanswered = await change_question(db, world.event, question, changed, BEFORE, new_meaning=True)
    assert unanswered.version == 1  # nobody relied on it


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        (AnswerKind.short_text, "  two \t words ", ["two words"]),
        (AnswerKind.long_text, "one\ntwo", ["one\ntwo"]),
        (AnswerKind.number, "007", ["7"]),
        (AnswerKind.number, "٣", None),
        (AnswerKind.number, "-1", None),
        (AnswerKind.number, "1000001", None),
        (AnswerKind.yes_no, "no", ["no"]),
        (AnswerKind.yes_no, "maybe", None),
        (AnswerKind.one_choice, "Second", ["Second"]),
        (AnswerKind.one_choice, "Third", None),
        (AnswerKind.country, "SX", ["SX"]),
        (AnswerKind.country, "UK", None),
        (AnswerKind.short_text, "x" * 201, None),
        (AnswerKind.short_text, " ", None),
    ],
)
def test_each_kind_of_answer_is_read_or_refused(kind: AnswerKind, typed: str, words: list[str] | None) -> None:
    question = RegistrationQuestion(
        event_id=uuid4(),
        thread_id=uuid4(),
        label="Asked",
        kind=kind,
        options=["First", "Second"],
        required=True,
        position=1,
        keep_days=1,
        seen_by=SeenBy.organisers,
        made_at=BEFORE,
    )
    asked = FormAsked((question,))
    if words is None:
        with pytest.raises(Invalid) as no:
            read_filled(asked, {field_name(question): typed})
        assert list(no.value.fields) == [field_name(question)]
        return
    filled = read_filled(asked, {field_name(question): typed})
    assert filled.answers == {question.id: words}
    assert read_filled(asked, typed_of(asked, filled.answers)) == filled


async def test_what_a_form_says_about_somebody_is_given_to_them_and_forgotten(
    browser: AsyncClient, sqlite: Database, world: World, asked: dict[str, str]
) -> None:
    await browser.post(REGISTER, data={**FORM, asked["country"]: "GH", asked["meals"] + "-2": "Vegan", "terms-1": "yes"})
    await browser.post(path_in((await mails(sqlite))[0]))
    await browser.post(REGISTER + "/transfer", data={"name": "Colleague in Lagos", "email": "lagos@delegates.example"})
    await browser.post("/sign-out")
    await browser.post(REGISTER, data={**FORM, "email": "lagos@delegates.example", asked["country"]: "NG", "terms-1": "yes"})
    async with sqlite.writing() as db:
        people = (await db.exec(select(Person).order_by(col(Person.id)))).all()
        owner, colleague = [Whom(person.id, frozenset({person.email_key})) for person in people]
        hers, his = await everything_about(db, owner), await everything_about(db, colleague)
        there = ("registration_answer", "terms_acceptance", "waiting_form", "place_invitation")
        assert [len(hers[table]) for table in there] == [2, 1, 0, 1]
        assert [len(his[table]) for table in there] == [0, 0, 1, 1]
        assert {row["question"]: row["words"] for row in hers["registration_answer"]} == {
            "Country where you work": ["GH"],
            "What do you eat?": ["Vegan"],
        }
        for whom in (owner, colleague):
            await forget(db, whom, Erasing(BEFORE, BEFORE, keep_words=True))
        his, left = await everything_about(db, colleague), await everything_about(db, owner)
        assert [len(his[table]) for table in there] == [0, 0, 0, 0]
        assert [(row["name"], row["email"]) for row in left["place_invitation"]] == [("", "")]
        assert [len(left[table]) for table in there] == [0, 1, 0, 1]


async def test_names_on_invitations_go_a_month_after_the_event(browser: AsyncClient, sqlite: Database, asked: dict[str, str]) -> None:
    await browser.post(REGISTER, data={**FORM, asked["country"]: "GH", "terms-1": "yes"})
    await browser.post(path_in((await mails(sqlite))[0]))
    await browser.post(REGISTER + "/transfer", data={"name": "Colleague in Lagos", "email": "lagos@delegates.example"})
    due = TEN_IN_LONDON + timedelta(hours=7, days=30)
    for moment, gone in ((due - timedelta(microseconds=1), 0), (due, 1), (due, 0)):
        async with sqlite.writing() as db:
            assert await purge_due_invitations(db, moment) == gone
