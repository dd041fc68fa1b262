"""A PDF set anew: its pages as they look and read, without what else such a file may hold: details, programs, other files, links, forms.

The pages' texts stay texts; tags for screen readers are lost, as are bookmarks.
"""

import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

from conference.documents.render import AT_ONCE, PATIENCE, Unset

SETTER = Path(__file__).with_name("anew_setter.py")
NO_PDF = 3  # how the setter ends when the file is none that can be read
MAX_PAGES = 200


class Unreadable(Exception):
    """The file can't be opened, is locked, or has more pages than anybody reads."""


async def set_anew(path: Path, title: str) -> bytes:
    """The pages of the PDF at `path` as another PDF. Raises Unreadable; Unset where it takes too long."""
    async with AT_ONCE:
        asked = (sys.executable, "-P", str(SETTER), str(path), title, str(MAX_PAGES))
        process = await asyncio.create_subprocess_exec(*asked, stdin=PIPE, stdout=PIPE, stderr=PIPE)
        try:
            async with asyncio.timeout(PATIENCE):
                made, said = await process.communicate()
        except TimeoutError as wrong:
            raise Unset("too slow") from wrong
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode == NO_PDF:
        raise Unreadable(said.decode("utf-8", "replace")[-200:])
    if process.returncode or not made.startswith(b"%PDF"):
        raise Unset(said.decode("utf-8", "replace")[-500:])
    return made
