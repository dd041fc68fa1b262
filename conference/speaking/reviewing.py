"""Organisers decide about what speakers propose: accepted as a draft of the programme, released at once, or declined with a reason."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from conference.errors import Invalid
from conference.mail.actions import queue_mail
from conference.mail.notices import leave_notice
from conference.people.tables import Person
from conference.programme.drafting import draft_change
from conference.programme.planned import Planned
from conference.programme.releases import plan_of
from conference.programme.rules import Stale
from conference.programme.tables import Event, Speaker
from conference.record.actions import note
from conference.registration.publishing import publish
from conference.speaking.inviting import add_speaker, let_speak
from conference.speaking.rules import ACCEPTED, DECLINED, check_open
from conference.speaking.tables import TalkProposal
from conference.storage.database import Db


def version_of(proposal: TalkProposal, planned: Planned) -> str:
    """What the form of a decision carries along: decided is what was read."""
    return f"{proposal.modified_at.isoformat()}/{planned.version}"


def check_read(proposal: TalkProposal, planned: Planned, seen: str) -> None:
    """Raises Conflict once it was decided or withdrawn, and Stale where the text, or the session, is not what was read."""
    check_open(proposal)
    if seen != version_of(proposal, planned):
        raise Stale("The proposal or the session was changed after you opened it. Nothing was decided: read it again.")


async def accept_text(
    db: Db, event: Event, planned: Planned, proposal: TalkProposal, now: datetime, real_now: datetime, *, by: UUID, release: bool
) -> None:
    """The proposed words become a draft, and only they; `release` publishes that. Raises Conflict where the session was cancelled."""
    session = planned.facts.session
    plan = plan_of(session)
    words = {
        name: getattr(proposal, name) for name in ("title", "abstract") if getattr(proposal, name) != getattr(proposal, f"base_{name}")
    }
    drafted = await draft_change(db, event, planned, replace(plan, **words), planned.facts.speakers, now, by=by)
    await _decide(db, proposal, True, "", now, by)
    if release and drafted:
        words_of = f"Words of “{session.title}”, proposed by its speakers."
        await publish(db, event, now, real_now, by=by, note_words=words_of, only={session.id})


async def accept_co_speaker(db: Db, event: Event, planned: Planned, proposal: TalkProposal, now: datetime, *, by: UUID) -> Speaker:
    """A new speaker, planned for the session; the caller invites them."""
    check_open(proposal)
    speaker = await add_speaker(db, event, proposal.name, "", now, by=by)
    await let_speak(db, event, planned, speaker, now, by=by)
    await _decide(db, proposal, True, "", now, by)
    return speaker


async def decline(db: Db, proposal: TalkProposal, reason: str, now: datetime, *, by: UUID) -> None:
    """Raises Invalid without a reason: the speaker is told it."""
    if not reason:
        raise Invalid("reason", "Say why in a sentence: the speaker reads it.")
    await _decide(db, proposal, False, reason, now, by)


async def tell(db: Db, event: Event, planned: Planned, proposal: TalkProposal, real_now: datetime, *, released: bool = False) -> None:
    """A mail, and the same in the page, to whoever proposed it and still speaks there, in their zone."""
    speaking = {speaker.person_id for speaker in (planned.published or planned.facts).speakers}
    person = await db.get(Person, proposal.person_id) if proposal.person_id in speaking and proposal.person_id else None
    if person is None:
        return
    session = planned.facts.session
    path = f"/events/{event.slug}/sessions/{session.slug}/talk"
    facts: dict[str, Any] = {
        "event": event.title,
        "event_zone": event.zone,
        "online": event.format == "online",
        "session": proposal.base_title or session.title,
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        "title": proposal.title,
        "co_speaker": proposal.name,
        "reason": proposal.reason,
        "released": released,
        "talk_path": path,
    }
    kind = ACCEPTED if proposal.accepted else DECLINED
    zone, key = person.zone or event.zone, f"{kind}:{proposal.id}"
    await queue_mail(
        db, kind, person.email, real_now, to_name=person.name, person_id=person.id, event_id=event.id, zone=zone, dedupe_key=key, **facts
    )
    leave_notice(db, person.id, kind, path, facts, real_now, event_id=event.id, dedupe_key=key)


async def _decide(db: Db, proposal: TalkProposal, accepted: bool, reason: str, now: datetime, by: UUID) -> None:
    check_open(proposal)
    proposal.decided_at, proposal.decided_by_id, proposal.accepted, proposal.reason = now, by, accepted, reason
    words = "proposal accepted" if accepted else "proposal declined"
    note(db, words, f"session:{proposal.session_id}", now, person_id=by, event_id=proposal.event_id)
    await db.flush()
