"""What a mail says: the same in text and HTML, in nobody's hands but ours, with a way out where it may be stopped."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest

from conference.mail.compose import compose
from conference.mail.tables import EventSender, MailPurpose, QueuedMail
from conference.settings import Settings
from conference.storage.ids import new_id
from conference.web.render import environment
from tests.correspondence.cast import NOW
from tests.mail.post_office import html_of, text_of

NASTY = [
    "{{ 7 * 7 }}{% for x in y %}",
    "<script>alert(1)</script>",
    "<img src=https://evil.example/x.png onerror=alert(1)>",
    'Eve" onload="x',
    "Eve\r\nBcc: everybody@demo.example\r\n\r\nbody",
    "Eve\u2028\u202edrowssap\u2066",
    "عبد الله 👩‍👩‍👧",
    "O'Neill & Söhne",
    "Ein]]></td></tr></table>",
    "https://evil.example/login click",
]
FACTS: dict[str, Any] = {
    "event_path": "/events/wi",
    "session_path": "/events/wi/sessions/w",
    "starts_at": "2021-06-25T10:00:00+00:00",
    "ends_at": "2021-06-25T11:00:00+00:00",
    "event_zone": "Europe/London",
    "online": True,
}


class Words(HTMLParser):
    """A page as it is read, and what is alive in it."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.tags, self.links, self.quiet = "", set[str](), list[str](), False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.quiet = tag in ("style", "title")
        for name, value in attrs:
            assert not name.startswith("on")
            assert name not in ("src", "background")
            if name == "href":
                self.links.append(value or "")
            assert name != "style" or "url(" not in (value or "")

    def handle_endtag(self, tag: str) -> None:
        self.quiet = False

    def handle_data(self, data: str) -> None:
        self.words += "" if self.quiet else data


def seat(settings: Settings, *, name: str = "Delegate", session: str = "Workshop", event: str = "Conference", **more: Any) -> EmailMessage:
    facts = FACTS | {"session": session, "event": event}
    given = {"template": "seat_booked", "zone": "Africa/Nairobi"} | more
    sender = given.pop("sender", None)
    mail = QueuedMail(to_address="delegate@demo.example", to_name=name, facts=facts, queued_at=NOW, next_try_at=NOW, **given)
    message = message_from_bytes(compose(mail, settings, environment(), sender), policy=default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.mark.parametrize("nasty", NASTY)
def test_what_people_type_is_only_ever_words(settings: Settings, nasty: str) -> None:
    message = seat(settings, name=nasty, session=nasty, event=nasty)
    plain = " ".join(re.sub("[\u2028\u202e\u2066]", "", nasty).split())
    assert message["Subject"] == f"Your seat in “{plain}”"
    assert message["To"].addresses[0].display_name == plain
    assert [message["Bcc"], len(message["To"].addresses), message.get_content_type()] == [None, 1, "multipart/alternative"]
    assert f"Dear {plain}," in " ".join(text_of(message).split())
    page = Words()
    page.feed(html_of(message))
    assert f"Dear {plain}," in " ".join(page.words.split())
    assert page.tags <= {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "table",
        "tbody",
        "tr",
        "td",
        "div",
        "h1",
        "p",
        "a",
        "br",
        "strong",
    }
    assert all(link.startswith(settings.base_url) for link in page.links)


def test_both_parts_say_the_same_and_lead_to_the_same(settings: Settings) -> None:
    message = seat(settings, template="registration_confirmed")
    page, text = Words(), text_of(message)
    page.feed(html_of(message))
    said = re.sub(r"\s*https?://\S+", "", text).replace(":", "").split()
    shown = re.sub(r"127\.0\.0\.1\S+", "", unescape(page.words))
    assert shown.replace(":", "").split() == [*message["Subject"].split(), *said, "Library", "Conferences"]
    assert set(page.links) == {*re.findall(r"https?://\S+", text), settings.base_url}


def test_only_what_may_be_stopped_has_a_way_out(settings: Settings) -> None:
    ids: dict[str, Any] = {"person_id": new_id(), "event_id": new_id()}
    assert seat(settings, **ids)["List-Unsubscribe"] is None
    message = seat(settings, purpose=MailPurpose.reminder, **ids)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = message["List-Unsubscribe"].strip("<>")
    assert address.startswith(f"{settings.base_url}/mail/stop/")
    assert f"\n-- \nYou get reminders of Conference.\nStop this kind of mail: {address}\n" in text_of(message)
    assert f'href="{address}"' in html_of(message)


def test_an_event_s_mail_has_its_name_and_answers_go_where_it_says(settings: Settings) -> None:
    sender = EventSender(event_id=new_id(), name="Team, “WI” <2021>", reply_to="team@events.example", modified_at=NOW)
    message = seat(settings, sender=sender)
    assert [str(one) for one in message["Reply-To"].addresses] == ["team@events.example"]
    assert (message["From"].addresses[0].display_name, message["From"].addresses[0].addr_spec) == (
        sender.name,
        "no-reply@conference.invalid",
    )


@pytest.mark.parametrize(
    ("language", "date"),
    [
        ("en", "Friday 25 June 2021"),
        ("fr", "vendredi 25 juin 2021"),
        ("pt-BR", "sexta-feira, 25 de junho de 2021"),
        ("xx", "Friday 25 June 2021"),
    ],
)
def test_dates_are_in_the_reader_s_language_and_on_the_reader_s_clock(settings: Settings, language: str, date: str) -> None:
    assert f"{date}, 13:00–14:00 your time (EAT, UTC+3)\n{date}, 11:00–12:00 in London (BST, UTC+1)\n" in text_of(
        seat(settings, language=language)
    )
    arabic = text_of(seat(settings, language="ar"))
    assert "\u2068الجمعة، 25 يونيو 2021\u2069, 13:00–14:00 your time (EAT, UTC+3)" in arabic
