"""Becoming a speaker: invited by mail, reminded, accepted or declined by a link that answers once, and taken back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import func, update
from sqlmodel import col, select

from conference.errors import Conflict, Invalid
from conference.mail.actions import queue_mail
from conference.people.actions import end_role, grant_role, know_person
from conference.people.queries import person_by_email
from conference.people.rules import clean_email, clean_name, email_key
from conference.people.tables import Person, RoleKind
from conference.programme.drafting import draft_change
from conference.programme.planned import Planned
from conference.programme.releases import plan_of
from conference.programme.rules import slug_of
from conference.programme.tables import Event, Session, Speaker
from conference.record.actions import note
from conference.speaking.actions import profile_for
from conference.speaking.queries import sessions_by_speaker
from conference.speaking.rules import INVITATION_IS_OVER, INVITATION_LASTS, check_may_mail, why_over
from conference.speaking.tables import SpeakerInvitation
from conference.storage.database import Db
from conference.times import spoken_moment

RESERVED = {"new"}
STILL_OPEN = (
    col(SpeakerInvitation.accepted_at).is_(None),
    col(SpeakerInvitation.declined_at).is_(None),
    col(SpeakerInvitation.withdrawn_at).is_(None),
)


def link_token(secret: str, invitation: SpeakerInvitation) -> str:
    """What the mailed address ends with; a reminder carries the same."""
    return _signer(secret).dumps(invitation.id.hex)


async def add_speaker(db: Db, event: Event, name: str, organisation: str, now: datetime, *, by: UUID) -> Speaker:
    """Somebody to be invited: named in public once they speak in a published session. Raises Invalid."""
    taken = RESERVED | set(await db.exec(select(Speaker.slug).where(Speaker.event_id == event.id)))
    said = clean_name(name)
    speaker = Speaker(event_id=event.id, slug=slug_of(said, taken), name=said, organisation=" ".join(organisation.split())[:200])
    db.add(speaker)
    event.revision += 1
    event.modified_at = now
    note(db, "speaker added", f"speaker:{speaker.id}", now, person_id=by, event_id=event.id)
    await db.flush()
    return speaker


async def let_speak(db: Db, event: Event, planned: Planned, speaker: Speaker, now: datetime, *, by: UUID) -> None:
    """Plan that this speaker speaks in a session too, after those who do."""
    if speaker.id not in {each.id for each in planned.facts.speakers}:
        plan = plan_of(planned.facts.session)
        await draft_change(db, event, planned, plan, [*planned.facts.speakers, speaker], now, by=by)


async def invite(db: Db, event: Event, speaker: Speaker, email: str, word: str, real_now: datetime, *, by: UUID) -> SpeakerInvitation:
    """An invitation to mail with `mail_invitation`; an earlier one that is not answered is withdrawn by it.

    Raises Invalid, Conflict, and TooMany where the same address had a mail of this within a day.
    """
    address = clean_email(email)
    await db.refresh(speaker, with_for_update={"key_share": True})
    if speaker.person_id:
        raise Conflict(f"{speaker.name} has accepted already, and has an account here.")
    known = await person_by_email(db, address)
    if known and (await _speaks_as(db, event, known.id)):
        raise Invalid("email", "Whoever has this address is another speaker of this event already.")
    profile = await profile_for(db, speaker)
    if await _waits_there(db, speaker, address):
        check_may_mail(profile, real_now)
    await _end_open(db, speaker.id, real_now)
    invitation = SpeakerInvitation(
        event_id=event.id,
        speaker_id=speaker.id,
        email=address,
        word=word,
        by_id=by,
        invited_at=real_now,
        expires_at=real_now + INVITATION_LASTS,
    )
    db.add(invitation)
    profile.mailed_at = real_now
    note(db, "speaker invited", f"speaker:{speaker.id}", real_now, person_id=by, event_id=event.id)
    await db.flush()
    return invitation


async def open_again(db: Db, speaker: Speaker, invitation: SpeakerInvitation, real_now: datetime) -> None:
    """The same link for another while, to be mailed again. Raises TooMany within a day, Conflict once it was answered."""
    profile = await profile_for(db, speaker)
    check_may_mail(profile, real_now)
    await db.refresh(invitation, with_for_update=True)
    if why := why_over(invitation, invitation.invited_at):
        raise Conflict(why)
    invitation.expires_at = real_now + INVITATION_LASTS
    profile.mailed_at = real_now


async def mail_invitation(
    db: Db, template: str, event: Event, speaker: Speaker, invitation: SpeakerInvitation, link: str, real_now: datetime
) -> None:
    """In the zone of whoever has the address, where we know them; else in the event's."""
    known = await person_by_email(db, invitation.email)
    zone = (known and known.zone) or event.zone
    sessions = (await sessions_by_speaker(db, event)).get(speaker.id, [])
    facts: dict[str, Any] = {
        "event": event.title,
        "event_zone": event.zone,
        "online": event.format == "online",
        "sessions": [_facts_of(each) for each in sessions if not each.cancelled_at],
        "word": invitation.word,
        "link": link,
        "until": spoken_moment(invitation.expires_at, zone),
    }
    who = known.name if known else speaker.name
    await queue_mail(db, template, invitation.email, real_now, to_name=who, event_id=event.id, zone=zone, **facts)


