"""Another e-mail address: asking for it, and the link that makes the change."""

from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Invalid
from conference.people.access import require_person
from conference.people.addresses import CHANGE_LASTS, ask_for_address, change_address
from conference.people.door import LinkPage, SentPage, kept_nowhere
from conference.people.forms import EmailForm
from conference.people.sure import again, is_sure
from conference.web.forms import Typed, typed_form
from conference.web.links import full_address, path_to, redirect
from conference.web.render import render
from conference.web.request import reading, real_now, writing

Errors = dict[str, str]


@dataclass(frozen=True, slots=True)
class AddressPage:
    """templates/people/address.html"""

    typed: Typed
    errors: Errors
    email: str


async def address(request: Request) -> Response:
    """GET, POST /me/details/address: ask for another e-mail address."""
    if not await is_sure(request):
        return again(request, "people:address")
    async with reading(request) as db:
        person = await require_person(db, request)
    if request.method != "POST":
        return render(request, "people/address.html", AddressPage({}, {}, person.email), title="Another e-mail address")
    typed = await typed_form(request)
    try:
        email = EmailForm.read(typed).email
    except Invalid as wrong:
        page = AddressPage(typed, wrong.fields, person.email)
        return render(request, "people/address.html", page, title="Another e-mail address", status=422)
    async with writing(request) as db:
        person = await require_person(db, request)
        await ask_for_address(db, person, email, real_now(request), address=partial(_address_of, request))
    minutes = int(CHANGE_LASTS.total_seconds() // 60)
    return render(request, "people/sent.html", SentPage(email, minutes), title="Look at your mail")


def _address_of(request: Request, token: str) -> str:
    return full_address(request, "people:address_link", token=token)


async def address_link(request: Request) -> Response:
    """GET, POST /me/address/{token}: a page with a button; the button changes the address."""
    token = request.path_params["token"]
    if request.method != "POST":
        words = "Press the button, and you sign in with this address from now on. Mails go there too."
        page = LinkPage(path_to(request, "people:address_link", token=token), "Use this address", words, "Use this address")
        return kept_nowhere(render(request, "people/link.html", page, title="Use this address"))
    async with writing(request) as db:
        person = await change_address(db, token, real_now(request))
    return redirect(request, "site:home", f"From now on you sign in with {person.email}.")
