"""Documents: facts and a template of templates/documents/ in, a tagged PDF (PDF/UA-1) out. What people wrote is data in it, never code.

Fonts: those in templates/documents/fonts, then what the machine has; `coverage` knows for which words that is enough.
"""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from datetime import datetime
from pathlib import Path
from typing import Any

from conference.files import folder

PATIENCE = 60  # seconds for one document
AT_ONCE = asyncio.Semaphore(2)  # documents: each takes a processor
TYPESETTER = Path(__file__).with_name("typesetter.py")


class Unset(Exception):
    """A document could not be made: a fault of ours, whatever people wrote."""


def fonts_folder() -> Path:
    return folder("templates") / "documents" / "fonts"


async def pdf_of(template: str, facts: dict[str, Any], made_at: datetime | None = None) -> bytes:
    """`template`: a file of templates/documents, which reads `facts` as JSON from sys.inputs. `made_at`: what the document says of itself.

    Only a sign that no font has keeps a document from being PDF/UA; `coverage` tells of such before.
    """
    root = folder("templates") / "documents"
    asked = {"template": str(root / template), "root": str(root), "fonts": str(fonts_folder()), "facts": facts}
    asked["made_at"] = made_at.isoformat() if made_at else ""
    async with AT_ONCE:
        process = await asyncio.create_subprocess_exec(sys.executable, "-P", str(TYPESETTER), stdin=PIPE, stdout=PIPE, stderr=PIPE)
        try:
            async with asyncio.timeout(PATIENCE):
                made, said = await process.communicate(json.dumps(asked).encode())
        except BaseException:  # too slow, or whoever asked went away
            if process.returncode is None:
                process.kill()
                await process.wait()
            raise
    if process.returncode or not made.startswith(b"%PDF"):
        raise Unset(said.decode("utf-8", "replace")[-500:])
    return made
