"""What of mine runs at the same time: said before a seat is taken, and left to the person."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from conference.errors import Conflict
from conference.people.tables import Person
from conference.programme.tables import Event, Session
from conference.registration.queries import lock_registration
from conference.registration.tables import Booking, Star
from conference.storage.database import Db


@dataclass(frozen=True, slots=True)
class Mine:
    """A session that somebody has a seat in or a star on."""

    session: Session
    event: Event
    seat: bool  # otherwise a star alone

    @property
    def words(self) -> str:
        return f"your seat in “{self.session.title}”" if self.seat else f"“{self.session.title}”, which has your star"


class Clashes(Conflict):
    """Somebody asked for a seat in what overlaps with what they have. The page asks whether they mean it."""

    code = "clash"

    def __init__(self, mine: Sequence[Mine]) -> None:
        super().__init__(clash_sentence(mine))
        self.mine = tuple(mine)


async def check_clashes(db: Db, event: Event, session: Session, person: Person, *, despite: Collection[str] = ()) -> None:
    """Raises Clashes, but where all that overlaps is among `despite`: ids of sessions that the person was told of.

    Call it before `book_seat`, in its transaction: the registration is locked, so that of two tabs that book at once the second sees
    what the first has got. Who has the seat already is asked nothing.
    """
    await lock_registration(db, person.id, event.id)
    mine = await mine_of(db, person.id, seats_only=True)
    overlapping = clashing(session, mine)
    if session.id not in {one.session.id for one in mine} and not {one.session.id.hex for one in overlapping} <= set(despite):
        raise Clashes(overlapping)


async def mine_of(db: Db, person_id: UUID | None, *, seats_only: bool = False) -> list[Mine]:
    """Sessions with this person's seat or star at all events, in the order of time; cancelled ones are nobody's any more."""
    if person_id is None:
        return []
    standing = col(Session.cancelled_at).is_(None)
    found = {session.id: Mine(session, event, seat=True) for session, event in await db.exec(with_a_seat(person_id))}
    if not seats_only:
        stars = select(Session, Event).join(Event).join(Star, col(Star.session_id) == col(Session.id))
        for session, event in await db.exec(stars.where(Star.person_id == person_id, col(Star.ended_at).is_(None), standing)):
            found.setdefault(session.id, Mine(session, event, seat=False))
    return sorted(found.values(), key=lambda one: (one.session.starts_at, one.session.ends_at, one.session.title))


def with_a_seat(person_id: UUID) -> Select[Session, Event]:
    """The sessions in which somebody has a seat."""
    seats = select(Session, Event).join(Event).join(Booking, col(Booking.session_id) == col(Session.id))
    return seats.where(Booking.person_id == person_id, col(Booking.given_up_at).is_(None), col(Session.cancelled_at).is_(None))


def clashing(session: Session, mine: Iterable[Mine]) -> list[Mine]:
    """What of mine runs at some time of this session; seats before stars."""
    found = [one for one in mine if one.session.id != session.id and overlap(one.session, session)]
    return sorted(found, key=lambda one: not one.seat)


def pairs_at_once(mine: Collection[Mine], now: datetime) -> list[tuple[Mine, Mine]]:
    """What of mine, still to come, overlaps."""
    ahead = [one for one in mine if now < one.session.ends_at]
    return [(one, two) for one, two in combinations(ahead, 2) if overlap(one.session, two.session)]


def overlap(one: Session, two: Session) -> bool:
    return one.starts_at < two.ends_at and two.starts_at < one.ends_at


def clash_sentence(mine: Sequence[Mine]) -> str:
    """`This overlaps with your seat in “A” and with “B”, which has your star.`"""
    return f"This overlaps with {' and with '.join(one.words for one in mine)}."
