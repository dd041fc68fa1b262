"""Who sees what of a stage (pure): its things as each may know them, and a snapshot for each log."""

from collections.abc import Iterable
from uuid import UUID

from conference.live.messages import Snapshot
from conference.live.poll_tables import PollState
from conference.live.polling import drafted_at, tally_told
from conference.live.rules import CHAT_KEPT
from conference.live.shapes import (
    ChatShown,
    HelpShown,
    Mine,
    ModeratorsQuestion,
    OwnBallot,
    OwnDismissed,
    OwnHelp,
    OwnQuestion,
    OwnSilence,
    PollShown,
    PollTotals,
    PublicQuestion,
    Question,
    SilenceShown,
    StageShown,
    WordsShown,
)
from conference.live.state import ChatFacts, HelpFacts, PollFacts, QuestionFacts, Run, SilenceFacts, StageState, Words
from conference.live.tables import Log, QuestionState

ON_STAGE = (QuestionState.visible, QuestionState.answered, QuestionState.archived)
VOTES, POLL, REACTIONS = "votes:", "poll:", "reactions:"  # what totals are called between processes; an id follows
Total = int | dict[str, object]


def snapshot(state: StageState, log: Log, seq: int, person_id: UUID | None, *, speaks: bool = False) -> Snapshot:
    """Everything that this log's listeners know, in the order it came, and what only this person does."""
    shared = dict(shared_parts(state, log))
    return Snapshot.model_validate({"log": log, "seq": seq, "mine": mine_of(state, person_id, speaks=speaks), **shared})


def shared_parts(state: StageState, log: Log) -> Iterable[tuple[str, object]]:
    """The fields of a snapshot that are the same for all listeners of this log."""
    yield "questions", questions_in(state, log)
    yield "run", run_shown(state.run, log)
    yield "reactions", dict(state.run.reactions)
    yield "polls", polls_in(state, log)
    yield "chat", chat_in(state, log)
    yield "captions", tuple(map(words_shown, state.captions))
    if log == Log.moderators:
        yield "help", tuple(map(help_shown, state.help.values()))
        yield "silences", tuple(map(silence_shown, state.silences.values()))
        yield "cues", tuple(map(words_shown, state.cues))


def questions_in(state: StageState, log: Log) -> tuple[Question, ...]:
    """The questions that this log tells of, in the order it told of them."""
    facts = state.questions.values()
    return in_order(map(for_moderators, facts)) if log == Log.moderators else public_questions(facts)


def public_questions(facts: Iterable[QuestionFacts]) -> tuple[Question, ...]:
    """The approved ones, in the order they were approved."""
    return in_order(for_public(question) for question in facts if question.state in ON_STAGE)


def polls_in(state: StageState, log: Log) -> tuple[PollShown, ...]:
    polls = sorted(state.polls.values(), key=drafted_at)
    return tuple(poll_shown(poll) for poll in polls if log == Log.moderators or is_public(poll))


def chat_in(state: StageState, log: Log) -> tuple[ChatShown, ...]:
    """The last ones, in the order in which they came up."""
    seen = (each for each in state.chat.values() if log == Log.moderators or each.shown_at)
    return chat_order(chat_shown(each) for each in seen)


def mine_of(state: StageState, person_id: UUID | None, *, speaks: bool = False) -> Mine:
    """What of this state is this person's own; `speaks` in this session."""
    if person_id is None:
        return Mine()
    own = sorted((each for each in state.questions.values() if each.person_id == person_id), key=by_id)
    ballots = [(poll_id, cast) for (poll_id, voter), cast in state.ballots.items() if voter == person_id]
    return Mine(
        waiting=tuple(for_author(each) for each in own if each.state == QuestionState.pending),
        dismissed=tuple(
            OwnDismissed(id=each.id, text=each.text, reason=each.dismiss_reason) for each in own if each.state == QuestionState.dismissed
        ),
        asked=tuple(each.id for each in own),
        voted=tuple(sorted(question_id for question_id, voter in state.votes if voter == person_id)),
        ballots=tuple(
            sorted((OwnBallot(poll_id=poll_id, choices=cast.choices, changes=cast.changes) for poll_id, cast in ballots), key=_by_poll)
        ),
        help=tuple(
            OwnHelp(id=each.id, kind=each.kind, text=each.text, at=each.at, done=each.done)
            for each in sorted(state.help.values(), key=by_id)
            if each.person_id == person_id
        ),
        silence=_silence_of(state, person_id),
        cues=tuple(map(words_shown, state.cues)) if speaks else (),
    )


