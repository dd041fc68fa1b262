"""The live page's socket: who may listen, to which log, and what they say."""

import logging
from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.websockets import WebSocket, WebSocketDisconnect

from conference.errors import NotFound, Refusal
from conference.live.commands import ClientId, Command, Heard, Ping
from conference.live.ears import Ear
from conference.live.floor import Floor, floor_of
from conference.live.messages import Heartbeat, Pong, Refused, Welcome
from conference.live.part import actor_at
from conference.live.queries import MODERATING, check_may_watch, stage_of, stage_place
from conference.live.rules import Door, door_at
from conference.live.state import Actor
from conference.live.tables import Log
from conference.people.access import require_role
from conference.people.tables import Person
from conference.programme.tables import Event, Session
from conference.storage.database import Db
from conference.web.request import Visitor, house, now, reading, visitor
from conference.wire.frames import text_frame
from conference.wire.hub import Listener
from conference.wire.line import Manners
from conference.wire.origin import is_ours
from conference.wire.pulse import HEARTBEAT
from conference.wire.socket import converse, refuse

MANNERS = Manners(
    heartbeat=text_frame(Heartbeat().model_dump_json()),
    too_many=text_frame(Refused(code="too_many", sentence="That was too much at once. Wait a few seconds.").model_dump_json()),
)
UNREADABLE = "This message can't be read here. Reload the page and try again."
BUSY = "Very busy right now. Nothing was changed: try again in a moment."
FAULT = "Something went wrong on our side. Try again in a moment; nothing is done twice."
log = logging.getLogger("conference.live")


class Signed(BaseModel):
    """As much of an unreadable message as answering it needs."""

    client_id: ClientId


@dataclass(slots=True)
class Talk:
    """One open socket's side of the stage."""

    floor: Floor
    ear: Ear
    who: Visitor

    async def hear(self, text: str) -> str:
        return await _answer(self.floor, self.ear.session_id, self.who, text)

    def gone(self) -> None:
        self.floor.leave(self.ear)


async def stage_socket(socket: WebSocket) -> None:
    """WebSocket /events/{event}/sessions/{session}/stage/socket?after=SEQ&log=public: refused before it is accepted, or a conversation."""
    if not is_ours(socket.headers.get("origin", ""), socket.headers.get("host", ""), house(socket).settings.base_url):
        await refuse(socket, 403, "This socket was opened by another site.")
        return
    who, floor = visitor(socket), floor_of(socket)
    try:
        stage_log = _asked_log(socket)
        async with reading(socket) as db:
            event, session = await _stage_at(db, socket, stage_log)
            person = await db.get(Person, who.person_id) if who.person_id else None
            await check_may_watch(db, event, who.person_id, now(socket))
            actor = await actor_at(db, person, event.id, session.id) if person else None
            staged = await stage_of(db, session.id)
            door = door_at(session, now(socket), staged.late_minutes if staged else 0)
            welcome = _welcome(door, stage_log, actor)
        address = None if (person and person.robot_of) or not socket.client else socket.client.host
        ear, expecting, opening = await floor.join(session, stage_log, who, actor, socket.query_params.get("after"), address)
    except Refusal as no:
        await refuse(socket, no.status, no.sentence)
        return

    begun = False

    def begin(listener: Listener) -> None:
        nonlocal begun
        begun = True
        floor.begin(ear, expecting, listener, welcome, opening)

    try:
        await socket.accept()
        await converse(socket, floor.pulse, MANNERS, Talk(floor, ear, who), begin)
    except WebSocketDisconnect:
        pass  # gone before the first word
    finally:
        if not begun:
            floor.give_up(ear, expecting)


def _asked_log(socket: WebSocket) -> Log:
    try:
        return Log(socket.query_params.get("log", Log.public))
    except ValueError as unknown:
        raise NotFound("A stage has two logs: public and moderators.") from unknown


async def _stage_at(db: Db, socket: WebSocket, stage_log: Log) -> tuple[Event, Session]:
    event, session = await stage_place(db, socket.path_params)
    if stage_log == Log.moderators:
        await require_role(db, socket, event.id, *MODERATING)
    return event, session


def _welcome(door: Door, stage_log: Log, actor: Actor | None) -> Welcome:
    return Welcome(
        log=stage_log,
        door=door,
        may_take_part=bool(actor and actor.takes_part),
        moderates=bool(actor and actor.moderates),
        speaks=bool(actor and actor.speaks),
        heartbeat_seconds=HEARTBEAT,
    )


async def _answer(floor: Floor, session_id: UUID, who: Visitor, text: str) -> str:
    """One message's answer: always one of the protocol's, whatever was said."""
    try:
        heard = Heard.validate_json(text)
    except ValidationError:
        return Refused(client_id=_client_id(text), code="unreadable", sentence=UNREADABLE).model_dump_json()
    if isinstance(heard, Ping):
        return Pong(client_id=heard.client_id).model_dump_json()
    return await _carry_out(floor, session_id, who, heard)


async def _carry_out(floor: Floor, session_id: UUID, who: Visitor, command: Command) -> str:
    try:
        return (await floor.carry_out(session_id, who, command)).model_dump_json()
    except Refusal as no:
        return Refused(client_id=command.client_id, code=no.code, sentence=no.sentence).model_dump_json()
    except PoolTimeout:
        return Refused(client_id=command.client_id, code="busy", sentence=BUSY).model_dump_json()
    except Exception:  # a bug of ours ends nobody's conversation
        log.exception("a command failed: %s", command.type)
        return Refused(client_id=command.client_id, code="fault", sentence=FAULT).model_dump_json()


def _client_id(text: str) -> str | None:
    try:
        return Signed.model_validate_json(text).client_id
    except ValidationError:
        return None
