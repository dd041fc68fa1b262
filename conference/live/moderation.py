"""What the moderators' page shows of a stage (pure): questions with what was done to them, polls, chat, people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from conference.live.cards import NOBODY, moderators_author
from conference.live.care_tables import HelpKind
from conference.live.charts import Chart, chart_of
from conference.live.poll_tables import PollState
from conference.live.rules import age_words
from conference.live.shapes import ChatShown, HelpShown, SilenceShown
from conference.live.similar import alike
from conference.live.state import QuestionFacts, StageState
from conference.live.tables import Log, QuestionState
from conference.live.views import ON_STAGE, chat_in, help_shown, polls_in, silence_shown
from conference.times import clock_time, zone_named

NEVER = datetime.min.replace(tzinfo=UTC)
OFFERED = 12  # other questions that a form offers to merge into, unless all are asked for
GONE = (QuestionState.dismissed, QuestionState.merged, QuestionState.withdrawn)
HELP_WORDS = {
    HelpKind.sound: "Can’t hear",
    HelpKind.picture: "Can’t see",
    HelpKind.access: "Needs access",
    HelpKind.conduct: "A report",
    HelpKind.other: "Something else",
}


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """What templates/parts/moderate_question.html shows."""

    id: UUID
    text: str
    author: str
    at: str  # ISO 8601 UTC
    age_words: str
    votes: int
    state: QuestionState
    flag: str = ""  # the held word that is in it
    held_by: str = ""  # another moderator, who looks at it now
    fate: str = ""  # why it is not on the stage any more
    answer: str = ""
    can_undo: bool = False
    pinned: bool = False
    likely: tuple[tuple[UUID, str], ...] = ()  # questions that it may be merged into: those that are like it
    others: tuple[tuple[UUID, str], ...] = ()  # and the rest, those with the most votes first
    more: bool = False  # whether there are others still


@dataclass(frozen=True, slots=True)
class MessageRow:
    message: ChatShown
    at: str
    age_words: str
    answers: str  # whose message it answers; may be empty


@dataclass(frozen=True, slots=True)
class HelpRow:
    help: HelpShown
    kind_words: str
    at: str
    age_words: str


@dataclass(frozen=True, slots=True)
class SilenceRow:
    silence: SilenceShown
    until: str  # clock time
    holds: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """All of a stage, as its moderators see it."""

    pending: tuple[QuestionCard, ...]
    visible: tuple[QuestionCard, ...]
    answered: tuple[QuestionCard, ...]
    archived: tuple[QuestionCard, ...]
    gone: tuple[QuestionCard, ...]  # the last first
    polls: tuple[Chart, ...]  # the last first
    chat: tuple[MessageRow, ...]  # the last first
    waiting: tuple[MessageRow, ...]  # messages that are held back
    help: tuple[HelpRow, ...]
    helped: tuple[HelpRow, ...]
    silences: tuple[SilenceRow, ...]


@dataclass(frozen=True, slots=True)
class Holes:
    """The markup of each without its words: live messages fill it."""

    questions: tuple[QuestionCard, ...]
    poll: Chart
    message: MessageRow
    help: HelpRow
    silence: SilenceRow


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom, and when, and which question's list of others is wanted whole."""

    person_id: UUID
    now: datetime
    zone: str
    whole: UUID | None = None


_NO_HELP = HelpShown(id=NOBODY, name="", kind=HelpKind.other, text="", about_text="", at=NEVER, resolved_at=None, resolved_by="", done="")
HOLES = Holes(
    questions=tuple(QuestionCard(NOBODY, "", "", "", "", 0, state) for state in QuestionState),
    poll=Chart(NOBODY, "", PollState.draft, "", "", "", (), ""),
    message=MessageRow(ChatShown(id=NOBODY, author="", text="", reply_id=None, at=NEVER), "", "", ""),
    help=HelpRow(_NO_HELP, "", "", ""),
    silence=SilenceRow(SilenceShown(id=NOBODY, name="", at=NEVER, ban=False, reason="", until=NEVER, lifted=True), "", holds=False),
)


