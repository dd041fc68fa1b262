"""Invitations to take a place over: written, mailed with a link that works until it is answered, and found again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import and_
from sqlmodel import col, select

from conference.errors import Conflict, TooMany
from conference.mail.actions import queue_mail, strangers_may_write
from conference.people.queries import person_by_email
from conference.people.rules import clean_email, email_key
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.registration.handing_rules import INVITATION_IS_OVER
from conference.registration.handing_tables import PlaceInvitation
from conference.registration.tables import Registration
from conference.storage.database import Db
from conference.storage.taking import take_rows
from conference.times import spoken_moment

OPEN = (
    col(PlaceInvitation.accepted_at).is_(None),
    col(PlaceInvitation.declined_at).is_(None),
    col(PlaceInvitation.withdrawn_at).is_(None),
)
NAMELESS = {"name": "", "email": "", "email_key": ""}
KEPT_AFTER = timedelta(days=30)  # names and addresses, after the event
Link = tuple[str, str]  # the house's secret; the address of an invitation, with {} for the token


async def invite(
    db: Db,
    event: Event,
    giver: Person,
    name: str,
    email: str,
    now: datetime,
    real_now: datetime,
    *,
    expires_at: datetime,
    registration_id: UUID | None = None,
    group_id: UUID | None = None,
) -> PlaceInvitation:
    """One invitation, to be written with `write_invitation`. Raises TooMany where the address has had enough mail for an hour."""
    address = clean_email(email)
    if not await strangers_may_write(db, address, real_now):
        raise TooMany(f"{address} has had several mails from here within the hour. Try again in an hour.")
    invitation = PlaceInvitation(
        event_id=event.id,
        registration_id=registration_id,
        group_id=group_id,
        by_id=giver.id,
        name=name,
        email=address,
        email_key=email_key(address),
        offered_at=now,
        expires_at=expires_at,
    )
    db.add(invitation)
    await db.flush()
    return invitation


async def write_invitation(
    db: Db, event: Event, invitation: PlaceInvitation, giver: str, institution: str, real_now: datetime, *, link: Link
) -> None:
    secret, address = link
    known = await person_by_email(db, invitation.email)
    zone = (known and known.zone) or event.zone
    await queue_mail(
        db,
        "place_offered",
        invitation.email,
        real_now,
        to_name=invitation.name,
        event_id=event.id,
        zone=zone,
        event=event.title,
        event_path=f"/events/{event.slug}",
        giver=giver,
        institution=institution,
        until=spoken_moment(invitation.expires_at, zone),
        link=address.format(_signer(secret).dumps(invitation.id.hex)),
    )


async def invitation_at(db: Db, event: Event, secret: str, token: str, now: datetime) -> PlaceInvitation:
    """What a mailed link is about. Raises Conflict where it is forged, answered or over."""
    try:
        invitation_id = UUID(_signer(secret).loads(token))
    except (BadSignature, ValueError, TypeError, AttributeError) as forged:
        raise Conflict(INVITATION_IS_OVER) from forged
    mine = select(PlaceInvitation).where(PlaceInvitation.id == invitation_id, PlaceInvitation.event_id == event.id, *OPEN)
    found = (await db.exec(mine.where(col(PlaceInvitation.expires_at) > now))).first()
    if not found:
        raise Conflict(INVITATION_IS_OVER)
    return found


async def open_offer(db: Db, registration_id: UUID, now: datetime) -> PlaceInvitation | None:
    """To whom this place is on offer now."""
    mine = select(PlaceInvitation).where(PlaceInvitation.registration_id == registration_id, *OPEN)
    return (await db.exec(mine.where(col(PlaceInvitation.expires_at) > now))).first()


async def invitations_of(db: Db, group_id: UUID) -> Sequence[tuple[PlaceInvitation, Registration | None]]:
    """A group's, in the order in which they were named, with the place that came of each."""
    theirs = select(PlaceInvitation, Registration).outerjoin(Registration, col(Registration.id) == PlaceInvitation.got_id)
    return [(row, got) for row, got in await db.exec(theirs.where(PlaceInvitation.group_id == group_id).order_by(col(PlaceInvitation.id)))]


async def purge_due_invitations(db: Db, now: datetime, *, dry_run: bool = False) -> int:
    """Take names and addresses off the invitations of events that were over long enough; how many."""
    over = select(Event.id).where(col(Event.ends_at) <= now - KEPT_AFTER)
    named = col(PlaceInvitation.event_id).in_(over) & (col(PlaceInvitation.email_key) != "")
    await take_rows(db, PlaceInvitation, and_(named, *OPEN), sets={"withdrawn_at": now}, dry_run=dry_run)
    return await take_rows(db, PlaceInvitation, named, sets=NAMELESS, dry_run=dry_run)


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="place-invitation")
