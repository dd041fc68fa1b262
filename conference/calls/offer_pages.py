"""One's own offer: accept it or leave it to the next in line, and then what is still to do."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from conference.calls.checklists import checklists
from conference.calls.invitation_letters import answer_letter
from conference.calls.offer_ends import decline, give_up
from conference.calls.offer_forms import TakeForm, WordForm, read_letter_form
from conference.calls.offer_letters import letter_words, until_for
from conference.calls.offer_page import ItemShown, fee_words, paragraphs, passport_rows, shown_items
from conference.calls.offer_queries import letter_of, newest_own, own_offer, version_of
from conference.calls.offer_rules import WHY_OVER, OfferState, offer_state, passport_until, until_words
from conference.calls.offer_tables import InvitationLetter, Offer
from conference.calls.queries import call_at
from conference.calls.sealing import unseal
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call
from conference.calls.taking import accept
from conference.calls.words import pounds, reference_of
from conference.errors import Conflict, Invalid
from conference.papers.rules import without_vat
from conference.people.access import require_person
from conference.people.forms import COUNTRIES
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.storage.database import Db
from conference.times import spoken_moment
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import arrived_at, house, now, reading, real_now, writing, zone_for

End = Callable[[Db, Call, Offer, str, datetime, datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class OfferPage:
    """templates/calls/offer.html"""

    call: Call
    number: int
    reference: str
    event: Event | None
    state: str  # of OfferState
    over_words: str  # what became of it; empty while it is open or accepted
    until: str
    letter: tuple[str, ...]  # the call's own words, in paragraphs
    amount: str
    fee: str
    fee_includes: str
    terms: tuple[str, ...]
    terms_number: int
    accepted: str  # when
    items: tuple[ItemShown, ...]
    errors: Mapping[str, str]
    typed: Typed


@dataclass(frozen=True, slots=True)
class LetterPage:
    """templates/calls/offer_letter.html"""

    call: Call
    number: int
    reference: str
    answered: bool
    needed: bool
    asking: bool  # for what the passport says: whoever needs no letter never sees these fields
    written: str  # when; empty: not yet
    passport: tuple[tuple[str, str], ...]  # what was said; empty where it is gone, or never was
    until: str  # when it goes
    countries: tuple[tuple[str, str], ...]
    typed: Typed
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Mine:
    call: Call
    offer: Offer
    submission: Submission
    person: Person


async def newest(request: Request) -> Response:
    """GET /calls/{call}/offer: to one's newest."""
    async with reading(request) as db:
        person = await require_person(db, request)
        call = await call_at(db, request.path_params["call"])
        submission = await newest_own(db, call, person)
    return redirect(request, "calls:offer", call=call.slug, number=submission.number)


async def offer(request: Request) -> Response:
    """GET /calls/{call}/offers/{number}"""
    return await _page(request, {}, {})


async def acceptance(request: Request) -> Response:
    """POST /calls/{call}/offers/{number}/acceptance: what arrives before the offer's end counts."""
    typed = await typed_form(request)
    moments = arrived_at(request), real_now(request)
    try:
        async with writing(request) as db:
            mine = await _mine(db, request)
            await accept(db, mine.call, mine.offer, TakeForm.read(typed).accepts, *moments)
    except Invalid as wrong:
        return await _page(request, typed, wrong.fields)
    return _back(request, "You have accepted. What is still to do is listed here.")


async def refusal(request: Request) -> Response:
    """POST /calls/{call}/offers/{number}/refusal: leave it to the next in line."""
    return await _ended(request, decline, "You have declined. Thank you for saying so: somebody else was waiting for it.")


async def departure(request: Request) -> Response:
    """POST /calls/{call}/offers/{number}/departure: give back what was accepted."""
    return await _ended(request, give_up, "You have given it back. Thank you for saying so.")


