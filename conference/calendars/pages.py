"""How to subscribe: an event's calendars, and one's own secret address."""

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from conference.calendars.actions import choose_for_feed, open_own_feed, revoke_own_feed, rotate_own_feed
from conference.calendars.choices import PartChoices, choices_in, part_from
from conference.calendars.door import feeds_of
from conference.calendars.forms import ChoicesForm
from conference.calendars.parts import Chosen, Part, Published, choose
from conference.calendars.queries import own_token
from conference.calendars.rules import Subscription, subscription
from conference.errors import NotFound
from conference.people.access import require_person
from conference.programme.tables import Event
from conference.web.codes import code_of
from conference.web.forms import typed_form
from conference.web.links import full_address, path_to, redirect_to
from conference.web.render import render
from conference.web.request import house, now, reading, real_now, writing

HOUR = 3600


@dataclass(frozen=True, slots=True)
class SubscribePage:
    """templates/calendars/subscribe.html"""

    event: Event
    feed: Subscription
    part: str  # what of the programme, in words; empty: all of it
    query: str  # the same for addresses
    choices: PartChoices
    tracks: tuple[tuple[str, str], ...]  # (name, address) of each track's own feed


async def subscribe(request: Request) -> Response:
    """GET /events/{event}/subscribe: the whole programme, a filter's part, or with ?session= or ?speaker= only that."""
    part, chosen, published = await _asked(request)
    event = published.event
    page = SubscribePage(
        event=event,
        feed=subscription(_feed_address(request, part, event)),
        part="" if chosen.whole else chosen.name.removeprefix(f"{event.title}: ").removesuffix(f": {event.title}"),
        query=_query(part),
        choices=choices_in(published, part.filter),
        tracks=tuple(
            (track.name, path_to(request, "calendars:track_feed", event=event.slug, track=track.slug)) for track in published.tracks_shown
        ),
    )
    return render(request, "calendars/subscribe.html", page, title=f"Subscribe · {event.title}", zone=event.zone)


async def subscribe_code(request: Request) -> Response:
    """GET /events/{event}/subscribe.svg: the way to this page for a telephone's camera."""
    part, _, published = await _asked(request)
    address = full_address(request, "calendars:subscribe", event=published.event.slug)
    return code_of(address + (f"?{query}" if (query := _query(part)) else ""), f"public, max-age={HOUR}")


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


async def revocation(request: Request) -> Response:
    """POST /me/calendar/revocation: no address any more."""
    async with writing(request) as db:
        had = await revoke_own_feed(db, await require_person(db, request), real_now(request))
    said = "Your calendar’s address has stopped working. Remove the calendar from your apps too: they can’t read it any more."
    return _back(request, said if had else "Your calendar has no address.")


async def choices(request: Request) -> Response:
    """POST /me/calendar/choices: alarms, and sessions that I moderate."""
    form = ChoicesForm.read(await typed_form(request))
    async with writing(request) as db:
        person = await require_person(db, request)
        await choose_for_feed(db, person, form.alarm, moderated=form.moderated, now=now(request))
    return _back(request, "Your calendar follows this choice from its next update on.")


async def own_code(request: Request) -> Response:
    """GET /me/calendar/address.svg: my own calendar's address for the camera of an iPhone or iPad; kept nowhere."""
    async with reading(request) as db:
        token = await own_token(db, house(request).settings.secret_key, await require_person(db, request))
    if not token:
        raise NotFound("Your calendar has no address.")
    return code_of(subscription(full_address(request, "calendars:personal_feed", token=token)).webcal, "no-store")


async def _asked(request: Request) -> tuple[Part, Chosen, Published]:
    feeds = feeds_of(request)
    part = part_from(request.query_params.multi_items())
    published = await feeds.published(request.path_params["event"])
    return part, choose(part, published, feeds.origin), published


def _feed_address(request: Request, part: Part, event: Event) -> str:
    if part.session:
        return full_address(request, "calendars:session_feed", event=event.slug, session=part.session)
    if part.speaker:
        return full_address(request, "calendars:speaker_feed", event=event.slug, speaker=part.speaker)
    address = full_address(request, "calendars:event_feed", event=event.slug)
    return f"{address}?{part.filter.as_query()}" if part.filter else address


def _query(part: Part) -> str:
    only = [(name, slug) for name, slug in (("session", part.session), ("speaker", part.speaker)) if slug]
    return urlencode(only) or part.filter.as_query()


def _back(request: Request, said: str) -> Response:
    return redirect_to(request, path_to(request, "site:me") + "#calendar", said)
