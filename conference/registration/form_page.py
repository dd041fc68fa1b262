"""The page of registering, and its form as any page shows it: who may take part, the questions, the terms."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from conference.people.tables import Person
from conference.programme.queries import event_at
from conference.programme.rules import RegistrationWindow, registration_window
from conference.programme.tables import Event
from conference.registration.form_queries import acceptances_of, answers_of, form_of
from conference.registration.form_reading import AskedQuestion, asked_on_page, terms_field
from conference.registration.form_rules import SEEN_BY_WORDS, FormAsked, purged_at, still_open
from conference.registration.form_tables import Eligibility, EventTerms, SeenBy
from conference.registration.interest import is_interested
from conference.registration.kinds import codes_open_places, kinds_at, why_closed, why_not
from conference.registration.queries import kind_of, pool_of_event, registration_of
from conference.registration.questions import choices_for
from conference.registration.rules import full_words, has_free_place, how_long, state_of
from conference.registration.tables import Registration, TicketKind
from conference.registration.turn_rules import why_words
from conference.registration.waiting import place_entry_of, turn_of
from conference.storage.database import Db
from conference.times import TimeShown, long_date, show, zone_named
from conference.web.forms import Typed
from conference.web.render import render
from conference.web.request import now, reading, visitor, zone_for


@dataclass(frozen=True, slots=True)
class FormShown:
    """templates/registration/form_parts.html paints its parts."""

    questions: tuple[AskedQuestion, ...]
    kept_words: str  # who reads the answers, and when the last of them goes; empty without questions
    eligibility: Eligibility | None
    terms: EventTerms | None
    terms_field: str
    terms_since: str
    accepted: bool  # these terms, before


@dataclass(frozen=True, slots=True)
class KindShown:
    """A way to take part."""

    slug: str
    name: str
    words: str  # what it is, and why it can't be had now


@dataclass(frozen=True, slots=True)
class RegistrationPage:
    """templates/registration/registration.html"""

    event: Event
    state: str  # "", pending, confirmed
    over: bool
    closed_words: str  # why one can't register now; empty when one can
    full_words: str  # registering is a turn on the waiting list, and why; empty while there are places
    turn_words: tuple[str, ...]  # where the reader's turn stands; empty without one
    opens: TimeShown | None  # where it will
    opens_in: str  # how long that is, for those without scripts
    interested: bool  # and this person is told then
    who_for: tuple[str, ...]
    signed_in: bool
    form: FormShown
    kinds: tuple[KindShown, ...]  # more than one, or none
    kind: TicketKind | None  # of my registration
    with_code: bool  # a code opens places here
    groups: bool  # institutions may take several places
    lacks: tuple[str, ...]  # what a registration has still to say
    typed: Typed
    errors: dict[str, str]

    @property
    def kind_options(self) -> tuple[tuple[str, ...], ...]:
        return tuple((kind.slug, kind.name, kind.words) if kind.words else (kind.slug, kind.name) for kind in self.kinds)


async def registration_form(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    """The form, or where my registration stands."""
    async with reading(request) as db:
        event = await event_at(db, request.path_params["event"])
        person = await db.get(Person, visitor(request).person_id) if visitor(request).person_id else None
        mine = await registration_of(db, person.id, event.id) if person else None
        waits = registration_window(event, now(request)) == RegistrationWindow.not_yet and not mine
        asked, form = await form_shown(db, event)
        kinds = await _kinds(db, event, now(request))
        page = RegistrationPage(
            event=event,
            state=state_of(mine) or "",
            over=now(request) >= event.ends_at,
            closed_words="" if mine else await _closed_words(db, event, kinds, now(request)),
            full_words="" if kinds else await _full_words(db, event),
            turn_words=await _turn_words(db, request, event, person),
            opens=_opens(request, event) if waits else None,
            opens_in=how_long(event.registration_opens_at - now(request)) if waits and event.registration_opens_at else "",
            interested=waits and person is not None and await is_interested(db, event.id, person),
            who_for=tuple(part for part in event.who_for.split("\n\n") if part),
            signed_in=person is not None,
            form=form,
            kinds=kinds,
            kind=await kind_of(db, mine),
            with_code=not mine and await codes_open_places(db, event.id),
            groups=(await choices_for(db, event.id)).group_limit > 0,
            lacks=await lacks_of(db, asked, mine),
            typed=typed or {"kind": kinds[0].slug if kinds else ""},
            errors=errors,
        )
    title, status = f"Register · {event.title}", 422 if errors else 200
    return render(request, "registration/registration.html", page, title=title, status=status, zone=event.zone)


async def lacks_of(db: Db, asked: FormAsked, registration: Registration | None) -> tuple[str, ...]:
    """What this registration has still to say."""
    if registration is None:
        return ()
    accepted = {terms.id for _, terms in await acceptances_of(db, registration.id)}
    return still_open(asked, (await answers_of(db, registration.id)).keys(), accepted)


async def form_shown(db: Db, event: Event, accepted: Collection[UUID] = ()) -> tuple[FormAsked, FormShown]:
    """What is asked at this moment, and how it stands on the page. `accepted`: versions of the terms."""
    asked = await form_of(db, event.id)
    terms = asked.terms
    shown = FormShown(
        questions=tuple(asked_on_page(question, event, _readers(question.seen_by)) for question in asked.questions),
        kept_words=_kept_words(asked, event),
        eligibility=asked.eligibility,
        terms=terms,
        terms_field=terms_field(terms) if terms else "",
        terms_since=long_date(terms.published_at.astimezone(zone_named(event.zone)).date()) if terms else "",
        accepted=terms is not None and terms.id in accepted,
    )
    return asked, shown


def _readers(seen_by: SeenBy) -> str:
    return "" if seen_by == SeenBy.organisers else SEEN_BY_WORDS[seen_by]


def _kept_words(asked: FormAsked, event: Event) -> str:
    if not asked.questions:
        return ""
    last = max(purged_at(question, event) for question in asked.questions).astimezone(zone_named(event.zone)).date()
    return (
        f"Your answers are read by the organisers alone, unless it says otherwise beside a question. All are deleted by {long_date(last)}."
    )


def _opens(request: Request, event: Event) -> TimeShown | None:
    opens, zone = event.registration_opens_at, zone_for(request, event.zone)
    return show(opens, None, first=zone, second=event.zone, event_zone=event.zone, mine=zone) if opens else None


async def _kinds(db: Db, event: Event, moment: datetime) -> tuple[KindShown, ...]:
    kinds = await kinds_at(db, event.id)
    if len(kinds) < 2:
        return ()
    return tuple(
        [KindShown(kind.slug, kind.name, " ".join([kind.words, await why_not(db, event, kind, moment)]).strip()) for kind in kinds]
    )


async def _full_words(db: Db, event: Event) -> str:
    pool = await pool_of_event(db, event.id)
    return full_words(event, pool) if pool and pool.waiting and not has_free_place(pool) else ""


async def _turn_words(db: Db, request: Request, event: Event, person: Person | None) -> tuple[str, ...]:
    entry = await place_entry_of(db, person.id, event.id) if person else None
    return why_words(await turn_of(db, entry), "place", now(request), zone_for(request, event.zone)) if entry else ()


async def _closed_words(db: Db, event: Event, kinds: tuple[KindShown, ...], moment: datetime) -> str:
    """Why nobody can register at this moment, in the rule's own sentence. Where there is a choice, a code, or a list, somebody can."""
    why = await why_not(db, event, None, moment)
    if why and (kinds or await codes_open_places(db, event.id)):
        return why_closed(event, moment)
    return why
