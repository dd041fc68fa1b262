"""Files among answers, as pages name them: under what name, how big, and where each reader of them gets it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from conference.calls.definition import Definition
from conference.calls.file_queries import answered_files
from conference.calls.file_rules import STAYS, WORDS, download_name, size_words
from conference.calls.file_tables import SubmissionFile
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call
from conference.storage.database import Db
from conference.web.links import path_to


@dataclass(frozen=True, slots=True)
class FileShown:
    """One file behind an answer."""

    name: str
    words: str  # `PDF, 120 KB`
    path: str
    stays: str = ""  # what the panel's copy can't hide


Files = Mapping[str, FileShown]  # by question


async def files_shown(db: Db, request: Request, call: Call, submission: Submission, asked: Definition, answers: Mapping[str, Any]) -> Files:
    """As they came, for whoever applies and for organisers."""
    found = await answered_files(db, submission, asked, answers)
    return {
        key: _shown(file, file.name, path_to(request, "calls:file_download", call=call.slug, file=file.id)) for key, file in found.items()
    }


async def panel_files_shown(
    db: Db, request: Request, call: Call, submission: Submission, asked: Definition, answers: Mapping[str, Any]
) -> Files:
    """The panel's copies: no name that the sender gave, and nothing that identifies where the panel is blind."""
    found = await answered_files(db, submission, asked, answers)
    away = {each.key for each in asked.questions if each.identifies} if asked.panel.blind else set()
    return {
        key: _shown(
            file,
            download_name(call, submission.number, file),
            path_to(request, "calls:panel_file", call=call.slug, number=submission.number, question=key),
            STAYS[file.kind],
        )
        for key, file in found.items()
        if key not in away
    }


def _shown(file: SubmissionFile, name: str, path: str, stays: str = "") -> FileShown:
    return FileShown(name, f"{WORDS[file.kind]}, {size_words(file.size)}", path, stays)
