"""The `conference` command: serve, demo, rehearse, seed, migrate, bounces, routes, organiser, forget, retention."""

import asyncio
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from conference.app import routes as all_routes
from conference.clock import YEARS, Clock
from conference.correspondence.returned import read_mailbox
from conference.errors import BadSettings, Refusal
from conference.files import folder
from conference.house import load_seed, make_ready, serve_house
from conference.people.actions import grant_role, know_person
from conference.people.tables import RoleKind
from conference.privacy.command import forget_address, sweep_now
from conference.privacy.gathering import KEPT
from conference.privacy.words import as_markdown
from conference.programme.queries import event_at
from conference.record.actions import rehearsal_offset
from conference.rehearse import command as rehearse
from conference.settings import Settings, read_settings
from conference.storage.database import Database

cli = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="A virtual conference and events platform."
)
organisers = typer.Typer(no_args_is_help=True, help="Who organises an event.")
cli.add_typer(organisers, name="organiser")

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)]
At = Annotated[str, typer.Option(help="Rehearse: live at this instant, such as 2021-06-25T09:55+01:00. “real” ends a rehearsal.")]
Workers = Annotated[int, typer.Option(help="How many processes; several need PostgreSQL and Valkey or Redis.", min=1, max=64)]
DEMO_AT = "2021-06-25T09:55+01:00"
RETURNED = (
    ("hard", "dead addresses"),
    ("soft", "not delivered this time"),
    ("reply", "answers to invitations"),
    ("ignored", "automatic answers and delays"),
    ("unknown", "about nothing of ours"),
    ("known", "read before"),
)


@cli.command()
def serve(host: Host = "127.0.0.1", port: Port = 8000, at: At = "", workers: Workers = 1) -> None:
    """Serve the house. The database is brought to the newest schema first."""
    settings = _settings(host, port)
    serve_house(settings, host, port, at=_instant(at), real=at == "real", workers=workers)


@cli.command()
def demo(host: Host = "127.0.0.1", port: Port = 8000, at: At = DEMO_AT) -> None:
    """Serve the demo: both events loaded, people to be, mail kept in a folder, the clock on the conference's morning."""
    settings = _settings(host, port, demo=True)
    serve_house(settings, host, port, at=_instant(at), real=at == "real")


@cli.command("rehearse")
def rehearse_event(
    event: Annotated[str, typer.Option(help="The event's slug, such as wi-2021.")],
    audience: Annotated[int, typer.Option(help="How many robots come.", min=1, max=50_000)] = 2000,
    seconds: Annotated[float, typer.Option(help="How long they ask and vote.", min=3, max=3600)] = 60,
    url: Annotated[str, typer.Option(help="Where the house is; CONFERENCE_BASE_URL when left out.")] = "",
    session: Annotated[str, typer.Option(help="The session's slug; the one that is on when left out.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Even though the event is on in earnest.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Remove the robots of earlier rehearsals and what they did.")] = False,
) -> None:
    """Dress rehearsal: robots join a stage by real sockets, ask and vote; then a report says whether tomorrow will hold."""
    settings = read_settings(demo=True, **({"base_url": url} if url else {}))  # it makes no links, so it needs no secret
    if remove:
        rehearse.remove(settings, event)
    elif not rehearse.rehearse(settings, event, audience, seconds, session, yes=yes):
        raise typer.Exit(1)


@cli.command()
def seed(source: Annotated[Path | None, typer.Argument(help="A folder of seed files; the shipped one when left out.")] = None) -> None:
    """Load events and their programmes. What is there already is left as it is."""
    settings = _settings()
    make_ready(settings)
    loaded = asyncio.run(load_seed(settings, source or folder("seed_data"), typer.echo))
    typer.echo(f"{loaded.added} added, {loaded.there} there already.")


@cli.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    settings = _settings()
    make_ready(settings)
    typer.echo("The database is at the newest schema.")


@cli.command()
def bounces(
    mailbox: Annotated[Path, typer.Argument(help="An mbox file, a Maildir, or a mail kept as .eml (or a folder of them).")],
) -> None:
    """Read the mailbox behind CONFERENCE_MAIL_BOUNCES: mails that came back, and calendars' answers. Reading it again changes nothing."""
    settings = _settings()
    if not settings.mail_bounces:
        raise BadSettings("CONFERENCE_MAIL_BOUNCES is not set, so no mail says where it comes back to. Set it, and send mail first.")
    make_ready(settings)
    counted = asyncio.run(_read_bounces(settings, mailbox))
    typer.echo(", ".join(f"{count} {words}" for kind, words in RETURNED if (count := counted[kind])) or "There was nothing in it.")


