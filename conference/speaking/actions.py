"""What speakers do: show themselves, say when they can, propose texts and co-speakers, leave slides; and being forgotten."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, delete, select

from conference.errors import Conflict, Invalid, NotFound
from conference.people.tables import Person
from conference.programme.rules import Stale
from conference.programme.tables import Event, Session, Speaker
from conference.record.actions import note
from conference.speaking.queries import resources_of, speaker_rows_of, times_of, waiting_text
from conference.speaking.rules import MAX_RESOURCES, MAX_TIMES
from conference.speaking.tables import ProposalKind, SpeakerInvitation, SpeakerProfile, SpeakerTime, TalkProposal, TalkResource
from conference.storage.database import Db

FORGOTTEN = "forgotten@invalid.invalid"


async def profile_for(db: Db, speaker: Speaker) -> SpeakerProfile:
    """Their row for this transaction alone, made when it is first needed: two tabs take turns."""
    theirs = select(SpeakerProfile).where(SpeakerProfile.speaker_id == speaker.id).with_for_update()
    if found := (await db.exec(theirs)).first():
        return found
    with suppress(IntegrityError):  # the other tab was quicker
        async with db.begin_nested():
            db.add(SpeakerProfile(speaker_id=speaker.id))
    return (await db.exec(theirs)).one()


async def show_self(
    db: Db, event: Event, speaker: Speaker, biography: str, pronouns: str, links: Sequence[str], photo_alt: str, now: datetime
) -> None:
    """Biography, pronouns and links, public at once."""
    profile = await profile_for(db, speaker)
    speaker.biography = biography
    profile.pronouns, profile.links = pronouns, list(links)
    if profile.photo_id:
        profile.photo_alt = photo_alt
    await _published(db, event, now)
    note(db, "speaker's page changed", f"speaker:{speaker.id}", now, person_id=speaker.person_id, event_id=event.id)


async def put_photo(db: Db, event: Event, speaker: Speaker, photo_id: UUID | None, alt: str, now: datetime) -> UUID | None:
    """Another photo, or none. Returns the id of the file that is not needed any more: throw it away after the commit."""
    profile = await profile_for(db, speaker)
    before, profile.photo_id, profile.photo_alt = profile.photo_id, photo_id, alt if photo_id else ""
    await _published(db, event, now)
    note(db, "photo changed", f"speaker:{speaker.id}", now, person_id=speaker.person_id, event_id=event.id)
    return before


async def add_time(db: Db, speaker: Speaker, starts_at: datetime, ends_at: datetime) -> None:
    """A span in which they can speak. Raises Invalid for one that is there already, or one too many."""
    await profile_for(db, speaker)  # two tabs take turns
    there = await times_of(db, speaker.id)
    if len(there) >= MAX_TIMES:
        raise Invalid("day", f"You have given {MAX_TIMES} times, which is all that we keep. Remove one first.")
    if any(each.starts_at < ends_at and starts_at < each.ends_at for each in there):
        raise Invalid("starts", "You have given a time that lies across this one already. Remove that first.")
    db.add(SpeakerTime(speaker_id=speaker.id, starts_at=starts_at, ends_at=ends_at))


async def drop_time(db: Db, speaker: Speaker, time_id: UUID) -> None:
    gone = await db.exec(delete(SpeakerTime).where(col(SpeakerTime.id) == time_id, col(SpeakerTime.speaker_id) == speaker.id))
    if not gone.rowcount:
        raise NotFound("There is no such time, or it was removed.")


async def add_resource(db: Db, event: Event, session: Session, resource: TalkResource, now: datetime) -> None:
    """Slides, a file or a link beside a session. Raises Conflict where there are too many."""
    await db.refresh(event, with_for_update={"key_share": True})
    if len(await resources_of(db, [session.id])) >= MAX_RESOURCES:
        raise Conflict(f"This session has {MAX_RESOURCES} resources, which is all that we keep. Remove one first.")
    db.add(resource)
    await _published(db, event, now)
    note(
        db,
        "resource added",
        f"session:{session.id}",
        now,
        person_id=resource.person_id,
        event_id=event.id,
        what=resource.kind,
        size=resource.size,
    )


async def drop_resource(db: Db, event: Event, resource: TalkResource, now: datetime, *, by: UUID) -> UUID:
    """Returns the id of its file: throw it away after the commit."""
    await db.delete(resource)
    await _published(db, event, now)
    note(db, "resource removed", f"session:{resource.session_id}", now, person_id=by, event_id=event.id, title=resource.title)
    return resource.id


async def propose_text(
    db: Db, event: Event, session: Session, person: Person, title: str, abstract: str, now: datetime, *, seen: str
) -> TalkProposal | None:
    """Another title or abstract for a published session, for the organisers to review. None: it is what is published, so nothing waits.

    `seen` is the `text_version` that the form was opened with: raises Stale where a co-speaker, or an organiser, saved since.
    """
    await db.refresh(event, with_for_update={"key_share": True})
    await db.refresh(session)
    waiting = await waiting_text(db, session.id)
    if seen != text_version(session, waiting):
        raise Stale("Somebody else changed this text after you opened it. Nothing of yours was saved, and nothing was lost.")
    if (title, abstract) == (session.title, session.abstract.strip()):
        if waiting:
            await withdraw(db, waiting, person, now)
        return None
    if waiting is None:
        waiting = TalkProposal(event_id=event.id, session_id=session.id, kind=ProposalKind.text, made_at=now, modified_at=now)
    waiting.base_title, waiting.base_abstract = session.title, session.abstract.strip()
    waiting.title, waiting.abstract, waiting.person_id, waiting.modified_at = title, abstract, person.id, now
    db.add(waiting)
    note(db, "text proposed", f"session:{session.id}", now, person_id=person.id, event_id=event.id)
    return waiting


def text_version(session: Session, waiting: TalkProposal | None) -> str:
    """What a speaker's form carries along, to notice who saved meanwhile, be it a co-speaker or the organisers."""
    return f"{session.modified_at.isoformat()}/{waiting.id.hex + waiting.modified_at.isoformat() if waiting else '-'}"


