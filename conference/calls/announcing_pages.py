"""Telling everybody: what it would bring about, the letters as they would go out, and the one button."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.calls.announcing import ToTell, announce, letter_to, to_tell
from conference.calls.deciding import check_is_over
from conference.calls.decision_tables import Verdict
from conference.calls.meeting_door import Seat, organising_seat_at
from conference.calls.meeting_room import rooms_of
from conference.calls.queries import definition_of
from conference.calls.standings import no_part_in
from conference.calls.words import pounds, reference_of
from conference.errors import Conflict
from conference.programme.tables import Event
from conference.web.forms import typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import after_commit, now, reading, real_now, writing

WORDS = {Verdict.accepted: "Yes", Verdict.reserve: "Reserve list", Verdict.rejected: "No"}
STALE = "Something has been decided or withdrawn since you opened this page. Read it again before you announce."


@dataclass(frozen=True, slots=True)
class Told:
    reference: str
    verdict: str
    amount: str
    reason: str


@dataclass(frozen=True, slots=True)
class AnnouncementPage:
    """templates/calls/announcement.html"""

    seat: Seat
    counts: Mapping[str, int]
    open: tuple[str, ...]
    rows: tuple[Told, ...]
    hidden: int  # of those that the reader has no part in
    letters: tuple[tuple[str, str], ...]
    seen: str
    no: str  # why it can't be announced now

    @property
    def total(self) -> int:
        return sum(self.counts.values())


async def announcement(request: Request) -> Response:
    """GET, POST /manage/calls/{call}/announcement"""
    if request.method != "POST":
        return await _page(request, "")
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            seat = await organising_seat_at(db, request)
            if _seen(await to_tell(db, seat.call)) != typed.get("seen"):
                raise Conflict(STALE)
            told = await announce(db, seat.call, now(request), real_now(request), by=seat.person)
    except Conflict as no:
        return await _page(request, no.sentence)
    await after_commit(request, rooms_of(request).changed)
    count = len(told.decided)
    said = "The letter is on its way." if count == 1 else f"Announced: {count} letters are on their way."
    return redirect(request, "calls:announcement", said, call=seat.call.slug)


async def _page(request: Request, no: str) -> Response:
    async with reading(request) as db:
        seat = await organising_seat_at(db, request)
        waiting = await to_tell(db, seat.call)
        hidden = await no_part_in(db, seat.call, seat.person.id)
        definition = await definition_of(db, seat.call)
        event = await db.get(Event, seat.call.event_id) if seat.call.event_id else None
    examples = {
        decision.verdict: (submission, decision) for submission, decision in reversed(waiting.decided) if submission.id not in hidden
    }
    letters = tuple(
        (WORDS[verdict], letter_to(seat.call, definition, event, *examples[verdict], "Name of the applicant", now(request)))
        for verdict in Verdict
        if verdict in examples
    )
    page = AnnouncementPage(
        seat=seat,
        counts={WORDS[verdict]: waiting.counts[verdict] for verdict in Verdict if waiting.counts.get(verdict)},
        open=tuple(reference_of(seat.call, each.number) for each in waiting.open if each.id not in hidden),
        rows=tuple(
            Told(
                reference_of(seat.call, each.number),
                WORDS[made.verdict],
                pounds(made.amount_pence) if made.amount_pence else "",
                made.reason,
            )
            for each, made in waiting.decided
            if each.id not in hidden
        ),
        hidden=sum(each.id in hidden for each in (*waiting.open, *(submission for submission, _ in waiting.decided))),
        letters=letters,
        seen=_seen(waiting),
        no=no or _why_not(seat, waiting, request),
    )
    title = f"Announce the decisions · {seat.call.title}"
    return render(request, "calls/announcement.html", page, title=title, status=409 if no else 200, zone=seat.call.zone)


def _why_not(seat: Seat, waiting: ToTell, request: Request) -> str:
    try:
        check_is_over(seat.call, now(request))
    except Conflict as no:
        return no.sentence
    if waiting.open:
        return "Everybody is told together. First decide on what is still open."
    return "" if waiting.decided else "There is nothing to announce."


def _seen(waiting: ToTell) -> str:
    """What was read: which decisions, and nothing else open."""
    whole = [str(decision.id) for _, decision in waiting.decided] + [f"open {each.id}" for each in waiting.open]
    return hashlib.sha256("\n".join(whole).encode()).hexdigest()[:32]
