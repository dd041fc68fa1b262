"""Publishing, and telling those whom it concerns, in one transaction."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from conference.programme.releasing import release_drafts
from conference.programme.tables import Event, ScheduleRelease
from conference.programme.undoing import Undone, undo_release
from conference.registration.affected import tell_affected
from conference.storage.database import Db


async def publish(
    db: Db,
    event: Event,
    now: datetime,
    real_now: datetime,
    *,
    by: UUID | None = None,
    note_words: str = "",
    only: Collection[UUID] | None = None,
) -> ScheduleRelease:
    """Release the drafts (or those of `only` these sessions), with mail and notices. Raises what `release_drafts` does."""
    release = await release_drafts(db, event, now, by=by, note_words=note_words, only=only)
    await tell_affected(db, event, release, now, real_now)
    return release


async def take_back(db: Db, event: Event, release: ScheduleRelease, now: datetime, real_now: datetime, *, by: UUID | None = None) -> Undone:
    """Undo a release by a new one; who was told of the first is told of this too."""
    undone = await undo_release(db, event, release, now, by=by)
    await tell_affected(db, event, undone.release, now, real_now)
    return undone
