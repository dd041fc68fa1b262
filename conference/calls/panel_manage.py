"""The panel, for those who run the call: who sits on it, who reads what, how far everybody is."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from pydantic import EmailStr, Field, field_validator
from starlette.requests import Request
from starlette.responses import Response

from conference.calls.panel_actions import assign, seat_member, split_evenly, take_back, unseat_member
from conference.calls.panel_mail import remind_panel
from conference.calls.panel_queries import assignments_of, members_of, reviews_of, sent_submission, sent_submissions
from conference.calls.panel_rules import reviews_due_at
from conference.calls.panel_tables import Assignment, PanelMember, Review
from conference.calls.queries import conflicted, definition_of
from conference.calls.reviewing import give_back
from conference.calls.rights import NO_PART, check_has_part, managed_call
from conference.calls.tables import Call
from conference.calls.words import reference_of
from conference.errors import Conflict, Invalid, NotFound
from conference.people.actions import know_person
from conference.people.tables import Person
from conference.storage.database import Db
from conference.times import spoken_moment
from conference.web.forms import Form, Typed, checked, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, real_now, writing, zone_for


class MemberForm(Form):
    """templates/calls/panel_manage.html"""

    asks: ClassVar[dict[str, str]] = {"name": "Say who it is.", "email": "Enter an e-mail address, like name@example.org."}

    name: str = Field(min_length=1, max_length=200)
    email: EmailStr = Field(max_length=320)
    organisation: str = Field(default="", max_length=200)
    chair: bool = False
    independent: bool = False

    @field_validator("chair", "independent", mode="before")
    @classmethod
    def _ticked(cls, value: object) -> bool:
        return checked(value)


class ReadingForm(Form):
    """templates/calls/panel_readings.html"""

    asks: ClassVar[dict[str, str]] = {"number": "Type the submission’s number, like 42.", "member": "Choose who should read it."}

    number: int = Field(ge=1, le=1_000_000)
    member: UUID


@dataclass(frozen=True, slots=True)
class MemberRow:
    member: PanelMember
    person: Person
    reads: int
    begun: int
    done: int
    reminded: str


@dataclass(frozen=True, slots=True)
class MembersPage:
    """templates/calls/panel_manage.html"""

    call: Call
    rows: tuple[MemberRow, ...]
    submissions: int
    short: int  # submissions with fewer readers than the call wants
    each: int
    in_: int  # reviews
    readings: int
    independent_missing: int
    due: str
    typed: Typed
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadingRow:
    assignment: Assignment
    person: Person
    review: Review | None

    @property
    def words(self) -> str:
        if self.review is None:
            return "not begun"
        return "in" if self.review.submitted_at else "begun"


@dataclass(frozen=True, slots=True)
class ReadingsPage:
    """templates/calls/panel_readings.html"""

    call: Call
    rows: tuple[tuple[str, tuple[ReadingRow, ...]], ...]  # by submission
    people: tuple[tuple[str, str], ...]
    typed: Typed
    errors: Mapping[str, str]


async def members(request: Request) -> Response:
    """GET, POST /manage/calls/{call}/panel: who sits on it and how far they are; one more."""
    if request.method != "POST":
        return await _members_page(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            call, organiser = await managed_call(db, request)
            form = MemberForm.read(typed)
            person = await know_person(db, form.email, form.name, now(request), organisation=form.organisation)
            await seat_member(db, call, person, now(request), chair=form.chair, independent=form.independent, by=organiser.id)
    except Invalid as wrong:
        return await _members_page(request, typed, wrong.fields)
    except Conflict as no:
        return await _members_page(request, typed, {"email": no.sentence})
    said = f"{person.name} sits on the panel. Share the submissions out when everybody is there."
    return redirect(request, "calls:members", said, call=call.slug)


async def ending(request: Request) -> Response:
    """POST /manage/calls/{call}/panel/members/{member:uuid}/ending"""
    async with writing(request) as db:
        call, organiser = await managed_call(db, request)
        member = await db.get(PanelMember, request.path_params["member"])
        if not member or member.call_id != call.id or member.ended_at:
            raise NotFound("Nobody like that sits on this panel.")
        await unseat_member(db, call, member, now(request), by=organiser.id)
    said = "They are not on the panel any more. What they had to read can be shared out again; reviews that are in stay."
    return redirect(request, "calls:members", said, call=call.slug)


async def split(request: Request) -> Response:
    """POST /manage/calls/{call}/panel/split: share out evenly what still lacks readers."""
    async with writing(request) as db:
        call, organiser = await managed_call(db, request)
        given = await split_evenly(db, call, await definition_of(db, call), now(request), by=organiser.id)
    said = f"{given} readings shared out." if given else "There was nothing left to share out."
    return redirect(request, "calls:members", said, call=call.slug)


async def reminder(request: Request) -> Response:
    """POST /manage/calls/{call}/panel/reminder: a mail to all who owe reviews."""
    async with writing(request) as db:
        call, _ = await managed_call(db, request)
        count = await remind_panel(db, call, await definition_of(db, call), now(request), real_now(request))
    said = f"{count} reminded by mail." if count else "Nobody to remind: all reviews are in, or they were reminded within a day."
    return redirect(request, "calls:members", said, call=call.slug)


async def readings(request: Request) -> Response:
    """GET, POST /manage/calls/{call}/panel/readings: who reads what; give one by hand."""
    if request.method != "POST":
        return await _readings_page(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            call, organiser = await managed_call(db, request)
            form = ReadingForm.read(typed)
            found = await sent_submission(db, call.id, form.number)
            if not found or found.id in await conflicted(db, call.id, organiser.id):
                raise Invalid("number", "There is no submission of this number, or it was not sent.")
            person = next((person for _, person in await members_of(db, call.id) if person.id == form.member), None)
            if not person:
                raise Invalid("member", "Choose somebody of the panel.")
            await assign(db, call, found, person, now(request), by=organiser.id)
    except Invalid as wrong:
        return await _readings_page(request, typed, wrong.fields)
    except Conflict as no:
        return await _readings_page(request, typed, {"member": no.sentence})
    return redirect(request, "calls:readings", f"{person.name} reads {reference_of(call, form.number)} now.", call=call.slug)


async def reading_ending(request: Request) -> Response:
    """POST /manage/calls/{call}/panel/readings/{assignment:uuid}/ending"""
    async with writing(request) as db:
        call, organiser = await managed_call(db, request)
        here = await conflicted(db, call.id, organiser.id)
        if any(each.id == request.path_params["assignment"] and each.submission_id in here for each in await assignments_of(db, call.id)):
            raise NotFound(NO_PART)
        await take_back(db, call, request.path_params["assignment"], now(request), by=organiser.id)
    return redirect(request, "calls:readings", "They need not read it any more.", call=call.slug)


async def review_return(request: Request) -> Response:
    """POST /manage/calls/{call}/panel/reviews/{review:uuid}/return: it may be changed again."""
    async with writing(request) as db:
        call, organiser = await managed_call(db, request)
        found = next((each for each in await reviews_of(db, call.id) if each.id == request.path_params["review"]), None)
        if not found:
            raise NotFound("There is no such review in this call.")
        await check_has_part(db, call, found.submission_id, organiser)
        await give_back(db, call, found, now(request), by=organiser.id)
    return redirect(request, "calls:readings", "Given back: they can change it and send it in again.", call=call.slug)


async def _members_page(request: Request, typed: Typed, errors: Mapping[str, str]) -> Response:
    async with reading(request) as db:
        call, _ = await managed_call(db, request)
        page = await _panel(db, request, call, typed, errors)
    title = f"{'Error: ' if errors else ''}Panel · {call.title}"
    return render(request, "calls/panel_manage.html", page, title=title, status=422 if errors else 200, zone=call.zone)


async def _panel(db: Db, request: Request, call: Call, typed: Typed, errors: Mapping[str, str]) -> MembersPage:
    definition, zone = await definition_of(db, call), zone_for(request, call.zone)
    assignments = await assignments_of(db, call.id)
    states = {(each.submission_id, each.person_id): each.submitted_at is not None for each in await reviews_of(db, call.id)}
    rows = []
    for member, person in await members_of(db, call.id):
        own = [states.get((each.submission_id, person.id)) for each in assignments if each.person_id == person.id]
        told = spoken_moment(member.reminded_at, zone) if member.reminded_at else ""
        rows.append(MemberRow(member, person, len(own), own.count(False), own.count(True), told))
    readers = Counter(each.submission_id for each in assignments)
    submissions, due = await sent_submissions(db, call.id), reviews_due_at(call, definition.panel)
    return MembersPage(
        call=call,
        rows=tuple(rows),
        submissions=len(submissions),
        short=sum(readers[each.id] < definition.panel.reviews_each for each in submissions),
        each=definition.panel.reviews_each,
        in_=sum(row.done for row in rows),
        readings=len(assignments),
        independent_missing=max(0, definition.panel.independent_at_least - sum(row.member.independent for row in rows)),
        due=spoken_moment(due, zone) if due else "",
        typed=typed,
        errors=errors,
    )


async def _readings_page(request: Request, typed: Typed, errors: Mapping[str, str]) -> Response:
    async with reading(request) as db:
        call, organiser = await managed_call(db, request)
        hidden = await conflicted(db, call.id, organiser.id)
        people = {person.id: person for _, person in await members_of(db, call.id)}
        reviews = {(each.submission_id, each.person_id): each for each in await reviews_of(db, call.id)}
        assignments = [each for each in await assignments_of(db, call.id) if each.person_id in people]
        rows = []
        for one in [each for each in await sent_submissions(db, call.id) if each.id not in hidden]:
            own = [each for each in assignments if each.submission_id == one.id]
            found = tuple(ReadingRow(each, people[each.person_id], reviews.get((one.id, each.person_id))) for each in own)
            rows.append((reference_of(call, one.number), found))
    page = ReadingsPage(call, tuple(rows), tuple((str(each.id), each.name) for each in people.values()), typed, errors)
    title = f"{'Error: ' if errors else ''}Who reads what · {call.title}"
    return render(request, "calls/panel_readings.html", page, title=title, status=422 if errors else 200, zone=call.zone)
