"""Laws of the stage over random moves: old snapshot + events = fresh snapshot, for each kind of listener; what the public never hears."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from conference.errors import Refusal
from conference.live.commands import Approve, Archive, Ask, Command, Dismiss, MarkAnswered, Upvote
from conference.live.messages import Said, Snapshot, Tick
from conference.live.stage import Actor, Happening, Setting, StageState, decide, evolve
from conference.live.tables import Log
from conference.live.views import fold, snapshot, tell, totals
from conference.programme.tables import Event, EventFormat, RegistrationKind, Session, SessionType

START = datetime(2021, 6, 25, 9, 0, tzinfo=UTC)
PEOPLE = [UUID(int=number) for number in range(1, 5)]
MODERATOR = UUID(int=9)
NAMES = {person: f"Name-of-{person.int}" for person in (*PEOPLE, MODERATOR)}
EVENT = Event(
    slug="wi", title="WI", summary="", about="", format=EventFormat.online, zone="Europe/London", starts_at=START,
    ends_at=START + timedelta(hours=9), registration=RegistrationKind.open, made_at=START, modified_at=START,
)  # fmt: skip
SESSION = Session(
    event_id=EVENT.id, slug="s", title="S", type=SessionType.panel, room_id=EVENT.id, starts_at=START,
    ends_at=START + timedelta(hours=1), made_at=START, modified_at=START,
)  # fmt: skip

Move = tuple[str, int, int, bool]  # verb, whose, which question, anonymous
MOVES = st.lists(
    st.tuples(st.sampled_from(["ask", "ask", "approve", "approve", "dismiss", "upvote", "upvote", "mark_answered", "archive"]),
              st.integers(0, 3), st.integers(0, 7), st.booleans()),
    max_size=40,
)  # fmt: skip


@dataclass
class Listening:
    """A listener as the wire serves it: it gets its log's lines, its own words, and the ticks."""

    log: Log
    person: UUID | None
    held: Snapshot
    heard: list[str] = field(default_factory=list)

    def hear(self, message: Any) -> None:
        text = message.model_dump_json()
        self.heard.append(text)
        self.held = fold(self.held, Said.validate_json(text))  # type: ignore[arg-type]


class Play:
    """A stage in memory, numbering its logs as the database does."""

    def __init__(self) -> None:
        self.state = StageState()
        self.public_seq = self.moderators_seq = 0
        self.moves = 0
        self.listening: list[Listening] = []

    def seq(self, log: Log) -> int:
        return self.public_seq if log == Log.public else self.moderators_seq

    def fresh(self, log: Log, person: UUID | None) -> Snapshot:
        return snapshot(self.state, log, self.seq(log), person)

    def listen(self) -> None:
        for log in Log:
            for person in (None, *PEOPLE):
                self.listening.append(Listening(log, person, self.fresh(log, person)))

    def move(self, move: Move) -> Happening | None:
        verb, whose, which, anonymous = move
        self.moves += 1
        now = START + timedelta(seconds=self.moves)
        known = list(self.state.questions)
        question_id = known[which % len(known)] if known else UUID(int=500)
        person = PEOPLE[whose] if verb in ("ask", "upvote") else MODERATOR
        actor = Actor(person, NAMES[person], takes_part=True, moderates=person == MODERATOR)
        try:
            setting = Setting(EVENT, SESSION, now, UUID(int=1000 + self.moves))
            happening = decide(self.state, command(verb, question_id, anonymous), actor, setting)
        except Refusal:
            return None
        self.state = evolve(self.state, happening)
        self.tell(happening)
        return happening

    def tell(self, happening: Happening) -> None:
        tells = tell(happening, self.state, self.public_seq + 1, self.moderators_seq + 1)
        self.public_seq += tells.public is not None
        self.moderators_seq += tells.moderators is not None
        for each in self.listening:
            line = tells.public if each.log == Log.public else tells.moderators
            if line:
                each.hear(line)
            if tells.own and tells.own[0] == each.person:
                each.hear(tells.own[1])
            if tells.votes:
                each.hear(Tick(votes=dict([tells.votes])))


