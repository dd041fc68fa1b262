"""A hall: the world of the stage with a speaker in it, and a way to do anything there."""

from typing import Any

from conference.live.forms import COMMAND
from conference.people.access import signed_in_person
from conference.people.actions import grant_role, know_person, sign_in
from conference.people.tables import RoleKind
from conference.programme.tables import SessionSpeaker, Speaker
from conference.storage.ids import new_id
from conference.web.request import Visitor
from tests.live.cast import World

SPEAKER = "Speaker in Amman"


async def bring_speaker(world: World) -> World:
    """`speaker` speaks in every session and is registered for none; `organiser` organises the event."""
    now, cast = world.house.clock.real_now(), world.cast
    async with world.house.database.writing() as db:
        person = await know_person(db, "speaker@stage.example", SPEAKER, now)
        organiser = await know_person(db, "organiser@stage.example", "Organiser in Leeds", now)
        await grant_role(db, organiser, cast.event.id, RoleKind.organiser, now)
        speaker = Speaker(event_id=cast.event.id, slug="speaker", name=SPEAKER, person_id=person.id)
        db.add(speaker)
        await db.flush()
        db.add_all(SessionSpeaker(session_id=each.id, speaker_id=speaker.id) for each in (cast.session, cast.later, cast.over))
        cast.people |= {"speaker": person, "organiser": organiser}
        cast.tokens |= {"speaker": await sign_in(db, person.id, now), "organiser": await sign_in(db, organiser.id, now)}
    return world


async def act(world: World, name: str, command: str, /, **fields: Any) -> str:
    """Carry out one command on the session that is on now, as this person; the id of what it was about. Raises Refusal."""
    floor, said = world.floor, COMMAND.validate_python({"type": command, "client_id": new_id().hex, **fields})
    async with world.house.database.reading() as db:
        found = await signed_in_person(db, world.cast.tokens[name], world.house.clock.real_now())
    assert found
    done = await floor.carry_out(world.cast.session.id, Visitor(person_id=found[1].id, sign_in_id=found[0].id), said)
    return str(done.subject_id)


async def ask(world: World, text: str, *, name: str = "asker", anonymous: bool = False, approved: bool = True) -> str:
    """A question, on the stage unless `approved` is False; its id."""
    question_id = await act(world, name, "ask", text=text, anonymous=anonymous)
    if approved:
        await act(world, "moderator", "approve", question_id=question_id)
    return question_id


async def poll(world: World, prompt: str = "Where do you work?", *, kind: str = "single", opened: bool = True, **fields: Any) -> str:
    options = {"options": ["In a public library", "In a school", "Elsewhere"]} if kind in ("single", "multiple") else {}
    poll_id = await act(world, "moderator", "draft_poll", kind=kind, prompt=prompt, **options, **fields)
    if opened:
        await act(world, "moderator", "open_poll", poll_id=poll_id)
    return poll_id
