"""Who sees what of a stage (pure): a snapshot for each log, what is told of each happening, and how a listener keeps its snapshot true."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from conference.live.messages import (
    LoggedEvent,
    Mine,
    ModeratorsQuestion,
    OwnDismissed,
    OwnEvent,
    OwnQuestion,
    PublicQuestion,
    Question,
    QuestionAnswered,
    QuestionApproved,
    QuestionArchived,
    QuestionAsked,
    QuestionDismissed,
    Snapshot,
    Tick,
    YourPart,
    YourQuestionWaits,
    YourQuestionWasDismissed,
    YourVoteCounted,
)
from conference.live.stage import Answered, Approved, Archived, Asked, Dismissed, Happening, QuestionFacts, StageState, Upvoted, question_of
from conference.live.tables import Log, QuestionState

ON_STAGE = (QuestionState.visible, QuestionState.answered, QuestionState.archived)


@dataclass(frozen=True, slots=True)
class Tells:
    """What one happening is to each: a line of either log, a word to one person, a new total."""

    public: LoggedEvent | None = None
    moderators: LoggedEvent | None = None
    own: tuple[UUID, OwnEvent] | None = None
    votes: tuple[UUID, int] | None = None


def tell(happening: Happening, after: StageState, public_seq: int, moderators_seq: int) -> Tells:
    """What is told of this happening; the numbers are those that its lines would get, `after` the state that it led to."""
    question = after.questions[question_of(happening)]
    match happening:
        case Asked():
            asked = QuestionAsked(seq=moderators_seq, at=question.asked_at, question=for_moderators(question))
            return Tells(moderators=asked, own=(question.person_id, YourQuestionWaits(question=for_author(question))))
        case Upvoted(question_id, person_id):
            return Tells(own=(person_id, YourVoteCounted(question_id=question_id)), votes=(question_id, question.votes))
        case Dismissed(question_id, at, reason):
            told = YourQuestionWasDismissed(question_id=question_id, reason=reason)
            return Tells(moderators=QuestionDismissed(seq=moderators_seq, at=at, question_id=question_id), own=(question.person_id, told))
        case _:
            return Tells(public=_line(happening, question, public_seq), moderators=_line(happening, question, moderators_seq))


def snapshot(state: StageState, log: Log, seq: int, person_id: UUID | None) -> Snapshot:
    """Everything that this log's listeners know, in the order it came, and what only this person does."""
    return Snapshot(log=log, seq=seq, questions=questions_in(state, log), mine=mine_of(state, person_id))


def questions_in(state: StageState, log: Log) -> tuple[Question, ...]:
    """The questions that this log tells of, in the order it told of them."""
    facts = state.questions.values()
    return _in_order(map(for_moderators, facts)) if log == Log.moderators else public_questions(facts)


def public_questions(facts: Iterable[QuestionFacts]) -> tuple[Question, ...]:
    """The approved ones, in the order they were approved."""
    return _in_order(for_public(question) for question in facts if question.state in ON_STAGE)


def mine_of(state: StageState, person_id: UUID | None) -> Mine:
    own = sorted((each for each in state.questions.values() if each.person_id == person_id), key=_id)
    return Mine(
        waiting=tuple(for_author(each) for each in own if each.state == QuestionState.pending),
        dismissed=tuple(
            OwnDismissed(id=each.id, text=each.text, reason=each.dismiss_reason) for each in own if each.state == QuestionState.dismissed
        ),
        asked=tuple(each.id for each in own),
        voted=tuple(sorted(question_id for question_id, voter in state.votes if voter == person_id)),
    )


def totals(state: StageState) -> Tick:
    """All totals that anybody sees."""
    return Tick(votes={question.id: question.votes for question in state.questions.values() if question.state in ON_STAGE})


