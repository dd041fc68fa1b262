"""Handing places on (pure): until when, by whom, and what a list of names says."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from conference.errors import Conflict, Invalid
from conference.people.rules import clean_email, clean_name, email_key
from conference.programme.tables import Event, RegistrationKind
from conference.registration.handing_tables import GroupRegistration, PlaceInvitation, RegistrationChoices
from conference.registration.rules import state_of
from conference.registration.tables import Registration, RegistrationState
from conference.times import spoken_moment

TRANSFER_LASTS = timedelta(days=7)
OFFERS_A_DAY = 5  # of one place
CODE_TRIES, CODE_TRIES_OF_A_NETWORK, CODE_WINDOW = 5, 50, timedelta(minutes=15)  # a library may be behind one network
INVITATION_IS_OVER = "This place is not on offer to you any more: it was taken back, answered already, or its time is over."
_BETWEEN = re.compile(r"[\s,;<>]")  # a name and an address


class InvitationState(StrEnum):
    """Computed from an invitation's facts, never stored."""

    waiting = "waiting"
    accepted = "accepted"
    declined = "declined"
    withdrawn = "withdrawn"
    expired = "expired"


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody on a group's list."""

    name: str
    email: str


def state_of_invitation(invitation: PlaceInvitation, now: datetime) -> InvitationState:
    if invitation.accepted_at:
        return InvitationState.accepted
    if invitation.declined_at:
        return InvitationState.declined
    if invitation.withdrawn_at:
        return InvitationState.withdrawn
    return InvitationState.expired if now >= invitation.expires_at else InvitationState.waiting


def transfers_end(event: Event, choices: RegistrationChoices) -> datetime:
    """From this instant on nobody hands a place on."""
    return min(choices.transfers_until or event.starts_at, event.ends_at)


def names_end(event: Event, choices: RegistrationChoices) -> datetime:
    """From this instant on a group's places without a person are everybody's."""
    return min(choices.group_names_by or event.starts_at, event.starts_at)


def check_may_hand_on(event: Event, registration: Registration | None, choices: RegistrationChoices, now: datetime) -> None:
    """Raises Conflict, and says why this place can't be handed on."""
    if state_of(registration) != RegistrationState.confirmed:
        raise Conflict(f"You have no confirmed place at {event.title} to hand on.")
    if event.registration == RegistrationKind.application:
        raise Conflict(
            "This place was given to you after your application. Only the organisers can give it to somebody else: write to them."
        )
    if now >= (ends := transfers_end(event, choices)):
        raise Conflict(f"Places could be handed on until {spoken_moment(ends, event.zone)}.")


def check_group(event: Event, choices: RegistrationChoices, places: int, now: datetime) -> None:
    """Raises Conflict where no groups register, and Invalid above the limit."""
    check_groups_open(event, choices, now)
    if places > choices.group_limit:
        raise Invalid("places", f"One institution may take at most {choices.group_limit} places at {event.title}.")


def check_groups_open(event: Event, choices: RegistrationChoices, now: datetime) -> None:
    if not choices.group_limit:
        raise Conflict(f"Everybody registers for {event.title} on their own: nobody takes places for others.")
    if now >= (ends := names_end(event, choices)):
        raise Conflict(f"Places could be taken for a group until {spoken_moment(ends, event.zone)}.")


def check_group_waits(group: GroupRegistration, event: Event, now: datetime) -> None:
    """Raises Conflict once what had no person went back."""
    if group.ended_at or now >= group.names_by:
        raise Conflict(f"The places of {group.institution} could be named until {spoken_moment(group.names_by, event.zone)}.")


def read_names(typed: str, there: Iterable[str], room: int) -> list[Named]:
    """A name and an address on each line. `there`: keys of addresses that are named already; `room`: how many places have nobody.

    Raises Invalid with the number of the line.
    """
    lines = [(number, line.strip()) for number, line in enumerate(typed.split("\n"), 1) if line.strip()]
    seen = set(there)
    named = []
    for number, line in lines:
        name, email = _name_and_address(line)
        if "@" not in email[1:-1]:
            raise Invalid("names", f"Line {number}: enter a name, a comma, and an e-mail address.")
        try:
            one = Named(clean_name(name.strip("\"' \t")), clean_email(email))
        except Invalid as wrong:
            raise Invalid("names", f"Line {number}: {wrong.sentence}") from wrong
        if email_key(one.email) in seen:
            raise Invalid("names", f"Line {number}: {one.email} is on the list already.")
        seen.add(email_key(one.email))
        named.append(one)
    if len(named) > room:
        raise Invalid("names", f"{room} of your places {'has' if room == 1 else 'have'} nobody yet, and these are {len(named)} names.")
    return named


def _name_and_address(line: str) -> tuple[str, str]:
    """The last word, and what stands before it: in one pass, however long a line somebody makes."""
    whole = line.rstrip(" \t,;").removesuffix(">")
    email = _BETWEEN.split(whole)[-1]
    return whole.removesuffix(email).removesuffix("<").rstrip(" \t,;"), email
