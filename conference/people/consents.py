"""What people agree to at an event: for each purpose by itself, in words with a version, and taken back as easily as given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from conference.people.tables import Consent, ConsentPurpose, Person
from conference.record.actions import note
from conference.storage.database import Db


@dataclass(frozen=True, slots=True)
class Wording:
    """What is agreed to. Whoever changes the words raises the version: who agreed to others is asked again."""

    version: int
    label: str
    help: str


WORDINGS: Mapping[ConsentPurpose, Wording] = {
    ConsentPurpose.participant_list: Wording(
        1,
        "Other participants may see my name, organisation and country",
        "In a list for people who are registered for the same event. Nobody else sees it.",
    ),
    ConsentPurpose.photos: Wording(
        1,
        "I may be seen in photos of the event",
        "Pictures that the organisers take of rooms and screens, and may publish afterwards.",
    ),
    ConsentPurpose.follow_up: Wording(
        1,
        "The organisers may write to me after the event",
        "About what came of it, and about the next one. At most a few times a year.",
    ),
}


async def consents_of(db: Db, person_id: UUID, event_id: UUID) -> dict[ConsentPurpose, Consent]:
    """What somebody agrees to there now. What they agreed to in other words than today's is not among it."""
    live = (Consent.person_id == person_id, Consent.event_id == event_id, col(Consent.ended_at).is_(None))
    return {row.purpose: row for row in await db.exec(select(Consent).where(*live)) if row.wording == WORDINGS[row.purpose].version}


async def has_agreed(db: Db, person_id: UUID, event_id: UUID, purpose: ConsentPurpose) -> bool:
    return purpose in await consents_of(db, person_id, event_id)


async def people_who_agreed(db: Db, event_id: UUID, purpose: ConsentPurpose) -> set[UUID]:
    """Their ids, for a list or a mailing."""
    live = (Consent.event_id == event_id, Consent.purpose == purpose, Consent.wording == WORDINGS[purpose].version)
    return set(await db.exec(select(Consent.person_id).where(*live, col(Consent.ended_at).is_(None))))


async def consent_counts(db: Db, event_id: UUID) -> dict[ConsentPurpose, int]:
    counted = select(Consent.purpose, func.count()).where(Consent.event_id == event_id, col(Consent.ended_at).is_(None))
    found = dict((await db.exec(counted.group_by(col(Consent.purpose)))).all())
    return {purpose: found.get(purpose, 0) for purpose in ConsentPurpose}


async def choose_consents(db: Db, person: Person, event_id: UUID, given: set[ConsentPurpose], real_now: datetime) -> None:
    """Exactly these from now on: what is new is given, what is missing has ended. Nobody's choice is made for them."""
    await db.refresh(person, with_for_update={"key_share": True})
    live = select(Consent).where(Consent.person_id == person.id, Consent.event_id == event_id, col(Consent.ended_at).is_(None))
    rows = {row.purpose: row for row in await db.exec(live)}
    for purpose, row in rows.items():
        if purpose not in given or row.wording != WORDINGS[purpose].version:
            row.ended_at = max(real_now, row.given_at)
            note(db, "consent ended", f"consent:{row.id}", real_now, person_id=person.id, event_id=event_id, purpose=purpose)
    await db.flush()
    for purpose in sorted(given):
        wording = WORDINGS[purpose].version
        if purpose in rows and rows[purpose].wording == wording:
            continue
        fresh = Consent(person_id=person.id, event_id=event_id, purpose=purpose, wording=wording, given_at=real_now)
        db.add(fresh)
        note(db, "consent given", f"consent:{fresh.id}", real_now, person_id=person.id, event_id=event_id, purpose=purpose, wording=wording)
    await db.flush()
