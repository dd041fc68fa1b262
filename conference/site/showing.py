"""What the pages of an event show, as few rows as tell whether a kept page is still true, and when time itself will change them."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlmodel import col, select

from conference.calls.listing import calls_of_event, version_marks
from conference.calls.tables import Call
from conference.live.tables import Stage
from conference.meetings.queries import meeting_of
from conference.programme.queries import SessionFacts
from conference.programme.rules import DOOR_OPENS, SOON
from conference.programme.tables import Event, KeyDate, Session
from conference.registration.tables import CapacityPool
from conference.registration.waiting import waiting_counts
from conference.site.view import Frame, over_at
from conference.storage.database import Db
from conference.web.kept import Showing

MINUTE = timedelta(minutes=1)


async def showing_event(
    db: Db, event: Event, programme: Iterable[SessionFacts], frame: Frame, dates: Sequence[KeyDate] = ()
) -> Showing | None:
    """For a page of this event with these sessions and key dates on it; None where it is one person's."""
    if frame.signed_in:
        return None
    sessions = [facts.session for facts in programme]
    until = next_change([*_of_event(event), *_of_dates(event, dates), *_of_sessions(sessions)], sessions, frame.now)
    read = partial(event_state, event_id=event.id)
    return Showing(("event", event.id), await read(db), read, frame.now, until)


async def showing_front(
    db: Db, event: Event, programme: Iterable[SessionFacts], frame: Frame, dates: Sequence[KeyDate], calls: Sequence[Call]
) -> Showing | None:
    """For the event's front page, with its calls on it."""
    of_event = await showing_event(db, event, programme, frame, dates)
    if not of_event:
        return None
    moments = [at for call in calls for at in (call.opens_at, call.deadline_at) if at and at > frame.now]
    until = min([*moments, *([of_event.until] if of_event.until else [])], default=None)
    read = partial(front_state, event_id=event.id)
    return Showing(("front", event.id), await read(db), read, frame.now, until)


async def showing_session(db: Db, facts: SessionFacts, frame: Frame) -> Showing | None:
    """For the page of one session, with what stays there of its stage."""
    if frame.signed_in:
        return None
    until = next_change([*_of_event(facts.event), *_of_sessions([facts.session])], [facts.session], frame.now)
    read = partial(session_state, event_id=facts.event.id, session_id=facts.session.id)
    return Showing(("session", facts.session.id), await read(db), read, frame.now, until)


async def event_state(db: Db, *, event_id: UUID) -> Hashable:
    """The programme's revision, and how many places and seats are taken, which move without one."""
    event = (await db.exec(select(Event.revision, Event.modified_at).where(Event.id == event_id))).one()
    columns = (
        col(CapacityPool.id),
        col(CapacityPool.taken) + col(CapacityPool.held),
        col(CapacityPool.capacity),
        col(CapacityPool.waiting),
    )
    pools = (await db.exec(select(*columns).where(CapacityPool.event_id == event_id).order_by(columns[0]))).all()
    waiting = await waiting_counts(db, (pool[0] for pool in pools))
    return (*event, *(tuple(pool) for pool in pools), *sorted(waiting.items()))


async def front_state(db: Db, *, event_id: UUID) -> Hashable:
    """As of the event; and its calls, with the version of what each says."""
    calls = [
        (call.id, call.title, call.state, call.opens_at, call.deadline_at, call.results_by) for call in await calls_of_event(db, event_id)
    ]
    return (await event_state(db, event_id=event_id), *calls, *await version_marks(db, event_id))


async def session_state(db: Db, *, event_id: UUID, session_id: UUID) -> Hashable:
    """As of the event; and what was said on the session's stage, and whether it meets in a room of its own."""
    seqs = (col(Stage.public_seq), col(Stage.moderators_seq), col(Stage.votes_seq))
    stage = (await db.exec(select(*seqs).where(Stage.session_id == session_id))).first()
    meeting = await meeting_of(db, session_id)
    return (await event_state(db, event_id=event_id), tuple(stage) if stage else None, meeting[0].id if meeting else None)


def next_change(moments: Iterable[datetime], sessions: Iterable[Session], now: datetime) -> datetime | None:
    """The first moment after now at which such a page would say something else; None: never (pure).

    A session that is soon counts its minutes down: "in 5 minutes" turns to "in 4 minutes" when less than five are left.
    """
    ahead = [moment for moment in moments if moment > now]
    soon = [session.starts_at for session in sessions if now < session.starts_at <= now + SOON and not session.cancelled_at]
    ahead += [start + ((now - start) // MINUTE + 1) * MINUTE for start in soon]
    return min(ahead, default=None)


def _of_event(event: Event) -> list[datetime]:
    moments = (event.starts_at - SOON, event.starts_at, event.ends_at, event.registration_opens_at, event.registration_closes_at)
    return [moment for moment in moments if moment]


def _of_sessions(sessions: Iterable[Session]) -> list[datetime]:
    return [
        moment
        for session in sessions
        for moment in (session.starts_at - SOON, session.starts_at - DOOR_OPENS, session.starts_at, session.ends_at)
    ]


def _of_dates(event: Event, dates: Iterable[KeyDate]) -> list[datetime]:
    return [over_at(event, date) for date in dates]
