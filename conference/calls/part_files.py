"""Files that come with a part's form: looked at before the form is saved, put in with it, or taken out by a button of it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from conference.calls.answers import field_name
from conference.calls.definition import Part, QuestionKind
from conference.calls.file_rules import harmless_name
from conference.calls.file_tables import SubmissionFile
from conference.calls.filing import add_file, drop_file
from conference.calls.looking import Kept, looked_at
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call
from conference.errors import Conflict, Invalid
from conference.storage.database import Db
from conference.web.uploads import Upload

TAKES_OUT = "drop-"  # before a question's key, in the button that takes its file out


@dataclass(frozen=True, slots=True)
class Came:
    """What came with one form, by field: files on the shelf with the names they came under, and sentences about the others."""

    kept: Mapping[str, tuple[str, Kept]] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


def file_fields(part: Part) -> dict[str, str]:
    """The names of a part's fields for files, with their questions' keys."""
    return {field_name(question): question.key for question in part.questions if question.kind is QuestionKind.file}


@asynccontextmanager
async def files_that_came(data: Path, uploads: Mapping[str, Upload]) -> AsyncIterator[Came]:
    """On the shelf until what follows is refused."""
    kept: dict[str, tuple[str, Kept]] = {}
    wrong: dict[str, str] = {}
    async with AsyncExitStack() as shelf:
        for name, upload in uploads.items():
            try:
                kept[name] = upload.name, await shelf.enter_async_context(looked_at(data, upload))
            except Invalid as no:
                wrong[name] = no.sentence
        yield Came(kept, wrong)


async def put_files(db: Db, call: Call, submission: Submission, part: Part, came: Came, now: datetime, by: UUID) -> list[UUID | None]:
    """Make them the draft's answers. Returns the ids of bytes that nothing needs any more, for after the commit."""
    gone: list[UUID | None] = []
    for asked_as, question in file_fields(part).items():
        if asked_as not in came.kept:
            continue
        name, kept = came.kept[asked_as]
        file = SubmissionFile(
            id=kept.id,
            submission_id=submission.id,
            question=question,
            kind=kept.kind,
            name=harmless_name(name, kept.kind),
            size=kept.size,
            digest=kept.digest,
            by_id=by,
            made_at=now,
        )
        try:
            gone.append(await add_file(db, call, submission, file, now))
        except Conflict as no:
            came.wrong[asked_as] = no.sentence
            gone.append(kept.id)
    return gone


async def take_out(db: Db, call: Call, submission: Submission, part: Part, pressed: str, now: datetime, by: UUID) -> list[UUID | None]:
    """The file whose button was pressed, if one of this part's was."""
    question = pressed.removeprefix(TAKES_OUT)
    if pressed == question or question not in file_fields(part).values():
        return []
    return [await drop_file(db, call, submission, question, now, by)]
