"""What the commands `forget` and `retention` do."""

from conference.clock import Clock
from conference.errors import NotFound
from conference.people.queries import person_by_email
from conference.privacy.erasing import clean_up, erase
from conference.privacy.retention import sweep
from conference.record.actions import rehearsal_offset
from conference.settings import Settings
from conference.storage.database import Database

BACKUPS = "Backups still hold what they held: repeat this after restoring one that is older."
VACUUM = "PostgreSQL keeps old versions of rows until it vacuums: run VACUUM to have them gone at once."


async def forget_address(settings: Settings, email: str, *, keep_words: bool) -> str:
    """Erase whoever has this address; what to tell about it. Raises NotFound, and Conflict for an event's only organiser."""
    database, clock = Database(settings.database), Clock()
    try:
        async with database.writing() as db:
            clock.offset = await rehearsal_offset(db)
            person = await person_by_email(db, email)
            if person is None:
                raise NotFound("Nobody here has this address.")
            erasing = await erase(db, person.id, clock.now(), clock.real_now(), keep_words=keep_words)
        await clean_up(database, settings.data, settings.mail_folder, [erasing])
        return "\n".join([f"Erased: person {person.id}.", BACKUPS, *([] if database.is_sqlite else [VACUUM])])
    finally:
        await database.close()


async def sweep_now(settings: Settings, *, dry_run: bool) -> list[str]:
    """A line for each rule that has something to take."""
    database, clock = Database(settings.database), Clock()
    try:
        async with database.reading() as db:
            clock.offset = await rehearsal_offset(db)
        taken = await sweep(database, settings.data, settings.mail_folder, clock.now(), clock.real_now(), dry_run=dry_run)
    finally:
        await database.close()
    said = "would go" if dry_run else "went"
    return [f"{count:>8} {said}: {words}" for words, count in taken.items() if count] or ["Nothing is due."]
