"""Offers from the organisers' side: who has answered, what is overdue, who is next; taking one back, giving more time, letters."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.calls.checklist import summary
from conference.calls.checklists import checklists
from conference.calls.feedback import asked_in
from conference.calls.invitation_letters import mark_written
from conference.calls.offer_ends import give_more_time, withdraw
from conference.calls.offer_forms import AmountForm, DayForm, ReasonForm
from conference.calls.offer_page import ItemShown, counts_of, passport_rows, shown_items
from conference.calls.offer_queries import letter_of, offer_at, offers_of, pence_promised, reserves_of, slots_taken
from conference.calls.offer_rules import STATE_WORDS, OfferState, end_of, offer_state, stands, until_words
from conference.calls.offer_tables import Offer
from conference.calls.promoting import offer_to_next
from conference.calls.rights import check_has_part, managed_call
from conference.calls.sealing import unseal
from conference.calls.tables import Call
from conference.calls.words import pounds, reference_of
from conference.errors import Invalid, NotFound
from conference.people.tables import Person
from conference.record.actions import note
from conference.storage.database import Db
from conference.times import spoken_moment
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import house, now, reading, real_now, writing, zone_for

KINDS = {OfferState.accepted: "ok", OfferState.open: "accent", OfferState.over: "warn"}
Act = Callable[[Db, Call, Offer, Person], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class OfferRow:
    number: int
    reference: str
    name: str
    state_words: str
    kind: str  # of a tag
    until: str  # while it waits
    amount: str
    summary: str  # of its checklist; empty unless it is accepted


@dataclass(frozen=True, slots=True)
class OffersPage:
    """templates/calls/manage_offers.html"""

    call: Call
    offers: tuple[OfferRow, ...]
    counts: tuple[tuple[str, str], ...]
    reserves: tuple[tuple[int | None, str, str], ...]  # position, reference, name
    free: bool  # the next in line can be offered something
    money: bool  # the call has a budget: an organiser says how much
    feedback: tuple[tuple[int, str, str, str], ...]  # number, reference, name, when it was asked or answered
    typed: Typed
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OfferDesk:
    """templates/calls/manage_offer.html"""

    call: Call
    number: int
    reference: str
    person: Person
    state: str
    facts: tuple[tuple[str, str], ...]
    items: tuple[ItemShown, ...]
    stands: bool
    letter: str  # "", asked, written, gone
    typed: Typed
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PassportPage:
    """templates/calls/manage_letter.html"""

    call: Call
    number: int
    reference: str
    name: str
    passport: tuple[tuple[str, str], ...]
    until: str
    written: str


async def offers(request: Request) -> Response:
    """GET, POST /manage/calls/{call}/offers: all of them; offer what is free to the next in line."""
    if request.method != "POST":
        return await _all(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            call, organiser = await managed_call(db, request)
            await offer_to_next(db, call, AmountForm.read(typed).pence, now(request), real_now(request), by=organiser.id)
    except Invalid as wrong:
        return await _all(request, typed, wrong.fields)
    return redirect(request, "calls:offers", "The next in line has an offer, and a mail says so.", call=call.slug)


async def offer(request: Request) -> Response:
    """GET /manage/calls/{call}/offers/{number}"""
    return await _one(request, {}, {})


async def withdrawal(request: Request) -> Response:
    """POST /manage/calls/{call}/offers/{number}/withdrawal: take it back, with the reason that the person reads."""
    typed = await typed_form(request)

    async def act(db: Db, call: Call, one: Offer, organiser: Person) -> str:
        await withdraw(db, call, one, ReasonForm.read(typed).reason, now(request), real_now(request), by=organiser.id)
        return "The offer is taken back, and a mail says why."

    return await _done(request, typed, act)


async def more_time(request: Request) -> Response:
    """POST /manage/calls/{call}/offers/{number}/deadline: a later day."""
    typed = await typed_form(request)

    async def act(db: Db, call: Call, one: Offer, organiser: Person) -> str:
        until = end_of(DayForm.read(typed).day, call.zone)
        await give_more_time(db, call, one, until, now(request), by=organiser.id)
        return f"The offer waits until {until_words(until, call.zone)}."

    return await _done(request, typed, act)


async def letter(request: Request) -> Response:
    """GET, POST /manage/calls/{call}/offers/{number}/invitation: what the passport says (who looked is recorded); the letter is written."""
    if request.method == "POST":

        async def act(db: Db, call: Call, one: Offer, organiser: Person) -> str:
            await mark_written(db, call, one, now(request), by=organiser.id)
            return "The letter is marked as written."

        return await _done(request, {}, act)
    async with writing(request) as db:
        call, organiser = await managed_call(db, request)
        one, submission = await offer_at(db, call, request.path_params["number"])
        asked = await letter_of(db, one)
        if not asked or not asked.sealed:
            raise NotFound("No passport details are kept here.")
        person = await db.get_one(Person, one.person_id)
        note(db, "passport details read", f"offer:{one.id}", real_now(request), person_id=organiser.id, event_id=call.event_id)
    page = PassportPage(
        call=call,
        number=submission.number,
        reference=reference_of(call, submission.number),
        name=person.name,
        passport=passport_rows(unseal(house(request).settings.secret_key, asked.sealed)),
        until=until_words(asked.purge_at, call.zone),
        written=spoken_moment(asked.written_at, zone_for(request, call.zone)) if asked.written_at else "",
    )
    return render(request, "calls/manage_letter.html", page, title=f"Invitation letter for {page.reference}", zone=call.zone)


async def _done(request: Request, typed: Typed, act: Act) -> Response:
    try:
        async with writing(request) as db:
            call, organiser = await managed_call(db, request)
            one, submission = await offer_at(db, call, request.path_params["number"])
            await check_has_part(db, call, submission.id, organiser)
            said = await act(db, call, one, organiser)
    except Invalid as wrong:
        return await _one(request, typed, wrong.fields)
    return redirect(request, "calls:managed_offer", said, call=call.slug, number=submission.number)


async def _all(request: Request, typed: Typed, errors: Mapping[str, str]) -> Response:
    async with reading(request) as db:
        call, _ = await managed_call(db, request)
        rows, waiting, asked = await offers_of(db, call), await reserves_of(db, call), await asked_in(db, call)
        lists = await checklists(db, call, [(one, submission) for one, submission, _ in rows], now(request))
        taken, promised = await slots_taken(db, call), await pence_promised(db, call)
    shown = []
    for one, submission, person in rows:
        state = offer_state(one, now(request))
        row = OfferRow(
            number=submission.number,
            reference=reference_of(call, submission.number),
            name=person.name,
            state_words=STATE_WORDS[state],
            kind=KINDS.get(state, ""),
            until=until_words(one.respond_by, call.zone) if state in (OfferState.open, OfferState.over) else "",
            amount=pounds(one.amount_pence) if one.amount_pence else "",
            summary=summary(lists[one.id]) if state == OfferState.accepted else "",
        )
        shown.append(row)
    has_room = call.places is None or len(taken) < call.places
    page = OffersPage(
        call=call,
        offers=tuple(shown),
        counts=counts_of(call, [offer_state(one, now(request)) for one, _, _ in rows], promised),
        reserves=tuple((decision.reserve_position, reference_of(call, sent.number), person.name) for decision, sent, person in waiting),
        free=bool(waiting) and has_room,
        money=call.budget_pence is not None,
        feedback=tuple(
            (sent.number, reference_of(call, sent.number), person.name, "answered" if one.answered_at else "waits for an answer")
            for one, sent, person in asked
        ),
        typed=typed,
        errors=errors,
    )
    status = 422 if errors else 200
    return render(request, "calls/manage_offers.html", page, title=f"Offers · {call.title}", status=status, zone=call.zone)


async def _one(request: Request, typed: Typed, errors: Mapping[str, str]) -> Response:
    async with reading(request) as db:
        call, _ = await managed_call(db, request)
        one, submission = await offer_at(db, call, request.path_params["number"])
        person = await db.get_one(Person, one.person_id)
        items = (await checklists(db, call, [(one, submission)], now(request)))[one.id]
        asked = await letter_of(db, one)
    state, zone = offer_state(one, now(request)), zone_for(request, call.zone)
    page = OfferDesk(
        call=call,
        number=submission.number,
        reference=reference_of(call, submission.number),
        person=person,
        state=state,
        facts=(
            ("State", STATE_WORDS[state]),
            ("Offered", spoken_moment(one.offered_at, zone)),
            ("Waits until", until_words(one.respond_by, call.zone) if not one.accepted_at else ""),
            ("Accepted", spoken_moment(one.accepted_at, zone) if one.accepted_at else ""),
            ("Amount", pounds(one.amount_pence) if one.amount_pence else ""),
            ("What was said", one.word),
        ),
        items=shown_items(items, call.zone) if stands(one) else (),
        stands=stands(one),
        letter="" if not asked or not asked.needed else "written" if asked.written_at else "asked" if asked.sealed else "gone",
        typed=typed,
        errors=errors,
    )
    title = f"Offer {page.reference} · {call.title}"
    return render(request, "calls/manage_offer.html", page, title=title, status=422 if errors else 200, zone=call.zone)