async def invitation_at(db: Db, secret: str, token: str, real_now: datetime) -> tuple[SpeakerInvitation, Speaker, Event]:
    """What a mailed link is about. Raises Conflict where it is forged or can't be answered any more, and says why."""
    try:
        invitation_id = UUID(_signer(secret).loads(token))
    except (BadSignature, ValueError, TypeError, AttributeError) as forged:
        raise Conflict(INVITATION_IS_OVER["unknown"]) from forged
    one = select(SpeakerInvitation, Speaker, Event).join(Speaker, col(Speaker.id) == SpeakerInvitation.speaker_id)
    found = (
        await db.exec(one.join(Event, col(Event.id) == SpeakerInvitation.event_id).where(SpeakerInvitation.id == invitation_id))
    ).first()
    if not found:
        raise Conflict(INVITATION_IS_OVER["unknown"])
    if why := why_over(found[0], real_now):
        raise Conflict(why)
    return found


async def accept(db: Db, invitation: SpeakerInvitation, speaker: Speaker, event: Event, now: datetime, real_now: datetime) -> Person:
    """Whoever opened the link is this speaker from now on, with the role. Of two who press at once one is too late: Conflict."""
    await db.refresh(speaker, with_for_update={"key_share": True})
    await _answer(db, invitation, real_now, accepted_at=real_now)
    person = await know_person(db, invitation.email, speaker.name, now, organisation=speaker.organisation, country=speaker.country)
    taken = update(Speaker).where(col(Speaker.id) == speaker.id, col(Speaker.person_id).is_(None)).values(person_id=person.id)
    if not (await db.exec(taken)).rowcount:
        raise Conflict(INVITATION_IS_OVER["accepted"])
    await db.exec(update(SpeakerInvitation).where(col(SpeakerInvitation.id) == invitation.id).values(person_id=person.id))
    await grant_role(db, person, event.id, RoleKind.speaker, real_now, by=invitation.by_id)
    note(db, "invitation accepted", f"speaker:{speaker.id}", real_now, person_id=person.id, event_id=event.id)
    return person


async def decline(db: Db, invitation: SpeakerInvitation, word: str, real_now: datetime) -> None:
    await _answer(db, invitation, real_now, declined_at=real_now, declined_word=word)
    note(db, "invitation declined", f"speaker:{invitation.speaker_id}", real_now, event_id=invitation.event_id)


async def take_back(db: Db, event: Event, speaker: Speaker, real_now: datetime, *, by: UUID) -> bool:
    """Withdraw the open invitation, or part the speaker from their account: what was theirs is closed to them at once.

    False: there was neither.
    """
    await db.refresh(speaker, with_for_update={"key_share": True})
    person = await db.get(Person, speaker.person_id) if speaker.person_id else None
    ended = await _end_open(db, speaker.id, real_now)
    if person:
        speaker.person_id = None
        await db.flush()
        if not await _speaks_as(db, event, person.id):
            await end_role(db, person, event.id, RoleKind.speaker, real_now, by=by)
    if ended or person:
        note(db, "speaker taken back", f"speaker:{speaker.id}", real_now, person_id=by, event_id=event.id)
    return ended or person is not None


async def _answer(db: Db, invitation: SpeakerInvitation, real_now: datetime, **answer: Any) -> None:
    """In one atomic step. Raises Conflict where another answer, or the organisers, were quicker."""
    mine = (col(SpeakerInvitation.id) == invitation.id, col(SpeakerInvitation.expires_at) > real_now, *STILL_OPEN)
    if not (await db.exec(update(SpeakerInvitation).where(*mine).values(**answer))).rowcount:
        await db.refresh(invitation)
        raise Conflict(why_over(invitation, real_now) or INVITATION_IS_OVER["unknown"])


async def _end_open(db: Db, speaker_id: UUID, real_now: datetime) -> bool:
    theirs = update(SpeakerInvitation).where(col(SpeakerInvitation.speaker_id) == speaker_id, *STILL_OPEN)
    return bool((await db.exec(theirs.values(withdrawn_at=real_now))).rowcount)


async def _waits_there(db: Db, speaker: Speaker, address: str) -> bool:
    """Whether whoever has this address was invited as this speaker before, and has not answered."""
    same = func.lower(col(SpeakerInvitation.email)) == email_key(address)
    unanswered = (col(SpeakerInvitation.accepted_at).is_(None), col(SpeakerInvitation.declined_at).is_(None))
    there = select(SpeakerInvitation.id).where(SpeakerInvitation.speaker_id == speaker.id, same, *unanswered)
    return (await db.exec(there)).first() is not None


async def _speaks_as(db: Db, event: Event, person_id: UUID) -> bool:
    return (await db.exec(select(Speaker.id).where(Speaker.event_id == event.id, Speaker.person_id == person_id))).first() is not None


def _facts_of(session: Session) -> dict[str, str]:
    return {"title": session.title, "starts_at": session.starts_at.isoformat(), "ends_at": session.ends_at.isoformat()}


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="speaker-invitation")
