"""What a preview says: each of an event's mails with facts that could be true of it, to somebody who does not exist."""

from datetime import datetime, timedelta
from typing import Any

from jinja2 import Undefined

from conference.errors import NotFound
from conference.files import folder
from conference.mail.tables import MailPurpose, QueuedMail
from conference.people.tables import Person
from conference.programme.tables import Event, EventFormat, Session

PURPOSES = {"reminder": MailPurpose.reminder, "circular": MailPurpose.announcement}
CIRCULAR = """Thank you for coming.

The recordings are on each session's page from Monday.

- They stay there for a year.
- Slides are beside them."""
NAMES = {
    "reminder": "Reminder",
    "circular": "What you write to many",
    "registration_confirm": "Please confirm your place",
    "registration_confirmed": "Your place is confirmed",
    "registration_known": "You are registered already",
    "registration_cancelled": "Your registration is cancelled",
    "seat_booked": "You have a seat",
    "seat_promoted": "A seat became free for you",
    "seat_calendar": "A seat, for the calendar",
    "seat_declined": "Declined in the calendar",
    "programme_changed": "The programme has changed",
    "sign_in": "Link to sign in",
    "sign_in_unknown": "Nobody has this address",
    "place_promoted": "A place became free for you",
    "place_offered": "A place from a colleague, or for a group’s member",
    "place_declined": "A colleague declined your place",
    "place_handed_on": "Your place is a colleague’s now",
    "group_taken": "Places for a group",
    "group_ended": "The time for naming a group is over",
    "turn_confirm": "Please confirm your turn",
    "turn_known": "You wait already",
    "turn_joined": "You are on the waiting list",
    "turn_offered": "It is your turn",
    "turn_expired": "Your offer is over",
    "turn_closed": "The waiting list is closed",
    "interest_confirm": "Please confirm that we may tell you",
    "interest_known": "You will be told already",
    "interest_opens": "Registration is open",
    "call_opens": "A call is open",
    "address_confirm": "Please confirm your new address",
    "address_changed": "Your address was changed",
    "address_taken": "Somebody has this address already",
    "password_set": "You have a password",
    "data_request": "A question about data",
    "speaker_invited": "Invitation to speak",
    "speaker_reminded": "Invitation to speak, again",
    "speaker_missing": "What a speaker still owes",
    "proposal_accepted": "A speaker’s change, accepted",
    "proposal_declined": "A speaker’s change, declined",
}


class Example(Undefined):
    """A fact that no example is known of stands as its name, in brackets."""

    def __str__(self) -> str:
        return f"[{self._undefined_name}]"


def templates() -> tuple[tuple[str, str], ...]:
    """Each mail that the house can write, and what it is called."""
    words = (file.stem for file in folder("templates").joinpath("mail").glob("*.txt"))
    return tuple(sorted(((word, NAMES.get(word, word.replace("_", " ").capitalize())) for word in words), key=lambda pair: pair[1]))


def example_mail(template: str, event: Event, session: Session | None, person: Person, base_url: str, real_now: datetime) -> QueuedMail:
    """A mail that is not stored. Raises NotFound for a template that there is not."""
    if template not in dict(templates()):
        raise NotFound("There is no such mail.")
    return QueuedMail(
        event_id=event.id,
        person_id=person.id,
        to_address=person.email,
        to_name=person.name,
        template=template,
        facts=_facts(template, event, session, base_url),
        zone=person.zone or event.zone,
        language=person.language,
        purpose=PURPOSES.get(template, MailPurpose.necessary),
        queued_at=real_now,
        next_try_at=real_now,
    )


def _facts(template: str, event: Event, session: Session | None, base_url: str) -> dict[str, Any]:
    """What any of them may ask for; real times of this event, invented words."""
    about = session or event
    seat = session is not None and template.startswith(("seat", "turn", "proposal"))
    page = f"/events/{event.slug}" + (f"/sessions/{session.slug}" if session else "")
    times = {"starts_at": (about if seat else event).starts_at.isoformat(), "ends_at": (about if seat else event).ends_at.isoformat()}
    one = {"title": about.title, "path": page, "starts_at": about.starts_at.isoformat(), "ends_at": about.ends_at.isoformat()}
    later = (about.starts_at + timedelta(hours=1)).isoformat(), (about.ends_at + timedelta(hours=1)).isoformat()
    moved = {"was_starts_at": later[0], "was_ends_at": later[1], "room": "", "was_room": "", "reason": "", "kinds": ["moved"]}
    return times | {
        "event": event.title,
        "event_path": f"/events/{event.slug}",
        "event_zone": event.zone,
        "online": event.format == EventFormat.online,
        "session": about.title,
        "session_path": page,
        "sessions": [one],
        "changes": [one | moved | {"because": "you have a seat in it"}],
        "lead": "week",
        "kind": "new",
        "subject": "Where to find the recordings",
        "body": CIRCULAR,
        "link": f"{base_url}/sign-in/example",
        "home": base_url,
        "minutes": 20,
        "until": "12:00 on Friday",
        "word": "We would be glad to have you.",
        "missing": ["a biography", "a photo"],
        "talks_path": "/me/talks",
        "talk_path": "/me/talks",
        "co_speaker": "",
        "released": True,
        "reason": "The title should stay as it was announced.",
        "what": f"a seat in “{session.title}”" if session else f"a place at {event.title}",
        "offer_ends_at": (event.starts_at - timedelta(days=2)).isoformat(),
        "names_by": (event.starts_at - timedelta(days=7)).isoformat(),
        "turn_path": f"{page}/turn",
        "institution": "A library in Bergen",
        "giver": "A colleague of yours",
        "to": "A colleague of yours",
        "places": 8,
        "confirmed": 6,
        "opens": "Tuesday 4 May at 10:00",
        "closes": "Friday 18 June at 17:00",
        "leave": f"{base_url}/example",
        "hours": 24,
        "path": page,
        "changed": False,
        "call": "Grants for international projects",
        "deadline": "12:00 on Thursday 6 May",
    }
