"""Files of submissions as the panel gets them: copies that say nothing of their makers; what identifies stays away from a blind panel."""

from starlette.requests import Request
from starlette.responses import Response

from conference.calls.access import readable_submission
from conference.calls.definition import Definition
from conference.calls.file_queries import answered_file
from conference.calls.file_rules import TYPES, download_name, file_question
from conference.calls.hidden import hide_of
from conference.calls.panel_files import panel_copy
from conference.calls.panel_tables import SeenWhat
from conference.calls.queries import call_at, counted_version
from conference.calls.sending_files import as_bytes
from conference.calls.tables import CallVersion
from conference.calls.viewing import note_viewing
from conference.calls.words import reference_of
from conference.errors import NotFound
from conference.people.access import require_person
from conference.people.tables import Person
from conference.web.request import house, now, reading, writing

NO_FILE = "There is no such file, or it is not yours to read."


async def panel_file(request: Request) -> Response:
    """GET /panel/{call}/{number:int}/files/{question}: the version that counts; that it was seen is written down."""
    async with reading(request) as db:
        reader = await require_person(db, request)
        call = await call_at(db, request.path_params["call"])
        submission = await readable_submission(db, request, call, request.path_params["number"])
        version = await counted_version(db, submission)
        if not version:
            raise NotFound(NO_FILE)
        asked = Definition.model_validate((await db.get_one(CallVersion, version.call_version_id)).definition)
        question = file_question(asked.questions, request.path_params["question"])
        file = await answered_file(db, submission, version.answers, question.key)
        if not file or (asked.panel.blind and question.identifies):
            raise NotFound(NO_FILE)
        hide = hide_of(await db.get_one(Person, submission.person_id), asked, version.answers) if asked.panel.blind else None
    title = f"{reference_of(call, submission.number)} {question.label}"
    content = await panel_copy(house(request).settings.data, file, title, hide)
    async with writing(request) as db:
        await readable_submission(db, request, call, submission.number)  # a conflict may have been declared meanwhile
        await note_viewing(db, submission.id, reader.id, SeenWhat.file, now(request))
    return as_bytes(content, TYPES[file.kind], download_name(call, submission.number, file))
