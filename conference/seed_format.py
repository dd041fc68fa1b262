"""Reads a folder of seed files, or says what is wrong with each in sentences that whoever wrote them can act on."""

from pathlib import Path

from conference.errors import BadSettings
from conference.seed_check import Fault, check_seed
from conference.seed_models import Seed, SeedDemo, SeedEvent, SeedVenues
from conference.seed_reading import is_file, read_table

VENUES, DEMO = "venues.toml", "demo.toml"  # every other .toml of the folder is an event


def read_seed(folder: Path) -> Seed:
    """Everything that the files of this folder say. Raises BadSettings with one line per fault, over all files."""
    if not is_file(folder / VENUES):
        raise BadSettings(f"{folder}: there is no {VENUES} here. Name a folder with seed files, such as seed_data.")
    faults: list[Fault] = []
    names = sorted(path.name for path in folder.glob("*.toml"))
    venues = read_table(folder / VENUES, SeedVenues, faults)
    demo = read_table(folder / DEMO, SeedDemo, faults) if DEMO in names else SeedDemo()
    events = [_event(folder / name, faults) for name in names if name not in (VENUES, DEMO)]
    if venues and demo and not faults:
        in_order = sorted(filter(None, events), key=lambda event: event.starts)
        seed = Seed(venues=venues.venues, events=tuple(in_order), demo=demo)
        faults = check_seed(seed)
        if not faults:
            return seed
    raise BadSettings("\n".join(f"{folder.name}/{fault}" for fault in faults))


def _event(path: Path, faults: list[Fault]) -> SeedEvent | None:
    event = read_table(path, SeedEvent, faults)
    if event and event.slug != path.stem:
        faults.append(
            Fault(path.name, "slug", f"“{event.slug}” is not this file's name. Call the file {event.slug}.toml, or change the slug.")
        )
    return event
