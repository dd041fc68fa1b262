"""Files of submissions: their owners send and take them back; owners, organisers and the panel fetch them, each what is theirs."""

from dataclasses import dataclass

from sqlmodel import select
from starlette.requests import Request
from starlette.responses import Response

from conference.calls.definition import Question
from conference.calls.file_queries import answered_file, ids_in_versions
from conference.calls.file_rules import ACCEPT, MAX_FILE, MAX_FILE_WORDS, WORDS, file_question, harmless_name, size_words
from conference.calls.file_tables import SubmissionFile
from conference.calls.filing import add_file, drop_file
from conference.calls.looking import looked_at
from conference.calls.panel_tables import SeenWhat
from conference.calls.queries import call_at, conflicted, definition_of, member_of
from conference.calls.rights import organises
from conference.calls.sending_files import as_download
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call
from conference.calls.viewing import note_viewing
from conference.calls.words import reference_of
from conference.errors import Invalid, NotFound
from conference.people.access import require_person
from conference.people.tables import Person
from conference.speaking.shelf import place_of, throw_away
from conference.storage.database import Db
from conference.web.links import path_to, redirect
from conference.web.render import render
from conference.web.request import after_commit, house, now, reading, writing
from conference.web.uploads import Upload, typed_upload

NOT_YOURS = "There is no such submission, or it is not yours."
NO_FILE = "There is no such file, or it is not yours to read."


@dataclass(frozen=True, slots=True)
class Own:
    """A submission's file question, for whoever may answer it."""

    call: Call
    submission: Submission
    person: Person
    question: Question
    blind: bool


@dataclass(frozen=True, slots=True)
class FilePage:
    """templates/calls/file.html"""

    call: Call
    number: int
    reference: str
    back: str  # to the application
    question: Question
    blind: bool
    file: SubmissionFile | None
    words: str  # of the file that is there: `PDF, 120 KB`
    errors: dict[str, str]
    accept: str = ACCEPT
    most: int = MAX_FILE
    most_words: str = MAX_FILE_WORDS


async def file(request: Request) -> Response:
    """GET, POST /calls/{call}/submission/{number:int}/files/{question}: the file that answers a question; another one takes its place."""
    if request.method != "POST":
        return await _page(request, {})
    async with reading(request) as db:  # before anything is read
        await _own(db, request)
    async with typed_upload(request, "file", MAX_FILE) as (_, upload):
        try:
            file = await _keep(request, upload)
        except Invalid as wrong:
            return await _page(request, wrong.fields)
    said = f"“{file.name}” is in the draft. It goes to the organisers with the rest when the application is sent."
    return redirect(request, "calls:file", said, **request.path_params)


async def _keep(request: Request, upload: Upload | None) -> SubmissionFile:
    data = house(request).settings.data
    async with looked_at(data, upload) as kept, writing(request) as db:
        own = await _own(db, request)
        file = SubmissionFile(
            id=kept.id,
            submission_id=own.submission.id,
            question=own.question.key,
            kind=kept.kind,
            name=harmless_name(upload.name if upload else "", kept.kind),
            size=kept.size,
            digest=kept.digest,
            by_id=own.person.id,
            made_at=now(request),
        )
        gone = await add_file(db, own.call, own.submission, file, now(request))
    await after_commit(request, lambda: throw_away(data, [gone]))
    return file


async def removal(request: Request) -> Response:
    """POST /calls/{call}/submission/{number:int}/files/{question}/removal: out of the draft."""
    async with writing(request) as db:
        own = await _own(db, request)
        gone = await drop_file(db, own.call, own.submission, own.question.key, now(request), own.person.id)
    await after_commit(request, lambda: throw_away(house(request).settings.data, [gone]))
    return redirect(
        request, "calls:file", "The file is out of the draft. What was sent before stays as it was sent.", **request.path_params
    )


async def download(request: Request) -> Response:
    """GET /calls/{call}/files/{file:uuid}: as it came, for whoever sent it, and for organisers once it was sent with the rest."""
    async with reading(request) as db:
        person = await require_person(db, request)
        call = await call_at(db, request.path_params["call"])
        file = await db.get(SubmissionFile, request.path_params["file"])
        submission = await db.get(Submission, file.submission_id) if file else None
        if not file or not submission or submission.call_id != call.id or not await _may_fetch(db, call, submission, file, person):
            raise NotFound(NO_FILE)
    if person.id != submission.person_id:
        async with writing(request) as db:
            await note_viewing(db, submission.id, person.id, SeenWhat.file, now(request))
    return as_download(place_of(house(request).settings.data, file.id), call, submission.number, file)


async def _may_fetch(db: Db, call: Call, submission: Submission, file: SubmissionFile, person: Person) -> bool:
    """Whoever sits on the panel too gets the panel's copy, at its own address."""
    if await may_enter(db, call, submission, person):
        return True
    if not await organises(db, call, person.id) or await member_of(db, call.id, person.id):
        return False
    return submission.id not in await conflicted(db, call.id, person.id) and file.id in await ids_in_versions(db, submission.id)


async def may_enter(db: Db, call: Call, submission: Submission, person: Person) -> bool:
    """Whoever applies; organisers where staff enters it on the applicant's behalf, without those who have no part in it."""
    if submission.person_id == person.id:
        return True
    if submission.entered_by_id is None or not await organises(db, call, person.id):
        return False
    return submission.id not in await conflicted(db, call.id, person.id)


async def _own(db: Db, request: Request) -> Own:
    """Raises SignInNeeded, NotFound."""
    person = await require_person(db, request)
    call = await call_at(db, request.path_params["call"])
    numbered = select(Submission).where(Submission.call_id == call.id, Submission.number == request.path_params["number"])
    submission = (await db.exec(numbered)).first()
    if not submission or not await may_enter(db, call, submission, person):
        raise NotFound(NOT_YOURS)
    asked = await definition_of(db, call)
    return Own(call, submission, person, file_question(asked.questions, request.path_params["question"]), asked.panel.blind)


async def _page(request: Request, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        own = await _own(db, request)
        file = await answered_file(db, own.submission, own.submission.draft, own.question.key)
    words = f"{WORDS[file.kind]}, {size_words(file.size)}" if file else ""
    shown = reference_of(own.call, own.submission.number)
    back = path_to(request, "calls:file", **request.path_params).partition("/files/")[0]
    page = FilePage(own.call, own.submission.number, shown, back, own.question, own.blind, file, words, errors)
    return render(request, "calls/file.html", page, title=own.question.label, zone=own.call.zone, status=422 if errors else 200)