def fold(held: Snapshot, heard: LoggedEvent | OwnEvent | Tick) -> Snapshot:
    """The snapshot that a listener holds after hearing this: what its page shows. The law: old snapshot + events = fresh snapshot."""
    match heard:
        case Tick(votes=votes):
            counted = [each.model_copy(update={"votes": votes.get(each.id, each.votes)}) for each in held.questions]
            return held.model_copy(update={"questions": tuple(counted)})
        case YourPart(mine=mine):
            return held.model_copy(update={"mine": mine})
        case YourQuestionWaits() | YourQuestionWasDismissed() | YourVoteCounted():
            return held.model_copy(update={"mine": _fold_mine(held.mine, heard)})
        case QuestionAsked(seq=seq, question=question):
            return held.model_copy(update={"seq": seq, "questions": _in_order((*held.questions, question))})
        case QuestionApproved(seq=seq, question=question):
            known = _with_state(held, question.id, QuestionState.visible)
            questions = known if held.log == Log.moderators else _in_order((*held.questions, question))
            waiting = tuple(each for each in held.mine.waiting if each.id != question.id)
            return held.model_copy(update={"seq": seq, "questions": questions, "mine": held.mine.model_copy(update={"waiting": waiting})})
        case QuestionDismissed(seq=seq, question_id=question_id):
            return held.model_copy(update={"seq": seq, "questions": _with_state(held, question_id, QuestionState.dismissed)})
        case QuestionAnswered(seq=seq, question_id=question_id):
            return held.model_copy(update={"seq": seq, "questions": _with_state(held, question_id, QuestionState.answered)})
        case QuestionArchived(seq=seq, question_id=question_id):
            return held.model_copy(update={"seq": seq, "questions": _with_state(held, question_id, QuestionState.archived)})


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
    )


def for_author(question: QuestionFacts) -> OwnQuestion:
    return OwnQuestion(id=question.id, text=question.text, anonymous=question.anonymous, asked_at=question.asked_at)


def _line(happening: Approved | Answered | Archived, question: QuestionFacts, seq: int) -> LoggedEvent:
    match happening:
        case Approved(at=at):
            return QuestionApproved(seq=seq, at=at, question=for_public(question))
        case Answered(question_id, at):
            return QuestionAnswered(seq=seq, at=at, question_id=question_id)
        case Archived(question_id, at):
            return QuestionArchived(seq=seq, at=at, question_id=question_id)


def _with_state(held: Snapshot, question_id: UUID, state: QuestionState) -> tuple[Question, ...]:
    return tuple(each.model_copy(update={"state": state}) if each.id == question_id else each for each in held.questions)


def _fold_mine(mine: Mine, heard: YourQuestionWaits | YourQuestionWasDismissed | YourVoteCounted) -> Mine:
    match heard:
        case YourQuestionWaits(question=question) if question.id in mine.asked:
            return mine  # the snapshot was younger than this word
        case YourQuestionWaits(question=question):
            waiting = tuple(sorted((*mine.waiting, question), key=_id))
            return mine.model_copy(update={"waiting": waiting, "asked": tuple(sorted((*mine.asked, question.id)))})
        case YourVoteCounted(question_id=question_id):
            return mine.model_copy(update={"voted": tuple(sorted({*mine.voted, question_id}))})
        case YourQuestionWasDismissed(question_id=question_id, reason=reason):
            gone = [each for each in mine.waiting if each.id == question_id]
            dismissed = sorted((*mine.dismissed, *(OwnDismissed(id=each.id, text=each.text, reason=reason) for each in gone)), key=_id)
            waiting = tuple(each for each in mine.waiting if each.id != question_id)
            return mine.model_copy(update={"waiting": waiting, "dismissed": tuple(dismissed)})


def _in_order(questions: Iterable[Question]) -> tuple[Question, ...]:
    """In the order in which their log told of them."""
    return tuple(sorted(questions, key=lambda each: (each.shown_at if isinstance(each, PublicQuestion) else each.asked_at, each.id)))


def _id(each: QuestionFacts | OwnQuestion | OwnDismissed) -> UUID:
    return each.id
