"""Settings by environment, each named CONFERENCE_...; a wrong one is refused at start with a sentence."""

import re
import secrets
from email.utils import getaddresses, parseaddr
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from conference.errors import BadSettings

PREFIX = "CONFERENCE_"
DEFAULT_SECRET = "only-for-the-demo"  # noqa: S105 - refused outside the demo
SECRET_BYTES = 32
MAX_BOUNCE_LOCAL = 28  # what mail.verp adds has 36 characters, and 64 are all there is
_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_COUNT = re.compile(r"[1-9][0-9]{0,6}")
_HOUSE = re.compile(r"https?://([\w.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]+)?/?")


class Settings(BaseSettings):
    """What a house needs to know before it opens. README.md explains each."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    data: Path = Path("var")
    database_url: str = ""
    broker_url: str = "memory://"
    mail_url: str = "folder:"
    mail_from: str = "Library Conferences <no-reply@conference.invalid>"
    mail_bounces: str = ""  # where mail that can't be delivered, and answers to invitations, come back
    mail_per_minute: int = 600  # from one process
    mail_per_domain: int = 300  # a minute, to addresses of any one domain
    base_url: str = "http://127.0.0.1:8000"
    secret_key: str = DEFAULT_SECRET
    uid_domain: str = "conference.invalid"
    trusted_proxies: str = ""  # whose X-Forwarded-* headers we believe
    sockets: int = 15_000  # at once, in one process
    sockets_per_address: int = 1000  # a library may be behind one
    sockets_per_person: int = 20
    log_level: str = "info"
    demo: Annotated[bool, Field(exclude=True)] = False

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, url: str) -> str:
        scheme = urlsplit(url).scheme
        if url and scheme not in ("sqlite", "sqlite+aiosqlite", "postgresql", "postgresql+psycopg"):
            raise ValueError("must start with sqlite:/// or postgresql://, such as sqlite:///var/conference.db")
        if url:
            _check_database(url)
        return url

    @field_validator("broker_url")
    @classmethod
    def _is_a_broker(cls, url: str) -> str:
        if url != "memory://" and not _is_post(url):
            raise ValueError(
                "must be memory:// (one process), or Valkey's or Redis's address: redis://[user:password@]host:6379/0, "
                "rediss://... by TLS, valkey:// and valkeys:// likewise, or unix:///path"
            )
        return url

    @field_validator("mail_url")
    @classmethod
    def _is_a_post_office(cls, url: str) -> str:
        parts = _split(url)
        if url != "folder:" and (not parts or parts.scheme not in ("smtp", "smtps") or not parts.hostname):
            raise ValueError("must be folder: (mail is kept under DATA/mail), smtp://[user:password@]host:port, or smtps://...")
        return url

    @field_validator("mail_from")
    @classmethod
    def _is_a_sender(cls, sender: str) -> str:
        _, address = parseaddr(sender)
        one = len(getaddresses([sender])) == 1 and address in sender
        if not (one and sender.isprintable() and address.isascii() and _ADDRESS.fullmatch(address)):
            raise ValueError("must be one address, alone or with a name, such as Library Conferences <no-reply@example.org>")
        return sender

    @field_validator("mail_bounces")
    @classmethod
    def _is_a_way_back(cls, address: str) -> str:
        local = address.rpartition("@")[0]
        if address and not (address.isascii() and _ADDRESS.fullmatch(address) and "+" not in local and len(local) <= MAX_BOUNCE_LOCAL):
            raise ValueError(
                f"must be an address of your own with at most {MAX_BOUNCE_LOCAL} characters and no + before the @, such as "
                "bounces@events.example.org, whose mailbox also gets bounces+anything@events.example.org"
            )
        return address

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        if not _HOUSE.fullmatch(url) or not _split(url):
            raise ValueError("must be the address that people open, such as https://events.example.org, without a path")
        return url.rstrip("/")

    @field_validator("uid_domain")
    @classmethod
    def _is_a_domain(cls, domain: str) -> str:
        if not domain or not all(part.replace("-", "").isalnum() for part in domain.split(".")):
            raise ValueError("must be a domain name such as events.example.org; calendars carry it for ever, so never change it")
        return domain

    @field_validator("trusted_proxies")
    @classmethod
    def _are_addresses(cls, proxies: str) -> str:
        given = [proxy.strip() for proxy in proxies.split(",")] if proxies.strip() else []
        if not all(map(_is_network, given)):
            raise ValueError("must be the IP addresses or networks of your own proxies, with commas, such as 10.0.0.1, 192.168.7.0/24")
        return ",".join(given)

    @field_validator("sockets", "sockets_per_address", "sockets_per_person", "mail_per_minute", "mail_per_domain", mode="before")
    @classmethod
    def _is_a_count(cls, count: object) -> object:
        if not _COUNT.fullmatch(str(count)):
            raise ValueError("must be a whole number from 1 to 9999999")
        return count

    @field_validator("log_level")
    @classmethod
    def _is_a_level(cls, level: str) -> str:
        if level not in ("debug", "info", "warning", "error"):
            raise ValueError("must be debug, info, warning or error")
        return level

    @model_validator(mode="after")
    def _has_a_secret(self) -> Self:
        if self.demo:
            return self
        if self.secret_key == DEFAULT_SECRET:
            raise ValueError(
                f"{PREFIX}SECRET_KEY must be set outside the demo: sign-in links and calendar addresses are made with it. "
                f"Use one of your own, such as {secrets.token_urlsafe(SECRET_BYTES)}"
            )
        if len(self.secret_key) < SECRET_BYTES:
            raise ValueError(f"{PREFIX}SECRET_KEY is too short: use at least {SECRET_BYTES} characters that nobody can guess")
        return self

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{(self.data / 'conference.db').absolute()}"

    @property
    def mail_folder(self) -> Path:
        return self.data / "mail"

    @property
    def secure(self) -> bool:
        """Whether people come by TLS, so that cookies may insist on it."""
        return self.base_url.startswith("https:")


def read_settings(**given: object) -> Settings:
    """The settings of the environment, overruled by what a command was given. Raises BadSettings."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as wrong:
        raise BadSettings("\n".join(_sentence(error["loc"], error["msg"]) for error in wrong.errors())) from wrong


