"""Loads seed_data/calls/ through the actions that people use. What is there already is left as it is, and so is what people did with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import select

from conference.calls.call_file import CallFile
from conference.calls.opening import add_call
from conference.calls.tables import Call
from conference.errors import BadSettings
from conference.programme.tables import Event
from conference.seed_check import Fault, nearest
from conference.seed_models import Seed, SeedEvent
from conference.seed_reading import read_table
from conference.storage.database import Db

FOLDER = "calls"  # in the folder of seed files


@dataclass(frozen=True, slots=True)
class LoadedCalls:
    added: int
    there: int


def read_calls(folder: Path, seed: Seed) -> tuple[CallFile, ...]:
    """All calls of a folder of seed files. Raises BadSettings with one line per fault, over all files."""
    faults: list[Fault] = []
    paths = sorted((folder / FOLDER).glob("*.toml"))
    calls = [(path, read_table(path, CallFile, faults)) for path in paths]
    for path, call in calls:
        if call:
            faults += _names(path, call, seed)
    if faults:
        raise BadSettings("\n".join(f"{folder.name}/{FOLDER}/{fault}" for fault in faults))
    return tuple(call for _, call in calls if call)


async def load_calls(db: Db, calls: Sequence[CallFile], now: datetime) -> LoadedCalls:
    """In the caller's transaction, after the events."""
    there = set((await db.exec(select(Call.slug))).all())
    events = {event.slug: event.id for event in await db.exec(select(Event))}
    new = [call for call in calls if call.slug not in there]
    for call in new:
        await add_call(db, call.plan(events[call.event] if call.event else None), call.definition(), now, state=call.state)
    return LoadedCalls(len(new), len(calls) - len(new))


def _names(path: Path, call: CallFile, seed: Seed) -> list[Fault]:
    """What names nothing."""
    faults = []
    if call.slug != path.stem:
        sentence = f"“{call.slug}” is not this file's name. Call the file {call.slug}.toml, or change the slug."
        faults.append(Fault(path.name, "slug", sentence))
    events = {event.slug: event for event in seed.events}
    if call.event is not None and call.event not in events:
        faults.append(Fault(path.name, "event", f"there is no event “{call.event}”; {nearest(call.event, events)}"))
    sessions = _sessions(events.get(call.event or ""))
    for n, one in enumerate(call.funded):
        if one.session is not None and one.session not in sessions:
            sentence = f"there is no session “{one.session}” at the call's event; {nearest(one.session, sessions)}"
            faults.append(Fault(path.name, f"funded[{n}].session", sentence))
    return faults


def _sessions(event: SeedEvent | None) -> set[str]:
    return {session.slug for session in event.sessions} if event else set()
