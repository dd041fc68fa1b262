"""A member's reading to take along: the submissions as a PDF, a sheet for the scores, and the sheet back again."""

from dataclasses import dataclass
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from conference.calls.access import panel_here, readable_submissions
from conference.calls.answer_words import parts_shown
from conference.calls.blinding import redacted
from conference.calls.definition import Criterion, Definition
from conference.calls.panel_page import scale_of
from conference.calls.panel_queries import (
    asked_and_answered,
    assignments_of,
    identity_behind,
    references_for,
    reviews_of,
    scores_by_review,
)
from conference.calls.panel_tables import Review, Score, SeenWhat
from conference.calls.queries import definition_of
from conference.calls.reviewing import Said, SavedElsewhere, save_review
from conference.calls.score_sheet import SheetRow, cells_of, changes, heading_of, read_sheet
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call
from conference.calls.viewing import note_viewing
from conference.calls.words import reference_of
from conference.documents.render import pdf_of
from conference.errors import Invalid
from conference.people.tables import Person
from conference.programme.importing_xlsx import rows_of_xlsx, xlsx_of
from conference.storage.database import Db
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, writing
from conference.web.uploads import typed_upload

MAX_SHEET = 2 * 1024 * 1024  # bytes
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 30  # sentences about a sheet


@dataclass(frozen=True, slots=True)
class ScoresPage:
    """templates/calls/panel_scores.html"""

    call: Call
    wrong: tuple[str, ...]  # nothing of the sheet was kept
    more: int


async def pack(request: Request) -> Response:
    """GET /panel/{call}/pack.pdf: all that I review, to read without a network."""
    async with writing(request) as db:  # who took it along is written down
        call, person = await panel_here(db, request)
        definition = await definition_of(db, call)
        mine = await _mine(db, request, call, person)
        facts = {
            "call": call.title,
            "blind": definition.panel.blind,
            "criteria": [{"title": each.title, "guidance": each.guidance, "scale": _scale(each)} for each in definition.criteria],
            "submissions": [await _packed(db, call, definition, each) for each in mine],
        }
        for each in mine:
            await note_viewing(db, each.id, person.id, SeenWhat.pack, now(request))
    return _attached(await pdf_of("panel_pack.typ", facts), "application/pdf", f"{call.slug}-panel.pdf")


async def sheet(request: Request) -> Response:
    """GET /panel/{call}/scores.xlsx: a row for each review of mine that is not in."""
    async with reading(request) as db:
        call, person = await panel_here(db, request)
        definition = await definition_of(db, call)
        reviews = {each.submission_id: each for each in await reviews_of(db, call.id, person.id)}
        scores = await scores_by_review(db, [each.id for each in reviews.values()])
        rows = [
            _as_row(call, each, reviews.get(each.id), scores)
            for each in await _mine(db, request, call, person)
            if not (each.id in reviews and reviews[each.id].submitted_at)
        ]
    made = await run_in_threadpool(xlsx_of, "Scores", heading_of(definition), [cells_of(definition, row) for row in rows])
    return _attached(made, XLSX, f"{call.slug}-scores.xlsx")


async def scores(request: Request) -> Response:
    """GET, POST /panel/{call}/scores: take the sheet back in: all of it, or nothing with a sentence for each row."""
    async with reading(request) as db:
        call, _ = await panel_here(db, request)
        definition = await definition_of(db, call)
    if request.method != "POST":
        return render(request, "calls/panel_scores.html", ScoresPage(call, (), 0), title=f"Scores from a sheet · {call.title}")
    async with typed_upload(request, "file", MAX_SHEET) as (_, upload):
        data = upload.file.read() if upload and not upload.too_big else b""
        too_big = upload is not None and upload.too_big
    if not data:
        return _again(request, call, ["This file is larger than 2 MB: it is not this sheet." if too_big else "Choose the sheet."])
    try:
        lines = await run_in_threadpool(lambda: [(where, list(cells)) for where, cells in rows_of_xlsx(data)])
    except Invalid as wrong:
        return _again(request, call, list(wrong.fields.values()))
    rows, wrong_rows = read_sheet(definition, lines)
    if wrong_rows:
        return _again(request, call, wrong_rows)
    try:
        async with writing(request) as db:
            saved = await _keep(db, request, rows)
    except Invalid as wrong:
        return _again(request, call, list(wrong.fields.values()))
    said = f"{saved} reviews saved from the sheet. They are not in yet: look at each, and send it in."
    return redirect(request, "calls:panel", said if saved else "The sheet says nothing new.", call=call.slug)


