"""Opening the house: the schema, the seed, the demo's people, and the server."""

import asyncio
import errno
import json
import logging
import os
import secrets
import socket
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from conference.app import create_app
from conference.bus import broker_for
from conference.clock import Clock
from conference.console.demo import demo_path
from conference.errors import BadSettings
from conference.files import folder
from conference.record.actions import rehearsal_offset, set_rehearsal
from conference.seed import Loaded, load_demo_people, load_demo_questions, load_programmes
from conference.seed_applications import DemoCalls, load_applications, read_demo_calls
from conference.seed_calls import load_calls, read_calls
from conference.seed_format import read_seed
from conference.seed_models import Seed
from conference.settings import DEFAULT_SECRET, PREFIX, Settings, read_settings
from conference.storage.database import Database
from conference.storage.migrate import migrate, shown
from conference.team import STOP_SECONDS, Announcing, Team, end_with_parent, settle
from conference.times import clock_time, long_date, spoken_zone, zone_named
from conference.web.request import HOUSE_ZONE
from conference.wire.http import CarefulHttp
from conference.wire.limits import MAX_MESSAGE
from conference.wire.pulse import HEARTBEAT
from conference.wire.trial import websocket_class

START_SECONDS = 20  # for a worker to load the code, on a busy machine
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
Say = Callable[[str], None]


def make_ready(settings: Settings) -> None:
    """The data folder, and the newest schema. Raises BadSettings."""
    _make_folder(settings.data)
    migrate(settings.database)


def _make_folder(data: Path) -> None:
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as wrong:
        raise BadSettings(f"CONFERENCE_DATA {data} can't be a folder ({wrong.strerror}). Name one that we may write in.") from wrong
    if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        raise BadSettings(f"CONFERENCE_DATA {data} is a folder that we may not write in. Change who owns it, or name another.")


async def load_seed(settings: Settings, source: Path, say: Say) -> Loaded:
    """Read the seed files and load events and programmes, in one transaction. Raises BadSettings."""
    seed, database = read_seed(source), Database(settings.database)
    calls = read_calls(source, seed)
    try:
        async with database.writing() as db:
            loaded = await load_programmes(db, seed, Clock().real_now(), say)
            say(f"{len(calls)} calls")
            of_calls = await load_calls(db, calls, Clock().real_now())
            return Loaded(loaded.added + of_calls.added, loaded.there + of_calls.there)
    finally:
        await database.close()


def open_demo(settings: Settings) -> Settings:
    """A demo's own secret beside its data, so that nobody elsewhere can make its links."""
    _make_folder(settings.data)
    if settings.secret_key != DEFAULT_SECRET:
        return settings
    file = settings.data / "demo-secret"
    try:
        if not file.exists():
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600), "w") as made:
                made.write(secrets.token_urlsafe(32))
        return settings.model_copy(update={"secret_key": file.read_text()})
    except OSError as wrong:
        raise BadSettings(f"{file} can't be read or written ({wrong.strerror}). Remove it, or name another CONFERENCE_DATA.") from wrong


