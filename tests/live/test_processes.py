"""Two processes, one stage: what is done in one is seen in the other, on a real PostgreSQL and a real Valkey."""

import asyncio
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlmodel import func, select

from conference.clock import Clock
from conference.live.commands import Approve, Ask, Command, Upvote
from conference.live.floor import Floor
from conference.live.messages import Acknowledged, Here, Refused
from conference.live.presence import BEAT
from conference.live.rules import Door
from conference.live.shapes import OwnDismissed
from conference.live.tables import Log, Stage, Vote
from conference.people.tables import SignIn
from conference.programme.tables import Session
from conference.storage.database import Database, Db
from conference.web.request import Visitor
from conference.wire.codes import ROLE_ENDED, SIGNED_OUT
from tests.blank import make_blank
from tests.live.cast import make_cast
from tests.live.phone import Phone
from tests.live.town import CROWD, Town, until

SOON = 1.0  # seconds: what is to be live
ATTEMPTS = 10
OTHERS = ((None, Log.public), ("voter", Log.public), ("moderator", Log.public), ("moderator", Log.moderators))


async def test_asked_on_one_it_is_seen_approved_and_answered_on_the_other_and_heard_by_all_once_and_in_order(town: Town) -> None:
    one, two = town.houses
    everywhere = [town.phone(name, house) for house in town.houses for name in (None, "voter", "stranger")]
    asker, moderator = town.phone("asker", one), town.phone("moderator", two, log=Log.moderators)
    await town.opened()
    for number in range(1, 4):
        await asker.say("ask", text=f"Question {number}")
        await knows(moderator, number)
        question_id = moderator.page().questions[-1].id
        for act, seq in (("approve", 2 * number - 1), ("mark_answered", 2 * number)):
            assert isinstance(await moderator.say(act, question_id=question_id), Acknowledged)
            await heard(everywhere, seq)
    told = await town.lines(Log.public)
    assert [seq for seq, _ in told] == list(range(1, 7))
    assert [phone.lines for phone in everywhere] == [told] * len(everywhere)
    assert moderator.lines == await town.lines(Log.moderators)
    await town.settled()


async def test_votes_on_either_are_in_the_totals_of_both_within_a_second(town: Town) -> None:
    one, two = town.houses
    question_id = await town.ask_and_approve("asker", "Who pays?", one)
    listening = [town.phone(None, one), town.phone(None, two)]
    voters = [town.phone(name, house) for name, house in zip(CROWD[:8], (one, two) * 4, strict=True)]
    await town.opened()
    for count, voter in enumerate(voters, 1):
        assert isinstance(await voter.say("upvote", question_id=question_id), Acknowledged)
        await shows(listening, question_id, count)
    await asyncio.gather(*(town.vote(name, question_id, house) for name, house in zip(CROWD[8:], (one, two) * 16, strict=True)))
    await shows(listening, question_id, len(CROWD))
    await asyncio.sleep(SOON)
    for phone in town.phones:
        told = [tick.votes[question_id] for _, tick in phone.ticks]
        assert (told, told[-1]) == (sorted(told), len(CROWD))


async def test_why_a_question_was_dismissed_is_told_to_its_author_and_the_moderators_alone_wherever_they_listen(town: Town) -> None:
    one, two = town.houses
    authors = [town.phone("asker", house) for house in town.houses]
    others = [town.phone(name, house, log=log) for house in town.houses for name, log in OTHERS]
    moderating = [log == "moderators" for _ in town.houses for _, log in OTHERS]
    await town.opened()
    question_id = await town.ask("asker", "When is lunch?", one)
    await until(lambda: all(author.page().mine.waiting for author in authors), SOON)
    await town.moderate("dismissal", question_id, two, reason="It is in the programme.")
    told = OwnDismissed(id=question_id, text="When is lunch?", reason="It is in the programme.")
    await until(lambda: all(author.page().mine.dismissed == (told,) for author in authors), SOON)
    await town.settled()
    assert ["It is in the programme." in phone.words() for phone in (*authors, *others)] == [True] * 2 + moderating


@pytest.mark.parametrize("ids", ["own", "same"])
async def test_one_person_who_votes_everywhere_at_once_has_one_vote(town: Town, ids: str) -> None:
    """By forms and sockets, in both processes; under ids of their own, and under one and the same."""
    one, two = town.houses
    phones = [town.phone("voter", house) for house in (one, two) for _ in range(6)]
    await town.opened()
    for number in range(5):
        question_id = await town.ask_and_approve("asker", f"Question {number}", one)
        shared = {"client_id": uuid4().hex} if ids == "same" else {}
        by_socket = [phone.say("upvote", question_id=question_id, **shared) for phone in phones]
        by_form = [town.vote("voter", question_id, house, **shared) for house in (one, two) for _ in range(6)]
        answers = await asyncio.gather(*by_socket, *by_form)
        counted = [answer == 303 or isinstance(answer, Acknowledged) for answer in answers]
        assert sum(counted) == (24 if ids == "same" else 1)
        assert (await town.votes()).count((question_id, town.cast.people["voter"].id)) == 1
        assert (await town.questions())[f"Question {number}"].votes == 1
    await town.settled()


async def test_many_people_who_vote_at_once_in_both_processes_all_count_once(town: Town) -> None:
    one, two = town.houses
    question_id = await town.ask_and_approve("asker", "Who pays?", one)
    phones = {name: town.phone(name, house) for name, house in zip(CROWD, (one, two) * 20, strict=True)}
    await town.opened()
    by_socket = [phone.say("upvote", question_id=question_id) for phone in phones.values()]
    by_form = [town.vote(name, question_id, house) for name, house in zip(CROWD, (two, one) * 20, strict=True)]
    answers = await asyncio.gather(*by_socket, *by_form)
    assert sum(answer == 303 or isinstance(answer, Acknowledged) for answer in answers) == len(CROWD)
    assert sorted(person_id for _, person_id in await town.votes()) == sorted(town.cast.people[name].id for name in CROWD)
    assert (await town.questions())["Who pays?"].votes == len(CROWD)
    await town.settled()


