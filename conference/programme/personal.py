"""Who is named in a programme. A credit of a published programme is the organisers' to take out; what was only planned goes at once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from conference.programme.tables import (
    Event,
    KeyDate,
    Room,
    ScheduleRelease,
    Session,
    SessionDraft,
    SessionSpeaker,
    SourceReading,
    Speaker,
    Track,
    Venue,
)
from conference.storage.database import Db
from conference.storage.personal import Erasing, Kept, Purpose, Rows, Whom, rows_about

A_SPEAKER = "A speaker"
KEPT = (
    Kept(
        table=Speaker,
        what="Name, role, organisation, country and biography in a programme",
        purpose=Purpose.speaking,
        seen_by="Everybody, once the programme is published",
        names=("name",),
        words=("slug", "role", "organisation", "country", "biography"),
        stays="As long as the programme is published, or until they ask the organisers to take it out",
        by_hand=True,
    ),
    Kept(
        table=SessionDraft,
        what="Which organiser planned a session",
        purpose=Purpose.safety,
        seen_by="Organisers of the event",
        whose=(),
        others=("person_id",),
        plain=("slug", "patch", "reason"),
        stays="Until the draft is released",
    ),
    Kept(
        table=ScheduleRelease,
        what="Which organiser released a version of the programme, and what changed in it",
        purpose=Purpose.safety,
        seen_by="Everybody reads what changed; organisers read who",
        whose=(),
        others=("person_id",),
        plain=("note", "changes"),
        stays="As long as the programme is published",
    ),
)
NOBODYS: dict[type, tuple[str, ...]] = {
    Venue: ("slug", "name", "address", "zone", "source"),
    Event: ("slug", "title", "summary", "about", "zone", "who_for", "take_part", "fee_words", "free_days"),
    SourceReading: ("about", "published", "reading", "why"),
    Room: ("slug", "name"),
    Track: ("slug", "name"),
    Session: (
        *("slug", "title", "abstract", "join_url", "stream_url", "captions_url"),
        *("illustrative", "published_words", "our_reading", "cancel_reason"),
    ),
    SessionSpeaker: (),
    KeyDate: ("slug", "title", "words", "published", "reading"),
}


async def everything_about(db: Db, whom: Whom) -> Rows:
    return await rows_about(db, KEPT, whom)


async def forget(db: Db, whom: Whom, erasing: Erasing) -> None:
    """Credits lead to no account any more. Names that no programme shows go at once; for the others the organisers are asked."""
    for speaker in (await db.exec(select(Speaker).where(Speaker.person_id == whom.id))).all():
        speaker.person_id = None
        if not await is_credited(db, speaker):
            await take_out_credit(db, speaker, erasing.now)
    await db.flush()


async def credits_of(db: Db, whom: Whom) -> list[Speaker]:
    """The names of this person that a programme shows."""
    theirs = (await db.exec(select(Speaker).where(Speaker.person_id == whom.id).order_by(col(Speaker.id)))).all()
    return [speaker for speaker in theirs if await is_credited(db, speaker)]


async def is_credited(db: Db, speaker: Speaker) -> bool:
    return (await db.exec(select(SessionSpeaker.id).where(SessionSpeaker.speaker_id == speaker.id))).first() is not None


async def take_out_credit(db: Db, speaker: Speaker, now: datetime) -> None:
    """Nobody reads from the programme, or from what changed in it, who this was. The sessions stay as they are."""
    event = await db.get_one(Event, speaker.event_id, with_for_update={"key_share": True}, populate_existing=True)
    called = [speaker.name, f"{speaker.name} ({speaker.organisation})"]
    speaker.name, speaker.slug = A_SPEAKER, f"speaker-{speaker.id.hex}"
    speaker.role = speaker.organisation = speaker.biography = ""
    speaker.country = None
    for release in await db.exec(select(ScheduleRelease).where(ScheduleRelease.event_id == event.id)):
        if any(_names(line, called) for line in release.changes):
            release.changes = [_without(line, called) for line in release.changes]
    await _new_entries(db, speaker.id, now)
    event.revision, event.modified_at = event.revision + 1, now
    await db.flush()


async def _new_entries(db: Db, speaker_id: UUID, now: datetime) -> None:
    """Calendars that know the old name take the new one."""
    spoken = select(SessionSpeaker.session_id).where(SessionSpeaker.speaker_id == speaker_id)
    for session in await db.exec(
        select(Session).where(col(Session.id).in_(spoken)).order_by(col(Session.id)).with_for_update(key_share=True)
    ):
        session.modified_at = now


def _names(line: dict[str, Any], called: list[str]) -> bool:
    return any(line.get(side) in called for side in ("before", "after"))


def _without(line: dict[str, Any], called: list[str]) -> dict[str, Any]:
    return {name: A_SPEAKER if name in ("before", "after") and value in called else value for name, value in line.items()}
