"""Being sure who it is: what can’t be taken back asks for a sign-in of the last half hour."""

from starlette.requests import Request
from starlette.responses import Response

from conference.people.access import is_recent, require_person
from conference.web.links import path_to, redirect_to
from conference.web.request import reading

AGAIN = "To be sure that it is you, sign in once more. You come back here."


async def is_sure(request: Request) -> bool:
    """Raises SignInNeeded where nobody is signed in at all."""
    async with reading(request) as db:
        await require_person(db, request)
        return await is_recent(db, request)


def again(request: Request, name: str) -> Response:
    """To where one shows who one is, and back to that page."""
    return redirect_to(request, f"{path_to(request, 'people:again')}?next={path_to(request, name)}", AGAIN)
