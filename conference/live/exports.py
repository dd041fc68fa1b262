"""What is carried away from a stage: its questions and polls as tables, its captions as a transcript."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Forbidden, NotFound
from conference.live.charts import KINDS, STATES, chart_of
from conference.live.kept import captions_of
from conference.live.part import actor_at
from conference.live.polling import drafted_at
from conference.live.queries import check_may_watch, cut_of, stage_session
from conference.live.spreadsheets import Cell, csv_of, file_name
from conference.live.state import Actor, PollFacts, QuestionFacts, StageState, Words
from conference.live.tables import QuestionState
from conference.live.transcripts import as_text, as_vtt
from conference.live.views import ON_STAGE, is_public, poll_shown
from conference.people.access import require_person
from conference.programme.queries import SessionFacts
from conference.record.actions import note
from conference.storage.database import Db
from conference.times import long_date, spoken_zone, zone_named
from conference.web.request import now, reading, real_now, visitor, writing

INSIDERS = "This is for the session's speakers and the moderators."
FATES = {
    QuestionState.pending: "Waits for a moderator",
    QuestionState.visible: "Open",
    QuestionState.answered: "Answered",
    QuestionState.archived: "Archived",
    QuestionState.dismissed: "Dismissed",
    QuestionState.merged: "Merged into another",
    QuestionState.withdrawn: "Withdrawn by whoever asked",
}


async def questions_csv(request: Request) -> Response:
    """GET .../stage/questions.csv: for the session's speakers what was on the stage; for moderators everything, and whose."""
    async with reading(request) as db:
        facts, actor = await _insider(db, request)
        state = (await cut_of(db, facts.session.id, None)).state
    async with writing(request) as db:  # there are names in it
        what = f"session:{facts.session.id}"
        note(db, "questions exported", what, real_now(request), person_id=actor.person_id, event_id=facts.event.id)
    ordered = sorted(state.questions.values(), key=lambda each: (each.state not in ON_STAGE, -each.votes, each.asked_at, each.id))
    zone = facts.event.zone
    header = ["Question", "Asked by", "Votes", "State"]
    header += [f"{moment} ({zone})" for moment in ("Asked", "Shown", "Answered", "Answered in writing")] + ["Written answer"]
    if not actor.moderates:
        rows = [_question_row(each, zone, named=not each.anonymous) for each in ordered if each.state in ON_STAGE]
        return _file(facts, "questions", "csv", csv_of(header, rows))
    more = [_question_row(each, zone, named=True) + _more_of(each, state.questions) for each in ordered]
    return _file(facts, "questions", "csv", csv_of([*header, "Anonymous to the audience", "Held for the word", "What became of it"], more))


async def polls_csv(request: Request) -> Response:
    """GET .../stage/polls.csv: a row for each choice; no counts while results are hidden. Drafts are for moderators."""
    async with reading(request) as db:
        facts, actor = await _insider(db, request)
        state: StageState = (await cut_of(db, facts.session.id, None)).state
    polls = [poll for poll in sorted(state.polls.values(), key=drafted_at) if actor.moderates or is_public(poll)]
    zone = facts.event.zone
    header = ["Poll", "Kind", "State", f"Opened ({zone})", f"Closed ({zone})", "People who answered", "Choice", "Count"]
    rows = [row for poll in polls for row in _poll_rows(poll, zone)]
    return _file(facts, "polls", "csv", csv_of(header, rows))


async def transcript_txt(request: Request) -> Response:
    """GET .../stage/transcript.txt"""
    facts, lines = await _captions(request)
    zone, starts_at = facts.event.zone, facts.session.starts_at
    day = long_date(starts_at.astimezone(zone_named(zone)).date())
    heading = f"{facts.session.title}\n{facts.event.title}, {day}. Times: {spoken_zone(starts_at, zone)}."
    return _file(facts, "transcript", "txt", as_text(heading, lines, zone))


async def transcript_vtt(request: Request) -> Response:
    """GET .../stage/transcript.vtt: for a recording that begins when the session did."""
    facts, lines = await _captions(request)
    return _file(facts, "transcript", "vtt", as_vtt(lines, facts.session.starts_at))


async def _insider(db: Db, request: Request) -> tuple[SessionFacts, Actor]:
    facts = await stage_session(db, request.path_params)
    person = await require_person(db, request)
    actor = await actor_at(db, person, facts.event.id, facts.session.id)
    if not (actor.speaks or actor.moderates):
        raise Forbidden(INSIDERS)
    return facts, actor


async def _captions(request: Request) -> tuple[SessionFacts, tuple[Words, ...]]:
    """For everybody, once the session has begun. Raises NotFound where there is nothing, or not yet."""
    async with reading(request) as db:
        facts = await stage_session(db, request.path_params)
        await check_may_watch(db, facts.event, visitor(request).person_id, now(request))
        lines = await captions_of(db, facts.session.id)
    if now(request) < facts.session.starts_at:
        raise NotFound("The transcript is here once the session has begun.")
    if not lines:
        raise NotFound("Nothing was captioned on this stage, so there is no transcript.")
    return facts, lines


def _question_row(question: QuestionFacts, zone: str, *, named: bool) -> list[Cell]:
    return [
        question.text,
        question.author if named else "Anonymous",
        question.votes,
        FATES[question.state],
        *(_local(at, zone) for at in (question.asked_at, question.approved_at, question.answered_at, question.written_at)),
        question.written_answer,
    ]


def _more_of(question: QuestionFacts, questions: Mapping[UUID, QuestionFacts]) -> list[Cell]:
    into = questions.get(question.merged_id) if question.merged_id else None
    became = f"Merged into: {into.text}" if into else question.dismiss_reason
    return ["yes" if question.anonymous else "no", question.flag, became]


def _poll_rows(poll: PollFacts, zone: str) -> list[list[Cell]]:
    """One row for a poll without results."""
    first: list[Cell] = [
        poll.prompt,
        KINDS[poll.kind],
        STATES[poll.state],
        _local(poll.opened_at, zone),
        _local(poll.closed_at, zone),
        poll.ballots,
    ]
    whole = dict(poll.tally) if poll.shows_results else None
    bars = chart_of(poll_shown(poll).model_copy(update={"tally": whole})).bars
    if bars:
        return [[*first, bar.label, bar.count] for bar in bars]
    return [[*first, option, None] for option in poll.options or ("",)]


def _local(at: datetime | None, zone: str) -> str:
    """`2021-06-25 10:20:31`, which spreadsheet programs read as a moment."""
    return at.astimezone(zone_named(zone)).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def _file(facts: SessionFacts, what: str, ending: str, text: str) -> Response:
    name = file_name(what, facts.event.slug, facts.session.slug, ending=ending)
    kinds = {"csv": "text/csv", "txt": "text/plain", "vtt": "text/vtt"}
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(text, media_type=f"{kinds[ending]}; charset=utf-8", headers=headers)
