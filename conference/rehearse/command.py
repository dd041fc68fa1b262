"""`conference rehearse`: an audience of robots on the stage that is open, and what they found out."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from uvicorn.loops.auto import auto_loop_factory

from conference.clock import Clock
from conference.errors import BadSettings, Conflict
from conference.live.robots import make_robots, remove_robots
from conference.programme.queries import event_at
from conference.rehearse.checks import Stage, allow_sockets, check_answers, check_database, stage_for
from conference.rehearse.crowd import Crowd
from conference.rehearse.line import Place
from conference.rehearse.measure import measured
from conference.rehearse.plan import plan_for
from conference.rehearse.report import Measured, failures, report
from conference.rehearse.truth import heads_now, kept_votes, untrue_screens
from conference.settings import Settings
from conference.storage.database import Database


def rehearse(settings: Settings, event: str, audience: int, seconds: float, session: str, *, yes: bool) -> bool:
    """Rehearse, and print the report; whether tomorrow will hold. Raises BadSettings, Refusal."""
    check_database(settings)
    check_answers(settings.base_url)
    allow_sockets(audience)
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        result = runner.run(_rehearse(settings, event, audience, seconds, session, yes=yes))
    typer.echo("\n" + report(result) + "\n")
    typer.echo(f"The robots stay, so that you can look. Remove them with: conference rehearse --event {event} --remove")
    typer.echo(f"or as an organiser on {settings.base_url}/manage/rehearsal")
    return not failures(result)


def remove(settings: Settings, event: str) -> None:
    """Remove the robots of an event, and say what went with them. Raises BadSettings, Refusal."""
    check_database(settings)
    typer.echo(asyncio.run(_remove(settings, event)))


async def _remove(settings: Settings, slug: str) -> str:
    database = Database(settings.database)
    try:
        async with database.writing() as db:
            event = await event_at(db, slug)
            gone = await remove_robots(db, event.id, Clock().real_now())
    finally:
        await database.close()
    return f"Removed from {event.title}: {gone.robots:,} robots, {gone.questions:,} of their questions, {gone.votes:,} votes."


async def _rehearse(settings: Settings, slug: str, audience: int, seconds: float, session: str, *, yes: bool) -> Measured:
    database = Database(settings.database)
    try:
        stage = await stage_for(database, slug, session, settings.base_url, yes=yes)
        typer.echo(f"On stage: “{stage.facts.session.title}” of {stage.event.title}.")
        tokens = await _make(database, stage, audience + 1)
        return await _play(database, stage, settings.base_url, tokens, seconds)
    finally:
        await database.close()


async def _make(database: Database, stage: Stage, count: int) -> list[str]:
    typer.echo(f"Making {count:,} robots ...")
    async with database.writing() as db:
        made = await make_robots(db, stage.event, count, stage.clock.now(), stage.clock.real_now())
        return [token for _, token in made]


async def _play(database: Database, stage: Stage, url: str, tokens: list[str], seconds: float) -> Measured:
    path = f"/events/{stage.event.slug}/sessions/{stage.facts.session.slug}/stage/socket"
    crowd = Crowd(Place(url, path), tokens, plan_for(len(tokens) - 1, seconds))
    try:
        with _bar(len(crowd.robots), "Joining") as advance:
            await crowd.join(advance)
        _check_they_take_part(crowd, url)
        with _bar(round(seconds), "Running") as advance:
            await crowd.run(advance)
        typer.echo("Settling ...")
        heads = await crowd.settle(lambda: heads_now(crowd.present))
        untrue = await untrue_screens([robot for robot in crowd.sample if robot in crowd.present])
        kept = await kept_votes(database, stage.event.id, dict(crowd.ledger.voted))
        return measured(crowd, stage.event.title, heads, untrue, kept)
    finally:
        crowd.leave()
        await asyncio.sleep(0.2)  # goodbyes leave


def _check_they_take_part(crowd: Crowd, url: str) -> None:
    """Raises Conflict, BadSettings where nothing could be learnt from a run."""
    if not crowd.present:
        reasons = ", ".join(f"{count:,} times {why}" for why, count in crowd.ledger.not_let_in.items())
        raise Conflict(f"No robot could join the stage at {url}: {reasons}. Look at the server's log.")
    if not any(robot.takes_part for robot in crowd.present):
        raise BadSettings(
            f"The house at {url} does not know these robots: it uses another database. Set CONFERENCE_DATABASE_URL to its own."
        )


@contextmanager
def _bar(length: int, label: str) -> Iterator[Callable[[int], None]]:
    """A progress bar; its label alone where nobody watches."""
    with typer.progressbar(length=length, label=label) as bar:
        yield bar.update
