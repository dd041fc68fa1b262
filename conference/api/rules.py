"""What a token may read, how long it works, and how many one person may have (pure)."""

from datetime import datetime, timedelta
from enum import StrEnum

from conference.api.tables import ApiToken
from conference.errors import Conflict, Forbidden, Refusal

PREFIX = "conference_"  # so that whoever finds a token knows what it is
MOST_TOKENS = 20  # that work at a time, of one person
USE_NOTED = timedelta(minutes=1)  # "last used" is this exact
LASTING = {"30": timedelta(days=30), "90": timedelta(days=90), "365": timedelta(days=365)}


class Scope(StrEnum):
    """One kind of one's own data."""

    profile = "profile"
    registrations = "registrations"
    bookings = "bookings"
    sessions = "sessions"


SCOPE_WORDS = {
    Scope.profile: "Your name, e-mail address, country, organisation and time zone",
    Scope.registrations: "Your places at events",
    Scope.bookings: "Your seats, and your turns on waiting lists",
    Scope.sessions: "Your sessions: those you speak at, have a seat in, or take part in as everybody does",
}


class TokenNeeded(Refusal):
    """No token came with the request, or one that does not work (RFC 6750 3.1)."""

    status = 401
    code = "invalid_token"


class ScopeNeeded(Forbidden):
    code = "insufficient_scope"


def works(token: ApiToken, real_now: datetime) -> bool:
    return token.revoked_at is None and real_now < token.expires_at


def check_scope(token: ApiToken, scope: Scope) -> None:
    if scope not in token.scopes:
        raise ScopeNeeded(f"This token may not read that: it lacks the scope “{scope.value}”. Its owner can make another at /me/tokens.")


def check_not_too_many(working: int) -> None:
    if working >= MOST_TOKENS:
        raise Conflict(f"You have {MOST_TOKENS} tokens that work. Revoke one that you don’t need any more, then make this one.")


def use_is_old(token: ApiToken, real_now: datetime) -> bool:
    """Whether it is time to write down that the token was used: not at every request."""
    return token.last_used_at is None or real_now - token.last_used_at >= USE_NOTED


def state_words(token: ApiToken, real_now: datetime) -> str:
    if token.revoked_at:
        return "Revoked"
    return "Works" if works(token, real_now) else "Expired"
