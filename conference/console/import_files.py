"""What an organiser uploads or pastes: which kind of file it is, read with care, and kept in the form between preview and confirmation."""

import base64
import binascii
import zlib

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from conference.calendars.exchange_reading import read_json, read_xml
from conference.programme.importing import MAX_FILE, ReadFile, refused
from conference.programme.importing_columns import read_rows
from conference.programme.importing_csv import rows_of_csv
from conference.programme.importing_text import kind_of
from conference.programme.importing_xlsx import rows_of_xlsx
from conference.web.forms import Typed
from conference.web.middleware import MAX_BODY

MAX_FIELDS = 4000  # an answer for each room, track, speaker and missing session
MAX_PART = 3 * 1024 * 1024  # bytes: a file of MAX_FILE, written as text
TOO_LARGE = "This file is larger than 2 MB. A programme is far smaller: leave pictures and other sheets out."
SPOILT = "The file did not come back whole. Choose it again."


async def sent(request: Request) -> tuple[Typed, bytes]:
    """What was typed, and the file: uploaded, pasted, or kept in the form. Raises Invalid for a file that is no good."""
    if int(request.headers.get("content-length") or 0) > MAX_BODY:
        raise refused(TOO_LARGE)
    async with request.form(max_files=1, max_fields=MAX_FIELDS, max_part_size=MAX_PART) as form:
        typed = {name: value.replace("\0", "") for name, value in form.items() if isinstance(value, str) and name not in ("kept", "pasted")}
        data = await _file(form)
    if len(data) > MAX_FILE:
        raise refused(TOO_LARGE)
    if not data.strip():
        raise refused("Choose a file, or paste its text.")
    return typed, data


async def read_file(data: bytes, zone: str) -> ReadFile:
    """The sessions of the file, read aside so that nobody waits. Raises Invalid where it can't be read at all."""
    return await run_in_threadpool(_read, data, zone)


def kept(data: bytes) -> str:
    """The file as a form's field."""
    return base64.b64encode(zlib.compress(data, 9)).decode()


async def _file(form: FormData) -> bytes:
    uploaded, pasted, before = form.get("file"), form.get("pasted"), form.get("kept")
    if isinstance(uploaded, UploadFile) and (data := await uploaded.read(MAX_FILE + 1)):
        return data
    if isinstance(pasted, str) and pasted.strip():
        return pasted.encode("utf-8", "ignore")
    return _unpacked(before) if isinstance(before, str) and before else b""


def _unpacked(text: str) -> bytes:
    unpacking = zlib.decompressobj()
    try:
        return unpacking.decompress(base64.b64decode(text, validate=True), MAX_FILE + 1)
    except (binascii.Error, zlib.error, ValueError):
        raise refused(SPOILT) from None


def _read(data: bytes, zone: str) -> ReadFile:
    kind = kind_of(data)
    if kind == "xlsx":
        return read_rows(rows_of_xlsx(data), "Excel workbook", zone)
    if kind == "csv":
        return read_rows(rows_of_csv(data), "CSV", zone)
    return read_xml(data, zone) if kind == "xml" else read_json(data, zone)
