"""One part of an application as a form: saved as it is typed, or by its button; what another window changed is shown beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from conference.calls.answers import field_name, read_part, rows_shown, spoken, typed_of
from conference.calls.applying_door import Mine, deadline_shown, own_submission, part_at
from conference.calls.applying_rules import check_can_change, check_takes
from conference.calls.checking import Progress, day_of, is_empty, lacks_in, most_people, progress
from conference.calls.counting import words_in
from conference.calls.definition import Part, Question, QuestionKind
from conference.calls.submitting import Saved, save_part
from conference.people.countries import COUNTRIES
from conference.times import TimeShown, clock_time, zone_named
from conference.web.forms import Typed, typed_form
from conference.web.links import path_to, redirect_to
from conference.web.render import render
from conference.web.request import now, reading, writing, zone_for

FEW = 6  # choices that are shown as buttons rather than as a list
CHANGED = "This was changed elsewhere since you opened this page. There it says: “{}”. Save once more to keep what stands here."
EMPTIED = "This was emptied elsewhere since you opened this page. Save once more to keep what stands here."
HELP = {
    QuestionKind.money: "In pounds.",
    QuestionKind.date: "Year, month and day, like 2015-03-31.",
}


@dataclass(frozen=True, slots=True)
class AskedAnswer:
    """A question on the page: templates/calls/asked.html paints it."""

    name: str
    label: str
    help: str
    kind: str
    required: bool
    options: tuple[tuple[str, str], ...]
    limit: int | None  # words
    count: int
    rows: int  # partners
    more: bool  # of them than there are rows
    date_fits: bool  # a browser's own field for dates can show it
    has_file: bool
    files_path: str  # where a file is sent


@dataclass(frozen=True, slots=True)
class PartPage:
    """templates/calls/part.html"""

    mine: Mine
    part: Part
    parts: tuple[Progress, ...]
    place: int  # from 1
    asked: tuple[AskedAnswer, ...]
    deadline: TimeShown | None
    stamp: int
    saved: str  # when the draft was last saved; empty for an empty one
    typed: Typed
    errors: Mapping[str, str] = field(default_factory=dict)
    clashes: bool = False

    @property
    def is_last(self) -> bool:
        return self.place == len(self.parts)


async def part(request: Request) -> Response:
    """GET, POST .../parts/{part}: `?look=1` says what is missing or can't be right; `?rows=2` makes room for more partners."""
    if request.method != "POST":
        async with reading(request) as db:
            mine = await own_submission(db, request)
        check_can_change(mine.submission)
        asked = part_at(mine.definition, request.path_params["part"])
        wrong = lacks_in(asked, mine.submission.draft) if request.query_params.get("look") else {}
        return _page(request, mine, asked, typed_of(asked, mine.submission.draft), _by_field(asked, wrong))
    typed = await typed_form(request)
    mine, asked, saved = await _save(request, typed)
    if saved.clashes:
        errors = {
            question.key: _clash(question, saved.clashes[question.key]) for question in asked.questions if question.key in saved.clashes
        }
        page = typed_of(asked, mine.submission.draft) | {name: value for name, value in typed.items() if name.startswith("a-")}
        return _page(request, mine, asked, page, _by_field(asked, errors), clashes=True)
    return redirect_to(request, _way_on(request, mine, asked, typed), "Saved.")


async def draft(request: Request) -> Response:
    """POST .../parts/{part}/draft: what a page saves by itself. Answers with the draft's stamp; 409 with what was changed elsewhere."""
    typed = await typed_form(request)
    mine, asked, saved = await _save(request, typed)
    told: dict[str, Any] = {
        "stamp": saved.stamp,
        "said": f"Saved at {_clock(request, mine, mine.submission.draft_at)}",
        "progress": progress(asked, mine.submission.draft).words,
    }
    if saved.clashes:
        there = {question.key: question for question in asked.questions}
        told["there"] = {key: typed_of(Part(key="x", title="", questions=(there[key],)), saved.clashes) for key in saved.clashes}
        told["said"] = "Changed in another window since you opened this page. Press Save to see both."
    return JSONResponse(told, 409 if saved.clashes else 200, {"Cache-Control": "no-store"})


