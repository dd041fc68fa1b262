"""Leaving an address before registration opens, confirming it, and taking it off again."""

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Invalid
from conference.people.access import require_person
from conference.people.door import LinkPage, SentPage, kept_nowhere
from conference.people.forms import EmailForm
from conference.programme.queries import event_at
from conference.registration.form_page import registration_form
from conference.registration.interest import Links, ask_for_news, confirm_interest, join_list, leave_by_link, leave_list
from conference.web.forms import typed_form
from conference.web.links import full_address, redirect
from conference.web.render import render
from conference.web.request import house, now, reading, real_now, visitor, writing


async def interest(request: Request) -> Response:
    """POST /events/{event}/interest: tell me when registration opens."""
    slug, typed = request.path_params["event"], await typed_form(request)
    if visitor(request).person_id:
        async with writing(request) as db:
            event = await event_at(db, slug)
            await join_list(db, event, await require_person(db, request), now(request), real_now(request))
        return redirect(request, "registration:registration", "We write to you once, when registration opens.", event=slug)
    try:
        email = EmailForm.read(typed).email
    except Invalid as wrong:
        return await registration_form(request, typed, wrong.fields)
    async with writing(request) as db:
        event = await event_at(db, slug)
        await ask_for_news(db, event, email, visitor(request).zone, now(request), real_now(request), links=_links(request))
    return render(request, "registration/interest_sent.html", SentPage(email, 0), title="Look at your mail", zone=event.zone)


async def confirmation(request: Request) -> Response:
    """GET, POST /events/{event}/interest/{token}: a button, since mail scanners never press buttons."""
    async with reading(request) as db:
        event = await event_at(db, request.path_params["event"])
    if request.method != "POST":
        words = f"One press, and we write to you once: when registration for {event.title} opens."
        page = LinkPage(request.url.path, "Be told when registration opens", words, "Tell me once")
        return kept_nowhere(render(request, "people/link.html", page, title=page.heading, zone=event.zone))
    async with writing(request) as db:
        event = await event_at(db, request.path_params["event"])
        await confirm_interest(db, event, house(request).settings.secret_key, request.path_params["token"], now(request), real_now(request))
    return redirect(request, "registration:registration", "You are on the list: we write once, when registration opens.", event=event.slug)


async def leaving(request: Request) -> Response:
    """GET, POST /events/{event}/interest/{token}/leaving"""
    async with reading(request) as db:
        event = await event_at(db, request.path_params["event"])
    if request.method != "POST":
        page = LinkPage(request.url.path, "Leave the list", f"We write nothing more to you about {event.title}.", "Leave the list")
        return kept_nowhere(render(request, "people/link.html", page, title=page.heading, zone=event.zone))
    async with writing(request) as db:
        await leave_by_link(db, event, house(request).settings.secret_key, request.path_params["token"], real_now(request))
    return redirect(request, "site:event", "You have left the list.", event=event.slug)


async def own_leaving(request: Request) -> Response:
    """POST /events/{event}/interest/leaving: whoever is signed in."""
    async with writing(request) as db:
        event = await event_at(db, request.path_params["event"])
        await leave_list(db, event, await require_person(db, request), real_now(request))
    return redirect(request, "registration:registration", "You have left the list.", event=event.slug)


def _links(request: Request) -> Links:
    event, secret = request.path_params["event"], house(request).settings.secret_key
    list_ = full_address(request, "registration:interest", event=event)
    return secret, f"{list_}/{{}}", f"{list_}/{{}}/leaving"
