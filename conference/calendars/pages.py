"""How to subscribe: an event's calendar, and one's own secret address."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.calendars.actions import open_own_feed, rotate_own_feed
from conference.calendars.rules import Subscription, subscription
from conference.people.access import require_person
from conference.programme.queries import event_at
from conference.programme.tables import Event
from conference.web.links import full_address, path_to, redirect_to
from conference.web.render import render
from conference.web.request import house, reading, real_now, writing


@dataclass(frozen=True, slots=True)
class SubscribePage:
    """templates/calendars/subscribe.html"""

    event: Event
    feed: Subscription


async def subscribe(request: Request) -> Response:
    """GET /events/{event}/subscribe"""
    async with reading(request) as db:
        event = await event_at(db, request.path_params["event"])
    page = SubscribePage(event, subscription(full_address(request, "calendars:event_feed", event=event.slug)))
    return render(request, "calendars/subscribe.html", page, title=f"Subscribe · {event.title}", zone=event.zone)


async def own_feed(request: Request) -> Response:
    """POST /me/calendar: the address of my own calendar; asking twice gives the same one."""
    async with writing(request) as db:
        person = await require_person(db, request)
        await open_own_feed(db, house(request).settings.secret_key, person, real_now(request))
    return _back(request, "Your calendar has an address now.")


async def rotation(request: Request) -> Response:
    """POST /me/calendar/rotation: a new address instead of the old one."""
    async with writing(request) as db:
        person = await require_person(db, request)
        await rotate_own_feed(db, house(request).settings.secret_key, person, real_now(request))
    return _back(request, "Your calendar has a new address. The old one has stopped working: subscribe again with the new one.")


def _back(request: Request, said: str) -> Response:
    return redirect_to(request, path_to(request, "site:me") + "#calendar", said)
