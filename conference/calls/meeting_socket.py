"""The line to a selection meeting: it only tells, and only each person's own view; what people do goes by forms."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel
from starlette.websockets import WebSocket, WebSocketDisconnect

from conference.calls.meeting_door import seat_at
from conference.calls.meeting_room import Ear, Rooms, rooms_of
from conference.errors import Refusal
from conference.live.floor import floor_of
from conference.live.messages import Heartbeat, Refused
from conference.web.request import house, reading, visitor
from conference.wire.frames import text_frame
from conference.wire.hub import Listener
from conference.wire.line import Manners
from conference.wire.origin import is_ours
from conference.wire.pulse import HEARTBEAT
from conference.wire.socket import converse, refuse

NOTHING_TO_SAY = Refused(code="unreadable", sentence="This line only tells. Use the forms of the page.").model_dump_json()
MANNERS = Manners(
    heartbeat=text_frame(Heartbeat().model_dump_json()),
    too_many=text_frame(Refused(code="too_many", sentence="That was too much at once. Wait a few seconds.").model_dump_json()),
)


class RoomWelcome(BaseModel):
    type: str = "welcome"
    delayed: bool
    heartbeat_seconds: int = HEARTBEAT


@dataclass(slots=True)
class Talk:
    rooms: Rooms
    ear: Ear

    async def hear(self, text: str) -> str:
        return NOTHING_TO_SAY

    def gone(self) -> None:
        self.rooms.leave(self.ear)


async def meeting_socket(socket: WebSocket) -> None:
    """WebSocket /panel/{call}/meeting/socket: refused before it is accepted for whoever may not be at the meeting."""
    if not is_ours(socket.headers.get("origin", ""), socket.headers.get("host", ""), house(socket).settings.base_url):
        await refuse(socket, 403, "This socket was opened by another site.")
        return
    who, rooms, floor = visitor(socket), rooms_of(socket), floor_of(socket)
    try:
        async with reading(socket) as db:
            seat = await seat_at(db, socket)
        assert who.sign_in_id
        key = rooms.doors.take(seat.person.id, socket.client.host if socket.client else None)
        ear = Ear(seat.call.id, seat.person.id, who.sign_in_id, key)
    except Refusal as no:
        await refuse(socket, no.status, no.sentence)
        return

    def begin(listener: Listener) -> None:
        ear.listener = listener
        welcome: Sequence[bytes] = (text_frame(RoomWelcome(delayed=floor.is_delayed).model_dump_json()),)
        listener.greet(welcome)
        rooms.enter(ear)

    try:
        await socket.accept()
        await converse(socket, floor.pulse, MANNERS, Talk(rooms, ear), begin)
    except WebSocketDisconnect:
        pass  # gone before the first word
    finally:
        if ear.listener is None:
            rooms.leave(ear)
