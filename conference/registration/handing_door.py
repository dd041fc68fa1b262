"""Where a mailed offer of a place leads."""

from starlette.requests import Request

from conference.registration.invitations import Link
from conference.web.links import full_address
from conference.web.request import house


def invitation_link(request: Request) -> Link:
    list_ = full_address(request, "site:event", event=request.path_params["event"])
    return house(request).settings.secret_key, list_ + "/offered-places/{}"
