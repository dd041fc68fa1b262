"""The page on which a member reads one submission and scores it, put together; and its form, as it was typed."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from conference.calls.access import panel_here, readable_submission
from conference.calls.answer_words import PartShown, identifies, parts_shown
from conference.calls.attached import Files, panel_files_shown
from conference.calls.blinding import Identity, redacted
from conference.calls.definition import Criterion, Definition
from conference.calls.facts import Finding, deadline_day, findings
from conference.calls.panel_queries import (
    asked_and_answered,
    assignments_of,
    counting_reviews,
    identity_behind,
    references_for,
    review_by,
    scores_by_review,
    sent_submissions,
)
from conference.calls.panel_tables import Review, Score, SeenWhat
from conference.calls.queries import definition_of
from conference.calls.reviewing import Said, scale_words
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call
from conference.calls.viewing import note_viewing
from conference.calls.words import reference_of
from conference.errors import Invalid
from conference.people.queries import people_by_id
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.storage.database import Db
from conference.times import spoken_moment, zone_named
from conference.web.forms import Typed
from conference.web.render import render
from conference.web.request import apart, now, zone_for

MAX_COMMENT = 4000
MAX_WORDS = 8000


@dataclass(frozen=True, slots=True)
class Asked:
    """One criterion in the form."""

    criterion: Criterion
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReviewShown:
    """Somebody's review that is in."""

    by: str
    scores: tuple[tuple[str, str, str], ...]  # criterion, "3 of 4", comment
    comment: str
    feedback: str
    when: str


@dataclass(frozen=True, slots=True)
class ReadingPage:
    """templates/calls/panel_submission.html"""

    call: Call
    number: int
    reference: str
    blind: bool
    parts: tuple[PartShown, ...]
    files: Files
    facts: tuple[Finding, ...]  # who may apply, as the answers say
    references: tuple[str, ...]
    asked: tuple[Asked, ...]
    feedback: bool
    reviews_it: bool  # they were asked to
    mine: ReviewShown | None  # once it is in
    others: tuple[ReviewShown, ...] | None  # None: hidden until one's own is in
    saved: str
    newer: bool  # another version counts than the one that was read
    before: int | None
    after: int | None
    typed: Typed
    errors: Mapping[str, str]
    stale: str


async def reading_page(
    request: Request, typed: Typed | None = None, errors: Mapping[str, str] | None = None, *, stale: str = "", status: int = 422
) -> Response:
    """The page, or the page again with what was typed."""
    async with apart(request) as db:  # who saw it, and when, is written down
        call, person = await panel_here(db, request)
        submission = await readable_submission(db, request, call, request.path_params["number"])
        page = await _page(db, request, call, submission, person, typed, errors or {}, stale)
        await note_viewing(db, submission.id, person.id, SeenWhat.submission, now(request))
        if page.others is not None:
            await note_viewing(db, submission.id, person.id, SeenWhat.reviews, now(request))
    title = f"{'Error: ' if errors else ''}{page.reference} · {call.title}"
    again = bool(errors or stale)
    return render(request, "calls/panel_submission.html", page, title=title, status=status if again else 200, zone=call.zone)


async def _page(
    db: Db, request: Request, call: Call, submission: Submission, person: Person, typed: Typed | None, errors: Mapping[str, str], stale: str
) -> ReadingPage:
    definition, zone = await definition_of(db, call), zone_for(request, call.zone)
    asked, answers = await asked_and_answered(db, submission)
    identity = await identity_behind(db, submission) if definition.panel.blind else None
    review = await review_by(db, submission.id, person.id)
    scores = await scores_by_review(db, [review.id]) if review else {}
    mine = scores.get(review.id, {}) if review else {}
    own = {each.submission_id for each in await assignments_of(db, call.id) if each.person_id == person.id}
    before, after = _beside(await sent_submissions(db, call.id), own, submission.number)
    is_in = review is not None and review.submitted_at is not None
    stamp = str(review.stamp) if review else "0"
    return ReadingPage(
        call=call,
        number=submission.number,
        reference=reference_of(call, submission.number),
        blind=definition.panel.blind,
        parts=parts_shown(asked, answers, identity),
        files=await panel_files_shown(db, request, call, submission, asked, answers),
        facts=await _facts(db, call, submission, asked, answers, identity),
        references=tuple(_hidden(each.words, identity) for each in await references_for(db, submission)),
        asked=tuple(Asked(each, scale_of(each)) for each in definition.criteria),
        feedback=definition.feedback,
        reviews_it=submission.id in own,
        mine=_shown(definition, review, mine, "You", zone) if review and is_in else None,
        others=await _others(db, call, definition, submission, person, zone) if is_in or not definition.panel.alone_first else None,
        saved=f"Saved at {spoken_moment(review.saved_at, zone)}." if review and not is_in else "",
        newer=review is not None and review.version_id != submission.counted_id,
        before=before,
        after=after,
        typed={**(typed if typed is not None else _as_typed(review, mine)), "stamp": stamp},
        errors=errors,
        stale=stale,
    )


