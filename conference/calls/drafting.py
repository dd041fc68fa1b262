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
from conference.calls.attached import Files, FileShown, files_shown
from conference.calls.checking import Progress, day_of, is_empty, lacks_in, most_people, progress
from conference.calls.counting import words_in
from conference.calls.definition import Part, Question, QuestionKind
from conference.calls.file_rules import ACCEPT, MAX_FILE, MAX_FILE_WORDS
from conference.calls.part_files import file_fields, files_that_came, put_files, take_out
from conference.calls.submitting import Saved, save_part
from conference.people.countries import COUNTRIES
from conference.speaking.shelf import throw_away
from conference.times import TimeShown, clock_time, zone_named
from conference.web.forms import Typed, typed_form
from conference.web.links import path_to, redirect_to
from conference.web.render import render
from conference.web.request import after_commit, house, now, reading, writing, zone_for
from conference.web.uploads import Upload, typed_uploads

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
    file: FileShown | None  # that answers it now


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

    accept: str = ACCEPT
    most: int = MAX_FILE
    most_words: str = MAX_FILE_WORDS

    @property
    def takes_files(self) -> bool:
        return any(asked.kind == QuestionKind.file for asked in self.asked)

    @property
    def is_last(self) -> bool:
        return self.place == len(self.parts)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a form that was sent."""

    mine: Mine
    part: Part
    saved: Saved
    files: Files  # of the draft, as it is now
    wrong: Mapping[str, str]  # files that could not be taken, by field

    @property
    def errors(self) -> dict[str, str]:
        """By question: what another window changed, and files that could not be taken."""
        changed = {each.key: _clash(each, self.saved.clashes[each.key]) for each in self.part.questions if each.key in self.saved.clashes}
        return changed | {each.key: self.wrong[field_name(each)] for each in self.part.questions if field_name(each) in self.wrong}


async def part(request: Request) -> Response:
    """GET, POST .../parts/{part}: `?look=1` says what is missing or can't be right; `?rows=2` makes room for more partners."""
    if request.method != "POST":
        async with reading(request) as db:
            mine = await own_submission(db, request)
            asked = part_at(mine.definition, request.path_params["part"])
            files = await files_shown(db, request, mine.call, mine.submission, mine.definition, mine.submission.draft)
        check_can_change(mine.submission)
        wrong = lacks_in(asked, mine.submission.draft) if request.query_params.get("look") else {}
        return _page(request, mine, asked, typed_of(asked, mine.submission.draft), _by_field(asked, wrong), files)
    async with reading(request) as db:  # before anything is read
        fields = file_fields(part_at((await own_submission(db, request)).definition, request.path_params["part"]))
    async with typed_uploads(request, fields, MAX_FILE) as (typed, uploads):
        done = await _save(request, typed, uploads)
    if errors := done.errors:
        page = typed_of(done.part, done.mine.submission.draft) | {name: value for name, value in typed.items() if name.startswith("a-")}
        return _page(request, done.mine, done.part, page, _by_field(done.part, errors), done.files, clashes=bool(done.saved.clashes))
    return redirect_to(request, _way_on(request, done.mine, done.part, typed), "Saved.")


async def draft(request: Request) -> Response:
    """POST .../parts/{part}/draft: what a page saves by itself. Answers with the draft's stamp; 409 with what was changed elsewhere."""
    typed = await typed_form(request)
    done = await _save(request, typed, {})
    mine, asked, saved = done.mine, done.part, done.saved
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


async def _save(request: Request, typed: Typed, uploads: Mapping[str, Upload]) -> Done:
    """Raises Conflict where nothing can be typed any more."""
    data, moment = house(request).settings.data, now(request)
    async with files_that_came(data, uploads) as came, writing(request) as db:
        mine = await own_submission(db, request)
        check_takes(mine.call, moment)
        asked = part_at(mine.definition, request.path_params["part"])
        base = typed.get("stamp", "")
        stamp = int(base) if base.isascii() and base.isdigit() and len(base) < 10 else 0
        saved = await save_part(db, mine.submission, read_part(asked, typed), stamp, moment)
        gone = await put_files(db, mine.call, mine.submission, asked, came, moment, mine.person.id)
        gone += await take_out(db, mine.call, mine.submission, asked, typed.get("then", ""), moment, mine.person.id)
        files = await files_shown(db, request, mine.call, mine.submission, mine.definition, mine.submission.draft)
    await after_commit(request, lambda: throw_away(data, gone))
    return Done(mine, asked, saved, files, came.wrong)


def _page(
    request: Request, mine: Mine, part: Part, typed: Typed, errors: Mapping[str, str], files: Files, *, clashes: bool = False
) -> Response:
    draft, extra = mine.submission.draft, request.query_params.get("rows", "")
    room = min(int(extra), 10) if extra.isascii() and extra.isdigit() else 0
    page = PartPage(
        mine=mine,
        part=part,
        parts=tuple(progress(each, draft) for each in mine.definition.parts),
        place=mine.definition.parts.index(part) + 1,
        asked=tuple(_asked(question, draft, room, files.get(question.key)) for question in part.questions),
        deadline=deadline_shown(request, mine.call),
        stamp=mine.submission.draft_stamp,
        saved=_clock(request, mine, mine.submission.draft_at) if mine.submission.draft_stamp else "",
        typed=typed,
        errors=errors,
        clashes=clashes,
    )
    title = f"{'Error: ' if errors else ''}{part.title} · {mine.call.title}"
    status = 409 if clashes else 422 if request.method == "POST" else 200
    return render(request, "calls/part.html", page, title=title, status=status, zone=mine.call.zone)


def _asked(question: Question, draft: Mapping[str, Any], extra: int, file: FileShown | None) -> AskedAnswer:
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
        file=file,
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
