"""Addresses of feeds (pure): how a secret one is made, and whether a given one is right.

A token is derived and never stored, so that its owner can see the address again on a second device; the table has its hash only.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from conference.calendars.tables import FeedPurpose, FeedToken
from conference.errors import Invalid
from conference.times import spoken_moment

ALARMS = (0, 10, 30)  # minutes before a session; 0: none
NOTED = timedelta(hours=1)
OTHER_APP = "another app"
FAMILIES = (  # the first whose sign is found
    ("Google Calendar", ("google-calendar", "googlecalendar", "google_calendar")),
    ("Outlook", ("outlook", "microsoft exchange", "exchangeservices", "microsoft office", "ms-office")),
    ("Thunderbird", ("thunderbird", "lightning")),
    ("Apple Calendar", ("dataaccessd", "calendaragent", "accountsd", "remindd", "ical/", "cfnetwork", "ios/", "macos/", "mac os x/")),
    ("Nextcloud", ("nextcloud",)),
    ("a browser", ("mozilla/", "opera")),
    ("an Android app", ("icsx5", "davx", "android")),
)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed's address in both spellings: to copy, and for apps that open `webcal:` links."""

    address: str
    webcal: str


@dataclass(frozen=True, slots=True)
class OwnShown:
    """One's own calendar as its owner sees it. `alarm`: minutes, as a form has them."""

    feed: Subscription
    fetched: str
    alarm: str
    moderated: bool
    moderates: bool  # there is something to choose


def fetched_words(row: FeedToken, zone: str) -> str:
    """When an app last read it, as far as it was noted, and which kind."""
    if row.last_fetched_at is None:
        return "No app has read it yet."
    return f"Last read by {row.last_fetched_by} at {spoken_moment(row.last_fetched_at, zone)}, or within the hour after."


def subscription(address: str) -> Subscription:
    return Subscription(address, urlsplit(address)._replace(scheme="webcal").geturl())


def derived_token(secret: str, person_id: UUID, purpose: FeedPurpose, generation: int) -> str:
    """256 bits in 43 letters: HMAC-SHA256 of whose feed it is, what for, and which of their addresses in turn."""
    whose = f"calendar feed|{person_id}|{purpose.value}|{generation}"
    return urlsafe_b64encode(hmac.digest(secret.encode(), whose.encode(), hashlib.sha256)).decode().rstrip("=")


def token_of(secret: str, row: FeedToken) -> str:
    return derived_token(secret, row.person_id, row.purpose, row.generation)


def is_token(derived: str, given: str) -> bool:
    """Compared in constant time. False too where the house has a new secret: then every address made with the old one is over."""
    return hmac.compare_digest(derived.encode(), given.encode())


def is_worth_noting(last: datetime | None, real_now: datetime) -> bool:
    """Once an hour is enough for its owner to see that an app still asks."""
    return last is None or not last <= real_now < last + NOTED


def app_family(user_agent: str) -> str:
    """Which kind of app asks, in a word of ours: what a request says of itself is never shown to anybody."""
    said = user_agent.lower()
    return next((family for family, signs in FAMILIES if any(sign in said for sign in signs)), OTHER_APP)


def check_alarm(minutes: int) -> None:
    if minutes not in ALARMS:
        raise Invalid("alarm", "Choose none, 10 minutes or 30 minutes.")