async def _facts(
    db: Db, call: Call, submission: Submission, asked: Definition, answers: Mapping[str, Any], identity: Identity | None
) -> tuple[Finding, ...]:
    """Where the panel is blind, a fact from what is not shown to it is a yes or a no alone."""
    event = await db.get(Event, call.event_id) if call.event_id else None
    first_day = event.starts_at.astimezone(zone_named(event.zone)).date() if event else None
    found = findings(asked, answers, deadline=deadline_day(call, submission.submitted_at or submission.made_at), first_day=first_day)
    if identity is None:
        return found
    questions = [question for question in asked.questions if question.fact]
    return tuple(
        replace(each, words="" if identifies(question) else redacted(each.words, identity))
        for each, question in zip(found, questions, strict=True)
    )


def _beside(submissions: Sequence[Submission], own: Collection[UUID], number: int) -> tuple[int | None, int | None]:
    """The numbers before and after this one among what they review."""
    numbers = [each.number for each in submissions if each.id in own]
    return max((each for each in numbers if each < number), default=None), min((each for each in numbers if each > number), default=None)


def scale_of(criterion: Criterion) -> tuple[tuple[str, str], ...]:
    steps = criterion.steps or ("",) * (criterion.highest - criterion.lowest + 1)
    return tuple((str(value), f"{value}: {words}" if words else str(value)) for value, words in enumerate(steps, criterion.lowest))


def _hidden(text: str, identity: Identity | None) -> str:
    return redacted(text, identity) if identity else text


def _as_typed(review: Review | None, scores: Mapping[str, Score]) -> Typed:
    typed = {f"score-{key}": str(score.value) for key, score in scores.items()}
    typed |= {f"comment-{key}": score.comment for key, score in scores.items()}
    return typed | ({"comment": review.comment, "feedback": review.feedback} if review else {})


def _shown(definition: Definition, review: Review, scores: Mapping[str, Score], by: str, zone: str) -> ReviewShown:
    lines = tuple(
        (each.title, f"{scores[each.key].value} of {each.highest}", scores[each.key].comment)
        for each in definition.criteria
        if each.key in scores
    )
    assert review.submitted_at
    return ReviewShown(by, lines, review.comment, review.feedback, spoken_moment(review.submitted_at, zone))


async def _others(db: Db, call: Call, definition: Definition, submission: Submission, person: Person, zone: str) -> tuple[ReviewShown, ...]:
    reviews = [each for each in await counting_reviews(db, call.id) if each.submission_id == submission.id and each.person_id != person.id]
    scores = await scores_by_review(db, [each.id for each in reviews])
    people = await people_by_id(db, [each.person_id for each in reviews])
    return tuple(_shown(definition, each, scores.get(each.id, {}), people[each.person_id].name, zone) for each in reviews)


def said_in(typed: Typed, definition: Definition) -> Said:
    """The form as a review. Raises Invalid beside each field that can't be right."""
    wrong: dict[str, str] = {}
    values: dict[str, int | None] = {}
    for criterion in definition.criteria:
        text = typed.get(f"score-{criterion.key}", "").strip()
        values[criterion.key] = int(text) if re.fullmatch(r"-?[0-9]{1,6}", text) else None
        if text and values[criterion.key] is None:
            wrong[f"score-{criterion.key}"] = scale_words(criterion)
    comments = {each.key: typed.get(f"comment-{each.key}", "").strip() for each in definition.criteria}
    wrong |= {f"comment-{key}": f"Use at most {MAX_COMMENT} characters." for key, words in comments.items() if len(words) > MAX_COMMENT}
    wrong |= {name: f"Use at most {MAX_WORDS} characters." for name in ("comment", "feedback") if len(typed.get(name, "")) > MAX_WORDS}
    if wrong:
        first = next(iter(wrong))
        raise Invalid(first, wrong[first], wrong)
    stamp = typed.get("stamp", "")
    return Said(
        values, comments, typed.get("comment", "").strip(), typed.get("feedback", "").strip(), int(stamp) if stamp.isdecimal() else 0
    )
