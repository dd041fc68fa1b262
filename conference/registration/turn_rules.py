"""Turns on waiting lists (pure): where each stands, how long an offer lasts, and the sentences that explain a list to those on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from conference.errors import Conflict
from conference.registration.tables import CapacityPool, HeldBack, PoolAct, PoolLine, TurnState, WaitlistEntry
from conference.times import clock_time, long_date, spoken_zone, zone_named

ENDS = {
    "accepted_at": TurnState.accepted,
    "declined_at": TurnState.declined,
    "expired_at": TurnState.expired,
    "left_at": TurnState.left,
    "closed_at": TurnState.closed,
}


@dataclass(frozen=True, slots=True)
class Turn:
    """Where one live turn stands on its list, and why it is not its turn yet."""

    entry: WaitlistEntry
    ahead: int  # people who joined before and still wait
    offers: int = 0  # open offers to others
    offers_until: datetime | None = None  # when the last of these ends
    held: tuple[tuple[str, int], ...] = ()  # what for, and how many places nobody has used yet
    offer_minutes: int | None = None


def turn_state(entry: WaitlistEntry, now: datetime) -> TurnState:
    """Where a turn stands at this instant: an offer whose end has come is over, swept up already or not."""
    for end, state in ENDS.items():
        if getattr(entry, end):
            return state
    if entry.offer_ends_at:
        return TurnState.expired if now >= entry.offer_ends_at else TurnState.offered
    return TurnState.unconfirmed if entry.held_until else TurnState.waiting


def offer_end(pool: CapacityPool, now: datetime, starts_at: datetime, ends_at: datetime) -> datetime:
    """When an offer made now is over: after the pool's time, and not later than what it is for begins (or ends, once it has begun)."""
    assert pool.offer_minutes
    return min(now + timedelta(minutes=pool.offer_minutes), starts_at if now < starts_at else ends_at)


def is_over(held_back: HeldBack, now: datetime) -> bool:
    """Whether its places go to everybody."""
    return held_back.closed_at is not None or (held_back.ends_at is not None and now >= held_back.ends_at)


def check_offer_is_open(entry: WaitlistEntry | None, now: datetime) -> None:
    """An offer is taken before its end: at that very instant it is over. Raises Conflict."""
    state = turn_state(entry, now) if entry else None
    if state == TurnState.accepted:
        raise Conflict("You have this place already.")
    if state == TurnState.expired:
        raise Conflict("This offer is over: its time ended, and the place went to the next in line. You can join the list again.")
    if state != TurnState.offered:
        raise Conflict("No place is offered to you at the moment.")


def mine_in_short(turn: Turn, noun: str, now: datetime, zone: str) -> str:
    """For one line of a list of sessions; `noun`: seat or place."""
    state = turn_state(turn.entry, now)
    if state == TurnState.offered and turn.entry.offer_ends_at:
        return f"A {noun} is offered to you until {until_words(turn.entry.offer_ends_at, now, zone)}"
    if state == TurnState.expired:
        return f"The {noun} offered to you went to the next in line"
    return "You are next on the waiting list" if turn.ahead == 0 else f"You are on the waiting list: {turn.ahead} ahead of you"


def why_words(turn: Turn, noun: str, now: datetime, zone: str) -> tuple[str, ...]:
    """Sentences: one's position, how many are ahead and why, and what happens when one's turn comes."""
    state = turn_state(turn.entry, now)
    if state == TurnState.offered and turn.entry.offer_ends_at:
        until = until_words(turn.entry.offer_ends_at, now, zone)
        return (f"A {noun} is offered to you. It is kept for you until {until}; at that moment it goes to the next in line.",)
    if state == TurnState.expired:
        return (f"The {noun} that was offered to you was kept until its time ended, and goes to the next in line.",)
    if state == TurnState.unconfirmed:
        return ("Your turn is kept while the link that we mailed to you waits to be opened.",)
    people = "1 person" if turn.ahead == 1 else f"{turn.ahead} people"
    place = f"You are number {turn.ahead + 1} in line: {people} joined before you."
    said = [place if turn.ahead else "You are next in line: nobody is ahead of you."]
    if turn.offers and turn.offers_until:
        offers = "1 offer is" if turn.offers == 1 else f"{turn.offers} offers are"
        said.append(f"{offers} open until {until_words(turn.offers_until, now, zone)}: what is not taken then is passed on.")
    for purpose, places in turn.held:
        said.append(f"{places} {'place is' if places == 1 else 'places are'} held back for {purpose}.")
    said.append(_what_comes(turn, noun))
    return tuple(said)


