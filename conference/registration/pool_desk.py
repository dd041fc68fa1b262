"""Pools from the organisers' side."""

from starlette.requests import Request
from starlette.responses import Response


async def pools(request: Request) -> Response:
    raise NotImplementedError


kinds = kind = pool = held_back = held_back_ending = deletion = pools
