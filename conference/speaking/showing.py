"""Which slides and resources this reader may have now, and what is said of the others."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from conference.people.queries import has_role
from conference.people.tables import RoleKind
from conference.programme.queries import SessionFacts
from conference.registration.queries import has_confirmed_place
from conference.speaking.queries import resources_of
from conference.speaking.rules import host_of, is_shown, size_words
from conference.speaking.tables import Audience, ResourceKind, ShownFrom, TalkResource
from conference.storage.database import Db


@dataclass(frozen=True, slots=True)
class Shown:
    now: tuple[TalkResource, ...]
    words: str  # about what this reader does not get, or not yet; empty: nothing


async def resources_for(db: Db, facts: SessionFacts, person_id: UUID | None, now: datetime) -> Shown:
    """What of a session's resources this reader may have."""
    rows = await resources_of(db, [facts.session.id])
    if not rows:
        return Shown((), "")
    registered, insider = await standing_at(db, facts, person_id)
    shown = tuple(row for row in rows if is_shown(row, facts.session, now, registered=registered, insider=insider))
    hidden = [row for row in rows if row not in shown]
    for_others = [row for row in hidden if row.audience is Audience.registered and not registered]
    later = [row for row in hidden if row.shown_from is ShownFrom.afterwards and row not in for_others]
    words = [f"{_how_many(len(for_others))} for people who are registered."] if for_others else []
    words += [f"{_how_many(len(later))} once the session is over."] if later else []
    return Shown(shown, " ".join(words))


async def standing_at(db: Db, facts: SessionFacts, person_id: UUID | None) -> tuple[bool, bool]:
    """Whether this reader is registered at the event; whether they speak in the session, or organise or moderate the event."""
    if person_id is None:
        return False, False
    speaks = person_id in {speaker.person_id for speaker in facts.speakers}
    insider = speaks or await has_role(db, person_id, facts.event.id, RoleKind.organiser, RoleKind.moderator)
    return await has_confirmed_place(db, person_id, facts.event.id), insider


def resource_words(resource: TalkResource) -> str:
    """`PDF, 2.4 MB`, or a link's host; and for whom, where not for everybody."""
    what = host_of(resource.url) if resource.kind is ResourceKind.link else f"{resource.kind.value.upper()}, {size_words(resource.size)}"
    return what if resource.audience is Audience.public else f"{what}; for people who are registered"


def _how_many(count: int) -> str:
    return "One more is" if count == 1 else f"{count} more are"