def command(verb: str, question_id: UUID, anonymous: bool) -> Command:
    made: dict[str, Command] = {
        "ask": Ask(client_id="c", text="Why?", anonymous=anonymous),
        "upvote": Upvote(client_id="c", question_id=question_id),
        "approve": Approve(client_id="c", question_id=question_id),
        "dismiss": Dismiss(client_id="c", question_id=question_id, reason="Reason-for-one"),
        "mark_answered": MarkAnswered(client_id="c", question_id=question_id),
        "archive": Archive(client_id="c", question_id=question_id),
    }
    return made[verb]


@given(MOVES, MOVES)
def test_an_old_snapshot_and_what_was_told_since_are_a_fresh_snapshot(before: list[Move], after: list[Move]) -> None:
    play = Play()
    for move in before:
        play.move(move)
    play.listen()
    for move in after:
        play.move(move)
    for each in play.listening:
        assert each.held == play.fresh(each.log, each.person)


@given(MOVES, MOVES)
def test_hearing_again_what_the_snapshot_already_said_of_oneself_changes_nothing(before: list[Move], after: list[Move]) -> None:
    """Own words and ticks carry no number: those that were on their way while the snapshot was read are heard twice."""
    play = Play()
    for move in before:
        play.move(move)
    play.listen()
    for move in after:
        play.move(move)
    for each in play.listening:
        fresh = play.fresh(each.log, each.person)
        for text in each.heard:
            if "seq" not in (message := Said.validate_json(text)).model_dump():
                fresh = fold(fresh, message)  # type: ignore[arg-type]
        assert fold(fresh, totals(play.state)) == play.fresh(each.log, each.person)


@given(MOVES)
def test_a_log_counts_up_without_gaps_and_hidden_things_leave_no_trace_in_the_public_one(moves: list[Move]) -> None:
    play = Play()
    play.listen()
    for move in moves:
        play.move(move)
    for each in play.listening:
        lines = [Said.validate_json(text).model_dump() for text in each.heard]
        numbered = [line for line in lines if "seq" in line]
        assert [line["seq"] for line in numbered] == list(range(1, play.seq(each.log) + 1))
        if each.log == Log.public:
            assert {line["type"] for line in numbered} <= {"question_approved", "question_answered", "question_archived"}


@given(MOVES)
def test_what_the_public_hears_holds_no_waiting_question_no_reason_and_no_name_of_an_anonymous_asker(moves: list[Move]) -> None:
    play = Play()
    play.listen()
    for move in moves:
        play.move(move)
    public = next(each for each in play.listening if each.log == Log.public and each.person is None)
    said = "".join([*public.heard, public.held.model_dump_json(), play.fresh(Log.public, None).model_dump_json()])
    named = {question.author for question in play.state.questions.values() if question.approved_at and not question.anonymous}
    shown = {question.id for question in play.state.questions.values() if question.approved_at}
    assert {name for name in NAMES.values() if name in said} <= named
    assert {question_id for question_id in play.state.questions if str(question_id) in said} <= shown
    assert {str(person) for person in NAMES if str(person) in said} == set()
    assert "Reason-for-one" not in said
    moderator = next(each for each in play.listening if each.log == Log.moderators)  # the test could see a leak:
    assert {name for question in play.state.questions.values() if (name := question.author) in "".join(moderator.heard)} == {
        question.author for question in play.state.questions.values()
    }


@given(MOVES)
def test_votes_are_as_many_as_there_are_different_voters(moves: list[Move]) -> None:
    play = Play()
    for move in moves:
        play.move(move)
    for question in play.state.questions.values():
        assert question.votes == len([vote for vote in play.state.votes if vote[0] == question.id])
        assert (question.id, question.person_id) not in play.state.votes