async def _read_bounces(settings: Settings, mailbox: Path) -> Counter[str]:
    database, clock = Database(settings.database), Clock()
    try:
        async with database.reading() as db:
            clock.offset = await rehearsal_offset(db)
        return await read_mailbox(database, settings, mailbox, clock.now(), clock.real_now())
    finally:
        await database.close()


@cli.command()
def routes() -> None:
    """List every address of the house."""
    for route in all_routes(_settings(demo=True)):
        typer.echo(_line(route))


@cli.command()
def forget(
    address: Annotated[str, typer.Argument(help="The e-mail address of whoever is to be erased.")],
    words: Annotated[str, typer.Option(help="Their questions and messages: “stay” without a name, or “go” too.")] = "stay",
) -> None:
    """Erase a person: places go back, ways in end, names go; counts stay, and the audit trail's bare lines. There is no way back."""
    if words not in ("stay", "go"):
        raise BadSettings(f"--words {words} is neither. Write “stay” or “go”.")
    settings = _settings()
    make_ready(settings)
    typer.echo(asyncio.run(forget_address(settings, address, keep_words=words == "stay")))


@cli.command()
def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    table: Annotated[bool, typer.Option("--table", help="Print what is kept and until when, and do nothing.")] = False,
) -> None:
    """Take out what is due, as the house does by itself once a day."""
    if table:
        typer.echo(as_markdown(KEPT))
        return
    settings = _settings()
    make_ready(settings)
    for line in asyncio.run(sweep_now(settings, dry_run=dry_run)):
        typer.echo(line)


@organisers.command("add")
def add_organiser(
    email: Annotated[str, typer.Argument(help="Their e-mail address.")],
    event: Annotated[str, typer.Option(help="The event's slug, such as wi-2021.")],
    name: Annotated[str, typer.Option(help="Their name; the address when left out.")] = "",
) -> None:
    """Make somebody an organiser of an event. They sign in with a link that is mailed to them."""
    settings = _settings()
    make_ready(settings)
    typer.echo(asyncio.run(_add_organiser(settings, email, name, event)))


async def _add_organiser(settings: Settings, email: str, name: str, slug: str) -> str:
    database, now = Database(settings.database), Clock().real_now()
    try:
        async with database.writing() as db:
            event = await event_at(db, slug)
            person = await know_person(db, email, name or email.split("@")[0], now)
            await grant_role(db, person, event.id, RoleKind.organiser, now)
            return f"{person.email} organises {event.title}. They sign in at {settings.base_url}/sign-in"
    finally:
        await database.close()


def _settings(host: str = "127.0.0.1", port: int = 8000, *, demo: bool = False) -> Settings:
    """The environment's settings; without an address of its own the house is where it listens."""
    settings = read_settings(demo=demo)
    if "base_url" not in settings.model_fields_set:
        settings = read_settings(demo=demo, base_url=f"http://{f'[{host}]' if ':' in host else host}:{port}")
    return settings


def _instant(at: str) -> datetime | None:
    if at in ("", "real"):
        return None
    try:
        instant = datetime.fromisoformat(at)
    except ValueError as wrong:
        raise BadSettings(f"--at {at} is not an instant. Write it like {DEMO_AT}, or “real”.") from wrong
    if instant.tzinfo is None:
        raise BadSettings(f"--at {at} does not say on whose clock. Add the offset, like {DEMO_AT}.")
    try:
        instant = instant.astimezone(UTC)
    except OverflowError:
        instant = instant.replace(tzinfo=UTC)  # at the very edge of the calendar, so refused below
    if instant.year not in YEARS:
        raise BadSettings(f"--at {at} is too far away. Choose a year from {YEARS[0]} to {YEARS[-1]}.")
    return instant


def _line(route: BaseRoute) -> str:
    if isinstance(route, Route):
        return f"{','.join(sorted(route.methods or ())):<16} {route.path}  ({route.name})"
    kind = "SOCKET" if isinstance(route, WebSocketRoute) else "FILES"
    return f"{kind:<16} {route.path if isinstance(route, (WebSocketRoute, Mount)) else route}"


def main() -> None:
    """Run the command; what is refused ends with its sentence and status 2."""
    try:
        cli()
    except (BadSettings, Refusal) as no:
        print(no, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
