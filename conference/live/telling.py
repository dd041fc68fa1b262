"""What is told of each happening on a stage, and to whom (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from conference.live import happenings as happened
from conference.live.happenings import Happening, OnQuestion
from conference.live.lines import (
    CaptionAdded,
    ChatChanged,
    ChatSaid,
    CueGiven,
    HelpChanged,
    Logged,
    LoggedEvent,
    PollChanged,
    QuestionAnswered,
    QuestionApproved,
    QuestionArchived,
    QuestionAsked,
    QuestionChanged,
    QuestionHidden,
    SilenceChanged,
    StageChanged,
)
from conference.live.messages import OwnEvent, YourBallotCounted, YourQuestionWaits, YourQuestionWasDismissed, YourVoteCounted
from conference.live.shapes import OwnBallot
from conference.live.state import QuestionFacts, StageState
from conference.live.tables import Log
from conference.live.views import (
    ON_STAGE,
    POLL,
    REACTIONS,
    VOTES,
    Total,
    chat_shown,
    for_author,
    for_moderators,
    for_public,
    help_shown,
    is_public,
    poll_shown,
    poll_total,
    run_shown,
    silence_shown,
    words_shown,
)

Line = TypeVar("Line", bound=Logged)
ACTS = {
    happened.Approved: "approved",
    happened.Dismissed: "dismissed",
    happened.Answered: "answered",
    happened.Archived: "archived",
    happened.Merged: "merged",
    happened.Held: "held",
    happened.Undone: "undone",
    happened.Withdrawn: "withdrawn",
    happened.AnswerWritten: "answer_written",
}


@dataclass(frozen=True, slots=True)
class Tells:
    """What one happening is to each: a line of either log, a word to one person, new totals.

    `owes` are the people to whom all that is their own is told again, `everywhere` on all stages; `cues` that to the session's speakers.
    """

    public: LoggedEvent | None = None
    moderators: LoggedEvent | None = None
    own: tuple[UUID, OwnEvent] | None = None
    owes: frozenset[UUID] = frozenset()
    everywhere: bool = False
    cues: bool = False
    totals: tuple[tuple[str, Total], ...] = ()


@dataclass(frozen=True, slots=True)
class Numbers:
    """Those that the next lines of the two logs would get, and when."""

    public: int
    moderators: int
    at: datetime

    def of(self, log: Log) -> dict[str, object]:
        return {"seq": self.public if log == Log.public else self.moderators, "at": self.at}


def tell(happening: Happening, after: StageState, numbers: Numbers) -> Tells:  # noqa: C901 - one case each
    """What is told of this happening; `after` is the state that it led to."""
    to_all, to_moderators = numbers.of(Log.public), numbers.of(Log.moderators)
    match happening:
        case happened.Asked(question):
            return _tell_asked(question, to_all, to_moderators)
        case happened.PollDrafted(poll) | happened.PollMoved(poll):
            shown = {"poll": poll_shown(poll)}
            if not is_public(poll):
                return Tells(moderators=_line(PollChanged, to_moderators, shown))
            total = (f"{POLL}{poll.id}", poll_total(poll))
            return Tells(_line(PollChanged, to_all, shown), _line(PollChanged, to_moderators, shown), totals=(total,))
        case happened.BallotCast():
            ballot = OwnBallot(poll_id=happening.poll_id, choices=happening.choices, changes=happening.changes)
            total = (f"{POLL}{happening.poll_id}", poll_total(after.polls[happening.poll_id]))
            return Tells(own=(happening.person_id, YourBallotCounted(ballot=ballot)), totals=(total,))
        case happened.Said(message):
            said = {"message": chat_shown(message)}
            return Tells(_line(ChatSaid, to_all, said) if message.shown_at else None, _line(ChatSaid, to_moderators, said))
        case happened.MessageShown(message_id):
            said = {"message": chat_shown(after.chat[message_id])}
            return Tells(_line(ChatSaid, to_all, said), _line(ChatChanged, to_moderators, said))
        case happened.MessageDeleted(message_id):
            said = {"message": chat_shown(after.chat[message_id])}
            was_shown = after.chat[message_id].shown_at
            return Tells(_line(ChatChanged, to_all, said) if was_shown else None, _line(ChatChanged, to_moderators, said))
        case happened.StageSet(run, was):
            is_news = run_shown(run) != run_shown(was)  # the list of held words is for moderators alone
            to_them = _line(StageChanged, to_moderators, {"run": run_shown(run, Log.moderators)})
            return Tells(_line(StageChanged, to_all, {"run": run_shown(run)}) if is_news else None, to_them)
        case happened.Reacted():
            return Tells(totals=((REACTIONS, dict(after.run.reactions)),))
        case happened.Captioned(line):
            added = {"line": words_shown(line)}
            return Tells(_line(CaptionAdded, to_all, added), _line(CaptionAdded, to_moderators, added))
        case happened.CueGiven(cue):
            return Tells(moderators=_line(CueGiven, to_moderators, {"cue": words_shown(cue)}), cues=True)
        case happened.HelpAsked() | happened.HelpResolved():
            request = after.help[happening.help.id if isinstance(happening, happened.HelpAsked) else happening.help_id]
            return Tells(moderators=_line(HelpChanged, to_moderators, {"help": help_shown(request)}), owes=frozenset({request.person_id}))
        case happened.Silenced() | happened.SilenceLifted():
            silence = after.silences[happening.silence.id if isinstance(happening, happened.Silenced) else happening.silence_id]
            told = _line(SilenceChanged, to_moderators, {"silence": silence_shown(silence)})
            return Tells(moderators=told, owes=frozenset({silence.person_id}), everywhere=True)
        case _:
            return _tell_question(happening, after, numbers)


def _tell_asked(question: QuestionFacts, to_all: dict[str, object], to_moderators: dict[str, object]) -> Tells:
    asked = _line(QuestionAsked, to_moderators, {"question": for_moderators(question)})
    if not question.approved_at:
        return Tells(moderators=asked, own=(question.person_id, YourQuestionWaits(question=for_author(question))))
    shown = _line(QuestionApproved, to_all, {"question": for_public(question)})
    return Tells(public=shown, moderators=asked, owes=frozenset({question.person_id}))


def _tell_question(happening: OnQuestion, after: StageState, numbers: Numbers) -> Tells:
    question = after.questions[happening.question_id]
    if isinstance(happening, happened.Upvoted):
        told = YourVoteCounted(question_id=question.id)
        return Tells(own=(happening.person_id, told), totals=((f"{VOTES}{question.id}", question.votes),))
    changed = {"act": ACTS[type(happening)], "question": for_moderators(question)}
    public = _public_line(happening, question, numbers.of(Log.public))
    moderators = _line(QuestionChanged, numbers.of(Log.moderators), changed)
    match happening:
        case happened.Dismissed(question_id, _, reason) if not _was_shown(happening, question):
            word = YourQuestionWasDismissed(question_id=question_id, reason=reason)
            return Tells(public, moderators, own=(question.person_id, word))
        case happened.Merged(into_id=into_id, voters=voters):
            return Tells(public, moderators, owes=voters | {question.person_id}, totals=(_votes(after, into_id),))
        case happened.Undone(unmerged_id=unmerged_id, voters=voters):
            changed_totals = (_votes(after, unmerged_id),) if unmerged_id else ()
            return Tells(public, moderators, owes=voters | {question.person_id}, totals=changed_totals)
        case happened.Withdrawn() | happened.Dismissed():
            return Tells(public, moderators, owes=frozenset({question.person_id}))
        case _:
            return Tells(public, moderators)


def _public_line(happening: OnQuestion, question: QuestionFacts, numbered: dict[str, object]) -> LoggedEvent | None:
    """None: nobody but moderators has heard of this question, or nothing of it changed for the others."""
    match happening:
        case happened.Approved():
            return _line(QuestionApproved, numbered, {"question": for_public(question)})
        case happened.Answered():
            return _line(QuestionAnswered, numbered, {"question_id": question.id})
        case happened.Archived():
            return _line(QuestionArchived, numbered, {"question_id": question.id})
        case happened.AnswerWritten() | happened.Undone() if question.state in ON_STAGE:
            return _line(QuestionChanged, numbered, {"act": ACTS[type(happening)], "question": for_public(question)})
        case happened.Held():
            return None
        case _:
            return _line(QuestionHidden, numbered, {"question_id": question.id}) if _was_shown(happening, question) else None


def _was_shown(happening: OnQuestion, question: QuestionFacts) -> bool:
    """Whether everybody knew of it before it was hidden."""
    if isinstance(happening, happened.Dismissed):
        return bool(question.before.get("approved_at"))
    if isinstance(happening, happened.Undone):
        return happening.was_shown
    return bool(question.approved_at)


def _votes(state: StageState, question_id: UUID) -> tuple[str, Total]:
    return f"{VOTES}{question_id}", state.questions[question_id].votes


def _line(kind: type[Line], numbered: Mapping[str, object], what: Mapping[str, object]) -> Line:
    return kind.model_validate({**numbered, **what})
