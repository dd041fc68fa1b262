"""The demo's own pages: whom to be, and the mail that would have been sent. Routed in the demo only."""

from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from conference.errors import NotFound
from conference.mail.tables import QueuedMail
from conference.people.actions import sign_in
from conference.people.door import device_of, signed_in
from conference.people.queries import person_by_email
from conference.seed_models import SeedPerson
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import house, reading, real_now, writing

MAILS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class DemoPage:
    """templates/console/demo.html"""

    people: tuple[tuple[str, str, str], ...]  # name, words, sign-in address


@dataclass(frozen=True, slots=True)
class ShownMail:
    to: str
    subject: str
    body: str
    links: tuple[str, ...]
    when: str
    state: str


@dataclass(frozen=True, slots=True)
class MailPage:
    """templates/console/demo_mail.html"""

    mails: tuple[ShownMail, ...]


def demo_path(secret: str, email: str) -> str:
    """A sign-in address that works more than once."""
    return f"/demo/sign-in/{_signer(secret).dumps(email)}"


def demo_people(request: Request) -> tuple[SeedPerson, ...]:
    people: tuple[SeedPerson, ...] = request.app.state.demo_people
    return people


async def demo(request: Request) -> Response:
    """GET /demo: be somebody else."""
    secret = house(request).settings.secret_key
    people = tuple((person.name, _words(person), demo_path(secret, person.email)) for person in demo_people(request))
    return render(request, "console/demo.html", DemoPage(people), title="Demo")


async def demo_sign_in(request: Request) -> Response:
    """GET, POST /demo/sign-in/{token}"""
    try:
        email = str(_signer(house(request).settings.secret_key).loads(request.path_params["token"]))
    except BadSignature as forged:
        raise NotFound("There is nobody of the demo at this address.") from forged
    async with writing(request) as db:
        person = await person_by_email(db, email)
        if not person:
            raise NotFound("There is nobody of the demo at this address.")
        token = await sign_in(db, person.id, real_now(request), device_of(request))
    return signed_in(request, redirect(request, "site:home", f"You are now: {person.name}."), token)


async def demo_mail(request: Request) -> Response:
    """GET /demo/mail: what the house has written, the newest first."""
    async with reading(request) as db:
        mails = (await db.exec(select(QueuedMail).order_by(col(QueuedMail.id).desc()).limit(MAILS_SHOWN))).all()
    return render(request, "console/demo_mail.html", MailPage(tuple(_shown(mail) for mail in mails)), title="Mail of the demo")


def _shown(mail: QueuedMail) -> ShownMail:
    subject, body = "(being written)", ""
    if mail.rendered:
        message: Any = message_from_bytes(mail.rendered, policy=default)
        subject, body = str(message["Subject"]), message.get_body(("plain",)).get_content()
    links = tuple(word for word in body.split() if word.startswith(("http://", "https://")))
    return ShownMail(mail.to_address, subject, body, links, mail.queued_at.strftime("%H:%M:%S UTC"), mail.state.value)


def _words(person: SeedPerson) -> str:
    roles = sorted({role.role.value for role in person.roles})
    return ", ".join([*roles, person.zone])


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="demo-sign-in")
