"""Letters: an offer, an award, an invitation."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from conference.papers.issuing import issue_paper
from conference.papers.tables import IssuedPaper, PaperKind
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.storage.database import Db


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says: `rules.paragraphs_of` makes the paragraphs of a call's text."""

    subject: str
    paragraphs: tuple[str, ...]
    reference: str = ""
    details: tuple[tuple[str, str], ...] = ()  # a term and its words, one under the other: what an officer looks for
    to: tuple[str, ...] = ()  # lines; empty: name and organisation


async def issue_letter(
    db: Db,
    kind: PaperKind,
    person: Person,
    event: Event | None,
    subject_id: UUID,
    letter: Letter,
    now: datetime,
    *,
    by: UUID | None = None,
) -> IssuedPaper:
    """One of a kind for one subject; asked for again, it is the same one."""
    facts = {
        "to": list(letter.to) or [words for words in (person.name, person.organisation) if words],
        "name": person.name,
        "subject": letter.subject,
        "reference": letter.reference,
        "paragraphs": list(letter.paragraphs),
        "details": [list(pair) for pair in letter.details],
    }
    return await issue_paper(db, kind, person, event, subject_id, facts, now, by=by)
