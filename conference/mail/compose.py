"""A mail's bytes: plain text from its template, the same as HTML, and an invitation where there is one.

What people typed is only ever a value: it is never read as a template, and loses what could break a line or turn the reading direction.
"""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any

import css_inline
from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date
from jinja2 import Environment

from conference.mail.itip import calendar_part
from conference.mail.markup import FOOT, letter_of
from conference.mail.tables import EventSender, MailPurpose, QueuedMail
from conference.mail.verp import return_address
from conference.mail.wishes import stop_token
from conference.settings import Settings
from conference.times import Reading, show, zone_named

# Python 3.11 loses a display name's quotes when it folds a long header, and a comma in a name then makes a second recipient.
UNFOLDED = SMTP.clone(max_line_length=998, cte_type="7bit")
MAX_SUBJECT = 200
# Controls but for tab and line feed, ends of lines that some readers know, and what turns or hides text; joiners stay, emoji need them.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]")
_LONG = {"body", "word", "words", "reason", "letter", "feedback"}  # facts in which line breaks mean something
_FOOTS = {
    MailPurpose.reminder: "reminders of",
    MailPurpose.announcement: "what the organisers write to everybody at",
    MailPurpose.interest: "news about registration for",
}
_INLINER = css_inline.CSSInliner(keep_style_tags=True, keep_at_rules=True, remove_inlined_selectors=True, load_remote_stylesheets=False)


def compose(mail: QueuedMail, settings: Settings, templates: Environment, sender: EventSender | None = None) -> bytes:
    """A template's first line is the subject, the rest after a blank line the text."""
    subject, text = written(mail, settings, templates)
    message = EmailMessage(policy=UNFOLDED)
    house_name, address = parseaddr(settings.mail_from)
    name = sender.name if sender and sender.name else house_name
    message["From"] = Address(_one_line(name), addr_spec=address)
    message["To"] = Address(_one_line(tame(mail.to_name)), addr_spec=mail.to_address)
    if sender and sender.reply_to:
        message["Reply-To"] = Address(addr_spec=sender.reply_to)
    message["Subject"] = subject
    message["Date"] = format_datetime(mail.queued_at)
    message["Message-ID"] = f"<{mail.id}@{settings.uid_domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if out := way_out(mail, settings):
        message["List-Unsubscribe"] = f"<{out}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text)
    message.add_alternative(html_of(subject, text, settings, templates), subtype="html")
    if mail.invitation:
        organiser = sender.reply_to if sender and sender.reply_to else address
        method, part = calendar_part(mail.invitation, settings, name, organiser, mail.to_name, mail.to_address)
        message.add_alternative(part.decode(), subtype="calendar", params={"method": method}, cte="base64")
    return message.as_bytes()


def written(mail: QueuedMail, settings: Settings, templates: Environment) -> tuple[str, str]:
    """Subject and plain text."""
    facts = tame(mail.facts)
    name = _one_line(tame(mail.to_name))
    spoken = _Spoken(mail.language)
    house = {"name": name, "zone": mail.zone, "base_url": settings.base_url, "spoken": spoken.span}
    whole = templates.get_template(f"mail/{mail.template}.txt").render(facts | house)
    subject, _, body = whole.partition("\n")
    text = re.sub(r"\n{4,}", "\n\n\n", body.strip()) + _foot(mail, facts, settings) + "\n"
    test = "Test: " if facts.get("is_test") else ""
    return (test + _one_line(subject))[:MAX_SUBJECT], text


def html_of(subject: str, text: str, settings: Settings, templates: Environment) -> str:
    letter = letter_of(text, settings.base_url)
    page = templates.get_template("mail/layout.html").render(subject=subject, letter=letter, base_url=settings.base_url)
    made: str = _INLINER.inline(page)
    return made


def way_out(mail: QueuedMail, settings: Settings) -> str:
    """The address that stops this kind of mail (RFC 8058); empty for what is necessary."""
    if mail.purpose == MailPurpose.necessary or not mail.person_id or not mail.event_id:
        return ""
    return f"{settings.base_url}/mail/stop/{stop_token(settings.secret_key, mail.person_id, mail.event_id, mail.purpose)}"


def envelope_sender(mail: QueuedMail, settings: Settings) -> str:
    """Where the mail goes when it can't be delivered: an address of its own, so that we know which it was."""
    if settings.mail_bounces:
        return return_address(settings.mail_bounces, settings.secret_key, "b", mail.id)
    return parseaddr(settings.mail_from)[1]


def tame(value: Any, *, long: bool = False) -> Any:
    """The same facts without what no text needs; on one line each, but for what is written in paragraphs (`long`)."""
    if isinstance(value, str):
        seen: str = _UNSEEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
        return seen if long else seen.replace("\n", " ")
    if isinstance(value, dict):
        return {name: tame(each, long=name in _LONG) for name, each in value.items()}
    return [tame(each) for each in value] if isinstance(value, list) else value


def _foot(mail: QueuedMail, facts: dict[str, Any], settings: Settings) -> str:
    out = way_out(mail, settings)
    if not out:
        return ""
    said = f"{_FOOTS[mail.purpose]} {_one_line(str(facts.get('event', 'this event')))}"
    return f"\n{FOOT}You get {said}.\nStop this kind of mail: {out}\nChoose what we mail you: {settings.base_url}/me/mail"


class _Spoken:
    """Times for a mail in English, with dates in the reader's language."""

    def __init__(self, language: str) -> None:
        self.locale = _locale(language)

    def span(self, starts_at: str, ends_at: str, zone: str, event_zone: str, online: bool) -> str:
        """When something is: the reader's own clock first online, the place's first in person, each with its date."""
        first, second = (zone, event_zone) if online else (event_zone, zone)
        start, end = datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at)
        time = show(start, end, first=first, second=second, event_zone=event_zone, mine=zone)
        readings = [(time.first, first)] if time.second is None else [(time.first, first), (time.second, second)]
        return "\n".join(f"{self._date(start, one, where)}, {one.times} {one.place} ({one.zone})" for one, where in readings)

    def _date(self, start: datetime, reading: Reading, zone: str) -> str:
        if self.locale is None:
            return reading.date
        said: str = format_date(start.astimezone(zone_named(zone)).date(), "full", locale=self.locale)
        # A date that is read from the right keeps to itself in an English line.
        return f"\u2068{said}\u2069" if self.locale.text_direction == "rtl" else said


def _locale(language: str) -> Locale | None:
    """None for English, which reads as on our pages, and for what nobody knows."""
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return None
    return None if locale.language == "en" else locale


def _one_line(text: str) -> str:
    """Names and titles come from people: no line break of theirs may start a header."""
    return " ".join(text.split())
