"""Notices on one's own page: what happened to what is mine, in a sentence, until I have read it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from conference.mail.notices import mark_read
from conference.mail.tables import Notice
from conference.people.access import require_person
from conference.registration.letters import LETTER, NOTICE_WORDS
from conference.registration.turn_rules import until_words
from conference.speaking.rules import ACCEPTED, DECIDED, decided_words
from conference.times import TimeShown, show
from conference.web.forms import typed_form
from conference.web.links import redirect
from conference.web.request import real_now, writing

CHANGED, OFFERED = "programme_changed", "turn_offered"
OF_TURNS = {
    "seat_promoted": "has a seat for you: your turn on the waiting list came",
    "place_promoted": "has a place for you: your turn on the waiting list came",
    OFFERED: "has room for you: take it until {until}",
    "turn_expired": "had room for you, but the time to take it is over",
    "turn_closed": "is over, and nothing became free for you",
}
PROMOTED = ("seat_promoted", "place_promoted")
GIVEN_WORDS = (NOTICE_WORDS["registration_confirmed"], NOTICE_WORDS["seat_booked"])
KIND_WORDS = {
    "cancelled": "is cancelled",
    "restored": "takes place after all",
    "moved": "has a new time",
    "room": "has a new place",
    "link": "has a new link to join",
}


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """templates/parts/notice_list.html"""

    id: str
    title: str
    words: str  # "has a new time and a new place"
    path: str
    time: TimeShown
    room: str  # the new one; empty: as it was
    reason: str
    because: str  # empty: it goes without saying


@dataclass(frozen=True, slots=True)
class Standing:
    """What I have at this moment, by address: news of a seat or an offer goes when the seat or the offer is gone."""

    mine: Collection[str]  # events and sessions with a place or a seat for me
    offers: Collection[str]  # pages of turns with an open offer


def shown_notices(notices: Sequence[Notice], zone: str, standing: Standing) -> tuple[ShownNotice, ...]:
    """In sentences, on the reader's clock (pure). The newest first, and of one thing that became news again only how it is now."""
    latest: dict[object, tuple[Notice, dict[str, Any]]] = {}
    for notice in notices:
        if not _still_so(notice, standing):
            continue
        once = notice.kind in (CHANGED, *OF_TURNS) or _gives(notice)
        key = (notice.kind, notice.path) if once else notice.id
        newest, facts = latest.get(key, (notice, notice.facts))
        latest[key] = newest, _with_earlier(facts, notice.facts) if notice.kind == CHANGED and newest is not notice else facts
    return tuple(_shown(notice, facts, zone) for notice, facts in latest.values() if notice.kind in (CHANGED, LETTER, *DECIDED, *OF_TURNS))


def _still_so(notice: Notice, standing: Standing) -> bool:
    if notice.kind == OFFERED:
        return notice.path in standing.offers
    return not _gives(notice) or notice.path.removesuffix("/turn") in standing.mine


def _gives(notice: Notice) -> bool:
    return notice.kind in PROMOTED or (notice.kind == LETTER and notice.facts["words"] in GIVEN_WORDS)


async def notices_read(request: Request) -> Response:
    """POST /me/notices/reading: all that were on the page are read; what came since stays."""
    typed = await typed_form(request)
    async with writing(request) as db:
        person = await require_person(db, request)
        if up_to := _id(typed.get("up_to", "")):
            await mark_read(db, person.id, up_to, real_now(request))
    return redirect(request, "site:me")


def _with_earlier(facts: dict[str, Any], earlier: dict[str, Any]) -> dict[str, Any]:
    """What was not read yet of an earlier change counts too: its room may be new still."""
    if "cancelled" in facts["kinds"]:
        return facts
    kinds = [kind for kind in KIND_WORDS if kind in facts["kinds"] or (kind in earlier["kinds"] and kind != "cancelled")]
    return facts | {"kinds": kinds, "room": facts["room"] or earlier["room"]}


def _of_a_turn(notice: Notice, facts: dict[str, Any], zone: str) -> ShownNotice:
    """The session's own time is the notice's; the end of an offer stands in its words."""
    starts, ends = (datetime.fromisoformat(facts[name]) for name in ("starts_at", "ends_at"))
    first, second = (zone, facts["event_zone"]) if facts["online"] else (facts["event_zone"], zone)
    until = until_words(datetime.fromisoformat(facts["offer_ends_at"]), notice.made_at, zone) if facts["offer_ends_at"] else ""
    return ShownNotice(
        id=str(notice.id),
        title=facts["title"],
        words=OF_TURNS[notice.kind].format(until=until),
        path=notice.path,
        time=show(starts, ends, first=first, second=second, event_zone=facts["event_zone"], mine=zone),
        room="",
        reason="",
        because="you were on its waiting list",
    )


def _shown(notice: Notice, facts: dict[str, Any], zone: str) -> ShownNotice:
    if notice.kind in OF_TURNS:
        return _of_a_turn(notice, facts, zone)
    starts, ends = (datetime.fromisoformat(facts[name]) for name in ("starts_at", "ends_at"))
    first, second = (zone, facts["event_zone"]) if facts["online"] else (facts["event_zone"], zone)
    if notice.kind == LETTER:
        time = show(starts, ends, first=first, second=second, event_zone=facts["event_zone"], mine=zone)
        return ShownNotice(str(notice.id), facts["title"], facts["words"], notice.path, time, room="", reason="", because="")
    decided = notice.kind in DECIDED
    return ShownNotice(
        id=str(notice.id),
        title=facts["session"] if decided else facts["title"],
        words=decided_words(facts, accepted=notice.kind == ACCEPTED) if decided else _changed_words(facts["kinds"]),
        path=notice.path,
        time=show(starts, ends, first=first, second=second, event_zone=facts["event_zone"], mine=zone),
        room="" if decided else facts["room"],
        reason=facts["reason"],
        because="you proposed it" if decided else facts["because"],
    )


def _changed_words(kinds: Sequence[str]) -> str:
    said = [KIND_WORDS[kind] for kind in kinds]
    return " and ".join([*said[:1], *(words.removeprefix("has ") for words in said[1:])])


def _id(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None
