"""What speakers propose, for the organisers: the queue, and each as a difference to accept or decline."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Invalid
from conference.people.access import require_role
from conference.people.tables import Person, RoleKind
from conference.programme.planned import Planned, planned_programme
from conference.programme.queries import event_at
from conference.programme.rules import Stale
from conference.programme.tables import Event, Session
from conference.speaking.door import send_invitation
from conference.speaking.forms import DecisionForm
from conference.speaking.queries import proposal_at, review_queue
from conference.speaking.reviewing import accept_co_speaker, accept_text, check_read, decline, tell, version_of
from conference.speaking.tables import ProposalKind, TalkProposal
from conference.speaking.wording import Piece, pieces_between
from conference.storage.database import Db
from conference.times import spoken_moment
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, real_now, writing


@dataclass(frozen=True, slots=True)
class Waiting:
    proposal: TalkProposal
    session: Session
    by: str
    what: str
    when: str


@dataclass(frozen=True, slots=True)
class QueuePage:
    """templates/speaking/queue.html"""

    event: Event
    waiting: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One field that would change."""

    label: str
    pieces: tuple[Piece, ...]  # from what is published to what is proposed
    now_planned: str  # where organisers have drafted or published something else since; empty: they haven't


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """templates/speaking/review.html"""

    event: Event
    proposal: TalkProposal
    session: Session
    by: str
    when: str
    fields: tuple[Reviewed, ...]
    has_draft: bool  # releasing this releases all else that is drafted of the session
    cancelled: bool
    decided: str
    typed: Typed
    errors: Mapping[str, str]
    stale: str


async def proposals(request: Request) -> Response:
    """GET /manage/events/{event}/proposals: what waits, the oldest first."""
    async with reading(request) as db:
        event, _ = await _organised(db, request)
        rows = await review_queue(db, event)
    waiting = tuple(
        Waiting(each, session, by.name if by else "Somebody who left", _what(each), spoken_moment(each.modified_at, event.zone))
        for each, session, by in rows
    )
    return render(request, "speaking/queue.html", QueuePage(event, waiting), title=f"To review · {event.title}", zone=event.zone)


async def proposal(request: Request) -> Response:
    """GET, POST /manage/events/{event}/proposals/{proposal:uuid}: read what would change; accept or decline."""
    if request.method != "POST":
        return await _page(request, {}, {})
    typed = await typed_form(request)
    try:
        said, slug = await _decided(request, typed)
    except Invalid as wrong:
        return await _page(request, typed, wrong.fields)
    except Stale as late:
        return await _page(request, typed, {}, late)
    return redirect(request, "speaking:proposals", said, event=slug)


async def _decided(request: Request, typed: Typed) -> tuple[str, str]:
    """The sentence about what became of it, and the event's slug."""
    async with writing(request) as db:
        event, person = await _organised(db, request)
        found = await proposal_at(db, event, request.path_params["proposal"], lock=True)
        planned = await _planned(db, event, found)
        form = DecisionForm.read(typed)
        check_read(found, planned, form.seen)
        if form.decision == "decline":
            await decline(db, found, form.reason, now(request), by=person.id)
            said = "Declined: whoever proposed it is told why."
        elif found.kind is ProposalKind.text:
            await accept_text(db, event, planned, found, now(request), real_now(request), by=person.id, release=form.release)
            said = "Accepted and released." if form.release else "Accepted: it is a draft now, and published with the next release."
        else:
            speaker = await accept_co_speaker(db, event, planned, found, now(request), by=person.id)
            await send_invitation(db, request, event, speaker, found.email, "", person)
            said = f"Accepted: {speaker.name} is invited by mail. That they speak in the session is a draft until you release it."
        await tell(db, event, planned, found, real_now(request), released=form.release)
    return said, event.slug


async def _organised(db: Db, request: Request) -> tuple[Event, Person]:
    event = await event_at(db, request.path_params["event"])
    return event, await require_role(db, request, event.id, RoleKind.organiser)


async def _planned(db: Db, event: Event, proposal: TalkProposal) -> Planned:
    return next(each for each in await planned_programme(db, event) if each.facts.session.id == proposal.session_id)


async def _page(request: Request, typed: Typed, errors: Mapping[str, str], late: Stale | None = None) -> Response:
    async with reading(request) as db:
        event, _ = await _organised(db, request)
        found = await proposal_at(db, event, request.path_params["proposal"])
        planned = await _planned(db, event, found)
        by = await db.get(Person, found.person_id) if found.person_id else None
    page = ReviewPage(
        event=event,
        proposal=found,
        session=(planned.published or planned.facts).session,
        by=by.name if by else "Somebody who left",
        when=spoken_moment(found.modified_at, event.zone),
        fields=_fields(found, planned) if found.kind is ProposalKind.text else (),
        has_draft=planned.draft is not None,
        cancelled=planned.facts.session.cancelled_at is not None,
        decided=_decided_words(found, event.zone),
        typed={"decision": "", "reason": "", **typed, "seen": version_of(found, planned)},
        errors=errors,
        stale=late.sentence if late else "",
    )
    status = late.status if late else 422 if errors else 200
    title = f"{'Error: ' if errors else ''}To review · {page.session.title}"
    return render(request, "speaking/review.html", page, title=title, status=status, zone=event.zone)


def _fields(proposal: TalkProposal, planned: Planned) -> tuple[Reviewed, ...]:
    shown = []
    for name, label in (("title", "Title"), ("abstract", "Abstract")):
        base, wanted = getattr(proposal, f"base_{name}"), getattr(proposal, name)
        if base == wanted:
            continue
        is_now = getattr(planned.facts.session, name).strip()
        shown.append(Reviewed(label, pieces_between(base, wanted), is_now if is_now != base else ""))
    return tuple(shown)


def _what(proposal: TalkProposal) -> str:
    if proposal.kind is ProposalKind.co_speaker:
        return f"{proposal.name} to speak too"
    changed = [
        words
        for name, words in (("title", "title"), ("abstract", "abstract"))
        if getattr(proposal, name) != getattr(proposal, f"base_{name}")
    ]
    return f"Another {' and '.join(changed)}"


def _decided_words(proposal: TalkProposal, zone: str) -> str:
    if proposal.withdrawn_at:
        return f"Withdrawn by the speaker at {spoken_moment(proposal.withdrawn_at, zone)}."
    if proposal.decided_at:
        return f"{'Accepted' if proposal.accepted else 'Declined'} at {spoken_moment(proposal.decided_at, zone)}."
    return ""