def totals(state: StageState) -> dict[str, Total]:
    """All totals that anybody sees, by what they are called between processes."""
    votes: dict[str, Total] = {f"{VOTES}{each.id}": each.votes for each in state.questions.values() if each.state in ON_STAGE}
    polls: dict[str, Total] = {f"{POLL}{poll.id}": poll_total(poll) for poll in state.polls.values() if is_public(poll)}
    return {**votes, **polls, REACTIONS: dict(state.run.reactions)}


def poll_total(poll: PollFacts) -> dict[str, object]:
    shown = PollTotals(ballots=poll.ballots, tally=tally_told(poll) if poll.shows_results else None)
    return shown.model_dump()


def is_public(poll: PollFacts) -> bool:
    return poll.state != PollState.draft and bool(poll.opened_at)


def for_public(question: QuestionFacts) -> PublicQuestion:
    """Only for questions that were approved."""
    assert question.approved_at
    return PublicQuestion.model_validate(
        {
            "id": question.id,
            "text": question.text,
            "author": None if question.anonymous else question.author,
            "shown_at": question.approved_at,
            "state": question.state,
            "votes": question.votes,
            "answered_at": question.answered_at,
            "answer": question.written_answer,
        }
    )


def for_moderators(question: QuestionFacts) -> ModeratorsQuestion:
    return ModeratorsQuestion(
        id=question.id,
        text=question.text,
        author=question.author,
        anonymous=question.anonymous,
        asked_at=question.asked_at,
        state=question.state,
        votes=question.votes,
        answered_at=question.answered_at,
        answer=question.written_answer,
        flag=question.flag,
        reason=question.dismiss_reason,
        merged_id=question.merged_id,
        held_by=question.held_by,
        held_until=question.held_until,
        can_undo=bool(question.before),
    )


def for_author(question: QuestionFacts) -> OwnQuestion:
    return OwnQuestion(id=question.id, text=question.text, anonymous=question.anonymous, asked_at=question.asked_at)


def run_shown(run: Run, log: Log = Log.public) -> StageShown:
    return StageShown(
        moderated=run.moderated,
        chat_open=run.chat_open,
        slow_seconds=run.slow_seconds,
        late_minutes=run.late_minutes,
        pinned_id=run.pinned_id,
        held_words=run.held_words if log == Log.moderators else "",
    )


def poll_shown(poll: PollFacts) -> PollShown:
    return PollShown(
        id=poll.id,
        kind=poll.kind,
        prompt=poll.prompt,
        options=poll.options,
        live_results=poll.live_results,
        drafted_at=poll.drafted_at,
        state=poll.state,
        ballots=poll.ballots,
        tally=tally_told(poll) if poll.shows_results else None,
    )


def chat_shown(message: ChatFacts) -> ChatShown:
    gone = bool(message.deleted_at)
    return ChatShown(
        id=message.id,
        author="" if gone else message.author,
        text="" if gone else message.text,
        reply_id=message.reply_id,
        at=message.shown_at or message.said_at,
        deleted=gone,
        waits=not message.shown_at and not gone,
        flag="" if message.shown_at else message.flag,
    )


def words_shown(words: Words) -> WordsShown:
    return WordsShown(id=words.id, text=words.text, at=words.at)


def help_shown(request: HelpFacts) -> HelpShown:
    return HelpShown.model_validate({name: getattr(request, name) for name in HelpShown.model_fields})


def silence_shown(silence: SilenceFacts) -> SilenceShown:
    return SilenceShown(
        id=silence.id,
        name=silence.name,
        ban=silence.ban,
        reason=silence.reason,
        at=silence.at,
        until=silence.until,
        lifted=bool(silence.lifted_at),
    )


def in_order(questions: Iterable[Question]) -> tuple[Question, ...]:
    """In the order in which their log told of them."""
    return tuple(sorted(questions, key=lambda each: (each.shown_at if isinstance(each, PublicQuestion) else each.asked_at, each.id)))


def chat_order(messages: Iterable[ChatShown]) -> tuple[ChatShown, ...]:
    return tuple(sorted(messages, key=lambda each: (each.at, each.id))[-CHAT_KEPT:])


def by_id(each: QuestionFacts | HelpFacts | OwnQuestion | OwnDismissed) -> UUID:
    return each.id


def _by_poll(ballot: OwnBallot) -> UUID:
    return ballot.poll_id


def _silence_of(state: StageState, person_id: UUID) -> OwnSilence | None:
    """The one that ends last."""
    last = max(state.silences_of(person_id), key=lambda each: (each.until, each.id), default=None)
    return OwnSilence(reason=last.reason, until=last.until, ban=last.ban) if last else None