async def propose_co_speaker(
    db: Db, event: Event, session: Session, person: Person, name: str, email: str, word: str, now: datetime
) -> None:
    """Somebody to speak too; the organisers decide and invite. Raises Invalid where that is proposed already."""
    proposal = TalkProposal(
        event_id=event.id,
        session_id=session.id,
        person_id=person.id,
        kind=ProposalKind.co_speaker,
        name=name,
        email=email,
        word=word,
        made_at=now,
        modified_at=now,
    )
    try:
        async with db.begin_nested():
            db.add(proposal)
    except IntegrityError as twice:
        raise Invalid("email", "Somebody with this address is proposed already, and the organisers will decide.") from twice
    note(db, "co-speaker proposed", f"session:{session.id}", now, person_id=person.id, event_id=event.id)


async def withdraw(db: Db, proposal: TalkProposal, person: Person, now: datetime) -> None:
    """By one of the session's speakers. Raises Conflict once it was decided."""
    mine = update(TalkProposal).where(
        col(TalkProposal.id) == proposal.id, col(TalkProposal.decided_at).is_(None), col(TalkProposal.withdrawn_at).is_(None)
    )
    if not (await db.exec(mine.values(withdrawn_at=now))).rowcount:
        raise Conflict("The organisers have decided about this proposal already.")
    note(db, "proposal withdrawn", f"session:{proposal.session_id}", now, person_id=person.id, event_id=proposal.event_id)


async def forget(db: Db, person: Person) -> list[UUID]:
    """Take away what is kept here about a person: what they proposed and left. Their names in programmes are the programme's.

    Returns the ids of files to throw away after the commit.
    """
    speakers = [row for row, _ in await speaker_rows_of(db, person.id)]
    ids = [row.id for row in speakers]
    profiles = (await db.exec(select(SpeakerProfile).where(col(SpeakerProfile.speaker_id).in_(ids)))).all()
    resources = (await db.exec(select(TalkResource).where(TalkResource.person_id == person.id))).all()
    files = [*(row.photo_id for row in profiles if row.photo_id), *(row.id for row in resources)]
    for row in (*profiles, *resources):
        await db.delete(row)
    await db.exec(delete(SpeakerTime).where(col(SpeakerTime.speaker_id).in_(ids)))
    about = or_(col(TalkProposal.person_id) == person.id, col(TalkProposal.email) == person.email_key)
    await db.exec(delete(TalkProposal).where(about))
    mine = or_(col(SpeakerInvitation.person_id) == person.id, func.lower(col(SpeakerInvitation.email)) == person.email_key)
    emptied = {"email": FORGOTTEN, "person_id": None, "declined_word": "", "word": ""}
    await db.exec(update(SpeakerInvitation).where(mine).values(**emptied))
    for speaker in speakers:
        speaker.biography = ""
    await db.flush()
    return files


async def _published(db: Db, event: Event, now: datetime) -> None:
    """What shows the speakers has another revision; the programme itself has not changed, so this is no release."""
    await db.refresh(event, with_for_update={"key_share": True})
    event.revision += 1
    event.modified_at = now
