"""Releasing what was planned: what would change and for whom, the act itself, the versions there were, and taking one back."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.console.date_doubts import doubts_by_field
from conference.console.plan import organised
from conference.console.plan_warnings import warnings_about
from conference.console.sessions import released_words
from conference.console.words import how_many
from conference.dates import Doubt
from conference.errors import NotFound
from conference.people.queries import people_by_id
from conference.programme.choices import Choices, choices_of
from conference.programme.planned import Planned, planned_programme
from conference.programme.queries import releases_of
from conference.programme.release_words import News, news_of
from conference.programme.releasing import lines_of_drafts
from conference.programme.tables import Event, ScheduleRelease
from conference.programme.warnings import PlanWarning
from conference.registration.affected import people_affected
from conference.registration.publishing import publish, take_back
from conference.times import city_of, clock_time, long_date, spoken_zone, zone_named
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, real_now, writing


@dataclass(frozen=True, slots=True)
class ReleasePage:
    """templates/console/release.html"""

    event: Event
    number: int  # of the version it will be
    news: tuple[News, ...]
    told: str  # who gets a mail, in numbers
    seen: str
    typed: Typed
    stale: bool  # the plan changed after the page was opened
    doubts: tuple[Doubt, ...]  # about dates in the note; released again as it is, they are no obstacle
    warnings: tuple[PlanWarning, ...]


@dataclass(frozen=True, slots=True)
class ShownRelease:
    number: int
    when: str
    by: str
    note: str
    news: tuple[News, ...]


@dataclass(frozen=True, slots=True)
class ReleasesPage:
    """templates/console/releases.html"""

    event: Event
    clock_words: str
    releases: tuple[ShownRelease, ...]


@dataclass(frozen=True, slots=True)
class UndoPage:
    """templates/console/undo.html"""

    event: Event
    release: ShownRelease


async def release(request: Request) -> Response:
    """GET, POST /manage/events/{event}/release: everything that waits, as one version with a note."""
    if request.method != "POST":
        return await _page(request, {})
    typed = await typed_form(request)
    async with writing(request) as db:
        event, person = await organised(db, request)
        await db.refresh(event, with_for_update={"key_share": True})  # nothing is drafted between this look and the release
        planned, choices = await planned_programme(db, event), await choices_of(db, event)
        stale = typed.get("seen") != _seen(planned)
        if not stale and not _doubts(typed, event):
            made = await publish(db, event, now(request), real_now(request), by=person.id, note_words=typed.get("note", ""))
            return redirect(request, "programme:releases", released_words(made, event, choices), event=event.slug)
    return await _page(request, typed, stale=stale)


async def releases(request: Request) -> Response:
    """GET /manage/events/{event}/releases: the versions of the programme, the newest first."""
    async with reading(request) as db:
        event, _ = await organised(db, request)
        choices, rows = await choices_of(db, event), await releases_of(db, event)
        people = await people_by_id(db, (row.person_id for row in rows if row.person_id))
    shown = tuple(_shown(row, event, choices, people[row.person_id].name if row.person_id else "") for row in rows)
    page = ReleasesPage(event, city_of(event.zone), shown)
    return render(request, "console/releases.html", page, title=f"Releases · {event.title}", zone=event.zone)


async def undoing(request: Request) -> Response:
    """GET, POST /manage/events/{event}/releases/{number}/undoing: what a version changed is put back by a new one."""
    if request.method == "POST":
        async with writing(request) as db:
            event, person = await organised(db, request)
            row = await _release_at(request, await releases_of(db, event))
            undone = await take_back(db, event, row, now(request), real_now(request), by=person.id)
        said = " ".join([f"Version {row.number} is taken back, as version {undone.release.number}.", *undone.left])
        return redirect(request, "programme:releases", said, event=event.slug)
    async with reading(request) as db:
        event, _ = await organised(db, request)
        row = await _release_at(request, await releases_of(db, event))
        page = UndoPage(event, _shown(row, event, await choices_of(db, event), ""))
    return render(request, "console/undo.html", page, title=f"Take back version {row.number}", zone=event.zone)


async def _release_at(request: Request, rows: Sequence[ScheduleRelease]) -> ScheduleRelease:
    found = next((row for row in rows if row.number == request.path_params["number"] and row.changes), None)
    if not found:
        raise NotFound("There is no version with this number that could be taken back.")
    return found


async def _page(request: Request, typed: Typed, *, stale: bool = False) -> Response:
    async with reading(request) as db:
        event, _ = await organised(db, request)
        planned, choices, rows = await planned_programme(db, event), await choices_of(db, event), await releases_of(db, event)
        lines = lines_of_drafts(planned)
        people = await people_affected(db, event, lines, planned, now(request))
        warnings = await warnings_about(db, event, planned)
    told = (
        f"{how_many(len(people), 'person gets', 'people get')} a mail about what concerns them."
        if people
        else "Nobody needs a mail about it."
    )
    news = news_of(lines, event.zone, choices.names())
    number = rows[0].number + 1 if rows else 1
    page = ReleasePage(event, number, news, told, _seen(planned), typed, stale, _doubts(typed, event), warnings)
    title = f"Release · {event.title}"
    return render(request, "console/release.html", page, title=title, status=409 if stale else 422 if page.doubts else 200, zone=event.zone)


def _doubts(typed: Typed, event: Event) -> tuple[Doubt, ...]:
    """What may be wrong with the note, unless this very note was looked at already."""
    note = typed.get("note", "")
    return () if note == typed.get("sure") else doubts_by_field({"note": note}, event).get("note", ())


def _seen(planned: Sequence[Planned]) -> str:
    """What the page showed, in a word: it changes with every draft and every release."""
    return hashlib.sha256(" ".join(f"{one.facts.session.id}:{one.version}" for one in planned).encode()).hexdigest()[:32]


def _shown(row: ScheduleRelease, event: Event, choices: Choices, by: str) -> ShownRelease:
    local = row.released_at.astimezone(zone_named(event.zone))
    when = f"{long_date(local.date())}, {clock_time(local)} ({spoken_zone(row.released_at, event.zone)})"
    return ShownRelease(row.number, when, by, row.note, news_of(row.changes, event.zone, choices.names()))