async def _keep(db: Db, request: Request, rows: list[SheetRow]) -> int:
    """Raises Invalid with a sentence for each row that can't be kept; then none is."""
    call, person = await panel_here(db, request)
    mine = {reference_of(call, each.number): each for each in await _mine(db, request, call, person)}
    reviews = {each.submission_id: each for each in await reviews_of(db, call.id, person.id)}
    kept = await scores_by_review(db, [each.id for each in reviews.values()])
    wrong, saved = {}, 0
    for row in rows:
        found = mine.get(row.reference)
        review = reviews.get(found.id) if found else None
        if not found:
            wrong[row.reference] = f"{row.reference or 'A row without a submission'} is not among what you review."
        elif _says_more(row, review, kept):
            if review and review.submitted_at:
                wrong[row.reference] = f"{row.reference}: your review is in, and the sheet says something else."
                continue
            try:
                await save_review(db, call, found, person, row.said, now(request))
                saved += 1
            except SavedElsewhere:
                wrong[row.reference] = f"{row.reference}: you changed it here after you took the sheet. Download the sheet again."
    if wrong:
        raise Invalid("file", next(iter(wrong.values())), {"file": next(iter(wrong.values())), **wrong})
    return saved


def _says_more(row: SheetRow, review: Review | None, kept: dict[UUID, dict[str, Score]]) -> bool:
    if review is None:
        return not row.is_empty
    given = kept.get(review.id, {})
    values = {key: score.value for key, score in given.items()}
    return changes(row, values, {key: score.comment for key, score in given.items()}, review.comment, review.feedback)


async def _mine(db: Db, request: Request, call: Call, person: Person) -> list[Submission]:
    """What this member reviews, and may read now."""
    own = {each.submission_id for each in await assignments_of(db, call.id) if each.person_id == person.id}
    return [each for each in await readable_submissions(db, request, call, person.id) if each.id in own]


async def _packed(db: Db, call: Call, definition: Definition, submission: Submission) -> dict[str, object]:
    asked, answers = await asked_and_answered(db, submission)
    identity = await identity_behind(db, submission) if definition.panel.blind else None
    written = [each.words for each in await references_for(db, submission)]
    return {
        "reference": reference_of(call, submission.number),
        "parts": [
            {"title": part.title, "answers": [{"label": each.label, "text": each.text, "quiet": each.hidden} for each in part.answers]}
            for part in parts_shown(asked, answers, identity)
        ],
        "references": [redacted(words, identity) if identity else words for words in written],
    }


def _as_row(call: Call, submission: Submission, review: Review | None, scores: dict[UUID, dict[str, Score]]) -> SheetRow:
    given = scores.get(review.id, {}) if review else {}
    said = Said(
        {key: score.value for key, score in given.items()},
        {key: score.comment for key, score in given.items()},
        review.comment if review else "",
        review.feedback if review else "",
        review.stamp if review else 0,
    )
    return SheetRow(reference_of(call, submission.number), said)


def _scale(criterion: Criterion) -> str:
    return "; ".join(words for _, words in scale_of(criterion)) if criterion.steps else f"From {criterion.lowest} to {criterion.highest}"


def _again(request: Request, call: Call, wrong: list[str]) -> Response:
    page = ScoresPage(call, tuple(wrong[:SHOWN]), max(0, len(wrong) - SHOWN))
    return render(request, "calls/panel_scores.html", page, title=f"Error: Scores from a sheet · {call.title}", status=422)


def _attached(body: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store", "Content-Security-Policy": "sandbox"}
    return Response(body, media_type=kind, headers=headers)
