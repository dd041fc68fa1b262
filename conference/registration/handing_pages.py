"""Handing my place to a colleague; and the page of whoever is offered one."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Conflict, Invalid, TooMany
from conference.people.access import require_person
from conference.people.actions import sign_in
from conference.people.door import kept_nowhere, signed_in
from conference.people.forms import NameForm
from conference.people.tables import Person
from conference.programme.queries import event_at
from conference.programme.tables import Event
from conference.registration.form_forms import TransferForm
from conference.registration.form_page import FormShown, form_shown
from conference.registration.form_reading import read_both
from conference.registration.handing import (
    accept_place,
    decline_place,
    offer_place,
    withdraw_offer,
)
from conference.registration.handing_door import invitation_link
from conference.registration.handing_rules import check_may_hand_on, transfers_end
from conference.registration.handing_tables import GroupRegistration, PlaceInvitation, RegistrationChoices
from conference.registration.invitations import invitation_at, open_offer
from conference.registration.queries import registration_of
from conference.registration.questions import choices_for
from conference.registration.tables import Registration
from conference.times import TimeShown, show, spoken_moment
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import house, now, reading, real_now, writing, zone_for


@dataclass(frozen=True, slots=True)
class TransferPage:
    """templates/registration/transfer.html"""

    event: Event
    offer: PlaceInvitation | None  # open now
    offer_until: str
    ends: str
    refusal: str  # why it can't be handed on; empty when it can
    typed: Typed
    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class OfferedPage:
    """templates/registration/offered.html"""

    event: Event
    time: TimeShown
    invitation: PlaceInvitation
    giver: str
    institution: str  # of a group; empty: the giver's own place
    until: str
    form: FormShown
    token: str
    typed: Typed
    errors: dict[str, str]


async def transfer(request: Request) -> Response:
    """GET, POST /events/{event}/registration/transfer: offer my place to one address."""
    if request.method != "POST":
        return await _transfer_page(request, {}, {})
    typed = await typed_form(request)
    try:
        form = TransferForm.read(typed)
        async with writing(request) as db:
            event, person = await event_at(db, request.path_params["event"]), await require_person(db, request)
            await offer_place(db, event, person, form.name, form.email, now(request), real_now(request), link=invitation_link(request))
    except Invalid as wrong:
        return await _transfer_page(request, typed, wrong.fields)
    except TooMany as many:
        return await _transfer_page(request, typed, {"email": many.sentence})
    said = f"{form.name} has a mail with a link. Until they accept, the place is yours."
    return redirect(request, "registration:transfer", said, event=event.slug)


async def transfer_withdrawal(request: Request) -> Response:
    """POST /events/{event}/registration/transfer/withdrawal: keep it after all."""
    async with writing(request) as db:
        event = await event_at(db, request.path_params["event"])
        await withdraw_offer(db, event, await require_person(db, request), now(request), real_now(request))
    return redirect(
        request, "registration:registration", "You keep your place. The link that we mailed opens nothing any more.", event=event.slug
    )


async def offered(request: Request) -> Response:
    """GET, POST /events/{event}/offered-places/{token}: read what is offered; accept it, and be signed in."""
    if request.method != "POST":
        return await _offered_page(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event = await event_at(db, request.path_params["event"])
            invitation = await invitation_at(db, event, *_link(request), now(request))
            form, filled = read_both(NameForm, (await form_shown(db, event))[0], typed)
            person = await accept_place(db, event, invitation, form.name, filled, now(request), real_now(request))
            cookie = await sign_in(db, person.id, real_now(request))
    except Invalid as wrong:
        return await _offered_page(request, typed, wrong.fields)
    said = redirect(request, "registration:registration", f"The place at {event.title} is yours.", event=event.slug)
    return kept_nowhere(signed_in(request, said, cookie))


async def declining(request: Request) -> Response:
    """POST /events/{event}/offered-places/{token}/decline"""
    async with writing(request) as db:
        event = await event_at(db, request.path_params["event"])
        invitation = await invitation_at(db, event, *_link(request), now(request))
        await decline_place(db, event, invitation, now(request), real_now(request))
    return redirect(request, "site:event", "You have declined. Whoever offered the place is told.", event=event.slug)


async def _transfer_page(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        event, person = await event_at(db, request.path_params["event"]), await require_person(db, request)
        mine, choices = await registration_of(db, person.id, event.id), await choices_for(db, event.id)
        offer = await open_offer(db, mine.id, now(request)) if mine else None
    zone = zone_for(request, event.zone)
    page = TransferPage(
        event=event,
        offer=offer,
        offer_until=spoken_moment(offer.expires_at, zone) if offer else "",
        ends=spoken_moment(transfers_end(event, choices), zone),
        refusal=_refusal(event, mine, choices, now(request)),
        typed=typed,
        errors=errors,
    )
    title, status = f"Hand my place on · {event.title}", 422 if errors else 200
    return render(request, "registration/transfer.html", page, title=title, status=status, zone=event.zone)


def _refusal(event: Event, mine: Registration | None, choices: RegistrationChoices, moment: datetime) -> str:
    try:
        check_may_hand_on(event, mine, choices, moment)
    except Conflict as no:
        return no.sentence
    return ""


async def _offered_page(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        event = await event_at(db, request.path_params["event"])
        invitation = await invitation_at(db, event, *_link(request), now(request))
        giver = await db.get_one(Person, invitation.by_id)
        group = await db.get(GroupRegistration, invitation.group_id) if invitation.group_id else None
        _, form = await form_shown(db, event)
    zone = zone_for(request, event.zone)
    page = OfferedPage(
        event=event,
        time=show(event.starts_at, event.ends_at, first=zone, second=event.zone, event_zone=event.zone, mine=zone),
        invitation=invitation,
        giver=giver.name,
        institution=group.institution if group else "",
        until=spoken_moment(invitation.expires_at, zone),
        form=form,
        token=request.path_params["token"],
        typed=typed or {"name": invitation.name},
        errors=errors,
    )
    title, status = f"A place for you · {event.title}", 422 if errors else 200
    return kept_nowhere(render(request, "registration/offered.html", page, title=title, status=status, zone=event.zone))


def _link(request: Request) -> tuple[str, str]:
    return house(request).settings.secret_key, request.path_params["token"]
