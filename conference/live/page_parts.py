"""What else stands on a delegate's page (pure): polls, the chat, captions, announcements, and what is one's own."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from uuid import UUID

from conference.live.cards import NOBODY, Card, Clock, hole, iso
from conference.live.care_tables import HelpKind
from conference.live.charts import Chart, chart_of
from conference.live.poll_tables import PollKind, PollState
from conference.live.rules import MAX_WORDS, RATINGS
from conference.live.shapes import AnnouncementShown, ChatShown, Mine, OwnSilence, PollShown
from conference.live.state import QuestionFacts, StageState
from conference.live.tables import Log, QuestionState
from conference.live.views import ON_STAGE, chat_in, chat_shown, polls_in

REACTIONS = (("applause", "Applause"), ("heart", "Love it"), ("smile", "Smile"), ("surprise", "Surprise"))
HELP_KINDS = (
    (HelpKind.sound, "I can’t hear"),
    (HelpKind.picture, "I can’t see the picture"),
    (HelpKind.access, "Something is not accessible to me"),
    (HelpKind.other, "Something else"),
)
HELP_WORDS = {kind.value: words for kind, words in HELP_KINDS} | {HelpKind.conduct.value: "You reported something"}
JOINED = "Joined with another question that asks the same."
QUOTED = 80  # characters of a message that another answers


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class PollCard:
    """What templates/parts/poll_card.html shows. `told` is the poll as docs/protocol.md has it, for the script."""

    id: UUID
    kind: PollKind
    state: PollState
    chart: Chart
    choices: tuple[Choice, ...]  # for words: what was typed, and empty ones
    answered: bool
    told: str


@dataclass(frozen=True, slots=True)
class MessageCard:
    """What templates/parts/chat_message.html shows."""

    id: UUID
    author: str = ""
    text: str = ""
    at: str = ""
    clock: str = ""
    answers: str = ""  # whom it answers, and the beginning of what they said
    state: str = "shown"  # or "deleted", or "waits": one's own, which a moderator looks at first


@dataclass(frozen=True, slots=True)
class OwnCard:
    """A question of one's own that is not on the stage."""

    id: UUID
    text: str
    words: str  # what became of it
    state: str = "dismissed"  # or pending, or merged

    @property
    def can_withdraw(self) -> bool:
        return self.state == QuestionState.pending


@dataclass(frozen=True, slots=True)
class HelpCard:
    id: UUID
    kind_words: str
    text: str
    done: str


@dataclass(frozen=True, slots=True)
class Announced:
    id: UUID
    text: str
    until: str  # ISO 8601 UTC
    until_words: str


@dataclass(frozen=True, slots=True)
class Silenced:
    until: str  # ISO 8601 UTC
    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class Holes:
    """Empty ones, whose markup live messages fill."""

    open: Card = field(default_factory=lambda: hole(QuestionState.visible))
    mine: Card = field(default_factory=lambda: replace(hole(QuestionState.visible), own=True))
    still: Card = field(default_factory=lambda: hole(QuestionState.answered))
    polls: tuple[PollCard, ...] = field(default_factory=lambda: tuple(_empty_poll(kind) for kind in PollKind))
    message: MessageCard = MessageCard(NOBODY)
    own: OwnCard = OwnCard(NOBODY, "", "")
    waiting: OwnCard = OwnCard(NOBODY, "", "", QuestionState.pending)
    help: HelpCard = HelpCard(NOBODY, "", "", "")
    announced: Announced = Announced(NOBODY, "", "", "")


def poll_cards(state: StageState, mine: Mine) -> tuple[PollCard, ...]:
    """Open ones first, then the youngest; without those that were put away."""
    own = {ballot.poll_id: ballot.choices for ballot in mine.ballots}
    shown = [poll for poll in polls_in(state, Log.public) if poll.state != PollState.archived]
    youngest = sorted(shown, key=lambda poll: (poll.drafted_at, poll.id), reverse=True)
    return tuple(_poll_card(poll, own.get(poll.id, ())) for poll in sorted(youngest, key=lambda poll: poll.state != PollState.open))


def message_cards(state: StageState, person_id: UUID | None, clock: Clock) -> tuple[MessageCard, ...]:
    """What everybody reads, then what of one's own waits."""
    shown = {message.id: message for message in chat_in(state, Log.public)}
    waiting = [each for each in state.chat.values() if each.person_id == person_id and not each.shown_at and not each.deleted_at]
    cards = [_message_card(message, shown.get(message.reply_id) if message.reply_id else None, clock) for message in shown.values()]
    return (*cards, *(_message_card(chat_shown(each), None, clock) for each in waiting))


