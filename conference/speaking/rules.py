"""Where a speaker stands, what is still missing, who may see what (pure)."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from conference.errors import Conflict, Invalid, TooMany
from conference.programme.tables import Session, Speaker
from conference.speaking.tables import Audience, ResourceKind, ShownFrom, SpeakerInvitation, SpeakerProfile, TalkProposal, TalkResource

INVITATION_LASTS = timedelta(days=14)
BETWEEN_MAILS = timedelta(hours=24)  # to one speaker, of those that an organiser sends
MEGABYTE = 1024 * 1024
MAX_FILE = 20 * MEGABYTE  # bytes
MAX_RESOURCES = 10  # of one session
MAX_TIMES = 20
MAX_LINKS = 3
MAX_BIOGRAPHY, MAX_ABSTRACT = 3000, 5000  # characters
ENDINGS = {
    ResourceKind.pdf: "application/pdf",
    ResourceKind.odp: "application/vnd.oasis.opendocument.presentation",
    ResourceKind.pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ResourceKind.zip: "application/zip",
}
ACCEPTED, DECLINED = DECIDED = ("proposal_accepted", "proposal_declined")  # kinds of mails and notices
INVITATION_IS_OVER = {
    "unknown": "This link is not one of ours, or a part of it is missing. Open it from the mail again.",
    "accepted": "This invitation was accepted already: sign in with the address that it was sent to.",
    "declined": "This invitation was declined already. If that has changed, ask the organisers for another.",
    "withdrawn": "The organisers have withdrawn this invitation. If you think that is a mistake, write to them.",
    "expired": "The time of this invitation is over. Ask the organisers to send it again.",
}


class InvitationState(StrEnum):
    not_invited = "not_invited"
    invited = "invited"
    expired = "expired"
    declined = "declined"
    accepted = "accepted"


def standing_of(speaker: Speaker, newest: SpeakerInvitation | None, real_now: datetime) -> InvitationState:
    """By the speaker's account before all, then by the invitation that was sent last."""
    if speaker.person_id:
        return InvitationState.accepted
    if newest is None or newest.withdrawn_at or newest.accepted_at:
        return InvitationState.not_invited
    if newest.declined_at:
        return InvitationState.declined
    return InvitationState.expired if real_now >= newest.expires_at else InvitationState.invited


def why_over(invitation: SpeakerInvitation, real_now: datetime) -> str:
    """The sentence for an invitation that can't be answered; empty where it can."""
    if invitation.withdrawn_at:
        return INVITATION_IS_OVER["withdrawn"]
    if invitation.accepted_at:
        return INVITATION_IS_OVER["accepted"]
    if invitation.declined_at:
        return INVITATION_IS_OVER["declined"]
    return INVITATION_IS_OVER["expired"] if real_now >= invitation.expires_at else ""


def check_may_mail(profile: SpeakerProfile | None, real_now: datetime) -> None:
    """Raises TooMany where this speaker had a mail within a day."""
    if profile and profile.mailed_at and real_now < profile.mailed_at + BETWEEN_MAILS:
        raise TooMany("This speaker had a mail of yours within the last day. Wait until a day is over: nothing was sent.")


def check_open(proposal: TalkProposal) -> None:
    if proposal.withdrawn_at:
        raise Conflict("The speaker has withdrawn this proposal.")
    if proposal.decided_at:
        raise Conflict("Somebody has decided about this proposal already.")


def decided_words(facts: Mapping[str, Any], *, accepted: bool) -> str:
    """What follows a session's title in the news for whoever proposed something about it; facts as `reviewing.tell` leaves them."""
    if name := facts["co_speaker"]:
        return f"will have {name} as a speaker too" if accepted else f"gets no other speaker: your proposal of {name} was declined"
    if not accepted:
        return "stays as it is: your change was declined"
    return "says now what you proposed" if facts["released"] else "will say what you proposed, with the next release of the programme"


def is_shown(resource: TalkResource, session: Session, now: datetime, *, registered: bool, insider: bool) -> bool:
    """Whether this reader may have it now. `insider`: speaks in the session, or organises or moderates the event."""
    if insider:
        return True
    if resource.audience is Audience.registered and not registered:
        return False
    return resource.shown_from is ShownFrom.at_once or now >= session.ends_at


def size_words(size: int) -> str:
    """`2.4 MB`, `310 KB`."""
    if size < MEGABYTE:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / MEGABYTE:.1f} MB".replace(".0 ", " ")


def file_name(session: Session, resource: TalkResource) -> str:
    """What a download is called: plain letters from the titles, and the ending of what it really is."""
    plain = unicodedata.normalize("NFKD", resource.title).encode("ascii", "ignore").decode().lower()
    stem = "-".join(filter(None, [session.slug, re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")]))
    return f"{stem}.{resource.kind.value}"


def check_address(typed: str, field: str) -> str:
    """A web address that can be opened. Raises Invalid."""
    try:
        parts = urlsplit(typed)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and typed.isprintable() and " " not in typed
        sound = sound and "@" not in parts.netloc and len(typed) <= 500
    except ValueError:
        sound = False
    if not sound:
        raise Invalid(field, "Enter a full web address that starts with https://, of at most 500 characters.")
    return typed


def host_of(url: str) -> str:
    """What a link to it says."""
    return (urlsplit(url).hostname or url).removeprefix("www.")
