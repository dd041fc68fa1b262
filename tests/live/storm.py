"""A storm: asks, votes and moderation at a steady rate, over sockets and forms, at all houses; and what must be true when it is over."""

import asyncio
import math
import random
import time
from collections import Counter
from uuid import UUID, uuid4

from sqlmodel import func, select

from conference.live.messages import Acknowledged
from conference.live.rules import MAX_WAITING
from conference.live.shapes import ModeratorsQuestion
from conference.live.tables import Log, QuestionState, Stage, StageCommand
from tests.live.phone import Phone
from tests.live.town import CROWD, Town
from tests.servers import Process

PER_SECOND = 50
KINDS = {"ask": 30, "vote": 45, "approval": 20, "dismissal": 5}  # of a hundred acts
BY_FORM = 0.3  # of all acts
STRAGGLERS = 20  # seconds for what was not acknowledged yet when the storm is over
COMMANDS = {"approval": "approve", "dismissal": "dismiss"}
REASON = "A reason for one person"


class Storm:
    """What is acknowledged is noted; what is not is sent again, under the same id, until it is."""

    def __init__(self, town: Town, seed: int = 0) -> None:
        self.town = town
        self.chance = random.Random(seed)
        self.people: dict[str, Phone] = {}
        self.queues: list[tuple[list[Process], Phone]] = []  # each moderator's house and where to go else, and their page
        self.asked: list[str] = []
        self.voted: list[tuple[UUID, UUID]] = []  # question, person
        self.moderated: dict[str, list[UUID]] = {"approval": [], "dismissal": []}
        self.looked_at: dict[UUID, float] = {}  # question: when its moderation began (monotonic)
        self._waiting: Counter[str] = Counter()  # questions of one person that no moderator looked at
        self._authors: dict[UUID, str] = {}
        self._voting: set[tuple[UUID, str]] = set()  # votes that were begun
        self._acts: list[asyncio.Task[None]] = []

    async def gather(self) -> None:
        """Everybody opens the page, at one house or the other."""
        for number in range(len(self.town.houses)):
            await self.open_pages(number)

    async def open_pages(self, number: int) -> None:
        """At one of the houses: its part of the delegates, a moderator, a stranger and somebody who isn't signed in."""
        houses = list(self.town.houses)
        ways = houses[number:] + houses[:number]
        crowd = CROWD[number :: len(houses)]
        self.people |= {name: self.town.phone(name, *ways) for name in crowd[::2]}
        self.people |= {name: self.town.phone(name, ways[0]) for name in crowd[1::2]}  # who will wait for this house
        self.queues.append((ways, self.town.phone("moderator", *ways, log=Log.moderators)))
        for name in (None, "stranger"):
            self.town.phone(name, *ways)
        await self.town.opened()

    async def blow(self, seconds: float, per_second: float = PER_SECOND) -> None:
        """Begin that many acts, evenly, whatever becomes of them."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        for number in range(round(seconds * per_second)):
            await asyncio.sleep(began + number / per_second - loop.time())
            self._acts.append(asyncio.create_task(self._some_act(len(self._acts))))

    async def end(self) -> None:
        """Everything that was begun is acknowledged."""
        async with asyncio.timeout(STRAGGLERS):
            await asyncio.gather(*self._acts)

    @property
    def begun(self) -> int:
        return len(self._acts)

    @property
    def acknowledged(self) -> int:
        return len(self.asked) + len(self.voted) + sum(map(len, self.moderated.values()))

    async def assert_all_is_there_once(self) -> None:
        """In the database, in both logs, and on every page that is open."""
        questions = await self.town.questions()
        assert sorted(questions) == sorted(self.asked)
        assert sorted(await self.town.votes()) == sorted(self.voted)
        assert Counter({each.id: each.votes for each in questions.values()}) == Counter(question_id for question_id, _ in self.voted)
        for act, state in (("approval", QuestionState.visible), ("dismissal", QuestionState.dismissed)):
            assert {each.id for each in questions.values() if each.state == state} == set(self.moderated[act])
        lines = {log: await self.town.lines(log) for log in Log}
        approved, hidden = len(self.moderated["approval"]), len(self.asked) + len(self.moderated["dismissal"])
        assert [seq for seq, _ in lines[Log.public]] == list(range(1, approved + 1))
        assert [seq for seq, _ in lines[Log.moderators]] == list(range(1, approved + hidden + 1))
        assert await self._effects() == self.acknowledged == self.begun
        await self.town.settled()
        for phone in self.town.phones:
            assert phone.lines == lines[phone.log]

    async def leaks(self, phone: Phone) -> set[str]:
        """What this page heard of others' questions before a moderator let them in: ids and texts."""
        hidden = set[str]()
        for question in (await self.town.questions()).values():
            if question.person_id != self.town.id_of(phone.name):
                shown_at = self.looked_at[question.id] if question.approved_at else math.inf
                words = phone.words(before=shown_at)
                hidden |= {word for word in (str(question.id), question.text) if word in words}
        return hidden

    async def _some_act(self, number: int) -> None:
        [kind] = self.chance.choices(list(KINDS), list(KINDS.values()))
        ways = self.chance.sample(list(self.town.houses), len(self.town.houses)) if self.chance.random() < BY_FORM else []
        if kind in COMMANDS and (found := self._found_in_a_queue()):
            await self._moderate(kind, *found, by_form=bool(ways))
        elif kind == "vote" and (vote := self._possible_vote(by_form=bool(ways))):
            await self._vote(*vote, ways)
        else:
            await self._ask(number, ways)

    async def _ask(self, number: int, ways: list[Process]) -> None:
        name = self.chance.choice([name for name in CROWD if self._waiting[name] < MAX_WAITING])
        self._waiting[name] += 1
        text = f"{name} asks, act {number}."  # no text of one is a part of another
        if ways:
            assert await self.town.post(name, f"{self.town.stage}/questions", *ways, text=text, client_id=uuid4().hex) == 303
        else:
            assert isinstance(await self.people[name].say("ask", text=text), Acknowledged)
        self.asked.append(text)

    def _possible_vote(self, *, by_form: bool) -> tuple[str, UUID] | None:
        """Who votes for which. A form may come from a page that any house painted; a socket's page must have heard of the question."""
        name = self.chance.choice(CROWD)
        seen = self.moderated["approval"] if by_form else list(self.people[name].totals)
        open_to = [each for each in seen if self._authors.get(each) not in (None, name) and (each, name) not in self._voting]
        return (name, self.chance.choice(open_to)) if open_to else None

    async def _vote(self, name: str, question_id: UUID, ways: list[Process]) -> None:
        self._voting.add((question_id, name))
        if ways:
            assert await self.town.vote(name, question_id, *ways) == 303
        else:
            assert isinstance(await self.people[name].say("upvote", question_id=question_id), Acknowledged)
        self.voted.append((question_id, self.town.cast.people[name].id))

    def _found_in_a_queue(self) -> tuple[list[Process], Phone, ModeratorsQuestion] | None:
        """What a moderator sees waiting, on their own page."""
        ways, queue = self.chance.choice(self.queues)
        for each in queue.held.questions if queue.held else ():
            is_ours = isinstance(each, ModeratorsQuestion) and author_of(each.text) in self.people
            if is_ours and each.state == QuestionState.pending and each.id not in self.looked_at:
                return ways, queue, each
        return None

    async def _moderate(self, act: str, ways: list[Process], queue: Phone, question: ModeratorsQuestion, *, by_form: bool) -> None:
        author = author_of(question.text)
        self.looked_at[question.id] = time.monotonic()
        self._authors[question.id] = author
        more = {"reason": REASON} if act == "dismissal" else {}
        if by_form:
            await self.town.moderate(act, question.id, *ways, reason=REASON)
        else:
            assert isinstance(await queue.say(COMMANDS[act], question_id=question.id, **more), Acknowledged)
        self._waiting[author] -= 1
        self.moderated[act].append(question.id)

    async def _effects(self) -> int:
        """Commands that were carried out on this stage."""
        async with self.town.database.reading() as db:
            carried_out = select(func.count()).select_from(StageCommand).join(Stage)
            return (await db.exec(carried_out.where(Stage.session_id == self.town.cast.session.id))).one()


def author_of(text: str) -> str:
    """Who asked this in a storm."""
    return text.split(" asks")[0]
