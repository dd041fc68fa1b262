"""A happening's facts, written into the rows that it touches."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from conference.live import happenings as happened
from conference.live.care_tables import HelpRequest, Silence
from conference.live.happenings import Happening
from conference.live.part import Part
from conference.live.poll_tables import Ballot, Poll
from conference.live.state import Run
from conference.live.tables import Question, Stage, Vote
from conference.live.talk_tables import CaptionLine, ChatMessage, Cue
from conference.storage.database import Db


def write_facts(db: Db, stage: Stage, part: Part, happening: Happening) -> None:  # noqa: C901 - one case each
    """With the stage locked. `part.state` is the state that `happening` led to: rows are made from it."""
    place: dict[str, Any] = {"stage_id": stage.id}
    match happening:
        case happened.Asked(question):
            _add(db, part, Question(**place, **asdict(question)))
        case happened.PollDrafted(poll):
            _add(db, part, Poll(**place, **asdict(poll)))
        case happened.PollMoved(poll):
            part.rows[poll.id].sqlmodel_update(asdict(poll))
        case happened.BallotCast():
            _write_ballot(db, part, happening)
        case happened.Said(message):
            _add(db, part, ChatMessage(**place, **asdict(message)))
        case happened.MessageShown(message_id) | happened.MessageDeleted(message_id):
            part.rows[message_id].sqlmodel_update(asdict(part.state.chat[message_id]))
        case happened.StageSet(run):
            _write_run(stage, run)
        case happened.Reacted():
            stage.reactions = dict(part.state.run.reactions)
        case happened.Captioned(line):
            db.add(CaptionLine(**place, **asdict(line)))
        case happened.CueGiven(cue, by_id):
            db.add(Cue(**place, person_id=by_id, **asdict(cue)))
        case happened.HelpAsked(help):
            _add(db, part, HelpRequest(**place, event_id=stage.event_id, **asdict(help)))
        case happened.HelpResolved(help_id):
            part.rows[help_id].sqlmodel_update(asdict(part.state.help[help_id]))
        case happened.Silenced(silence):
            _add(db, part, Silence(**place, event_id=stage.event_id, **asdict(silence)))
        case happened.SilenceLifted(silence_id):
            part.rows[silence_id].sqlmodel_update(asdict(part.state.silences[silence_id]))
        case _:
            _write_question(db, stage, part, happening)


def _write_question(db: Db, stage: Stage, part: Part, happening: happened.OnQuestion) -> None:
    question_id = happening.question_id
    if isinstance(happening, happened.Upvoted):
        part.rows[question_id].votes = part.state.questions[question_id].votes
        _add_vote(db, part, question_id, happening.person_id, happening.at)
        return
    part.rows[question_id].sqlmodel_update(asdict(part.state.questions[question_id]))
    stage.pinned_id = part.state.run.pinned_id
    if isinstance(happening, happened.Merged):
        into_id = happening.into_id
        part.joined[question_id] = [_add_vote(db, part, into_id, each, happening.at, question_id) for each in happening.voters]
        part.rows[into_id].votes = part.state.questions[into_id].votes
    elif isinstance(happening, happened.Undone) and happening.unmerged_id:
        _take_back(db, part, happening)
        part.rows[happening.unmerged_id].votes = part.state.questions[happening.unmerged_id].votes


def _add_vote(db: Db, part: Part, question_id: UUID, person_id: UUID, at: datetime, joined_id: UUID | None = None) -> Vote:
    """One that was taken back in the same transaction comes again: the database would meet the new row before the old one is gone."""
    vote = part.gone.pop((question_id, person_id), None) or Vote(question_id=question_id, person_id=person_id, voted_at=at)
    vote.voted_at, vote.joined_id = at, joined_id
    db.add(vote)
    return vote


def _take_back(db: Db, part: Part, undone: happened.Undone) -> None:
    for vote in part.joined.pop(undone.question_id, []):
        if vote.person_id in undone.stays:
            vote.joined_id = undone.stays[vote.person_id]
            part.joined.setdefault(vote.joined_id, []).append(vote)
        elif vote in db.new:  # merged by a command of the same transaction
            db.expunge(vote)
        else:
            db.sync_session.delete(vote)
            part.gone[vote.question_id, vote.person_id] = vote


def _write_ballot(db: Db, part: Part, cast: happened.BallotCast) -> None:
    poll = part.state.polls[cast.poll_id]
    part.rows[poll.id].tally = dict(poll.tally)
    part.rows[poll.id].ballots = poll.ballots
    key = (cast.poll_id, cast.person_id)
    if key not in part.ballots:
        part.ballots[key] = Ballot(poll_id=cast.poll_id, person_id=cast.person_id, cast_at=cast.at)
        db.add(part.ballots[key])
    part.ballots[key].sqlmodel_update({"choices": list(cast.choices), "changes": cast.changes, "cast_at": cast.at})


def _write_run(stage: Stage, run: Run) -> None:
    for name, value in asdict(run).items():
        if name != "reactions":
            setattr(stage, name, value)


def _add(db: Db, part: Part, row: Any) -> None:
    part.rows[_id(row)] = row
    db.add(row)


def _id(row: Any) -> UUID:
    row_id: UUID = row.id
    return row_id
