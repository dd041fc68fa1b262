"""Real subscribers over real HTTP: many who poll while a release happens, and vdirsyncer, which keeps what it has read."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from httpx2 import AsyncClient, Limits

from conference.programme.revisions import FRESH
from tests.calendars.cast import WI, House
from tests.calendars.organiser import Organiser
from tests.ics.cast import lines_of
from tests.servers import serving

TALK = "keynote-eman-bushulaibi"
PATIENCE = 20.0  # seconds for all to have the new feed: the machine may be busy


@pytest.mark.parametrize("many", [200, pytest.param(1_000, marks=pytest.mark.soak)])
async def test_whoever_polls_while_a_release_happens_gets_the_whole_old_feed_or_the_whole_new_one(house: House, many: int) -> None:
    async with serving(house.settings) as address, AsyncClient(base_url=address, limits=Limits(max_connections=50)) as client:
        old = (await client.get(WI)).content
        crowd = [asyncio.create_task(_poll_until_new(client, old)) for _ in range(many)]
        organiser = Organiser(house, TALK)  # another process, as far as the server knows
        await asyncio.sleep(0.2)
        await organiser.do(organiser.change(title="A keynote"))
        async with asyncio.timeout(PATIENCE):
            ends = await asyncio.gather(*crowd)
        await asyncio.sleep(FRESH)
        new = (await client.get(WI)).content
    assert new != old
    assert [end for end in ends if end != new] == []


async def _poll_until_new(client: AsyncClient, old: bytes) -> bytes:
    """Each poll brings nothing, or the old feed, or something else: that, and nothing old after it."""
    tag = ""
    while True:
        answer = await client.get(WI, headers={"If-None-Match": tag} if tag else {})
        assert answer.status_code in (200, 304)
        if answer.status_code == 200 and answer.content != old:
            again = await client.get(WI)
            assert again.content == answer.content
            return answer.content
        tag = "" if tag else answer.headers["etag"]
        await asyncio.sleep(0.05)


class Subscriber:
    """vdirsyncer with a subscription to an address: a folder with a file for each event."""

    def __init__(self, folder: Path, address: str) -> None:
        self.events = folder / "events"
        self.config = folder / "config"
        self.config.write_text(
            f'[general]\nstatus_path = "{folder / "status"}"\n'
            '[pair feed]\na = "here"\nb = "there"\ncollections = null\nconflict_resolution = "b wins"\n'
            f'[storage here]\ntype = "filesystem"\npath = "{self.events}"\nfileext = ".ics"\n'
            f'[storage there]\ntype = "http"\nurl = "{address}"\n'
        )

    async def look(self) -> dict[str, list[str]]:
        """Synchronise; every event's lines, by title, without the UID: this app gives each event another of its own."""
        if not self.events.exists():
            await asyncio.to_thread(self._run, "discover", "feed")
        await asyncio.to_thread(self._run, "sync", "--force-delete")
        found = [lines_of(file.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")) for file in self.events.glob("*.ics")]
        events = [lines[lines.index("BEGIN:VEVENT") :] for lines in found]
        return {_title(lines): [line for line in lines if not line.startswith("UID:")] for lines in events}

    def _run(self, *arguments: str) -> None:
        command = [str(Path(sys.executable).with_name("vdirsyncer")), "-c", str(self.config), *arguments]
        home = os.environ | {"HOME": str(self.config.parent)}
        done = subprocess.run(command, input="y\n", capture_output=True, text=True, timeout=60, env=home)
        assert done.returncode == 0, done.stdout + done.stderr


def _title(lines: list[str]) -> str:
    summary = next(line for line in lines if line.startswith("SUMMARY:")).replace("\\,", ",")
    return summary.removeprefix("SUMMARY:").removeprefix("No longer in this calendar: ")


async def test_a_subscriber_that_keeps_files_sees_each_change_and_no_false_one(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "subscriber"
    folder.mkdir()
    organiser = Organiser(house, TALK)
    talk = (await house.session(TALK)).session.title
    async with serving(house.settings) as address:
        subscriber = Subscriber(folder, f"{address}/events/wi-2021/tracks/plenary.ics")
        looks = [await subscriber.look()]
        for act in (organiser.draft, organiser.change(room_id="second-stage"), organiser.change(track_id="collaboration"), organiser.undo):
            await organiser.do(act)
            await asyncio.sleep(FRESH)
            looks.append(await subscriber.look())
    assert [len(look) for look in looks] == [6] * 5
    states = [[line for line in look[talk] if line.startswith(("SEQUENCE:", "STATUS:"))] for look in looks]
    assert states == [
        ["SEQUENCE:0", "STATUS:CONFIRMED"],
        ["SEQUENCE:0", "STATUS:CONFIRMED"],
        ["SEQUENCE:1", "STATUS:CONFIRMED"],
        ["SEQUENCE:2", "STATUS:CANCELLED"],
        ["SEQUENCE:3", "STATUS:CONFIRMED"],
    ]
    others = [{title: event for title, event in look.items() if title != talk} for look in looks]
    assert [other == others[0] for other in others] == [True] * 5
    assert looks[0] == looks[1]
