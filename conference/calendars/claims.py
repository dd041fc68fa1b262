"""What puts a session into somebody's calendar, and what took it out again (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from conference.people.tables import Role
from conference.programme.history import Told, speaker_changes
from conference.programme.tables import Event, RegistrationKind
from conference.registration.tables import Booking, Registration, Star


@dataclass(frozen=True, slots=True)
class Claim:
    """From when, until when (None: it still does), and the end of "In your calendar because ..." now and afterwards."""

    since: datetime
    until: datetime | None
    because: str
    because_before: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How something stands in a calendar: there, or dropped before it was over."""

    because: str
    dropped: bool


def standing_of(claims: Sequence[Claim], ends_at: datetime) -> Standing | None:
    """By the first claim that still holds, else by the one that ended last. What was over when it was lost stays as it was."""
    for claim in claims:
        if claim.until is None:
            return Standing(claim.because, dropped=False)
    last = max(claims, key=_until, default=None)
    return Standing(last.because_before, dropped=_until(last) < ends_at) if last else None


def moments_of(claims: Iterable[Claim]) -> list[datetime]:
    """When anything was gained or lost, but for the first gain: each raises SEQUENCE. The rows behind claims are never deleted, so that
    it never falls, whatever comes back and whatever the rehearsal's clock says."""
    return sorted(moment for claim in claims for moment in (claim.since, claim.until) if moment)[1:]


def seat_claim(booking: Booking) -> Claim:
    return Claim(booking.booked_at, booking.given_up_at, "you have a seat in it", "you had a seat in it, which you gave up")


def star_claim(star: Star) -> Claim:
    return Claim(star.made_at, star.ended_at, "you put a star on it", "it had your star, which you took off")


def role_claim(role: Role, event: Event) -> Claim:
    return Claim(role.granted_at, role.ended_at, "you moderate it", f"you were a moderator of {event.title}")


def place_claim(registration: Registration, event: Event) -> Claim:
    assert registration.confirmed_at
    by_application = event.registration is RegistrationKind.application
    return Claim(
        registration.confirmed_at,
        registration.cancelled_at,
        f"you have a place at {event.title}" if by_application else f"you are registered for {event.title}",
        f"you had a place at {event.title}, which you gave up",
    )


def speaking_claims(mine: frozenset[UUID], speaking: Iterable[UUID], since: datetime, told: Sequence[Told]) -> list[Claim]:
    """`mine`: the person's ids as a speaker; `speaking`: who speaks now; `told`: the newest first.

    The releases remember who was taken off.
    """
    if mine.intersection(speaking):
        return [Claim(since, None, "you speak at it", "")]
    removals = (at for at, before, after in speaker_changes(told) if mine & before and not mine & after)
    removed_at = next(removals, None)
    return [Claim(since, removed_at, "", "you were to speak at it, and no longer are")] if removed_at else []


def _until(claim: Claim) -> datetime:
    assert claim.until
    return claim.until
