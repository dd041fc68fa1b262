"""One's own part in calls, as one's own page says it: offers that wait, what one applied for, what one reads for a panel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from starlette.requests import Request

from conference.calls.applying_rules import STATE_WORDS, why_not
from conference.calls.offer_letters import until_for
from conference.calls.offer_rules import OfferState, offer_state
from conference.calls.offer_tables import Offer
from conference.calls.own_queries import own_applications, own_offers
from conference.calls.panel_queries import assignments_of, panels_of, reviews_of
from conference.calls.panel_rules import panel_may_begin, reviews_due_at
from conference.calls.panel_tables import Review
from conference.calls.queries import conflicted, definition_of
from conference.calls.submission_tables import Submission, SubmissionState
from conference.calls.tables import Call
from conference.calls.words import reference_of
from conference.storage.database import Db
from conference.times import long_date, spoken_moment
from conference.web.links import path_to
from conference.web.request import now, zone_for

SENT = (SubmissionState.submitted, SubmissionState.under_review)
ENDED = (SubmissionState.rejected, SubmissionState.withdrawn, SubmissionState.cancelled)


@dataclass(frozen=True, slots=True)
class MyPart:
    """One line: what it is, where it stands, what comes next, and where."""

    title: str
    reference: str
    href: str
    state: str
    words: str
    live: bool


@dataclass(frozen=True, slots=True)
class MyCalls:
    offers: tuple[MyPart, ...]  # which wait for an answer
    applications: tuple[MyPart, ...]  # what goes on before what is over, the newest first
    panels: tuple[MyPart, ...]  # with something still to read, or to come


async def my_calls(db: Db, request: Request, person_id: UUID) -> MyCalls:
    offers = {offer.submission_id: offer for offer in await own_offers(db, person_id)}
    mine = [(call, row, offers.get(row.id)) for call, row in await own_applications(db, person_id)]
    waiting = [(call, row, offer) for call, row, offer in mine if offer and offer_state(offer, now(request)) is OfferState.open]
    parts = [_application(request, call, row, offer) for call, row, offer in mine]
    panels = [await _panel(db, request, call, person_id) for _, call in await panels_of(db, person_id)]
    return MyCalls(
        offers=tuple(_offer(request, *each) for each in waiting),
        applications=tuple(sorted(parts, key=lambda part: not part.live)),
        panels=tuple(part for part in panels if part),
    )


def _offer(request: Request, call: Call, row: Submission, offer: Offer) -> MyPart:
    href = path_to(request, "calls:offer", call=call.slug, number=row.number)
    words = f"Answer by {until_for(offer, call, zone_for(request, call.zone))}."
    return MyPart(call.title, reference_of(call, row.number), href, "", words, live=True)


def _application(request: Request, call: Call, row: Submission, offer: Offer | None) -> MyPart:
    """Where an offer was accepted, what is still to do stands on its page."""
    name = "calls:offer" if offer and row.state == SubmissionState.confirmed else "calls:own"
    href = path_to(request, name, call=call.slug, number=row.number)
    words = _next_words(call, row, now(request), zone_for(request, call.zone))
    return MyPart(call.title, reference_of(call, row.number), href, STATE_WORDS[row.state], words, row.state not in ENDED)


def _next_words(call: Call, row: Submission, moment: datetime, zone: str) -> str:
    if row.state == SubmissionState.draft:
        if call.deadline_at and moment >= call.deadline_at:
            return "The deadline is over."
        return why_not(call, moment) or (f"Send it before {spoken_moment(call.deadline_at, zone)}." if call.deadline_at else "")
    if row.state in SENT:
        return f"You hear by {long_date(call.results_by)}." if call.results_by else "You hear by mail."
    if row.state == SubmissionState.reserve:
        return "We write to you if a place becomes free."
    return "See what is still to do." if row.state == SubmissionState.confirmed else ""


async def _panel(db: Db, request: Request, call: Call, person_id: UUID) -> MyPart | None:
    """Nothing once all is read."""
    zone, due = zone_for(request, call.zone), reviews_due_at(call, (await definition_of(db, call)).panel)
    href = path_to(request, "calls:panel", call=call.slug)
    if not panel_may_begin(call, now(request)):
        if not call.deadline_at or now(request) >= call.deadline_at:
            return None
        return MyPart(call.title, "", href, "", f"Reading begins at {spoken_moment(call.deadline_at, zone)}.", live=True)
    away = await conflicted(db, call.id, person_id)
    mine = {each.submission_id for each in await assignments_of(db, call.id) if each.person_id == person_id} - set(away)
    left = mine - _in(await reviews_of(db, call.id, person_id))
    if not left:
        return None
    said = f"{len(left)} of {len(mine)} still to read{f', by {spoken_moment(due, zone)}' if due else ''}."
    return MyPart(call.title, "", href, "", said, live=True)


def _in(reviews: Sequence[Review]) -> set[UUID]:
    return {each.submission_id for each in reviews if each.submitted_at}