def desk_of(state: StageState, reader: Reader) -> Desk:
    held_back = [row for row in _chat(state, reader) if row.message.waits]
    requests = [_help(help_shown(each), reader) for each in sorted(state.help.values(), key=lambda each: each.id)]
    return Desk(
        pending=_cards(state, reader, QuestionState.pending),
        visible=_cards(state, reader, QuestionState.visible),
        answered=_cards(state, reader, QuestionState.answered),
        archived=_cards(state, reader, QuestionState.archived),
        gone=_cards(state, reader, *GONE),
        polls=tuple(chart_of(poll) for poll in reversed(polls_in(state, Log.moderators)) if poll.state != PollState.archived),
        chat=tuple(row for row in _chat(state, reader) if not row.message.waits),
        waiting=tuple(held_back),
        help=tuple(row for row in requests if not row.help.resolved_at),
        helped=tuple(row for row in reversed(requests) if row.help.resolved_at),
        silences=tuple(_silence(silence_shown(each), reader) for each in state.silences.values()),
    )


def card_of(state: StageState, question: QuestionFacts, reader: Reader, into: Sequence[QuestionFacts] = ()) -> QuestionCard:
    """`into` are the questions on the stage, those with the most votes first."""
    known = {each.id: each.text for each in into if each.id != question.id}
    likely = alike(question.text, known.items())
    others = [each for each in known if each not in likely]
    most = len(others) if question.id == reader.whole else OFFERED
    is_held = question.held_until and question.held_id != reader.person_id and reader.now < question.held_until
    return QuestionCard(
        id=question.id,
        text=question.text,
        author=moderators_author(question.author, anonymous=question.anonymous),
        at=_iso(question.asked_at),
        age_words=age_words(question.asked_at, reader.now),
        votes=question.votes,
        state=question.state,
        flag=question.flag,
        held_by=question.held_by if is_held and question.state == QuestionState.pending else "",
        fate=_fate(state, question),
        answer=question.written_answer,
        can_undo=bool(question.before) and question.state != QuestionState.withdrawn,
        pinned=question.id == state.run.pinned_id,
        likely=tuple((each, known[each]) for each in likely),
        others=tuple((each, known[each]) for each in others[:most]),
        more=len(others) > most,
    )


def _cards(state: StageState, reader: Reader, *states: QuestionState) -> tuple[QuestionCard, ...]:
    """The queue in the order it came; what is on the stage by votes, the pinned one first; what is gone the last first."""
    found = [each for each in state.questions.values() if each.state in states]
    visible = [each for each in state.questions.values() if each.state == QuestionState.visible]
    if states == GONE:
        found.sort(key=lambda each: (each.asked_at, each.id), reverse=True)
    elif states[0] in ON_STAGE:
        found.sort(key=lambda each: (each.id != state.run.pinned_id, -each.votes, each.asked_at, each.id))
    else:
        found.sort(key=lambda each: (each.asked_at, each.id))
    can_merge = states[0] in (QuestionState.pending, QuestionState.visible)
    offers = sorted(visible, key=lambda each: (-each.votes, each.id)) if can_merge else ()
    return tuple(card_of(state, each, reader, offers) for each in found)


def _fate(state: StageState, question: QuestionFacts) -> str:
    match question.state:
        case QuestionState.dismissed:
            return f"Dismissed. Its author reads: {question.dismiss_reason}"
        case QuestionState.merged:
            into = state.questions.get(question.merged_id) if question.merged_id else None
            return f"Merged into: {into.text}" if into else "Merged into another question."
        case QuestionState.withdrawn:
            return "Withdrawn by whoever asked it."
        case _:
            return ""


def _chat(state: StageState, reader: Reader) -> Iterable[MessageRow]:
    messages = chat_in(state, Log.moderators)
    authors = {each.id: each.author for each in messages}
    for message in reversed(messages):
        answers = authors.get(message.reply_id, "") if message.reply_id else ""
        yield MessageRow(message, _iso(message.at), age_words(message.at, reader.now), answers)


def _help(asked: HelpShown, reader: Reader) -> HelpRow:
    return HelpRow(asked, HELP_WORDS[asked.kind], _iso(asked.at), age_words(asked.at, reader.now))


def _silence(silence: SilenceShown, reader: Reader) -> SilenceRow:
    until = clock_time(silence.until.astimezone(zone_named(reader.zone)))
    return SilenceRow(silence, until, holds=not silence.lifted and reader.now < silence.until)


def _iso(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
