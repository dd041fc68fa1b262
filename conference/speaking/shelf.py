"""Where files are kept: under DATA/uploads, outside of all that is served by itself, named by an id of ours and nothing else."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from conference.storage.ids import new_id


def place_of(data: Path, file_id: UUID) -> Path:
    """Where this file's bytes are."""
    return data / "uploads" / file_id.hex[-2:] / file_id.hex


@asynccontextmanager
async def keeping(data: Path, source: BinaryIO) -> AsyncIterator[UUID]:
    """Puts the bytes on the disk, yields their id, and takes them away again where what follows is refused: write the row inside."""
    file_id = new_id()
    await asyncio.to_thread(_write, place_of(data, file_id), source)
    try:
        yield file_id
    except BaseException:
        await throw_away(data, [file_id])
        raise


async def throw_away(data: Path, file_ids: Iterable[UUID | None]) -> None:
    """After the commit that forgot them. One that is gone already is fine."""
    for file_id in filter(None, file_ids):
        await asyncio.to_thread(place_of(data, file_id).unlink, missing_ok=True)


def _write(path: Path, source: BinaryIO) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    source.seek(0)
    half = path.with_suffix(".part")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        shutil.copyfileobj(source, file)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