async def _save(request: Request, typed: Typed) -> tuple[Mine, Part, Saved]:
    """Raises Conflict where nothing can be typed any more."""
    async with writing(request) as db:
        mine = await own_submission(db, request)
        check_takes(mine.call, now(request))
        asked = part_at(mine.definition, request.path_params["part"])
        base = typed.get("stamp", "")
        stamp = int(base) if base.isascii() and base.isdigit() and len(base) < 10 else 0
        saved = await save_part(db, mine.submission, read_part(asked, typed), stamp, now(request))
    return mine, asked, saved


def _page(request: Request, mine: Mine, part: Part, typed: Typed, errors: Mapping[str, str], *, clashes: bool = False) -> Response:
    draft, extra = mine.submission.draft, request.query_params.get("rows", "")
    room = min(int(extra), 10) if extra.isascii() and extra.isdigit() else 0
    own = path_to(request, "calls:own", call=mine.call.slug, number=mine.submission.number)
    page = PartPage(
        mine=mine,
        part=part,
        parts=tuple(progress(each, draft) for each in mine.definition.parts),
        place=mine.definition.parts.index(part) + 1,
        asked=tuple(_asked(question, draft, room, f"{own}/files/{question.key}") for question in part.questions),
        deadline=deadline_shown(request, mine.call),
        stamp=mine.submission.draft_stamp,
        saved=_clock(request, mine, mine.submission.draft_at) if mine.submission.draft_stamp else "",
        typed=typed,
        errors=errors,
        clashes=clashes,
    )
    title = f"{'Error: ' if errors else ''}{part.title} · {mine.call.title}"
    return render(request, "calls/part.html", page, title=title, status=409 if clashes else 200, zone=mine.call.zone)


def _asked(question: Question, draft: Mapping[str, Any], extra: int, files_path: str) -> AskedAnswer:
    answer = draft.get(question.key)
    kind = question.kind.value
    rows = rows_shown(question, answer, extra) if question.kind == QuestionKind.partner else 1
    if question.kind == QuestionKind.choice and len(question.options) > FEW:
        kind = "list"
    return AskedAnswer(
        name=field_name(question),
        label=question.label,
        help=" ".join(filter(None, (question.help, HELP.get(question.kind, "")))),
        kind=kind,
        required=question.required,
        options=COUNTRIES if question.kind == QuestionKind.country else tuple((option, option) for option in question.options),
        limit=question.words,
        count=words_in(answer) if isinstance(answer, str) else 0,
        rows=rows,
        more=rows < most_people(question),
        date_fits=is_empty(answer) or day_of(answer) is not None,
        has_file=question.kind == QuestionKind.file and not is_empty(answer),
        files_path=files_path,
    )


def _by_field(part: Part, errors: Mapping[str, str]) -> dict[str, str]:
    """By the name of the field to which an error's link leads."""
    return {_first_field(question): errors[question.key] for question in part.questions if question.key in errors}


def _first_field(question: Question) -> str:
    people = question.kind in (QuestionKind.partner, QuestionKind.referee)
    return f"{field_name(question)}-1-name" if people else field_name(question)


def _clash(question: Question, there: Any) -> str:
    return EMPTIED if is_empty(there) else CHANGED.format(spoken(question, there))


def _way_on(request: Request, mine: Mine, part: Part, typed: Typed) -> str:
    """Where the button leads: the next part, this one with more room, or all of it."""
    places = {"call": mine.call.slug, "number": mine.submission.number}
    here = path_to(request, "calls:part", part=part.key, **places)
    if typed.get("then") == "more":
        return f"{here}?rows=3"
    following = mine.definition.parts[mine.definition.parts.index(part) + 1 :]
    if typed.get("then") == "next" and following:
        return path_to(request, "calls:part", part=following[0].key, **places)
    return path_to(request, "calls:preview", **places) if typed.get("then") == "next" else here


def _clock(request: Request, mine: Mine, instant: datetime) -> str:
    return clock_time(instant.astimezone(zone_named(zone_for(request, mine.call.zone))))
