"""What people need, for those whose work it is: numbers first, whose it is only where the work can't be done without."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Forbidden
from conference.people.access import require_person
from conference.people.queries import people_by_id, roles_of
from conference.people.tables import Person, RoleKind
from conference.programme.queries import event_at
from conference.programme.tables import Event
from conference.record.actions import note
from conference.registration.form_queries import answers_seen_by
from conference.registration.form_tables import AnswerKind, RegistrationAnswer, RegistrationQuestion, SeenBy
from conference.registration.tables import Registration
from conference.storage.database import Db
from conference.web.render import render
from conference.web.request import reading, real_now, writing

READERS = {
    SeenBy.catering: RoleKind.catering,
    SeenBy.access: RoleKind.access,
    SeenBy.door: RoleKind.door,
    SeenBy.organisers: RoleKind.organiser,
}
HEADINGS = {
    SeenBy.catering: "Food",
    SeenBy.access: "Access",
    SeenBy.door: "For the door",
    SeenBy.organisers: "For the organisers",
}
COUNTED = (AnswerKind.one_choice, AnswerKind.several, AnswerKind.yes_no)
Rows = Sequence[tuple[Registration, RegistrationQuestion, RegistrationAnswer]]


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, and how many gave it or whose it is."""

    words: str
    count: int
    names: tuple[str, ...]  # empty: not shown


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what people said to it."""

    label: str
    answered: int
    counts: tuple[tuple[str, int], ...]  # of each choice
    said: tuple[Said, ...]  # whole answers, alike ones together; empty for who may only count


@dataclass(frozen=True, slots=True)
class Part:
    """What one kind of reader is told."""

    heading: str
    role: str  # who reads the answers themselves
    reads: bool
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class NeedsPage:
    """templates/attendance/needs.html"""

    event: Event
    organises: bool
    parts: tuple[Part, ...]
    named: bool
    may_name: bool


async def needs(request: Request) -> Response:
    """GET /manage/events/{event}/needs?names=: what concerns my roles; organisers see numbers. Who asks for names is noted."""
    named = bool(request.query_params.get("names")) and request.method == "GET"
    async with writing(request) if named else reading(request) as db:
        event = await event_at(db, request.path_params["event"])
        person = await require_person(db, request)
        held = {role.kind for role in await roles_of(db, person.id) if role.event_id == event.id}
        reads = [readers for readers, role in READERS.items() if role in held]
        if not reads:
            raise Forbidden("This is for those who look after food, access or the door of the event.")
        shown_to = [readers for readers in READERS if readers in reads or RoleKind.organiser in held]
        parts = [await _part(db, event, readers, reads=readers in reads, named=named) for readers in shown_to]
        if named:
            what = [readers.value for readers in reads]
            note(db, "names of needs read", f"event:{event.id}", real_now(request), person_id=person.id, event_id=event.id, of=what)
    shown = tuple(part for part in parts if part.questions)
    may_name = any(part.reads for part in shown)
    page = NeedsPage(event, RoleKind.organiser in held, shown, named, may_name)
    return render(request, "attendance/needs.html", page, title=f"Food and access · {event.title}", zone=event.zone)


async def _part(db: Db, event: Event, readers: SeenBy, *, reads: bool, named: bool) -> Part:
    rows = await answers_seen_by(db, event.id, readers)
    people = await people_by_id(db, {place.person_id for place, _, _ in rows}) if named and reads else {}
    threads: dict[Any, list[tuple[Registration, RegistrationQuestion, RegistrationAnswer]]] = {}
    for row in sorted(rows, key=lambda row: (row[1].position, row[1].version)):
        threads.setdefault(row[1].thread_id, []).append(row)
    questions = tuple(_asked(thread, people, reads=reads) for thread in threads.values())
    return Part(HEADINGS[readers], READERS[readers].value.capitalize(), reads, questions)


def _asked(rows: Rows, people: dict[Any, Person], *, reads: bool) -> Asked:
    """One question in all its versions, called what the newest is called."""
    newest = rows[-1][1]
    counts = Counter(word for _, question, answer in rows if question.kind in COUNTED for word in answer.words)
    whole: dict[str, list[str]] = {}
    for place, _, answer in rows:
        named = people.get(place.person_id)
        whole.setdefault(", ".join(answer.words), []).append(named.name if named else "")
    said = sorted(whole.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    told = tuple(Said(words, len(names), tuple(sorted(name for name in names if name))) for words, names in said)
    return Asked(newest.label, len(rows), tuple(counts.most_common()), told if reads else ())
