"""How the panel's members score beside one another: for those who run the call, and for a member whose own reviews are in."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from conference.calls.access import panel_here, readable_submissions
from conference.calls.calibration import Judged, Mark, members_judged, most_disputed, points_of
from conference.calls.panel_queries import assignments_of, counting_reviews, scores_by_review, sent_submissions
from conference.calls.panel_tables import Review, SeenWhat
from conference.calls.queries import conflicted, definition_of
from conference.calls.rights import managed_call
from conference.calls.tables import Call
from conference.calls.viewing import note_viewing
from conference.calls.words import reference_of
from conference.errors import Conflict
from conference.people.queries import people_by_id
from conference.storage.database import Db
from conference.web.render import render
from conference.web.request import now, reading, writing

SHOWN = 20  # of the submissions on which people differ most


@dataclass(frozen=True, slots=True)
class JudgedRow:
    name: str
    judged: Judged


@dataclass(frozen=True, slots=True)
class DisputedRow:
    number: int
    reference: str
    count: int
    mean: int
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class CalibrationPage:
    """templates/calls/panel_calibration.html"""

    call: Call
    of_organisers: bool
    members: tuple[JudgedRow, ...]
    disputed: tuple[DisputedRow, ...]


async def own(request: Request) -> Response:
    """GET /panel/{call}/calibration: over the submissions that I reviewed, once all that I was given are in."""
    async with writing(request) as db:
        call, person = await panel_here(db, request)
        readable = {each.id for each in await readable_submissions(db, request, call, person.id)}
        reviews = await counting_reviews(db, call.id)
        mine = {each.submission_id for each in reviews if each.person_id == person.id} & readable
        owed = {each.submission_id for each in await assignments_of(db, call.id) if each.person_id == person.id} & readable
        if not mine or owed - mine:
            raise Conflict("You see how the panel scores when all your own reviews are in.")
        seen = [each for each in reviews if each.submission_id in mine]
        for submission_id in mine:
            await note_viewing(db, submission_id, person.id, SeenWhat.reviews, now(request))
        page = await _page(db, call, seen, of_organisers=False)
    return render(request, "calls/panel_calibration.html", page, title=f"How we score · {call.title}", zone=call.zone)


async def whole(request: Request) -> Response:
    """GET /manage/calls/{call}/panel/calibration"""
    async with reading(request) as db:
        call, organiser = await managed_call(db, request)
        hidden = await conflicted(db, call.id, organiser.id)
        seen = [each for each in await counting_reviews(db, call.id) if each.submission_id not in hidden]
        page = await _page(db, call, seen, of_organisers=True)
    return render(request, "calls/panel_calibration.html", page, title=f"How the panel scores · {call.title}", zone=call.zone)


async def marks_of(db: Db, call: Call, reviews: Sequence[Review]) -> list[Mark]:
    criteria = (await definition_of(db, call)).criteria
    scores = await scores_by_review(db, [each.id for each in reviews])
    return [
        Mark(
            each.person_id,
            each.submission_id,
            float(points_of(criteria, {key: score.value for key, score in scores.get(each.id, {}).items()})),
        )
        for each in reviews
    ]


async def _page(db: Db, call: Call, reviews: Sequence[Review], *, of_organisers: bool) -> CalibrationPage:
    marks = await marks_of(db, call, reviews)
    people = await people_by_id(db, [each.person_id for each in reviews])
    numbers: dict[UUID, int] = {each.id: each.number for each in await sent_submissions(db, call.id)}
    disputed = [each for each in most_disputed(marks) if each.submission_id in numbers][:SHOWN]
    return CalibrationPage(
        call=call,
        of_organisers=of_organisers,
        members=tuple(JudgedRow(people[each.person_id].name, each) for each in members_judged(marks)),
        disputed=tuple(
            DisputedRow(
                numbers[each.submission_id],
                reference_of(call, numbers[each.submission_id]),
                each.count,
                round(each.mean),
                round(each.lowest),
                round(each.highest),
            )
            for each in disputed
        ),
    )
