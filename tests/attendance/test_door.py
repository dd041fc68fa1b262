"""People arrive: by code, by name, by phones that had no line; each is checked in once, whatever happens on the way."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

from conference.people.tables import Person
from conference.registration.actions import cancel_registration
from conference.registration.seats import book_seat
from tests.attendance.cast import DAY, DOOR, THURSDAY, Week, act, send
from tests.console.cast import look
from tests.console.cast import send as press


async def give_back(week: Week, who: str) -> None:
    async with week.database.writing() as db:
        await cancel_registration(db, week.event, await db.get_one(Person, week.people[who].id), THURSDAY, THURSDAY)


async def test_a_helper_checks_somebody_in_by_a_typed_code_and_takes_it_back(week: Week) -> None:
    helper = week.browsers["helper"]
    form = (await look(helper, DOOR)).form(f"{DOOR}/check-ins")
    after = await press(helper, f"{DOOR}/check-ins", form | {"code": week.code("nairobi").lower().replace("-", " ")})
    assert after.said == "Délégate in Nairobi: Checked in."
    assert "1 of 3 checked in" in after.words
    undo = next(action for action in after.forms if action.endswith("/undoing"))
    assert (await press(helper, undo, {})).said == "Délégate in Nairobi is not checked in any more."
    assert (await press(helper, undo, {})).said == "Délégate in Nairobi is not checked in any more."
    assert await week.check_ins() == [("nairobi", "2025-07-10", False)]


async def test_the_same_form_twice_is_one_check_in_and_one_act(week: Week) -> None:
    helper = week.browsers["helper"]
    form = (await look(helper, f"{DOOR}?q=kerala")).form(f"{DOOR}/check-ins")
    form |= {"place": str(week.places["kerala"].id)}
    assert [(await press(helper, f"{DOOR}/check-ins", form)).said for _ in range(2)] == ["Delegate in Kerala: Checked in."] * 2
    assert await week.outcomes() == ["checked_in"]


async def test_names_are_found_without_their_accents_and_by_organisation(week: Week) -> None:
    helper = week.browsers["helper"]
    for words, found in (("delegate nairobi", ["Délégate in Nairobi"]), ("PUBLIC lib", ["Délégate in Nairobi"]), ("nobody", [])):
        page = await look(helper, f"{DOOR}?q={words}")
        assert [name for name in (person.name for person in week.people.values()) if f"Check in {name}" in page.text] == found


async def test_what_is_no_code_comes_back_with_a_sentence_and_checks_nobody_in(week: Week) -> None:
    helper = week.browsers["helper"]
    form = (await look(helper, DOOR)).form(f"{DOOR}/check-ins")
    again = await press(helper, f"{DOOR}/check-ins", form | {"code": "7K2M"})
    assert (again.status, set(again.beside)) == (422, {"code"})
    unknown = await press(helper, f"{DOOR}/check-ins", form | {"code": "0000-0000-0000-0000"})
    assert unknown.said == "This code: Not a ticket of this event, or its place went to somebody else."
    assert await week.check_ins() == []


async def test_a_phone_sends_what_it_kept_and_sends_it_again(week: Week) -> None:
    kept = [act(week.code("nairobi"), at=THURSDAY - timedelta(minutes=40)), act(place=week.places["kerala"].id)]
    phone = week.browsers["helper"]
    assert await send(phone, *kept) == ["checked_in", "checked_in"]
    assert await send(phone, *kept) == ["checked_in", "checked_in"]
    assert await week.check_ins() == [("nairobi", "2025-07-10", True), ("kerala", "2025-07-10", True)]
    assert "In since 08:50" in (await look(phone, DOOR)).words  # 07:50 UTC: when it was, not when it came


async def test_scanned_on_two_phones_is_one_check_in_and_both_are_noted_at_the_earlier_time(week: Week) -> None:
    code = week.code("nairobi")
    assert await send(week.browsers["helper"], act(code, at=THURSDAY - timedelta(minutes=5))) == ["checked_in"]
    assert await send(week.browsers["organiser"], act(code, at=THURSDAY - timedelta(minutes=20))) == ["already"]
    assert await week.check_ins() == [("nairobi", "2025-07-10", True)]
    assert await week.outcomes() == ["checked_in", "already"]
    assert "In since 09:10" in (await look(week.browsers["helper"], DOOR)).words


async def test_many_phones_at_the_same_moment_make_one_check_in_each(week: Week) -> None:
    codes = [week.code(who) for who in week.places]
    told = await asyncio.gather(*(send(week.browsers["helper"], *(act(code) for code in codes)) for _ in range(6)))
    assert sorted(outcome for phone in told for outcome in phone) == ["already"] * 15 + ["checked_in"] * 3
    assert len(await week.check_ins()) == 3


async def test_a_place_given_back_and_scanned_without_a_line_is_flagged_until_somebody_looked(week: Week) -> None:
    code = week.code("kerala")
    await give_back(week, "kerala")
    assert await send(week.browsers["helper"], act(code, at=THURSDAY - timedelta(hours=1))) == ["place_gone"]
    page = await look(week.browsers["helper"], DOOR)
    assert "To be looked at (1) Delegate in Kerala This place was given back: not checked in. Thu 10 July, 08:30" in page.words
    after = await press(week.browsers["helper"], f"{DOOR}/flags", page.form(f"{DOOR}/flags"))
    assert "To be looked at" not in after.words
    assert await week.check_ins() == []


async def test_an_act_from_before_it_was_undone_does_not_check_in_again_and_a_later_one_does(week: Week) -> None:
    phone, code = week.browsers["helper"], week.code("nairobi")
    await send(phone, act(code, at=THURSDAY - timedelta(minutes=9)))
    undo = next(action for action in (await look(phone, DOOR)).forms if action.endswith("/undoing"))
    await press(phone, undo, {})
    assert await send(phone, act(code, at=THURSDAY - timedelta(minutes=8))) == ["undone"]
    later = THURSDAY + timedelta(minutes=1)
    assert await send(phone, act(code, at=later), sent_at=later) == ["checked_in"]
    assert [stands for _, _, stands in await week.check_ins()] == [False, True]


async def test_a_session_with_seats_lets_in_who_has_one_and_each_day_counts_for_itself(week: Week) -> None:
    phone, visit = week.browsers["helper"], f"session:{week.visit.id}"
    async with week.database.writing() as db:
        await book_seat(db, week.event, week.visit, await db.get_one(Person, week.people["nairobi"].id), THURSDAY, THURSDAY)
    seated, other = week.code("nairobi"), week.code("kerala")
    assert await send(phone, act(seated, occasion=visit), act(other, occasion=visit)) == ["checked_in", "no_seat"]
    assert await send(phone, act(seated), act(seated, occasion="day:2025-07-11"), act(seated)) == ["checked_in", "checked_in", "already"]


async def test_no_act_is_for_a_free_day_or_for_another_events_session(week: Week) -> None:
    for occasion in ("day:2025-07-12", f"session:{uuid4()}", "day:x"):
        body = {"sent_at": THURSDAY.isoformat(), "acts": [act(week.code("nairobi"), occasion=occasion)]}
        assert (await week.browsers["helper"].post(f"{DOOR}/scans", json=body)).status_code == 404
    wrong: tuple[dict[str, Any], ...] = ({}, {"sent_at": "x", "acts": []}, {"sent_at": THURSDAY.isoformat(), "acts": [{"client_id": "1"}]})
    for body in wrong:
        assert (await week.browsers["helper"].post(f"{DOOR}/scans", json=body)).status_code == 422


async def test_a_phones_list_knows_codes_only_by_marks_and_nobodys_address(week: Week) -> None:
    answer = await week.browsers["helper"].get(f"{DOOR}/list.json?for={DAY}")
    told = answer.json()
    assert [set(guest) for guest in told["guests"]] == [{"place", "mark", "name", "organisation", "confirmed", "seated", "there"}] * 3
    assert week.code("nairobi") not in answer.text
    assert "@people.example" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
