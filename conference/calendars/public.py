"""An event's calendar, open to all (pure)."""

from collections.abc import Iterable
from datetime import timedelta

from conference.ics.entry import AllDay, Calendar, Entry
from conference.programme.entry import Origin, is_listed, key_date_entry, session_entry
from conference.programme.queries import SessionFacts
from conference.programme.tables import Event, KeyDate

REFRESH = timedelta(hours=1)


def event_calendar(event: Event, origin: Origin) -> Calendar:
    return Calendar(
        uid=origin.uid(event.id),
        name=event.title,
        description=event.summary,
        zone=event.zone,
        url=origin.event_page(event),
        refresh=REFRESH,
    )


def event_entries(event: Event, sessions: Iterable[SessionFacts], dates: Iterable[KeyDate], origin: Origin) -> list[Entry | AllDay]:
    """Every session, cancelled ones as tombstones, and the key dates that belong in a calendar."""
    because = f"you subscribed to the programme of {event.title}"
    listed = (session_entry(facts, origin, because) for facts in sessions if is_listed(facts.session))
    return [*listed, *(key_date_entry(event, date, origin, because) for date in dates if date.in_feed)]
