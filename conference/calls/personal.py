"""Calls and what belongs to them, as they are exported, erased and swept."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from conference.calls import award_claims, claims, file_claims, meeting_claims, offer_claims
from conference.calls.file_rules import download_name
from conference.calls.forgetting import forget_applicant, forget_in_others, forget_member, stand_back
from conference.calls.own_queries import own_files, own_rows
from conference.calls.purging import due_calls, due_submissions, purge_call
from conference.speaking.shelf import throw_away
from conference.storage.database import Database, Db
from conference.storage.personal import Erasing, Rows, Whom, empty_rows, rows_about

PARTS = (award_claims, claims, file_claims, meeting_claims, offer_claims)
KEPT = tuple(kept for part in PARTS for kept in part.KEPT)
NOBODYS: dict[type, tuple[str, ...]] = {table: columns for part in PARTS for table, columns in part.NOBODYS.items()}

__all__ = ["KEPT", "NOBODYS", "everything_about", "files_of", "forget", "stand_back", "sweep"]


async def everything_about(db: Db, whom: Whom) -> Rows:
    """What was decided on their submissions only once they were told."""
    return own_rows(meeting_claims.without_the_talk(await rows_about(db, KEPT, whom), whom.id))


async def files_of(db: Db, whom: Whom) -> dict[UUID, str]:
    """Names for the files that they sent, by the files' ids."""
    return {file.id: download_name(call, submission.number, file) for call, submission, file in await own_files(db, whom.id)}


async def forget(db: Db, whom: Whom, erasing: Erasing) -> None:
    erasing.uploads += await forget_applicant(db, whom.id, erasing.now)
    await forget_member(db, whom.id, erasing.now)
    await empty_rows(db, KEPT, whom)
    await forget_in_others(db, whom)


async def sweep(database: Database, data: Path, now: datetime, *, dry_run: bool = False) -> int:
    """What came to nothing, once its days are over: call by call, the bytes of files with the rows."""
    async with database.reading() as db:
        calls = await due_calls(db, now)
        if dry_run:
            return sum([len(await due_submissions(db, call)) for call in calls])
    gone = 0
    for call in calls:
        async with database.writing() as db:
            count, files = await purge_call(db, call, now)
            await throw_away(data, files)
        gone += count
    return gone
