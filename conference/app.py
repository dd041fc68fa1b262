"""Builds the application: every route in one list (the stages' in another), the middleware, what starts and stops with it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from asgi_cross_origin_protection import CrossOriginProtection
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope
from starlette_compress import CompressMiddleware

from conference import worker
from conference.api_routes import api_routes
from conference.attendance_routes import attendance_routes
from conference.bus import broker_for
from conference.calendars import feeds
from conference.calendars import pages as calendars
from conference.calendars.exchange_kept import Schedules
from conference.calendars.serving import Feeds
from conference.calls.meeting_room import Rooms
from conference.calls_routes import calls_routes
from conference.clock import Clock
from conference.console import demo, overview, plan, planning, rehearsal, releasing, roles, sessions
from conference.exchange_routes import exchange_routes
from conference.files import folder
from conference.live.floor import Floor
from conference.mail.actions import WAITS
from conference.mail_routes import mail_routes
from conference.papers_routes import papers_routes
from conference.people import pages as people
from conference.people.access import KnowsVisitor, SignIns
from conference.places_routes import places_routes
from conference.planning_routes import planning_routes
from conference.privacy_routes import privacy_routes
from conference.programme.entry import Origin
from conference.programme.revisions import Revisions
from conference.record.actions import follow_rehearsal
from conference.record.once import AnswersOnce
from conference.record.under_way import UnderWay
from conference.registering_routes import registering_routes
from conference.registrar_routes import registrar_routes
from conference.registration import manage as places
from conference.registration import pages as registration
from conference.registration.at_the_door import Door
from conference.seed_models import SeedPerson
from conference.settings import Settings
from conference.site import changes, me, notices, session_pages
from conference.site import pages as site
from conference.speaking_routes import speaking_routes
from conference.stage_routes import BOTH, EVENT, MANAGE, PLANNED, SESSION, stage_routes
from conference.storage.database import Database
from conference.waiting_routes import waiting_routes
from conference.web.error_pages import HANDLERS
from conference.web.kept import KeepsAnswers, KeptAnswers, Watch
from conference.web.links import static_version
from conference.web.middleware import MAX_BODY, Frame
from conference.web.render import environment
from conference.web.request import HOUSE_ZONE, House, house
from conference.web.straight import Straight
from conference.wire.doors import Doors
from conference.wire.quiet import quieten


def routes(settings: Settings) -> list[BaseRoute]:
    """Every address of the house. `.ics` routes come before what would swallow them."""
    return [
        *_feed_routes(),
        Route("/", site.home, name="site:home"),
        Route("/healthz", alive),
        Route("/readyz", ready),
        Mount("/static/{version}", StaticHeaders(directory=folder("static"))),
        Route("/sign-in", people.sign_in_form, methods=BOTH, name="people:sign_in"),
        *privacy_routes(),
        Route("/sign-in/{token}", people.open_link, methods=BOTH, name="people:link"),
        Route("/sign-out", people.sign_out_here, methods=["POST"], name="people:sign_out"),
        Route("/time-zone", people.zone_page, name="people:zones"),
        Route("/time-zone", people.choose_zone, methods=["POST"], name="people:time_zone"),
        Route("/time-zone/names", people.zone_names, name="people:zone_names"),
        Route("/me", me.me, name="site:me"),
        Route("/me/notices/reading", notices.notices_read, methods=["POST"], name="site:notices_read"),
        Route("/me/details", people.profile, methods=BOTH, name="people:profile"),
        *exchange_routes(),
        Route(EVENT, site.event_page, name="site:event"),
        Route(EVENT + "/programme", site.programme_page, name="site:programme"),
        Route(EVENT + "/changes", changes.changes_page, name="site:changes"),
        Route(EVENT + "/changes.atom", changes.changes_atom, name="site:changes_atom"),
        Route(EVENT + "/changes.json", changes.changes_json, name="site:changes_json"),
        Route(EVENT + "/speakers", session_pages.speakers_page, name="site:speakers"),
        Route(EVENT + "/speakers/{speaker}", session_pages.speaker_page, name="site:speaker"),
        Route(EVENT + "/registration", registration.registration, methods=BOTH, name="registration:registration"),
        Route(EVENT + "/registration/cancellation", registration.cancellation, methods=["POST"], name="registration:cancellation"),
        Route(EVENT + "/registration/confirmation/{token}", registration.confirmation, methods=BOTH, name="registration:confirmation"),
        Route(SESSION, session_pages.session_page, name="site:session"),
        Route(SESSION + "/booking", registration.booking, methods=["POST"], name="registration:booking"),
        Route(
            SESSION + "/booking/cancellation", registration.booking_cancellation, methods=["POST"], name="registration:booking_cancellation"
        ),
        Route(SESSION + "/star", registration.star, methods=["POST"], name="registration:star"),
        Route(SESSION + "/star/removal", registration.star_removal, methods=["POST"], name="registration:star_removal"),
        *stage_routes(),
        *registering_routes(),
        *waiting_routes(),
        *speaking_routes(),
        *attendance_routes(),
        *places_routes(),
        *mail_routes(),
        *calls_routes(),
        *papers_routes(),
        *api_routes(),
        *_manage_routes(),
        *planning_routes(),
        *registrar_routes(),
        *(_demo_routes() if settings.demo else []),
    ]


def _feed_routes() -> list[BaseRoute]:
    """Calendars, and the pages about them."""
    return [
        Route("/me/calendar", calendars.own_feed, methods=["POST"], name="calendars:own_feed"),
        Route("/me/calendar/rotation", calendars.rotation, methods=["POST"], name="calendars:rotation"),
        Route("/me/calendar/revocation", calendars.revocation, methods=["POST"], name="calendars:revocation"),
        Route("/me/calendar/choices", calendars.choices, methods=["POST"], name="calendars:choices"),
        Route("/me/calendar/address.svg", calendars.own_code, name="calendars:own_code"),
        *_ics_routes(),
        Route(EVENT + "/subscribe", calendars.subscribe, name="calendars:subscribe"),
        Route(EVENT + "/subscribe.svg", calendars.subscribe_code, name="calendars:subscribe_code"),
    ]


def _ics_routes() -> list[Route]:
    """The calendars, the busiest first."""
    return [
        Route(EVENT + "/programme.ics", feeds.event_feed, name="calendars:event_feed"),
        Route("/calendar/{token}.ics", feeds.personal_feed, name="calendars:personal_feed"),
        Route(EVENT + "/tracks/{track}.ics", feeds.track_feed, name="calendars:track_feed"),
        Route(EVENT + "/sessions/{session}.ics", feeds.session_feed, name="calendars:session_feed"),
        Route(EVENT + "/speakers/{speaker}.ics", feeds.speaker_feed, name="calendars:speaker_feed"),
    ]


def _manage_routes() -> list[BaseRoute]:
    """The organisers' side. `sessions/new` comes before the session that would swallow it."""
    place = MANAGE + "/registrations/{registration:uuid}"
    return [
        Route("/manage", overview.overview, name="console:overview"),
        Route("/manage/rehearsal", rehearsal.rehearsal, name="console:rehearsal"),
        Route("/manage/rehearsal/clock", rehearsal.clock, methods=["POST"], name="console:rehearsal_clock"),
        Route(MANAGE + "/rehearsal/removal", rehearsal.removal, methods=["POST"], name="console:rehearsal_removal"),
        Route(MANAGE, overview.event_overview, name="console:event"),
        Route(MANAGE + "/programme", plan.programme, name="programme:manage"),
        Route(MANAGE + "/release", releasing.release, methods=BOTH, name="programme:release"),
        Route(MANAGE + "/releases", releasing.releases, name="programme:releases"),
        Route(MANAGE + "/releases/{number:int}/undoing", releasing.undoing, methods=BOTH, name="programme:undoing"),
        Route(MANAGE + "/sessions", sessions.sessions, methods=BOTH, name="programme:sessions"),
        Route(MANAGE + "/sessions/new", sessions.sessions, name="programme:new_session"),
        Route(PLANNED, sessions.session, methods=BOTH, name="programme:session"),
        Route(PLANNED + "/draft/removal", sessions.draft_removal, methods=["POST"], name="programme:draft_removal"),
        Route(PLANNED + "/restoration", planning.restoration, methods=["POST"], name="programme:restoration"),
        Route(PLANNED + "/cancellation", planning.cancellation, methods=BOTH, name="console:session_cancellation"),
        Route(PLANNED + "/seats", places.seats, methods=BOTH, name="registration:seats"),
        Route(MANAGE + "/places", places.places, methods=BOTH, name="registration:places"),
        Route(place + "/cancellation", places.place_cancellation, methods=BOTH, name="registration:place_cancellation"),
        Route(MANAGE + "/roles", roles.roles, methods=BOTH, name="console:roles"),
        Route(MANAGE + "/roles/{role:uuid}/ending", roles.role_ending, methods=BOTH, name="console:role_ending"),
    ]


