"""All robots of a run: they join spread over some seconds, follow the plan, and wait until everything has arrived."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence

from conference.rehearse.ledger import Ledger
from conference.rehearse.line import Place
from conference.rehearse.messages import Screen
from conference.rehearse.plan import Plan, PlannedQuestion
from conference.rehearse.robot import Robot

AT_ONCE = 50  # handshakes
A_SECOND = 250  # robots that join in the long run, if the house lets them
SAMPLE = 20  # robots whose whole screen is kept
GRACE = 2.0  # seconds after a run's last act before anything counts as late
STILL = 10.0  # seconds without any answer or line: what has not come by then is not awaited any longer
PAUSE = 0.1  # seconds between two looks at who still waits
SILENCE = 2.5 * 15  # seconds: heartbeats that did not come
METER = 0.05  # seconds between two looks at the robots' own lag
Advance = Callable[[int], None]  # a progress bar's step


class Crowd:
    """`tokens`: of the moderator's sign-in, then of each robot's."""

    def __init__(self, place: Place, tokens: Sequence[str], plan: Plan) -> None:
        self.plan, self.ledger = plan, Ledger()
        run = secrets.token_hex(4)
        moderator, *others = tokens
        self.moderator = Robot(0, moderator, place, self.ledger, run, log="moderators")
        self.audience = [Robot(number, token, place, self.ledger, run) for number, token in enumerate(others, 1)]
        self.joined: set[int] = set()
        self.asked: dict[str, PlannedQuestion] = {}  # by id, once acknowledged
        self._votes: dict[str, dict[int, float]] = {}  # by question: each voter's delay
        self._loop = asyncio.get_running_loop()
        self._meter = asyncio.create_task(self._measure_lag())
        for robot in self.audience:
            robot.heard_question = self._vote_soon
        for robot in self.sample:
            robot.screen = Screen()

    @property
    def robots(self) -> list[Robot]:
        return [self.moderator, *self.audience]

    @property
    def sample(self) -> list[Robot]:
        """The moderator, and some of the others from first to last."""
        return [self.moderator, *self.audience[:: max(len(self.audience) // SAMPLE, 1)][:SAMPLE]]

    @property
    def present(self) -> list[Robot]:
        """Those who once got in."""
        return [robot for robot in self.robots if robot.number in self.joined]

    async def join(self, advance: Advance) -> None:
        """Everybody comes, spread over as many seconds as they need; the moderator first."""
        doors = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as coming:
            for place, robot in enumerate(self.robots):
                coming.create_task(self._join(robot, place / A_SECOND, doors, advance))

    async def run(self, advance: Advance) -> None:
        """Follow the plan to its end; `advance` once a second."""
        self.ledger.began = self._loop.time()
        self.ledger.lag = 0.0
        for question in self.plan.questions:
            self._loop.call_later(question.at, self._ask, question)
        ends = self.ledger.began + self.plan.seconds
        while (left := ends - self._loop.time()) > 0:
            await asyncio.sleep(min(left, 1.0))
            self._drop_the_silent()
            advance(1)

    async def settle(self, heads: Callable[[], Awaitable[Mapping[str, int]]]) -> Mapping[str, int]:
        """Wait until every command was answered, and everybody heard of it; what takes too long is left to the report.

        `heads` asks where the logs stand. Returns its last answer.
        """
        await asyncio.sleep(min(GRACE, self.plan.seconds / 4))
        await self._until(lambda robot: robot.ready and not robot.pending)
        stand = await heads()
        await self._until(lambda robot: not robot.unseen and not robot.hearing.lost(stand.get(robot.log, 0)))
        return stand

    def leave(self) -> None:
        self._meter.cancel()
        for robot in self.robots:
            robot.leave()

    async def _until(self, well: Callable[[Robot], bool]) -> None:
        """Wait for this of all robots, as long as anything moves."""
        moved, moved_at = -1, 0.0
        while not all(well(robot) for robot in self.present):
            if self.ledger.movements > moved:
                moved, moved_at = self.ledger.movements, self._loop.time()
            elif self._loop.time() - moved_at > STILL:
                return
            await asyncio.sleep(PAUSE)

    async def _join(self, robot: Robot, pause: float, doors: asyncio.Semaphore, advance: Advance) -> None:
        await asyncio.sleep(pause)
        async with doors:
            if await robot.join():
                self.joined.add(robot.number)
        advance(1)

    def _ask(self, question: PlannedQuestion) -> None:
        robot = self.audience[question.asker - 1]
        robot.send("ask", lambda question_id: self._was_asked(question, question_id), text=question.text, anonymous=question.anonymous)

    def _was_asked(self, question: PlannedQuestion, question_id: str) -> None:
        """The moderator looks at robots' questions alone: people's wait for people."""
        self.asked[question_id] = question
        self._votes[question_id] = dict(question.votes)
        self._loop.call_later(question.approved_after, self._approve, question, question_id)

    def _approve(self, question: PlannedQuestion, question_id: str) -> None:
        def was_approved(_: str) -> None:
            if question.answered_after is not None:
                self._loop.call_later(question.answered_after, self._answer, question_id)

        self.ledger.will_tell("question_approved", question_id, self._loop.time())
        self.moderator.send("approve", was_approved, question_id=question_id)

    def _answer(self, question_id: str) -> None:
        if not self.moderator.ending:
            self.ledger.will_tell("question_answered", question_id, self._loop.time())
            self.moderator.send("mark_answered", question_id=question_id)

    def _vote_soon(self, robot: Robot, question_id: str) -> None:
        after = self._votes.get(question_id, {}).get(robot.number)
        if after is not None:
            self._loop.call_later(after, robot.vote, question_id)

    def _drop_the_silent(self) -> None:
        """Two and a half heartbeats without a word: the line is lost."""
        now = self._loop.time()
        for robot in self.present:
            if robot.line and robot.ready and now - robot.heard_at > SILENCE:
                robot.line.drop()

    async def _measure_lag(self) -> None:
        while True:
            before = self._loop.time()
            await asyncio.sleep(METER)
            self.ledger.lag = max(self.ledger.lag, self._loop.time() - before - METER)