async def invitation(request: Request) -> Response:
    """GET, POST /calls/{call}/offers/{number}/invitation: whether a letter is needed, and what the passport says."""
    if request.method != "POST":
        return await _letter_page(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            mine = await _mine(db, request)
            details = read_letter_form(typed)
            await answer_letter(db, house(request).settings.secret_key, mine.call, mine.offer, details, now(request))
    except Invalid as wrong:
        return await _letter_page(request, typed, wrong.fields)
    return _back(request, "The organisers write your letter." if details else "You need no letter.")


async def _mine(db: Db, request: Request) -> _Mine:
    """Raises SignInNeeded, and NotFound for what is another's."""
    person = await require_person(db, request)
    call = await call_at(db, request.path_params["call"])
    return _Mine(call, *await own_offer(db, call, request.path_params["number"], person), person)


async def _ended(request: Request, end: End, said: str) -> Response:
    typed = await typed_form(request)
    moments = arrived_at(request), real_now(request)
    try:
        async with writing(request) as db:
            mine = await _mine(db, request)
            await end(db, mine.call, mine.offer, WordForm.read(typed).word, *moments)
    except Invalid as wrong:
        return await _page(request, typed, wrong.fields)
    return _back(request, said)


async def _page(request: Request, typed: Typed, errors: Mapping[str, str]) -> Response:
    async with reading(request) as db:
        mine = await _mine(db, request)
        call, one, submission, person = mine.call, mine.offer, mine.submission, mine.person
        version, definition = await version_of(db, one)
        items = (await checklists(db, call, [(one, submission)], now(request)))[one.id]
        event = await db.get(Event, call.event_id) if call.event_id else None
    zone, state, fee = zone_for(request, call.zone), offer_state(one, now(request)), definition.after.fee
    page = OfferPage(
        call=call,
        number=submission.number,
        reference=reference_of(call, submission.number),
        event=event,
        state=state,
        over_words="" if state == OfferState.accepted else WHY_OVER.get(state, ""),
        until=until_for(one, call, zone),
        letter=paragraphs(letter_words(definition.letters.accepted, call, one, submission, person)) if definition.letters else (),
        amount=pounds(one.amount_pence) if one.amount_pence else "",
        fee=fee_words(fee.total_pence, without_vat(fee.total_pence, fee.vat_percent), fee.vat_percent) if fee else "",
        fee_includes=fee.words if fee else "",
        terms=paragraphs(definition.terms),
        terms_number=version.number,
        accepted=spoken_moment(one.accepted_at, zone) if one.accepted_at else "",
        items=shown_items(items, call.zone),
        errors=errors,
        typed=typed,
    )
    return render(request, "calls/offer.html", page, title=f"Our offer · {call.title}", status=422 if errors else 200, zone=call.zone)


async def _letter_page(request: Request, typed: Typed, errors: Mapping[str, str]) -> Response:
    async with reading(request) as db:
        mine = await _mine(db, request)
        call, one = mine.call, mine.offer
        if offer_state(one, now(request)) != OfferState.accepted or not (await version_of(db, one))[1].after.invitation_letter:
            raise Conflict("An invitation letter is for whoever has accepted an offer that needs one.")
        letter = await letter_of(db, one)
        event = await db.get(Event, call.event_id) if call.event_id else None
    purge_at = letter.purge_at if letter else passport_until(call, event, now(request))
    page = LetterPage(
        call=call,
        number=mine.submission.number,
        reference=reference_of(call, mine.submission.number),
        answered=letter is not None,
        needed=letter is not None and letter.needed,
        written=spoken_moment(letter.written_at, zone_for(request, call.zone)) if letter and letter.written_at else "",
        passport=_passport(request, letter),
        until=until_words(purge_at, call.zone),
        asking=typed.get("needed") == "yes" or request.query_params.get("needed") == "yes",
        countries=COUNTRIES,
        typed=typed,
        errors=errors,
    )
    status = 422 if errors else 200
    return render(request, "calls/offer_letter.html", page, title=f"Invitation letter · {call.title}", status=status, zone=call.zone)


def _passport(request: Request, letter: InvitationLetter | None) -> tuple[tuple[str, str], ...]:
    return passport_rows(unseal(house(request).settings.secret_key, letter.sealed)) if letter and letter.sealed else ()


def _back(request: Request, said: str) -> Response:
    return redirect(request, "calls:offer", said, call=request.path_params["call"], number=request.path_params["number"])
