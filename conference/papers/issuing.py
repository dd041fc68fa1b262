"""Issuing papers, and revoking them. A paper's facts are what is set in it for ever: names and dates as they were on its day."""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from conference.errors import Conflict, Invalid
from conference.papers.queries import head_of, live_paper
from conference.papers.rules import CODE_BITS, code_of, day_of, lines_of
from conference.papers.tables import IssuedPaper, PaperKind
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.record.actions import note
from conference.storage.database import Db

HOUSE = "Library Conferences"
HOUSE_ZONE = "Europe/London"


async def issue_paper(
    db: Db,
    kind: PaperKind,
    person: Person,
    event: Event | None,
    subject_id: UUID,
    facts: dict[str, Any],
    now: datetime,
    *,
    by: UUID | None = None,
) -> IssuedPaper:
    """One paper of a kind about one subject (an offer, a registration): asked for again, it is the same one. `facts`: its template’s.

    Never put what must be kept secret into `facts`, such as a passport's number: `setting.set_paper` takes it when the PDF is made.
    """
    if known := await live_paper(db, kind, subject_id):
        return known
    whole = await head_facts(db, event, now) | facts
    paper = IssuedPaper(
        code=code_of(secrets.randbits(CODE_BITS)),
        kind=kind,
        person_id=person.id,
        event_id=event.id if event else None,
        subject_id=subject_id,
        facts=whole,
        issued_at=now,
    )
    try:
        async with db.begin_nested():
            db.add(paper)
            await db.flush()
    except IntegrityError:  # somebody was quicker
        known = await live_paper(db, kind, subject_id)
        if known is None:
            raise
        return known
    note(db, "paper issued", f"paper:{paper.id}", now, person_id=by, event_id=paper.event_id, kind=kind.value)
    return paper


async def revoke_paper(db: Db, paper: IssuedPaper, reason: str, now: datetime, *, by: UUID | None = None) -> None:
    """Whoever verifies it is told so from now on, without the reason. Raises Invalid without one, Conflict for one that was revoked."""
    if not reason.strip():
        raise Invalid("reason", "Say why. It stays here: whoever verifies the paper is not told.")
    if paper.revoked_at:
        raise Conflict("This paper was revoked already.")
    paper.revoked_at, paper.revoked_reason = now, reason.strip()[:500]
    note(db, "paper revoked", f"paper:{paper.id}", now, person_id=by, event_id=paper.event_id)
    await db.flush()


async def head_facts(db: Db, event: Event | None, now: datetime) -> dict[str, Any]:
    """What stands on every paper of an event."""
    head = await head_of(db, event.id if event else None)
    return {
        "issuer": (head.issuer if head else "") or (event.title if event else HOUSE),
        "address": lines_of(head.address) if head else [],
        "signed_by": head.signed_by if head else "",
        "signed_as": head.signed_as if head else "",
        "event": event.title if event else "",
        "date": day_of(now, event.zone if event else HOUSE_ZONE),
        "language": "en",
    }
