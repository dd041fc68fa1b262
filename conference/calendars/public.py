"""An event's calendars, open to all (pure)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import pairwise

from conference.calendars.parts import Chosen, Part, Published, choose
from conference.calendars.shelves import BuiltFeed, Pieces, build_feed
from conference.ics.calendar import Piece
from conference.ics.entry import Calendar, Entry
from conference.programme.entry import Origin, date_fingerprint, fingerprint, key_date_entry, session_entry
from conference.programme.history import looks_of
from conference.programme.queries import SessionFacts

REFRESH = timedelta(hours=1)
LEFT = "This session takes place, but is no longer in the part of the programme that you subscribed to."


def public_feed(part: Part, published: Published, origin: Origin, pieces: Pieces) -> BuiltFeed:
    """Raises NotFound or Invalid, as `choose` does. Of a part nothing ever vanishes, so that its entries alone say when it last changed."""
    chosen, event = choose(part, published, origin), published.event
    changed_at = event.modified_at if chosen.whole else event.made_at
    return build_feed(_calendar(chosen, published), _pieces(chosen, published, origin, pieces), changed_at)


def _calendar(chosen: Chosen, published: Published) -> Calendar:
    event = published.event
    return Calendar(
        name=chosen.name,
        description=event.summary,
        zone=event.zone,
        url=chosen.page,
        refresh=REFRESH,
    )


def _pieces(chosen: Chosen, published: Published, origin: Origin, pieces: Pieces) -> Iterator[Piece]:
    """Every session of the part, as tombstones the cancelled and those that left it; with the whole programme its key dates too."""
    for facts in published.sessions:
        looks = looks_of(facts, published.told.get(str(facts.session.id), ()))
        stays = [chosen.has(facts.session.id, look) for look in looks]
        if any(stays):
            yield _session_piece(facts, chosen.because, stays, origin, pieces)
    for date in published.dates if chosen.whole else ():
        if date.in_feed:
            made_of = (date_fingerprint(published.event, date), chosen.because)
            yield pieces.of(made_of, partial(key_date_entry, published.event, date, origin, chosen.because))


def _session_piece(facts: SessionFacts, because: str, stays: list[bool], origin: Origin, pieces: Pieces) -> Piece:
    """Each time that it left or came back raises SEQUENCE: releases are never deleted, so it never falls."""
    crossings = sum(before != after for before, after in pairwise(stays))
    elsewhere = not stays[-1]

    def entry() -> Entry:
        plain = session_entry(facts, origin, because)
        description = f"{LEFT}\n\n{plain.description}" if elsewhere and not plain.cancelled else plain.description
        return replace(plain, sequence=plain.sequence + crossings, elsewhere=elsewhere, description=description)

    return pieces.of((fingerprint(facts), because, crossings, elsewhere), entry)
