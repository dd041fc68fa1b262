"""A phone at the door: what it keeps for when it has no line, and what it sends when it has one again."""

from dataclasses import dataclass, field
from functools import cache

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from conference.attendance.actions import Act, perform_acts
from conference.attendance.door import helper_at, name_of, occasion_asked, with_camera
from conference.attendance.expected import choices_at, phone_list
from conference.attendance.forms import acts_of_phone
from conference.attendance.rules import FLAGGED, SAID, Occasion, day_for
from conference.attendance.tables import DoorScan
from conference.errors import Invalid
from conference.files import folder
from conference.programme.tables import Event
from conference.storage.database import Db
from conference.web.forms import Typed
from conference.web.links import asset, path_to
from conference.web.render import render
from conference.web.request import house, now, reading, writing

MAX_BODY = 256 * 1024  # bytes of a phone's message
SHEETS = ("reset", "fonts", "tokens", "base", "layout", "buttons", "forms", "time", "notices", "tables", "door")
SCRIPTS = ("js/door-desk.js", "js/door-keep.js", "js/door-camera.js", "vendor/jsqr/jsQR.js")


@dataclass(frozen=True, slots=True)
class ShellPage:
    """templates/attendance/door_shell.html: the door with nobody at it."""

    event: Event
    occasion: Occasion
    options: tuple[tuple[str, str], ...]
    sheets: tuple[str, ...] = SHEETS
    key: str = ""
    q: str = ""
    typed: Typed = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


async def scans(request: Request) -> Response:
    """POST /manage/events/{event}/door/scans, JSON: what a phone kept. The same again gets the same answer."""
    body = await request.body()
    if len(body) > MAX_BODY:
        raise Invalid("acts", "That is too much at once.")
    async with writing(request) as db:
        event, person = await helper_at(db, request)
        acts = acts_of_phone(body, now(request))
        done = await perform_acts(db, event, acts, person, now(request), house(request).settings.secret_key)
        answers = [await _answer(db, act, scan) for act, scan in zip(acts, done, strict=True)]
    return JSONResponse({"acts": answers}, headers={"Cache-Control": "no-store"})


async def door_list(request: Request) -> Response:
    """GET /manage/events/{event}/door/list.json?for=: what a phone keeps until the event is over."""
    async with reading(request) as db:
        event, _ = await helper_at(db, request)
        occasion = await occasion_asked(db, request, event)
        told = await phone_list(db, event, occasion, house(request).settings.secret_key, now(request))
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


async def shell(request: Request) -> Response:
    """GET /manage/events/{event}/door/shell: the door without anybody's data, for a phone to keep."""
    async with reading(request) as db:
        event, _ = await helper_at(db, request)
        choices = await choices_at(db, event)
    options = tuple((choice.key, choice.words) for choice in choices)
    page = ShellPage(event, Occasion(day=day_for(event, now(request))), options)
    return with_camera(render(request, "attendance/door_shell.html", page, title=f"Door · {event.title}", zone=event.zone))


async def worker(request: Request) -> Response:
    """GET /manage/events/{event}/door/worker.js: what keeps the door's page on a phone."""
    async with reading(request) as db:
        await helper_at(db, request)
    here = {"event": request.path_params["event"]}
    kept = [path_to(request, "attendance:shell", **here), *(asset(f"css/{sheet}.css") for sheet in SHEETS), *map(asset, SCRIPTS)]
    kept += [asset("icons/sprite.svg"), asset("fonts/atkinson-latin.woff2"), asset("fonts/newsreader-latin.woff2")]
    words = "".join(f"{each}\n" for each in kept)
    script = f"const KEPT = `{words}`.trim().split('\\n');\n{_worker_script()}"
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": path_to(request, "attendance:door", **here)}
    return Response(script, media_type="text/javascript", headers=headers)


async def _answer(db: Db, act: Act, scan: DoorScan) -> dict[str, str | bool | None]:
    """What a phone is told of one act."""
    return {
        "client_id": str(act.client_id),
        "outcome": scan.outcome,
        "said": SAID[scan.outcome],
        "flagged": scan.outcome in FLAGGED,
        "name": await name_of(db, scan),
        "place": str(scan.registration_id) if scan.registration_id else None,
        "check_in": str(scan.check_in_id) if scan.check_in_id else None,
    }


@cache
def _worker_script() -> str:
    return (folder("static") / "js" / "door-worker.js").read_text("utf-8")