async def test_a_person_in_two_processes_is_one_and_guests_are_counted_wherever_they_are(town: Town) -> None:
    one, two = town.houses
    for name, house in (("asker", one), ("asker", one), ("asker", two), ("voter", two), (None, one), (None, two), (None, two)):
        town.phone(name, house)
    await until(lambda: all(phone.counted == Here(people=2, guests=3) for phone in town.phones), 2 * BEAT + SOON)
    again = town.phone("voter", one)
    await town.opened()
    assert again.counted == Here(people=2, guests=3)  # the welcome's words
    town.phone("stranger", one)
    await until(lambda: all(phone.counted == Here(people=3, guests=3) for phone in town.phones), 2 * BEAT + SOON)


async def test_a_sign_out_and_a_role_that_ends_on_one_cut_their_sockets_on_the_other_and_nobody_else_s(town: Town) -> None:
    one, two = town.houses
    signed_out = [town.phone("voter", house) for house in (one, two, two)]
    without_role = [town.phone("moderator", house, log=Log.moderators) for house in (one, two)]
    staying = [town.phone(name, house) for name in (None, "asker", "moderator") for house in (one, two)]
    staying.append(town.phone("organiser", two, log=Log.moderators))
    await town.opened()
    assert await town.post("voter", "/sign-out", one) == 303
    assert await town.post("organiser", f"/manage/events/{town.cast.event.slug}/roles/{await town.role('moderator')}/ending", one) == 303
    await until(lambda: all(phone.is_closed for phone in (*signed_out, *without_role)), 5)
    assert [phone.closes for phone in signed_out] == [[SIGNED_OUT.code]] * len(signed_out)
    assert [phone.closes for phone in without_role] == [[ROLE_ENDED.code]] * len(without_role)
    assert [phone.closes for phone in staying] == [[]] * len(staying)
    assert await town.vote("voter", uuid4(), two) == 401


async def test_a_jump_of_the_rehearsal_s_clock_on_one_is_heard_on_the_other_whose_clock_it_moves(town: Town) -> None:
    one, two = town.houses
    here, there = town.phone(None, one), town.phone("voter", two)
    await town.opened()
    async with town.rehearsing():
        assert there.door == Door.open
        over = town.cast.session.ends_at.isoformat()
        assert await town.post("organiser", "/manage/rehearsal/clock", one, at=over) == 303
        await until(lambda: (here.clock_moves, there.clock_moves) == (1, 1), SOON)
        after = town.phone("asker", two)
        await town.opened()
        assert after.door == Door.over
        answer = await after.say("ask", text="Too late?")
        assert isinstance(answer, Refused)
        assert answer.code == "conflict"


@pytest.mark.parametrize(("locked", "unique"), [(False, False), (True, False), (False, True)])
async def test_without_lock_and_constraint_one_person_would_have_many_votes_and_either_of_them_is_enough(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, locked: bool, unique: bool
) -> None:
    """As many floors as processes would have, on a database that may lose its guard."""
    make_blank(postgres_url)
    database, clock = Database(postgres_url), Clock()
    cast = await make_cast(database, clock.real_now())
    async with database.reading() as db:
        visitors = {each.person_id: Visitor(each.person_id, each.id) for each in await db.exec(select(SignIn))}
    floors = [Floor(database, clock) for _ in range(8)]

    async def carry_out(floor: Floor, name: str, command: Command) -> Acknowledged:
        return await floor.carry_out(cast.session.id, visitors[cast.people[name].id], command)

    await carry_out(floors[0], "asker", Ask(client_id="first", text="Is anybody there?"))  # makes the stage
    if not locked:
        monkeypatch.setattr("conference.live.actions.lock_stage", stage_without_a_lock)
    if not unique:
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute("ALTER TABLE vote DROP CONSTRAINT uq_vote_question_id_person_id")
    most = 0
    for attempt in range(ATTEMPTS):  # without a guard it goes wrong as a rule, but not each time
        asked = Ask(client_id=f"ask-{attempt}", text=f"Who pays for number {attempt}?")
        question_id = (await carry_out(floors[0], "asker", asked)).subject_id
        await carry_out(floors[0], "moderator", Approve(client_id=f"approve-{attempt}", question_id=question_id))
        votes = [
            carry_out(floor, "voter", Upvote(client_id=f"vote-{attempt}-{number}", question_id=question_id))
            for number, floor in enumerate(floors)
        ]
        answers = await asyncio.gather(*votes, return_exceptions=True)
        async with database.reading() as db:
            rows = (await db.exec(select(func.count()).select_from(Vote).where(Vote.question_id == question_id))).one()
        assert sum(isinstance(answer, Acknowledged) for answer in answers) == rows
        most = max(most, rows)
        if locked or unique or most > 1:
            break
    await database.close()
    assert most == 1 if locked or unique else most > 1


async def stage_without_a_lock(db: Db, session: Session) -> Stage:
    return (await db.exec(select(Stage).where(Stage.session_id == session.id))).one()


async def heard(phones: list[Phone], count: int) -> None:
    """All of them heard that many lines, soon."""
    await until(lambda: all(len(phone.lines) == count for phone in phones), SOON)


async def knows(moderator: Phone, count: int) -> None:
    await until(lambda: len(moderator.page().questions) == count, SOON)


async def shows(phones: list[Phone], question_id: UUID, votes: int) -> None:
    await until(lambda: all(phone.totals[question_id] == votes for phone in phones), SOON)
