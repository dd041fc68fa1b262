"""The page of whoever is named in an application: a partner says yes or no, a referee writes. Its address is mailed to them alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.calls.applying_door import own_submission, partner_link
from conference.calls.definition import Definition
from conference.calls.partnering import Named, answer, ask_again, named_by
from conference.calls.queries import definition_of
from conference.calls.submission_tables import PartnerRole
from conference.errors import Invalid
from conference.people.door import kept_nowhere
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import reading, real_now, writing

MOST = 8000  # characters of a reference


@dataclass(frozen=True, slots=True)
class PartnerPage:
    """templates/calls/partner.html"""

    named: Named
    definition: Definition
    token: str
    typed: Typed
    errors: Mapping[str, str]
    most: int = MOST

    @property
    def is_referee(self) -> bool:
        return self.named.partner.role == PartnerRole.referee


async def partner(request: Request) -> Response:
    """GET, POST /calls/{call}/partners/{token}: buttons, since mail scanners never press any."""
    if request.method != "POST":
        return await _page(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            named = await named_by(db, *_link(request))
            words = _words(typed, typed.get("answer") == "yes" and named.partner.role == PartnerRole.referee)
            await answer(db, named, typed.get("answer") == "yes", words, real_now(request))
    except Invalid as wrong:
        return await _page(request, typed, wrong.fields)
    return kept_nowhere(redirect(request, "calls:partner", "Thank you: your answer is kept.", **request.path_params))


async def asking(request: Request) -> Response:
    """POST /calls/{call}/submission/{number:int}/partners/{partner:uuid}/asking: one more mail to somebody who has not answered."""
    async with writing(request) as db:
        mine = await own_submission(db, request)
        who, link = request.path_params["partner"], partner_link(request, mine.call)
        asked = await ask_again(db, mine.call, mine.submission, who, mine.applicant, real_now(request), link)
    said = f"{asked.name} gets one more mail, with a new link."
    return redirect(request, "calls:own", said, call=mine.call.slug, number=mine.submission.number)


def _words(typed: Typed, needed: bool) -> str:
    if typed.get("answer") not in ("yes", "no"):
        raise Invalid("yes", "Press one of the buttons.")
    words = typed.get("words", "").strip()
    if needed and not words:
        raise Invalid("words", "Write your reference first.")
    if len(words) > MOST:
        raise Invalid("words", f"This is too long: use at most {MOST:,} characters.")
    return words


async def _page(request: Request, typed: Typed, errors: Mapping[str, str]) -> Response:
    async with reading(request) as db:
        named = await named_by(db, *_link(request))
        definition = await definition_of(db, named.call)
    page = PartnerPage(named, definition, request.path_params["token"], typed, errors)
    title = f"{'Error: ' if errors else ''}{named.applicant.name} names you"
    status = 422 if errors else 200
    return kept_nowhere(render(request, "calls/partner.html", page, title=title, status=status, zone=named.call.zone))


def _link(request: Request) -> tuple[str, str]:
    return request.path_params["call"], request.path_params["token"]
