"""Everybody is told together."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from conference.calls.announcing import announce
from conference.calls.deciding import Plan, decide, undo_decision
from conference.calls.decision_tables import Verdict
from conference.calls.offer_tables import Offer
from conference.calls.standings import reserve_list, standing_decisions
from conference.calls.submission_tables import SubmissionState
from conference.calls.tables import CallState
from conference.errors import Conflict
from conference.mail.compose import written
from conference.mail.tables import QueuedMail
from conference.papers.tables import IssuedPaper, PaperKind
from conference.settings import Settings
from conference.storage.database import Database, Db
from conference.web.render import environment
from tests.calls.test_deciding import AFTER, Decided, build_decided

REAL = datetime.fromisoformat("2026-11-22T12:00:00+00:00")
LATER = AFTER + timedelta(days=3)
YES, WAIT, NO = Verdict.accepted, Verdict.reserve, Verdict.rejected


@pytest.fixture
async def db(sqlite: Database) -> AsyncIterator[Db]:
    async with sqlite.writing() as opened:
        yield opened


async def decided(db: Db, *verdicts: Verdict, **how: Any) -> Decided:
    cast = await build_decided(db, **how)
    for index, verdict in enumerate(verdicts):
        await cast.decide(db, index, verdict)
    return cast


async def tell(db: Db, cast: Decided, at: datetime = LATER) -> None:
    await announce(db, cast.made.call, at, REAL, by=cast.made.organiser)


async def letters(db: Db) -> list[tuple[str, str]]:
    rows = select(QueuedMail).where(QueuedMail.template == "call_decision").order_by(col(QueuedMail.id))
    return [(mail.to_name, mail.facts["letter"]) for mail in await db.exec(rows)]


async def test_everybody_gets_the_letter_of_their_verdict_and_knows_their_state(db: Db) -> None:
    cast = await decided(db, YES, WAIT, NO, YES, NO)
    await tell(db, cast)
    assert await letters(db) == [
        ("Librarian in Nairobi", "We offer you a place."),
        ("Librarian in Bergen", "You are on the reserve list."),
        ("Librarian in Kollam", "We can't offer you a place."),
        ("Librarian in Lima", "We offer you a place."),
        ("Librarian in Suva", "We can't offer you a place."),
    ]
    assert [each.state.value for each in cast.sent] == ["accepted", "reserve", "rejected", "accepted", "rejected"]
    assert {each.told_at for each in cast.sent} == {LATER}
    assert (cast.made.call.state, cast.made.call.decided_at) == (CallState.decided, LATER)


async def test_while_one_submission_is_open_nobody_is_told(db: Db) -> None:
    cast = await decided(db, YES, YES, NO, NO)
    with pytest.raises(Conflict, match="WEEK-2021-0005"):
        await tell(db, cast)
    assert await letters(db) == []
    assert {each.state for each in cast.sent} == {SubmissionState.submitted}


async def test_who_withdrew_holds_nobody_up_and_gets_no_letter(db: Db) -> None:
    cast = await decided(db, YES, YES, NO, NO)
    for index in (0, 4):
        cast.sent[index].state = SubmissionState.withdrawn
    await db.flush()
    await tell(db, cast)
    assert [name for name, _ in await letters(db)] == ["Librarian in Bergen", "Librarian in Kollam", "Librarian in Lima"]


async def test_announcing_twice_tells_nobody_twice_and_what_was_told_stands(db: Db) -> None:
    cast = await decided(db, YES, YES, NO, NO, NO)
    await tell(db, cast)
    with pytest.raises(Conflict, match="nothing to announce"):
        await tell(db, cast)
    assert len(await letters(db)) == 5
    with pytest.raises(Conflict, match="has been told"):
        await cast.decide(db, 2, YES)


async def test_who_was_accepted_has_an_offer_with_the_letters_last_moment_and_nobody_else_has(db: Db) -> None:
    cast = await decided(db, YES, WAIT, NO, YES, NO)
    await tell(db, cast)
    offers = list(await db.exec(select(Offer).order_by(col(Offer.id))))
    assert {offer.submission_id for offer in offers} == {cast.sent[0].id, cast.sent[3].id}
    assert [offer.offered_at for offer in offers] == [LATER, LATER]
    papers = list(await db.exec(select(IssuedPaper)))
    assert {(paper.kind, paper.subject_id) for paper in papers} == {(PaperKind.offer_letter, offer.id) for offer in offers}
    assert [cast.sent[0].state, cast.sent[1].state] == [SubmissionState.accepted, SubmissionState.reserve]


async def test_facts_in_a_letter_are_plain_data(db: Db) -> None:
    told = {"received": "", "rejected": "No.", "reserve": "Later."}
    text = "{name}: {reference} of {title}, {amount} by {respond_by}. {name.__class__}"
    cast = await build_decided(db, places=None, award={"most_pence": 9_000_00}, letters={**told, "accepted": text})
    person = await db.get(type(cast.chair), cast.sent[0].person_id)
    assert person
    person.name = "{title} \N{LEFT CURLY BRACKET}amount}"
    await decide(db, cast.made.call, cast.sent[0], Plan(YES, "Yes.", 8_000_50), AFTER, by=cast.chair)
    for index in range(1, 5):
        await cast.decide(db, index, NO)
    await tell(db, cast)
    by = "the end of Saturday 13 March 2021 in London"
    whole = "{title} {amount}: WEEK-2021-0001 of A week of learning, £8,000.50 by " + by + ". {name.__class__}"
    assert (await letters(db))[0] == ("{title} {amount}", whole)


@pytest.mark.parametrize(("offered", "words"), [(True, "Say more of home."), (False, "")])
async def test_feedback_goes_where_the_call_offers_it(db: Db, offered: bool, words: str) -> None:
    cast = await build_decided(db, feedback=offered)
    await decide(db, cast.made.call, cast.sent[0], Plan(NO, "Weak.", feedback="Say more of home."), AFTER, by=cast.chair)
    for index in range(1, 5):
        await cast.decide(db, index, NO)
    await tell(db, cast)
    [mail] = await db.exec(select(QueuedMail).where(QueuedMail.to_name == "Librarian in Nairobi"))
    assert mail.facts["feedback"] == words


async def test_a_reserve_that_was_told_may_be_decided_again_and_undoing_that_gives_the_turn_back(db: Db) -> None:
    cast = await decided(db, YES, WAIT, NO, NO, WAIT)
    await tell(db, cast)
    await cast.decide(db, 1, YES)
    assert [each.number for _, each in await reserve_list(db, cast.made.call.id)] == [5]
    assert cast.sent[1].told_at == LATER
    await undo_decision(db, cast.made.call, cast.sent[1], LATER, by=cast.chair)
    assert [each.number for _, each in await reserve_list(db, cast.made.call.id)] == [2, 5]
    await cast.decide(db, 1, YES)
    await tell(db, cast)
    assert cast.sent[1].state.value == "accepted"
    standing = await standing_decisions(db, cast.made.call.id)
    assert {each.number: standing[each.id].verdict for each in cast.sent} == {1: YES, 2: YES, 3: NO, 4: NO, 5: WAIT}


async def test_two_who_announce_at_the_same_moment_tell_everybody_once(database: Database) -> None:
    """On both kinds of database: one of them waits for the call's row and finds nothing left to tell."""
    async with database.writing() as db:
        cast = await decided(db, YES, WAIT, NO, NO, NO)
    both = await asyncio.gather(*(_announced(database, cast) for _ in range(2)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in both) == ["Conflict", "NoneType"]
    async with database.reading() as db:
        assert len(await letters(db)) == 5


async def _announced(database: Database, cast: Decided) -> None:
    async with database.writing() as db:
        await announce(db, cast.made.call, LATER, REAL, by=cast.made.organiser)


@pytest.mark.parametrize("text", ["Dear {name},\n\nno.", "No."])
async def test_a_letter_greets_once_whether_or_not_the_text_of_the_call_does(db: Db, settings: Settings, text: str) -> None:
    told = {"received": "", "accepted": "Yes.", "reserve": "Later."}
    cast = await build_decided(db, letters={**told, "rejected": text})
    for index in range(5):
        await cast.decide(db, index, NO)
    await tell(db, cast)
    mail = (await db.exec(select(QueuedMail).order_by(col(QueuedMail.id)))).first()
    assert mail
    _, said = written(mail, settings, environment())
    assert said.lower().startswith(f"dear {mail.to_name.lower()},\n\nno.\n")
