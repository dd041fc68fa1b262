"""Who somebody is (pure): addresses as they are compared, what a name may be, which words a link is made of."""

import hashlib
import secrets
from datetime import timedelta

from email_validator import EmailNotValidError, validate_email

from conference.errors import Invalid

LINK_LASTS = timedelta(minutes=20)
RECENT = timedelta(minutes=30)  # after signing in, for what needs to be sure who it is
SEEN_AGAIN = timedelta(hours=20)  # a device that is here every day is noted every day, and not more often
SIGN_IN_LASTS = timedelta(days=30)
TOKEN_BYTES = 32
BROWSERS = (  # the first whose sign is found
    *(("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung’s browser"), ("Firefox", "Firefox"), ("FxiOS", "Firefox")),
    *(("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari")),
)
SYSTEMS = (
    *(("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "a Mac")),
    *(("CrOS", "a Chromebook"), ("Linux", "Linux")),
)


def clean_email(typed: str) -> str:
    """The address as mail servers take it (an international domain in its ASCII form). Raises Invalid where no mail could ever arrive."""
    try:
        found = validate_email(typed.strip(), check_deliverability=False, test_environment=True, allow_smtputf8=False)
    except EmailNotValidError as wrong:
        raise Invalid("email", "Enter an e-mail address in the right form, like name@example.org.") from wrong
    return found.ascii_email or found.normalized


def email_key(email: str) -> str:
    """What two spellings of one address have in common."""
    return email.casefold()


def clean_name(typed: str) -> str:
    """A name on one line; any script. Raises Invalid for an empty one."""
    name = " ".join("".join(letter for letter in typed if letter.isprintable()).split())
    if not name:
        raise Invalid("name", "Enter your name.")
    if any(sign in name.lower() for sign in ("://", "www.", "@")):
        raise Invalid("name", "Enter a name without a web or e-mail address in it.")
    if len(name) > 200:
        raise Invalid("name", "This name is too long: use at most 200 characters.")
    return name


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """How a token is stored: whoever reads the table can't sign in with it."""
    return hashlib.sha256(token.encode()).hexdigest()


def device_words(user_agent: str) -> str:
    """Which kind of device it is, in words of ours: what a request says of itself is never shown to anybody."""
    browser = next((words for sign, words in BROWSERS if sign in user_agent), "A browser")
    system = next((words for sign, words in SYSTEMS if sign in user_agent), "")
    return f"{browser} on {system}" if system else browser
