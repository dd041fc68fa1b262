"""What a file of a submission may be, how it is called, and what can't be taken out of it (pure)."""

import re
import unicodedata
from collections.abc import Mapping

from conference.calls.definition import Question, QuestionKind
from conference.calls.file_tables import FileKind, SubmissionFile
from conference.calls.submission_tables import Submission, SubmissionState
from conference.calls.tables import Call, CallState
from conference.calls.words import reference_of
from conference.errors import Conflict, NotFound

MEGABYTE = 1024 * 1024
MAX_FILE = 10 * MEGABYTE
MAX_FILE_WORDS = "10 MB"
MAX_KEPT = 40  # files of one submission, with those of its earlier versions
LONGEST_NAME = 100
LARGEST_PICTURE = 2400  # pixels on a side: a scanned page stays readable
TAKEN = "Choose a PDF, a DOCX or ODT document, or a picture (JPEG, PNG, WebP)."
ACCEPT = ".pdf,.docx,.odt,.jpg,.jpeg,.png,.webp"
WORDS = {
    FileKind.pdf: "PDF",
    FileKind.docx: "Word document (DOCX)",
    FileKind.odt: "OpenDocument text (ODT)",
    FileKind.jpeg: "Picture (JPEG)",
}
ENDINGS = {FileKind.pdf: "pdf", FileKind.docx: "docx", FileKind.odt: "odt", FileKind.jpeg: "jpg"}
TYPES = {
    FileKind.pdf: "application/pdf",
    FileKind.docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.odt: "application/vnd.oasis.opendocument.text",
    FileKind.jpeg: "image/jpeg",
}
OPEN_TO_CHANGE = (SubmissionState.draft, SubmissionState.submitted, SubmissionState.under_review)
TOO_BIG = f"This file is too big: it may have at most {MAX_FILE_WORDS}. A PDF with smaller pictures often fits."
_DOCUMENT = (
    "Its details, comments and the names of who changed it are taken out; for a blind panel names in its text too, where they are "
    "written as on the form. What stands in its pictures stays."
)
# What stays in the panel's copy whatever we do: said to organisers and to the panel.
STAYS: Mapping[FileKind, str] = {
    FileKind.pdf: "Its details and its links’ targets are taken out. What stands on its pages, and in pictures on them, stays: names too.",
    FileKind.docx: _DOCUMENT,
    FileKind.odt: _DOCUMENT,
    FileKind.jpeg: "Where and by whom it was taken is left out. What can be seen or read on it stays.",
}


def file_question(questions: tuple[Question, ...], key: str) -> Question:
    """Raises NotFound where the call asks for no file of this name."""
    found = next((each for each in questions if each.key == key and each.kind is QuestionKind.file), None)
    if not found:
        raise NotFound("This call asks for no such file.")
    return found


def check_may_change(call: Call, submission: Submission) -> None:
    """Files may come and go while the draft may. What comes late stays in the draft, as all that is typed late. Raises Conflict."""
    if submission.state not in OPEN_TO_CHANGE or call.state not in (CallState.open, CallState.closed):
        raise Conflict("This submission can’t be changed any more.")


def download_name(call: Call, number: int, file: SubmissionFile) -> str:
    """`ILLP-2025-0042-cv.pdf`: plain ASCII, and nobody's name."""
    return f"{reference_of(call, number)}-{file.question.replace('_', '-')}.{ENDINGS[file.kind]}"


def harmless_name(name: str, kind: FileKind) -> str:
    """What the sender calls it, without a path, line breaks or signs that nobody sees; its ending says what it is."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C" and sign not in "\u2028\u2029")
    stem = re.sub(r"\.(pdf|docx|odt|jpe?g|png|webp)$", "", seen.strip(), flags=re.IGNORECASE)[:LONGEST_NAME].strip(" .")
    return f"{stem or 'file'}.{ENDINGS[kind]}"


def size_words(size: int) -> str:
    return f"{size / MEGABYTE:.1f} MB" if size >= MEGABYTE else f"{max(1, round(size / 1024))} KB"