def own_cards(state: StageState, person_id: UUID | None) -> tuple[OwnCard, ...]:
    """What became of one's questions that are not on the stage, in the order they were asked."""
    own = sorted((each for each in state.questions.values() if each.person_id == person_id), key=lambda each: each.id)
    return tuple(filter(None, (_own_card(each, state) for each in own)))


def help_cards(mine: Mine) -> tuple[HelpCard, ...]:
    return tuple(HelpCard(each.id, HELP_WORDS[each.kind], each.text, each.done) for each in mine.help)


def announced_cards(announced: Iterable[AnnouncementShown], clock: Clock) -> tuple[Announced, ...]:
    return tuple(Announced(each.id, each.text, iso(each.until), f"Until {clock.words(each.until)}") for each in announced)


def silenced_card(silence: OwnSilence | None, clock: Clock) -> Silenced | None:
    """None: one may write."""
    if silence is None or silence.until <= clock.now:
        return None
    return Silenced(iso(silence.until), f"You can read along, but not write until {clock.words(silence.until)}.", silence.reason)


def slow_words(seconds: int) -> str:
    """static/js/stage-mine.js says the same."""
    return f"Slow mode: one question or message every {seconds} seconds." if seconds else ""


def quoted(author: str, text: str) -> str:
    """`Delegate in Nairobi: “How did it …”`; static/js/stage-chat.js says the same."""
    line = " ".join(text.split())
    return f"{author}: “{line if len(line) <= QUOTED else line[:QUOTED].rstrip() + '…'}”"


def _poll_card(poll: PollShown, own: tuple[str, ...]) -> PollCard:
    return PollCard(poll.id, poll.kind, poll.state, chart_of(poll), _choices(poll, own), bool(own), poll.model_dump_json())


def _choices(poll: PollShown, own: tuple[str, ...]) -> tuple[Choice, ...]:
    if poll.kind == PollKind.words:
        return tuple(Choice(word, "") for word in (*own, "", "", "")[:MAX_WORDS])
    if poll.kind == PollKind.rating:
        return tuple(Choice(rating, rating, rating in own) for rating in RATINGS)
    return tuple(Choice(str(place), option, str(place) in own) for place, option in enumerate(poll.options))


def _empty_poll(kind: PollKind) -> PollCard:
    chart = Chart(NOBODY, "", PollState.open, "", "", "", (), "")
    choices = {PollKind.words: ("", "", ""), PollKind.rating: RATINGS}.get(kind, ("",))
    return PollCard(NOBODY, kind, PollState.open, chart, tuple(Choice(each, each) for each in choices), answered=False, told="")


def _message_card(message: ChatShown, answered: ChatShown | None, clock: Clock) -> MessageCard:
    return MessageCard(
        id=message.id,
        author=message.author,
        text=message.text,
        at=iso(message.at),
        clock=clock.time(message.at),
        answers=quoted(answered.author, answered.text) if answered and not answered.deleted and not message.deleted else "",
        state="deleted" if message.deleted else "waits" if message.waits else "shown",
    )


def _own_card(question: QuestionFacts, state: StageState) -> OwnCard | None:
    """None for what is on the stage, or was withdrawn. static/js/stage-mine.js says the same."""
    match question.state:
        case QuestionState.pending:
            return OwnCard(question.id, question.text, waiting_words(anonymous=question.anonymous), question.state)
        case QuestionState.dismissed:
            return OwnCard(question.id, question.text, f"Not taken up. The moderator says, to you alone: {question.dismiss_reason}")
        case QuestionState.merged:
            return OwnCard(question.id, question.text, _joined_words(state, question.merged_id, question.person_id), question.state)
        case _:
            return None


def _joined_words(state: StageState, into_id: UUID | None, person_id: UUID) -> str:
    into = state.questions.get(into_id) if into_id else None
    if into is None or into.state not in ON_STAGE:
        return JOINED
    counts = "" if into.person_id == person_id else " Your vote counts there."
    return f"Joined with “{into.text}”, which asks the same.{counts}"


def waiting_words(*, anonymous: bool) -> str:
    return f"Waits for a moderator{'; anonymous to the audience' if anonymous else ''}."
