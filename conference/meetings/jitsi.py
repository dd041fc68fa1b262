"""A link into a Jitsi Meet room, with a token for one person and this room alone (pure).

The claims are those that Jitsi's `token_verification` reads (doc/tokens.md of lib-jitsi-meet): `iss` the application's id, `aud` "jitsi",
`sub` the tenant or the host, `room` in lower case, and under `context.user` strings only. `affiliation` and `moderator` make a moderator
where the server has `token_affiliation` or reads the latter itself.
"""

from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

import jwt

from conference.meetings.rules import Guest

AUDIENCE = "jitsi"
CLOCKS_DIFFER = timedelta(minutes=1)  # the server gives no leeway, and whoever comes through the door is there within the second


def room_link(address: str, application: str, secret: str, room: str, guest: Guest, now: datetime, until: datetime) -> str:
    """`now` and `until` are real time: the server has no other."""
    parts = urlsplit(address)
    rights = {"affiliation": "owner", "moderator": "true"} if guest.moderates else {"affiliation": "member", "moderator": "false"}
    claims = {
        "aud": AUDIENCE,
        "iss": application,
        "sub": (parts.path.strip("/") or parts.hostname or "").lower(),
        "room": room,
        "nbf": int((now - CLOCKS_DIFFER).timestamp()),
        "exp": int(until.timestamp()),
        "context": {"user": {"id": guest.user_id, "name": guest.name, **rights}},
    }
    return f"{address}/{quote(room, safe='')}?jwt={jwt.encode(claims, secret, algorithm='HS256')}"
