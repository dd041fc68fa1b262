"""The organisers' side of speakers: who has answered, what is missing, inviting and reminding."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Conflict, Invalid
from conference.people.access import require_role
from conference.people.tables import Person, RoleKind
from conference.programme.planned import planned_at, planned_programme
from conference.programme.queries import event_at, speaker_at
from conference.programme.tables import Event, Speaker
from conference.speaking.door import invitation_link, send_invitation
from conference.speaking.forms import InviteForm, NewSpeakerForm
from conference.speaking.inviting import add_speaker, let_speak, mail_invitation, open_again, take_back
from conference.speaking.queries import invitations_of, review_count
from conference.speaking.readiness import SpeakerRow, readiness, remind_missing
from conference.speaking.rules import InvitationState
from conference.storage.database import Db
from conference.web.forms import Typed, typed_form
from conference.web.links import path_to, redirect
from conference.web.render import render
from conference.web.request import now, reading, real_now, writing


@dataclass(frozen=True, slots=True)
class SpeakersPage:
    """templates/speaking/manage.html"""

    event: Event
    rows: tuple[SpeakerRow, ...]
    counts: Mapping[str, int]  # by state
    to_review: int
    sessions: tuple[tuple[str, str], ...]
    typed: Typed
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SpeakerPage:
    """templates/speaking/manage_speaker.html"""

    event: Event
    row: SpeakerRow
    clock_words: str
    typed: Typed
    errors: Mapping[str, str]


async def speakers(request: Request) -> Response:
    """GET, POST /manage/events/{event}/speaking: everybody and where they stand; add and invite one."""
    if request.method != "POST":
        return await _list(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, person = await _organised(db, request)
            form = NewSpeakerForm.read(typed)
            planned = await planned_at(db, event.slug, form.session) if form.session else None
            speaker = await add_speaker(db, event, form.name, form.organisation, now(request), by=person.id)
            if planned:
                await let_speak(db, event, planned, speaker, now(request), by=person.id)
            await send_invitation(db, request, event, speaker, form.email, form.word, person)
    except Invalid as wrong:
        return await _list(request, typed, wrong.fields)
    said = f"{speaker.name} is invited by mail."
    if planned:
        said += f" That they speak in “{planned.facts.session.title}” is a draft until you release it."
    return redirect(request, "speaking:speakers", said, event=event.slug)


async def speaker(request: Request) -> Response:
    """GET, POST /manage/events/{event}/speaking/{speaker}: one of them; invite, also anew at another address."""
    if request.method != "POST":
        return await _one(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, person, row = await _speaker(db, request)
            form = InviteForm.read(typed)
            await send_invitation(db, request, event, row, form.email, form.word, person)
    except Invalid as wrong:
        return await _one(request, typed, wrong.fields)
    return redirect(request, "speaking:speaker", f"{row.name} is invited by mail.", event=event.slug, speaker=row.slug)


async def reminder(request: Request) -> Response:
    """POST .../speaking/{speaker}/reminder: the invitation again, or what is still missing; at most once a day."""
    async with writing(request) as db:
        event, _, row = await _speaker(db, request)
        newest = (await invitations_of(db, event)).get(row.id)
        if row.person_id:
            await remind_missing(db, event, row, path_to(request, "speaking:talks"), now(request), real_now(request))
        elif newest:
            await open_again(db, row, newest, real_now(request))
            await mail_invitation(db, "speaker_reminded", event, row, newest, invitation_link(request, newest), real_now(request))
        else:
            raise Conflict(f"{row.name} was not invited yet: there is nobody to remind.")
    return redirect(request, "speaking:speaker", f"A reminder to {row.name} is on its way.", event=event.slug, speaker=row.slug)


async def withdrawal(request: Request) -> Response:
    """POST .../speaking/{speaker}/withdrawal: of the invitation, or of the account's tie to this speaker."""
    async with writing(request) as db:
        event, person, row = await _speaker(db, request)
        if not await take_back(db, event, row, real_now(request), by=person.id):
            raise Conflict(f"{row.name} has no open invitation and no account: there is nothing to take back.")
    said = f"Taken back: {row.name}’s link, or their way to their talks, is closed."
    return redirect(request, "speaking:speaker", said, event=event.slug, speaker=row.slug)


async def _organised(db: Db, request: Request) -> tuple[Event, Person]:
    event = await event_at(db, request.path_params["event"])
    return event, await require_role(db, request, event.id, RoleKind.organiser)


async def _speaker(db: Db, request: Request) -> tuple[Event, Person, Speaker]:
    event, person = await _organised(db, request)
    return event, person, await speaker_at(db, event, request.path_params["speaker"])


async def _list(request: Request, typed: Typed, errors: Mapping[str, str]) -> Response:
    async with reading(request) as db:
        event, _ = await _organised(db, request)
        rows = await readiness(db, event, real_now(request))
        sessions = [planned.facts.session for planned in await planned_programme(db, event)]
        count = await review_count(db, event)
    counts = {state.value: sum(row.state is state for row in rows) for state in InvitationState}
    choices = tuple((session.slug, session.title) for session in sessions if not session.cancelled_at)
    page = SpeakersPage(event, rows, counts, count, choices, typed, errors)
    title = f"{'Error: ' if errors else ''}Speakers · {event.title}"
    return render(request, "speaking/manage.html", page, title=title, status=422 if errors else 200, zone=event.zone)


async def _one(request: Request, typed: Typed, errors: Mapping[str, str]) -> Response:
    async with reading(request) as db:
        event, _, speaker = await _speaker(db, request)
        row = next(row for row in await readiness(db, event, real_now(request)) if row.speaker.id == speaker.id)
    page = SpeakerPage(event, row, row.clock_words, typed, errors)
    title = f"{'Error: ' if errors else ''}{speaker.name} · {event.title}"
    return render(request, "speaking/manage_speaker.html", page, title=title, status=422 if errors else 200, zone=event.zone)
