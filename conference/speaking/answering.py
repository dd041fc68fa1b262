"""An invitation's page: whoever holds the mailed address accepts or declines with a button, since mail scanners never press buttons."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Invalid
from conference.people.actions import sign_in
from conference.people.door import device_of, kept_nowhere, signed_in
from conference.people.queries import person_by_email
from conference.programme.tables import Event, Session, Speaker
from conference.speaking.forms import DeclineForm
from conference.speaking.inviting import accept, decline, invitation_at
from conference.speaking.queries import sessions_by_speaker
from conference.speaking.tables import SpeakerInvitation
from conference.times import TimeShown, show, spoken_moment
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import house, now, reading, real_now, writing, zone_for


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """templates/speaking/invitation.html"""

    event: Event
    speaker: Speaker
    invitation: SpeakerInvitation
    sessions: tuple[tuple[Session, TimeShown], ...]
    until: str
    known_as: str  # the name of an account that is there already; empty: one is made
    token: str
    typed: Typed
    errors: Mapping[str, str]


async def invitation(request: Request) -> Response:
    """GET, POST /speaking/invitations/{token}: read it; accept it, and be signed in."""
    if request.method != "POST":
        return await _page(request, {}, {})
    async with writing(request) as db:
        found, speaker, event = await invitation_at(db, *_link(request), real_now(request))
        person = await accept(db, found, speaker, event, now(request), real_now(request))
        cookie = await sign_in(db, person.id, real_now(request), device_of(request))
    said = f"Thank you: you speak at {event.title}. Here you can add what is still missing."
    return kept_nowhere(signed_in(request, redirect(request, "speaking:talks", said), cookie))


async def declining(request: Request) -> Response:
    """POST /speaking/invitations/{token}/decline: with a word to the organisers."""
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            found, _, event = await invitation_at(db, *_link(request), real_now(request))
            await decline(db, found, DeclineForm.read(typed).word, real_now(request))
    except Invalid as wrong:
        return await _page(request, typed, wrong.fields)
    return redirect(request, "site:event", "You have declined. The organisers see it, with what you wrote.", event=event.slug)


async def _page(request: Request, typed: Typed, errors: Mapping[str, str]) -> Response:
    async with reading(request) as db:
        found, speaker, event = await invitation_at(db, *_link(request), real_now(request))
        sessions = [each for each in (await sessions_by_speaker(db, event)).get(speaker.id, []) if not each.cancelled_at]
        known = await person_by_email(db, found.email)
    zone = (known and known.zone) or zone_for(request, event.zone)
    page = InvitationPage(
        event=event,
        speaker=speaker,
        invitation=found,
        sessions=tuple(
            (each, show(each.starts_at, each.ends_at, first=zone, second=event.zone, event_zone=event.zone, mine=zone)) for each in sessions
        ),
        until=spoken_moment(found.expires_at, zone),
        known_as=known.name if known else "",
        token=request.path_params["token"],
        typed=typed,
        errors=errors,
    )
    status = 422 if errors else 200
    return kept_nowhere(render(request, "speaking/invitation.html", page, title="You are invited to speak", status=status, zone=event.zone))


def _link(request: Request) -> tuple[str, str]:
    return house(request).settings.secret_key, request.path_params["token"]
