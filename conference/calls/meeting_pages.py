"""The selection meeting for those who are at it: the page, what of it changes by itself, and its forms."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.calls.meeting import close_meeting, declare_in_meeting, note_down, open_meeting, take_item
from conference.calls.meeting import come_in as come_into
from conference.calls.meeting_door import Seat, discussed, leading_seat_at, seat_at
from conference.calls.meeting_forms import ItemForm
from conference.calls.meeting_reading import known_of
from conference.calls.meeting_room import rooms_of, says
from conference.calls.meeting_view import Place, Shown, shown_to
from conference.calls.queries import definition_of
from conference.calls.submission_tables import Submission
from conference.calls.words import pounds
from conference.errors import Invalid
from conference.storage.database import Db
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import FORM_AGAIN, render
from conference.web.request import after_commit, now, reading, real_now, writing


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """templates/calls/meeting.html"""

    seat: Seat
    shown: Shown
    says: str
    next_number: int | None  # the first in the order that is open and not on the table
    with_money: bool
    with_feedback: bool
    is_there: bool  # whoever reads it is counted as being at the meeting

    @property
    def slug(self) -> str:
        return self.seat.call.slug

    def pounds(self, pence: int) -> str:
        return pounds(pence)


@dataclass(frozen=True, slots=True)
class WordsPage:
    """templates/calls/meeting_words.html: one text about one submission, where the meeting's own form came back."""

    seat: Seat
    number: int
    reference: str
    about: str  # "note" or "conflict"
    typed: Typed
    errors: dict[str, str]


async def meeting(request: Request) -> Response:
    """GET /panel/{call}/meeting; POST opens one."""
    if request.method == "POST":
        async with writing(request) as db:
            seat = await leading_seat_at(db, request)
            await open_meeting(db, seat.call, now(request), by=seat.person)
            await come_into(db, seat.call, {seat.person.id}, now(request), real_now(request))
        return await _back(request, "The meeting is open. Everybody on the panel can come in.")
    page = await _page(request)
    return render(request, "calls/meeting.html", page, title=f"Selection meeting · {page.seat.call.title}", zone=page.seat.call.zone)


async def meeting_now(request: Request) -> Response:
    """GET .../meeting/now: what of it changes by itself, for its script."""
    page = await _page(request)
    response = render(request, "calls/meeting_now.html", page, title="The meeting", zone=page.seat.call.zone)
    del response.headers["set-cookie"]  # a sentence that waits for the next page still waits
    return response


async def coming_in(request: Request) -> Response:
    """POST .../meeting/attendance: I am here; a page with its script says so by itself."""
    async with writing(request) as db:
        seat = await seat_at(db, request)
        await come_into(db, seat.call, {seat.person.id}, now(request), real_now(request))
    return await _back(request, "You are in the meeting.")


async def item(request: Request) -> Response:
    """POST .../meeting/item: put a submission on the table, or nothing."""
    form = ItemForm.read(await typed_form(request))
    async with writing(request) as db:
        seat = await leading_seat_at(db, request)
        submission = await discussed(db, seat, form.number) if form.number is not None else None
        await take_item(db, seat.call, submission, now(request), by=seat.person)
    return await _back(request, "" if submission else "The table is clear.")


async def closing(request: Request) -> Response:
    """POST .../meeting/closing"""
    async with writing(request) as db:
        seat = await leading_seat_at(db, request)
        await close_meeting(db, seat.call, now(request), by=seat.person)
    return await _back(request, "The meeting is closed. What is decided stays, and nobody has been told yet.")


async def notes(request: Request) -> Response:
    """POST .../meeting/submissions/{number}/notes: a sentence for the minutes."""

    async def act(db: Db, seat: Seat, submission: Submission, typed: Typed) -> None:
        await note_down(db, seat.call, submission, typed.get("words", ""), now(request), by=seat.person)

    return await _about_one(request, "note", act, "Minuted.")


async def conflict(request: Request) -> Response:
    """POST .../meeting/submissions/{number}/conflict: I have no part in this."""

    async def act(db: Db, seat: Seat, submission: Submission, typed: Typed) -> None:
        await declare_in_meeting(db, seat.call, submission, typed.get("why", ""), now(request), by=seat.person)

    return await _about_one(request, "conflict", act, "It is minuted that you have no part in it. Please leave the conversation now.")


async def _about_one(request: Request, about: str, act: Callable[[Db, Seat, Submission, Typed], Awaitable[None]], said: str) -> Response:
    typed, number = await typed_form(request), request.path_params["number"]
    try:
        async with writing(request) as db:
            seat = await seat_at(db, request)
            submission = await discussed(db, seat, number)
            await act(db, seat, submission, typed)
    except Invalid as wrong:
        async with reading(request) as db:
            seat = await seat_at(db, request)
            await discussed(db, seat, number)
        page = WordsPage(seat, number, f"{seat.call.slug.upper()}-{number:04}", about, typed, wrong.fields)
        return render(
            request,
            "calls/meeting_words.html",
            page,
            title=f"Error: Selection meeting · {seat.call.title}",
            status=FORM_AGAIN,
            zone=seat.call.zone,
        )
    return await _back(request, said)


async def _back(request: Request, said: str) -> Response:
    """To the meeting; every open page looks again once this is committed."""
    await after_commit(request, rooms_of(request).changed)
    return redirect(request, "calls:meeting", said, call=request.path_params["call"])


async def _page(request: Request) -> MeetingPage:
    async with reading(request) as db:
        seat = await seat_at(db, request)
        definition = await definition_of(db, seat.call)
        known = await known_of(db, seat.call, real_now(request))
    shown = shown_to(seat.person.id, known)
    mine = known.people.get(seat.person.id)
    return MeetingPage(
        seat=seat,
        shown=shown,
        says=says(shown),
        next_number=next((row.number for row in shown.rows if row.verdict is None and not row.on_table), None),
        with_money=seat.call.budget_pence is not None or definition.award is not None,
        with_feedback=definition.feedback,
        is_there=shown.place is Place.nowhere or bool(mine and mine.seen_at),
    )
