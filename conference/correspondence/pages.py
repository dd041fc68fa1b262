"""What each person wants to get by mail; and the way out that every mail carries which nobody has to get."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from conference.correspondence.forms import LANGUAGES, LanguageForm
from conference.errors import Invalid, NotFound
from conference.mail.tables import MailChoice, Wish
from conference.mail.wishes import choices_of, choose, dead_addresses, read_stop_token, works_again
from conference.people.access import require_person
from conference.people.door import kept_nowhere
from conference.people.tables import Person
from conference.programme.queries import event_at, events_by_id
from conference.programme.tables import Event
from conference.record.actions import note
from conference.registration.queries import registrations_of
from conference.storage.database import Db
from conference.web.forms import Typed, checked, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import house, reading, real_now, writing

WISH_WORDS = {
    Wish.reminder: ("Reminders", "A week, a day and an hour before the event, and an hour before a session in which you have a seat."),
    Wish.announcement: ("What the organisers write to everybody", "News about the event that is not about your own place."),
    Wish.interest: ("News about registration", "That registration has opened."),
    Wish.invitation: ("My seats as calendar invitations", "Each seat comes as an entry for your calendar, and follows it when it moves."),
}
STOPPED = {
    Wish.reminder: "reminders",
    Wish.announcement: "what the organisers write to everybody",
    Wish.interest: "news about registration",
    Wish.invitation: "calendar invitations",
}


@dataclass(frozen=True, slots=True)
class EventChoices:
    event: Event
    wishes: tuple[tuple[Wish, str, str, bool], ...]  # with its words, and whether it is wanted


@dataclass(frozen=True, slots=True)
class MyMailPage:
    """templates/correspondence/my_mail.html"""

    email: str
    returned: bool  # mail to this address came back
    events: tuple[EventChoices, ...]
    typed: Typed
    errors: dict[str, str]
    languages: tuple[tuple[str, str], ...] = LANGUAGES


@dataclass(frozen=True, slots=True)
class StopPage:
    """templates/correspondence/stop.html"""

    event: Event
    words: str
    token: str
    done: bool


async def my_mail(request: Request) -> Response:
    """GET, POST /me/mail: what I want of each event; POST chooses the language of dates."""
    if request.method != "POST":
        return await _my_page(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            person = await require_person(db, request)
            person.language = LanguageForm.read(typed).language
    except Invalid as wrong:
        return await _my_page(request, typed, wrong.fields)
    return redirect(request, "mail:mine", f"Dates in your mails are written in {dict(LANGUAGES)[person.language]}.")


async def choices(request: Request) -> Response:
    """POST /me/mail/{event}: what is ticked is wanted, what was shown and is not ticked is not."""
    typed = await typed_form(request)
    async with writing(request) as db:
        person = await require_person(db, request)
        event = await event_at(db, request.path_params["event"])
        if event.id not in {one.id for one in await _my_events(db, person)}:
            raise NotFound("You are not registered for this event, so we mail you nothing about it.")
        for wish in await _shown(db, person, event.id):
            await choose(db, person.id, event.id, wish, checked(typed.get(wish.value, "")), real_now(request))
    return redirect(request, "mail:mine", f"Your choices for {event.title} are saved.")


async def address_works(request: Request) -> Response:
    """POST /me/mail/address: mail reaches me again."""
    async with writing(request) as db:
        person = await require_person(db, request)
        await works_again(db, person.email, real_now(request))
        note(db, "address works again", f"person:{person.id}", real_now(request), person_id=person.id)
    return redirect(request, "mail:mine", "Thank you: we write to this address again.")


async def stop(request: Request) -> Response:
    """GET, POST /mail/stop/{token}: a page with a button, since mail scanners open links; POST stops it, signed in or not (RFC 8058)."""
    token = request.path_params["token"]
    person_id, event_id, wish = read_stop_token(house(request).settings.secret_key, token)
    async with reading(request) as db:
        event = (await events_by_id(db, [event_id])).get(event_id)
    if event is None:
        raise NotFound("There is no such event any more, so there is nothing to stop.")
    done = request.method == "POST"
    if done:
        async with writing(request) as db:
            if await db.get(Person, person_id):
                await choose(db, person_id, event.id, wish, wanted=False, real_now=real_now(request))
                note(db, "mail stopped by link", f"event:{event.id}", real_now(request), person_id=person_id, event_id=event.id, wish=wish)
    page = StopPage(event, STOPPED[wish], token, done)
    return kept_nowhere(render(request, "correspondence/stop.html", page, title="Stop mail", zone=event.zone))


async def _my_page(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        person = await require_person(db, request)
        returned = bool(await dead_addresses(db, [person.email]))
        events = [await _event_choices(db, person, event) for event in await _my_events(db, person)]
    page = MyMailPage(person.email, returned, tuple(events), typed or {"language": person.language}, errors)
    return render(request, "correspondence/my_mail.html", page, title="My mail", status=422 if errors else 200)


async def _event_choices(db: Db, person: Person, event: Event) -> EventChoices:
    chosen = await choices_of(db, person.id, event.id)
    return EventChoices(event, tuple((wish, *WISH_WORDS[wish], chosen[wish]) for wish in await _shown(db, person, event.id)))


async def _shown(db: Db, person: Person, event_id: UUID) -> Iterable[Wish]:
    """News about registration only to those who asked for it once."""
    asked = select(MailChoice.id).where(
        MailChoice.person_id == person.id, MailChoice.event_id == event_id, MailChoice.wish == Wish.interest
    )
    interested = (await db.exec(asked)).first() is not None
    return [wish for wish in Wish if wish is not Wish.interest or interested]


async def _my_events(db: Db, person: Person) -> list[Event]:
    ids = {row.event_id for row in await registrations_of(db, person.id)}
    ids |= set(await db.exec(select(MailChoice.event_id).where(col(MailChoice.person_id) == person.id)))
    return sorted((await events_by_id(db, ids)).values(), key=lambda event: event.starts_at, reverse=True)