def _what_comes(turn: Turn, noun: str) -> str:
    if turn.offer_minutes is None:
        return f"When it is your turn, the {noun} is yours at once, and a mail tells you."
    return f"When it is your turn, a mail tells you, and the {noun} is kept for you for {minutes_words(turn.offer_minutes)}."


def minutes_words(minutes: int) -> str:
    """`2 days`, `36 hours`, `90 minutes`."""
    for unit, size in (("day", 1440), ("hour", 60)):
        if minutes % size == 0:
            return f"{minutes // size} {unit}{'' if minutes == size else 's'}"
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


def until_words(instant: datetime, now: datetime, zone: str) -> str:
    """`14:00 (BST, UTC+1)`, with its date where that isn't today's."""
    place = zone_named(zone)
    local = instant.astimezone(place)
    day = "" if local.date() == now.astimezone(place).date() else f" on {long_date(local.date())}"
    return f"{clock_time(local)}{day} ({spoken_zone(instant, zone)})"


OF_OTHERS = {
    PoolAct.promoted: "Somebody ahead of you got a place",
    PoolAct.offered: "A place was offered to somebody ahead of you",
    PoolAct.accepted: "Somebody ahead of you took the place that was offered",
    PoolAct.declined: "Somebody ahead of you declined the place that was offered",
    PoolAct.expired: "An offer to somebody ahead of you was over",
    PoolAct.left: "Somebody ahead of you left the list",
    PoolAct.closed: "The turn of somebody ahead of you was closed",
}
OF_MINE = {
    PoolAct.joined: "You joined the list",
    PoolAct.confirmed: "You confirmed your turn",
    PoolAct.promoted: "You got a place",
    PoolAct.offered: "A place was offered to you",
    PoolAct.accepted: "You took the place",
    PoolAct.declined: "You declined the place",
    PoolAct.expired: "The offer to you was over",
    PoolAct.withdrawn: "The offer was taken back, since the session is cancelled",
    PoolAct.left: "You left the list",
    PoolAct.closed: "The list was closed",
    PoolAct.moved: "The list was joined with another; your turn came along",
}
OF_POOL = {
    PoolAct.made: "The limit was set to {after} places",
    PoolAct.deleted: "The limit was taken away",
    PoolAct.served: "What shares these places changed: {words}",
    PoolAct.held_back: "Held back for {words}: {after}",
    PoolAct.released: "Held back no more for {words}: {after} went to those who wait, then to everybody",
}
OF_ALL = {
    PoolAct.joined: "joined the list",
    PoolAct.confirmed: "confirmed their turn",
    PoolAct.promoted: "got a place",
    PoolAct.offered: "was offered a place",
    PoolAct.accepted: "took the place",
    PoolAct.declined: "declined the place",
    PoolAct.expired: "let the offer end",
    PoolAct.withdrawn: "had the offer taken back: the session is cancelled",
    PoolAct.left: "left the list",
    PoolAct.closed: "had the turn closed",
    PoolAct.moved: "came along from another list",
}


def line_for(line: PoolLine, entry: WaitlistEntry) -> str:
    """A line of the log as the owner of this turn reads it: others have no names. Empty for what does not concern it."""
    if line.turn is None:
        return pool_words(line)
    if line.turn == entry.turn:
        return OF_MINE.get(line.act, "")
    return OF_OTHERS.get(line.act, "") if line.turn < entry.turn else ""


def line_for_organisers(line: PoolLine, name: str) -> str:
    if line.turn is None:
        return pool_words(line)
    until = f" until {line.words}" if line.act == PoolAct.offered and line.words else ""
    return f"{name or 'Somebody'} (turn {line.turn}) {OF_ALL.get(line.act, line.act)}{until}"


def pool_words(line: PoolLine) -> str:
    """What happened to the pool itself."""
    if line.act == PoolAct.capacity:
        return f"The places were {'raised' if (line.after or 0) > (line.before or 0) else 'lowered'} from {line.before} to {line.after}"
    return OF_POOL.get(line.act, str(line.act)).format(after=line.after, words=line.words)


def since_joined(lines: Sequence[PoolLine], entry: WaitlistEntry) -> list[tuple[PoolLine, str]]:
    """What the owner of this turn reads of the log: from their joining to its end, without what does not concern them."""
    begins = next((line.number for line in lines if line.turn == entry.turn), 0)
    told = [(line, line_for(line, entry)) for line in lines if line.number >= begins]
    ends = [line.number for line, _ in told if line.turn == entry.turn]
    over = any(getattr(entry, end) for end in ENDS)
    return [(line, words) for line, words in told if words and (not over or line.number <= max(ends, default=0))]