def _demo_routes() -> list[BaseRoute]:
    return [
        Route("/demo", demo.demo, name="demo:demo"),
        Route("/demo/mail", demo.demo_mail, name="demo:mail"),
        Route("/demo/sign-in/{token}", demo.demo_sign_in, methods=BOTH, name="demo:sign_in"),
    ]


def create_app(settings: Settings, demo_people: Sequence[SeedPerson] = ()) -> ASGIApp:
    """The application for these settings. Its database must be migrated already."""
    app = Starlette(
        routes=routes(settings),
        middleware=[Middleware(each) for each in (KeepsAnswers, CompressMiddleware, CrossOriginProtection, KnowsVisitor, AnswersOnce)],
        exception_handlers=HANDLERS,
        lifespan=_lifespan,
        max_body_size=MAX_BODY,
    )
    app.state.schedules = Schedules()
    app.router.redirect_slashes = False  # it would repeat the address, which may be a secret, and believe the Host header
    app.state.demo_people = tuple(demo_people)
    app.state.house = here = House(settings, Database(settings.database), Clock(), environment())
    app.state.sign_ins = SignIns(here.database, here.clock)
    app.state.door = Door(here.database, here.clock)
    app.state.under_way = UnderWay(here.database)
    here.database.listen(lambda told: here.mail_waits.set() if WAITS in told else None)
    app.state.answers = KeptAnswers(here.clock, Watch(here.database))
    doors = Doors(settings.sockets_per_person, settings.sockets_per_address, settings.sockets)
    broker = broker_for(settings)
    app.state.revisions = revisions = Revisions(here.database, broker)
    origin = Origin(settings.base_url, settings.uid_domain)
    app.state.feeds = Feeds(here.database, revisions, origin, settings.secret_key, HOUSE_ZONE)
    app.state.floor = Floor(here.database, here.clock, broker, doors)
    app.state.selection_rooms = Rooms(here.database, here.clock, broker, doors)
    return Frame(app, settings.base_url, Straight(app, ".ics", _ics_routes()))


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    """Read the clock's row, start the worker; stop it before the database goes."""
    here: House = app.state.house
    await follow_rehearsal(here.database, here.clock)
    floor, rooms = app.state.floor, app.state.selection_rooms
    quieten()
    await asyncio.gather(floor.start(), rooms.start())
    work = asyncio.create_task(worker.run(here))
    try:
        yield
    finally:
        await app.state.under_way.stop()
        work.cancel()
        await asyncio.gather(floor.stop(), rooms.stop())
        with suppress(asyncio.CancelledError):
            await work
        await here.database.close()


async def alive(request: Request) -> Response:
    """GET /healthz: the process answers."""
    return PlainTextResponse("ok", headers={"Cache-Control": "no-store"})


async def ready(request: Request) -> Response:
    """GET /readyz: the database answers too."""
    sound = await house(request).database.answers()
    return JSONResponse({"ready": sound}, 200 if sound else 503, {"Cache-Control": "no-store"})


class StaticHeaders(StaticFiles):
    """Static files under an address that changes when they do: kept for a year; an old version's address is never cached."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        current = scope.get("path_params", {}).get("version") == static_version()
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if current else "no-cache"
        return response