def need_port(host: str, port: int) -> None:
    """Try the port, and let it go again. Raises BadSettings where the house could not listen there."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family, kind, protocol) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does: a port just left is free
            door.bind(address)
    except (OSError, UnicodeError) as wrong:
        if isinstance(wrong, OSError) and wrong.errno == errno.EADDRINUSE:
            said = f"Port {port} is taken: something listens on {host}:{port} already. Stop it, or choose another"
            raise BadSettings(f"{said} with --port (make run PORT=...).") from wrong
        why = wrong.strerror if isinstance(wrong, OSError) else "not a host"
        raise BadSettings(f"We can't listen on {host}:{port} ({why}). Choose others with --host and --port.") from wrong


def need_sharing(settings: Settings, workers: int) -> None:
    """Several processes need a database and a post that they can share. Raises BadSettings."""
    missing = []
    if settings.database.startswith("sqlite"):
        missing.append("CONFERENCE_DATABASE_URL=postgresql://user:password@host:5432/name")
    if not broker_for(settings).shared:
        missing.append("CONFERENCE_BROKER_URL=redis://host:6379/0")
    if workers > 1 and missing:
        raise BadSettings(f"--workers {workers} needs a database and a post that all of them can share. Set {' and '.join(missing)}.")


def serve_house(settings: Settings, host: str, port: int, *, at: datetime | None, real: bool, workers: int = 1) -> None:
    """Make ready and serve until told to stop. `at` starts a rehearsal at that instant, `real` ends one."""
    need_sharing(settings, workers)
    need_port(host, port)  # before anything is written
    settings = open_demo(settings) if settings.demo else settings
    print("Preparing the database ...", flush=True)
    make_ready(settings)
    seed = read_seed(folder("seed_data")) if settings.demo else None
    calls = read_demo_calls(folder("seed_data"), seed) if seed else DemoCalls()
    words = asyncio.run(_prepare(settings, seed, calls, at=at, real=real))
    if workers > 1:
        os.environ[f"{PREFIX}BASE_URL"] = settings.base_url  # all else the workers read for themselves, as we did
        config = server_config(settings, "conference.house:worker_app", host, port, workers=workers)
        _log_lines(settings)
        Team(config, [config.bind_socket()], words).run()
    else:
        config = server_config(settings, create_app(settings, seed.demo.people if seed and seed.demo else ()), host, port)
        _log_lines(settings)
        settle()
        Announcing(config, words).run()


def worker_app() -> ASGIApp:
    """The application in one of several processes, which ends when the process that started it is no more."""
    settings = read_settings()
    _log_lines(settings)
    end_with_parent()
    app = create_app(settings)
    settle()
    return app


def server_config(settings: Settings, app: ASGIApp | str, host: str, port: int, *, workers: int = 1) -> uvicorn.Config:
    """How the house listens. With workers it is pickled and goes to each of them: `app` is then the name of what makes it."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        workers=workers,
        factory=isinstance(app, str),
        log_level=_level(settings),
        access_log=False,  # the application's own line names routes, never secret paths
        http=CarefulHttp,
        ws=websocket_class(),
        ws_ping_interval=HEARTBEAT,  # where sockets go the public way
        ws_ping_timeout=HEARTBEAT,
        ws_max_size=MAX_MESSAGE,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=STOP_SECONDS,
        timeout_worker_healthcheck=START_SECONDS,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        server_header=False,
    )


def _log_lines(settings: Settings) -> None:
    """After uvicorn has set up its own loggers, which it does with its configuration."""
    logging.basicConfig(level=_level(settings).upper(), format=LOG_FORMAT)


def _level(settings: Settings) -> str:
    """The demo's terminal shows where to click, not each click."""
    return "warning" if settings.demo and "log_level" not in settings.model_fields_set else settings.log_level


async def _prepare(settings: Settings, seed: Seed | None, calls: DemoCalls, *, at: datetime | None, real: bool) -> str:
    """Set the clock, load the demo; the words to print when the door is open."""
    database, clock = Database(settings.database), Clock()
    try:
        if not await database.is_sound():
            raise BadSettings(
                f"The database {shown(settings.database)} is damaged or does not answer. Restore a backup, or set CONFERENCE_DATABASE_URL."
            )
        async with database.writing() as db:
            clock.offset = await rehearsal_offset(db)
            if at or real:
                clock.offset = await set_rehearsal(db, at, clock.real_now())
            if seed:
                await load_programmes(db, seed, clock.now(), lambda line: print("  " + line, flush=True))
                await load_calls(db, calls.calls, clock.now())
                if seed.demo:
                    moments = clock.now(), clock.real_now()
                    await load_demo_questions(db, seed.demo, await load_demo_people(db, seed.demo, *moments), *moments)
                for given in calls.applications:
                    await load_applications(db, given, clock.now())
    finally:
        await database.close()
    lines = [f"Open {settings.base_url}"]
    if clock.rehearsing:
        local = clock.now().astimezone(zone_named(HOUSE_ZONE))
        moment = f"{clock_time(local)} on {long_date(local.date())} in London ({spoken_zone(local, HOUSE_ZONE)})"
        lines.append(f"Rehearsal: it is {moment}. Mail stays in {settings.mail_folder}")
    if seed and seed.demo:
        lines += _write_demo_links(settings, seed)
    return "\n".join(["", *lines, "Stop with Ctrl+C.", ""])


def _write_demo_links(settings: Settings, seed: Seed) -> list[str]:
    """DATA/demo-links.json maps each demo role to a sign-in address that works more than once."""
    assert seed.demo
    links = {
        person.demo_link: settings.base_url + demo_path(settings.secret_key, person.email)
        for person in seed.demo.people
        if person.demo_link
    }
    (settings.data / "demo-links.json").write_text(json.dumps(links, indent=2) + "\n")
    lines = [f"  {role:<10} {address}" for role, address in links.items()]
    return ["Sign in as:", *lines, f"Everybody else, and the mail: {settings.base_url}/demo"]
