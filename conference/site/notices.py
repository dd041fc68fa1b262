"""Notices on one's own page: what happened to what is mine, in a sentence, until I have read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from conference.mail.notices import mark_read
from conference.mail.tables import Notice
from conference.people.access import require_person
from conference.speaking.rules import ACCEPTED, DECIDED, decided_words
from conference.times import TimeShown, show
from conference.web.forms import typed_form
from conference.web.links import redirect
from conference.web.request import real_now, writing

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
    reason: str
    because: str


def shown_notices(notices: Sequence[Notice], zone: str) -> tuple[ShownNotice, ...]:
    """In sentences, on the reader's clock (pure)."""
    known = {"programme_changed", *DECIDED}
    return tuple(_shown(notice, zone) for notice in notices if notice.kind in known)


async def notices_read(request: Request) -> Response:
    """POST /me/notices/reading: all that were on the page are read; what came since stays."""
    typed = await typed_form(request)
    async with writing(request) as db:
        person = await require_person(db, request)
        if up_to := _id(typed.get("up_to", "")):
            await mark_read(db, person.id, up_to, real_now(request))
    return redirect(request, "site:me")


def _shown(notice: Notice, zone: str) -> ShownNotice:
    facts = notice.facts
    starts, ends = (datetime.fromisoformat(facts[name]) for name in ("starts_at", "ends_at"))
    first, second = (zone, facts["event_zone"]) if facts["online"] else (facts["event_zone"], zone)
    decided = notice.kind in DECIDED
    return ShownNotice(
        id=str(notice.id),
        title=facts["session"] if decided else facts["title"],
        words=decided_words(facts, accepted=notice.kind == ACCEPTED) if decided else _changed_words(facts["kinds"]),
        path=notice.path,
        time=show(starts, ends, first=first, second=second, event_zone=facts["event_zone"], mine=zone),
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
