"""Making the link into a meeting at the moment of the click. To have its room, BigBlueButton is called: nothing else leaves the house."""

import asyncio
import logging
import ssl
from datetime import datetime, timedelta
from functools import cache

import httpx2

from conference.errors import Refusal
from conference.meetings import bigbluebutton, jitsi
from conference.meetings.queries import Entrance
from conference.meetings.rules import OVERRUNS, Guest
from conference.meetings.tables import ServiceKind
from conference.programme.rules import DOOR_OPENS

GRACE = timedelta(minutes=5)  # after the end, for the last words
CALL_SECONDS = 5
MAX_ANSWER = 64 * 1024  # bytes
OK = 200
log = logging.getLogger("conference.meetings")


class ServiceAway(Refusal):
    """The event's service does not answer, or not as one of its kind does."""

    status = 503
    code = "service_away"


async def link_into(entrance: Entrance, guest: Guest, home: str, now: datetime, real_now: datetime) -> str:
    """The address to send this person to, and to forget. `home` is the session's own page. Raises ServiceAway."""
    service, secret, session = entrance.service, entrance.secret, entrance.session
    if service.kind == ServiceKind.jitsi:
        until = real_now + (session.ends_at + OVERRUNS - now) + GRACE  # a rehearsal moves our clock, never the server's
        return jitsi.room_link(service.address, service.application, secret, entrance.room, guest, real_now, until)
    # As long as the door, whoever comes first and when: the same parameters each time make `create` idempotent.
    minutes = int((session.ends_at - session.starts_at + DOOR_OPENS + OVERRUNS + GRACE).total_seconds()) // 60
    room = bigbluebutton.Room(entrance.room, entrance.name, minutes, home, entrance.plenary)
    try:
        created = bigbluebutton.created_in(await _ask(bigbluebutton.create_address(service.address, secret, room)))
    except (httpx2.HTTPError, OSError, TimeoutError, bigbluebutton.StrangeAnswer) as wrong:
        # Its kind alone: the words of some of these hold the address, which is signed.
        said = wrong if isinstance(wrong, bigbluebutton.StrangeAnswer) else type(wrong).__name__
        log.warning("the meeting service of event %s: %s", session.event_id, said)
        raise ServiceAway("The meeting’s own service does not answer as it should. Wait a minute, then try the door again.") from None
    return bigbluebutton.join_address(service.address, secret, entrance.room, created, guest)


async def _ask(address: str) -> bytes:
    """The answer to a GET, whole within the time and the size that we allow.

    A transport without a client around it: it follows no redirect, keeps no cookie, reads no proxy from the environment, and writes no
    address to the log.
    """
    async with asyncio.timeout(CALL_SECONDS), httpx2.AsyncHTTPTransport(verify=_trust(), trust_env=False) as transport:
        answer = await transport.handle_async_request(httpx2.Request("GET", address))
        try:
            if answer.status_code != OK:
                raise bigbluebutton.StrangeAnswer(f"status {answer.status_code}")
            return await _bounded(answer)
        finally:
            await answer.aclose()


async def _bounded(answer: httpx2.Response) -> bytes:
    whole = b""
    async for part in answer.aiter_raw():
        whole += part
        if len(whole) > MAX_ANSWER:
            raise bigbluebutton.StrangeAnswer("too long")
    return whole


@cache
def _trust() -> ssl.SSLContext:
    """The system's certificates, read once: that takes longer than a call."""
    return ssl.create_default_context()