def _split(url: str) -> SplitResult | None:
    """The parts of an address; None with a space or a control character in it (urlsplit drops some), or a port that can't be."""
    try:
        parts = urlsplit(url)
        sound = parts.port != 0 and url.isprintable() and " " not in url
    except ValueError:  # urlsplit reads the port only when it is asked for
        return None
    return parts if sound else None


def _is_post(url: str) -> bool:
    """Whether this is an address of Valkey or Redis. Their client takes more behind a question mark, which would overrule us."""
    parts = _split(url)
    if not parts or "#" in url:
        return False
    if parts.scheme == "unix":
        return bool(not parts.hostname and parts.path.strip("/") and re.fullmatch(r"(db=[0-9]+)?", parts.query))
    query = r"(ssl_ca_certs=[^&]+)?" if parts.scheme in ("rediss", "valkeys") else ""
    known = parts.scheme in ("redis", "rediss", "valkey", "valkeys")
    return bool(known and parts.hostname and re.fullmatch(r"/?|/[0-9]+", parts.path) and re.fullmatch(query, parts.query))


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def _check_database(url: str) -> None:
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError("can't be read: write sqlite:///file or postgresql://user:password@host:port/name") from None
    if parts.get_backend_name() != "sqlite":
        return
    if parts.host:
        raise ValueError("names a host, but a file needs three slashes, such as sqlite:///var/conference.db (four from the root)")
    if not parts.database or parts.database.startswith((":memory:", "file:")):
        raise ValueError("must name a file, such as sqlite:///var/conference.db: what is only in memory can't be shared or kept")


def _sentence(where: tuple[int | str, ...], message: str) -> str:
    said = message.removeprefix("Value error, ")
    return f"{PREFIX}{str(where[0]).upper()} {said}." if where else f"{said}."
