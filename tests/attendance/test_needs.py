"""Food and access: numbers for who plans, names only for who must know, and nothing for anybody else."""

import pytest
from sqlmodel import select

from conference.people.actions import grant_role
from conference.people.tables import Person, RoleKind
from conference.record.tables import AuditEntry
from conference.registration.form_actions import keep_form
from conference.registration.form_rules import Filled, QuestionPlan
from conference.registration.form_tables import AnswerKind, SeenBy
from conference.registration.questions import add_question
from conference.registration.tables import Registration, TicketKind
from tests.attendance.cast import DOOR, THURSDAY, Week, act, send
from tests.console.cast import look

NEEDS = "/manage/events/week/needs"
ASKED = (
    ("What do you not eat?", AnswerKind.several, ("Meat", "Fish", "Nuts"), SeenBy.catering),
    ("Anything else about food", AnswerKind.short_text, (), SeenBy.catering),
    ("What do you need to take part?", AnswerKind.long_text, (), SeenBy.access),
    ("Whom should we call?", AnswerKind.short_text, (), SeenBy.door),
)
SAID = {
    "nairobi": (("Meat", "Fish"), ("No coriander",), ("A ramp",), ("A sister in Mombasa",)),
    "kerala": (("Fish", "Meat"), (), (), ("A brother in Kollam",)),
    "sharjah": (("Nuts",), (), ("A seat in front",), ()),
}
FOOD, ACCESS, CALL = ("No coriander",), ("A ramp", "A seat in front"), ("A sister in Mombasa", "A brother in Kollam")


@pytest.fixture
async def fed(week: Week) -> Week:
    """The week, with a form that everybody filled in."""
    async with week.database.writing() as db:
        questions = [
            await add_question(db, week.event, QuestionPlan(label, "", kind, options, False, 7, readers), THURSDAY)
            for label, kind, options, readers in ASKED
        ]
        for who, answers in SAID.items():
            given = {question.id: words for question, words in zip(questions, answers, strict=True) if words}
            place = await db.get_one(Registration, week.places[who].id)
            await keep_form(db, place, Filled(given, frozenset(question.id for question in questions)), THURSDAY)
    return week


async def seen(week: Week, who: str, query: str = "") -> str:
    return (await look(week.browsers[who], NEEDS + query)).words


async def test_a_cook_sees_numbers_and_asks_for_names_only_where_that_is_noted(fed: Week) -> None:
    numbers = await seen(fed, "cook")
    for counted in ("Meat 2", "Fish 2", "Nuts 1", "Meat, Fish 1", "No coriander 1"):
        assert counted in numbers
    assert [name for name in (person.name for person in fed.people.values()) if name in numbers] == []
    assert [words for words in (*ACCESS, *CALL) if words in numbers] == []
    named = await seen(fed, "cook", "?names=1")
    assert "No coriander 1 Délégate in Nairobi" in named
    async with fed.database.reading() as db:
        noted = (await db.exec(select(AuditEntry).where(AuditEntry.act == "names of needs read"))).all()
    assert [(entry.person_id, entry.details) for entry in noted] == [(fed.people["cook"].id, {"of": ["catering"]})]


@pytest.mark.parametrize(
    ("who", "reads"),
    [("cook", FOOD), ("carer", ACCESS), ("helper", CALL), ("organiser", ())],
)
async def test_each_answer_is_read_by_those_whose_work_it_is(fed: Week, who: str, reads: tuple[str, ...]) -> None:
    page = await seen(fed, who, "?names=1")
    assert tuple(words for words in (*FOOD, *ACCESS, *CALL) if words in page) == reads


async def test_an_organiser_counts_without_reading_until_the_role_is_theirs(fed: Week) -> None:
    counted = await seen(fed, "organiser")
    assert "Nuts 1" in counted
    assert "2 people have answered. The answers themselves are for whoever has the role Access." in counted
    async with fed.database.writing() as db:
        await grant_role(db, await db.get_one(Person, fed.people["organiser"].id), fed.event.id, RoleKind.access, THURSDAY)
    assert "A ramp" in await seen(fed, "organiser")


async def test_nobody_else_gets_in_and_no_list_of_the_door_tells_a_need(fed: Week) -> None:
    statuses = {who: (await fed.browsers[who].get(NEEDS)).status_code for who in ("nobody", "nairobi", "moderator", "stranger")}
    assert statuses == {"nobody": 303, "nairobi": 403, "moderator": 403, "stranger": 403}
    for path in ("", "/list", "/list.json", "?everybody=1"):
        text = (await fed.browsers["helper"].get(DOOR + path)).text
        assert [words for words in (*FOOD, *ACCESS, *CALL, "Nuts") if words in text] == []


async def test_who_only_watches_recordings_is_expected_at_no_door(week: Week) -> None:
    async with week.database.writing() as db:
        kind = TicketKind(event_id=week.event.id, slug="recordings", name="Recordings only", takes_part=False)
        db.add(kind)
        await db.flush()
        (await db.get_one(Registration, week.places["kerala"].id)).kind_id = kind.id
    assert "0 of 2 checked in" in (await look(week.browsers["helper"], DOOR)).words
    assert await send(week.browsers["helper"], act(week.code("kerala"))) == ["no_entry"]
    assert (await week.browsers["kerala"].get("/events/week/ticket")).status_code == 404
    for path in ("/me", "/events/week/registration"):
        assert "/events/week/ticket" not in (await look(week.browsers["kerala"], path)).text
