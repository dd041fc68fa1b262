"""Somebody mistypes a setting: the sentence says which, and what it must be."""

import pytest

from conference.errors import BadSettings
from conference.settings import Settings, read_settings

DATABASE = "CONFERENCE_DATABASE_URL "
BASE = "CONFERENCE_BASE_URL must be the address that people open, such as https://events.example.org, without a path."
MAIL = "CONFERENCE_MAIL_URL must be folder: (mail is kept under DATA/mail), smtp://[user:password@]host:port, or smtps://...."
SENDER = "CONFERENCE_MAIL_FROM must be one address, alone or with a name, such as Library Conferences <no-reply@example.org>."
HOST = DATABASE + "names a host, but a file needs three slashes, such as sqlite:///var/conference.db (four from the root)."
MEMORY = DATABASE + "must name a file, such as sqlite:///var/conference.db: what is only in memory can't be shared or kept."
UNREADABLE = DATABASE + "can't be read: write sqlite:///file or postgresql://user:password@host:port/name."


def given(setting: str, value: str) -> Settings:
    return read_settings(demo=True, **{setting: value})


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        *(("mail_from", sender, SENDER) for sender in ("Library", "", "a@b.example, c@d.example", "Lib <no reply@x>", "a@b.x\nBcc: c@d")),
        *(("mail_url", url, MAIL) for url in ("smtp://h:abc", "smtp://h:99999", "smtp://h:0", "smtp://", "smtp://h h", "smtp://[h")),
        *(
            ("base_url", f"https://{rest}", BASE)
            for rest in ("h#part", "h#", "h?", "me@h", "me:word@h", "h:abc", "h:99999", "h h", "h\n", "h\t", "h/path", "")
        ),
        *(("database_url", url, HOST) for url in ("sqlite://tmp/x.db", "sqlite+aiosqlite://tmp/x.db")),
        *(
            ("database_url", url, MEMORY)
            for url in ("sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true")
        ),
        *(("database_url", url, UNREADABLE) for url in ("sqlite:x.db", "postgresql://h:abc/name")),
    ],
)
def test_a_mistyped_setting_is_refused(setting: str, value: str, sentence: str) -> None:
    with pytest.raises(BadSettings) as refused:
        given(setting, value)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("mail_from", "no-reply@example.org"),
        ("mail_from", '"Libraries, all" <no-reply@example.org>'),
        ("mail_url", "smtps://user:p%40ss@mail.example.org:465"),
        ("base_url", "http://[::1]:8000"),
        ("database_url", "sqlite:////var/lib/conference.db"),
        ("database_url", "postgresql://user:word@host:5432/name"),
        ("database_url", "postgresql://user@/name?host=/run/postgresql"),
    ],
)
def test_a_setting_that_can_be_used_is_kept_as_it_is(setting: str, value: str) -> None:
    assert getattr(given(setting, value), setting) == value
